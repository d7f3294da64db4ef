// SPDX-License-Identifier: MIT

/// Two neighbouring tokens.
package struct TokenPair: Hashable, Sendable, Comparable {
  package let left: TokenID
  package let right: TokenID

  package init(_ left: TokenID, _ right: TokenID) {
    self.left = left
    self.right = right
  }

  package static func < (one: TokenPair, other: TokenPair) -> Bool { one.key < other.key }

  /// Both ids, the left one above; ids are not negative.
  var key: UInt64 { UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right)) }

  init(key: UInt64) {
    left = TokenID(truncatingIfNeeded: key >> 32)
    right = TokenID(truncatingIfNeeded: key)
  }
}

/// A number for each of many pairs, in flat memory: the innermost question of encoding.
struct PairTable: Sendable {
  /// What a pair without a number has.
  static let none = UInt64.max

  // Key, value, key, value; a pair of ids is never all ones.
  private var slots: [UInt64]
  private var shift: UInt64
  private(set) var count = 0

  init(capacity: Int = 8) {
    var size = 16
    while size < capacity * 2 { size *= 2 }
    slots = Array(repeating: Self.none, count: size * 2)
    shift = UInt64(64 - size.trailingZeroBitCount)
  }

  /// The number of a pair, or `none`.
  @inline(__always)
  subscript(key: UInt64) -> UInt64 {
    slots.withUnsafeBufferPointer { slots in Self.value(of: key, in: slots, shift: shift) }
  }

  /// Gives a pair a number, instead of the one that it may have.
  mutating func set(_ key: UInt64, _ value: UInt64) {
    if (count + 1) * 4 > slots.count { grow() }
    let place = place(of: key)
    if slots[place] == Self.none { count += 1 }
    slots[place] = key
    slots[place + 1] = value
  }

  private mutating func grow() {
    let old = slots
    slots = Array(repeating: Self.none, count: old.count * 2)
    shift -= 1
    for place in stride(from: 0, to: old.count, by: 2) where old[place] != Self.none {
      let new = self.place(of: old[place])
      slots[new] = old[place]
      slots[new + 1] = old[place + 1]
    }
  }

  private func place(of key: UInt64) -> Int {
    var place = Self.start(key, shift)
    while slots[place] != Self.none, slots[place] != key {
      place = (place &+ 2) & (slots.count &- 1)
    }
    return place
  }

  @inline(__always)
  private static func start(_ key: UInt64, _ shift: UInt64) -> Int {
    // The high bits of a product depend on all bits of the key.
    Int(truncatingIfNeeded: ((key ^ key >> 29) &* 0x9E37_79B9_7F4A_7C15) >> shift) &* 2
  }

  @inline(__always)
  private static func value(
    of key: UInt64,
    in slots: UnsafeBufferPointer<UInt64>,
    shift: UInt64
  ) -> UInt64 {
    var place = start(key, shift)
    while slots[place] != key {
      if slots[place] == none { return none }
      place = (place &+ 2) & (slots.count &- 1)
    }
    return slots[place &+ 1]
  }
}
