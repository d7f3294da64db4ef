// SPDX-License-Identifier: MIT

/// Runs of bytes, each with a number from 0 in the order of arrival.
///
/// A dictionary of `String` would take two canonically equal spellings for one, and needs an
/// object for each; this keeps all bytes in one array.
package struct ByteTable: Sendable {
  private var bytes: [UInt8] = []
  private var starts: [Int] = [0]
  private var hashes: [UInt64] = []

  // Numbers, or -1; the count is a power of two.
  private var slots: [Int32] = Array(repeating: -1, count: 16)

  package init() {}

  /// How many runs there are.
  package var count: Int { hashes.count }

  /// The bytes of a number.
  package subscript(number: Int) -> ArraySlice<UInt8> {
    bytes[starts[number]..<starts[number + 1]]
  }

  /// Where the bytes of a number lie in all of them.
  func range(_ number: Int) -> Range<Int> { starts[number]..<starts[number + 1] }

  /// All bytes, one run after the other.
  var all: [UInt8] { bytes }

  /// The number of a run, or nil if it never came.
  package func number(of run: some Collection<UInt8>) -> Int? {
    if let found = run.withContiguousStorageIfAvailable({ number(of: $0) }) { return found }
    return Array(run).withUnsafeBufferPointer { number(of: $0) }
  }

  /// The number of a run, which arrives now if it never came.
  package mutating func insert(_ run: some Collection<UInt8>) -> Int {
    let found = run.withContiguousStorageIfAvailable { buffer in insert(buffer) }
    if let found { return found }
    return Array(run).withUnsafeBufferPointer { insert($0) }
  }

  func number(of run: UnsafeBufferPointer<UInt8>) -> Int? {
    let found = slots[slot(of: run, hash: Self.hash(run))]
    return found < 0 ? nil : Int(found)
  }

  mutating func insert(_ run: UnsafeBufferPointer<UInt8>) -> Int {
    insert(run, hash: Self.hash(run))
  }

  mutating func insert(_ run: UnsafeBufferPointer<UInt8>, hash: UInt64) -> Int {
    let slot = slot(of: run, hash: hash)
    if slots[slot] >= 0 { return Int(slots[slot]) }
    let number = count
    slots[slot] = Int32(number)
    bytes.append(contentsOf: run)
    starts.append(bytes.count)
    hashes.append(hash)
    if count * 2 > slots.count { grow() }
    return number
  }

  /// Leaves the next number without a run: it is empty, and never found.
  package mutating func skip() {
    starts.append(bytes.count)
    hashes.append(0)
  }

  /// Whether a number was left without a run; that of no bytes has another hash.
  func isSkipped(_ number: Int) -> Bool { range(number).isEmpty && hashes[number] == 0 }

  private func slot(of run: UnsafeBufferPointer<UInt8>, hash: UInt64) -> Int {
    let mask = slots.count &- 1
    var slot = Int(truncatingIfNeeded: hash) & mask
    while true {
      let number = Int(slots[slot])
      if number < 0 || hashes[number] == hash && isEqual(number, run) { return slot }
      slot = (slot &+ 1) & mask
    }
  }

  private func isEqual(_ number: Int, _ run: UnsafeBufferPointer<UInt8>) -> Bool {
    let (start, end) = (starts[number], starts[number + 1])
    guard end - start == run.count else { return false }
    return bytes.withUnsafeBufferPointer { bytes in
      for offset in 0..<run.count where bytes[start &+ offset] != run[offset] { return false }
      return true
    }
  }

  private mutating func grow() {
    slots = Array(repeating: -1, count: slots.count * 2)
    let mask = slots.count - 1
    for number in 0..<count where !isSkipped(number) {
      var slot = Int(truncatingIfNeeded: hashes[number]) & mask
      while slots[slot] >= 0 { slot = (slot + 1) & mask }
      slots[slot] = Int32(number)
    }
  }

  /// Eight bytes at a time; a text cannot choose its words so that they collide more than others
  /// by accident, and on purpose only makes itself slow.
  static func hash(_ run: UnsafeBufferPointer<UInt8>) -> UInt64 {
    var state = 0x9E37_79B9_7F4A_7C15 ^ UInt64(run.count)
    var at = 0
    let raw = UnsafeRawBufferPointer(run)
    while at &+ 8 <= run.count {
      state = mixed(state ^ raw.loadUnaligned(fromByteOffset: at, as: UInt64.self))
      at &+= 8
    }
    var rest: UInt64 = 0
    while at < run.count {
      rest = rest << 8 | UInt64(run[at])
      at &+= 1
    }
    return mixed(state ^ rest)
  }

  @inline(__always)
  static func mixed(_ value: UInt64) -> UInt64 {
    let product = value.multipliedFullWidth(by: 0xD6E8_FEB8_6659_FD93)
    return product.high ^ product.low
  }
}
