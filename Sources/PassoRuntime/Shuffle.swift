// SPDX-License-Identifier: MIT

/// A random order of the numbers below a count, any place of which costs a few instructions.
///
/// Source: a Feistel network with cycle walking, Black and Rogaway 2002,
/// doi 10.1007/3-540-45760-7_9, section 5.
package struct Shuffle: Sendable {
  /// How many numbers are in the order.
  package let count: Int

  private let keys: [UInt64]

  /// Half the bits of the smallest even power of two that holds the count.
  private let halfBits: UInt64

  /// The order that a seed decides.
  package init(count: Int, seed: UInt64) {
    precondition(count > 0, "an order of nothing")
    self.count = count
    var random = RandomSource(seed: seed)
    keys = (0..<6).map { _ in random.next() }
    let bits = UInt64(Int.bitWidth - (count - 1).leadingZeroBitCount)
    halfBits = max(1, (bits + 1) / 2)
  }

  /// The number at a place.
  package subscript(place: Int) -> Int {
    precondition((0..<count).contains(place), "place \(place) of \(count)")
    var number = encrypted(UInt64(place))
    while number >= UInt64(count) { number = encrypted(number) }
    return Int(number)
  }

  private func encrypted(_ number: UInt64) -> UInt64 {
    let mask = (UInt64(1) << halfBits) - 1
    var (left, right) = (number >> halfBits, number & mask)
    for key in keys {
      var mixed = RandomSource(seed: right ^ key)
      (left, right) = (right, left ^ (mixed.next() & mask))
    }
    return left << halfBits | right
  }
}
