// SPDX-License-Identifier: MIT

/// Merges the bytes of a piece: always the pair of the lowest rank, of equal ones the leftmost.
struct PieceMerger: Sendable {
  private typealias Symbols = UnsafeMutableBufferPointer<TokenID>
  private typealias Values = UnsafeMutableBufferPointer<UInt64>

  /// Up to here looking at all pairs each time is faster than keeping them in order.
  private static let short = 64

  /// For each pair that merges: its rank above, the id of the merged token below.
  var pairs: PairTable

  /// For each byte its id, or -1.
  let byteIDs: [TokenID]

  /// The token of bytes that have none; without it they vanish.
  var unknown: TokenID?

  /// Whether neighbouring unknown bytes are one token.
  var fusesUnknown = false

  /// Writes the ids of a piece, at most one for each byte, and tells how many they are.
  func ids(
    of piece: UnsafeBufferPointer<UInt8>,
    to ids: UnsafeMutablePointer<TokenID>
  ) -> Int {
    let count = symbols(of: piece, to: ids)
    return Self.merge(UnsafeMutableBufferPointer(start: ids, count: count), pairs)
  }

  /// Merges symbols in place, and tells how many are left.
  static func merge(
    _ symbols: UnsafeMutableBufferPointer<TokenID>,
    _ pairs: PairTable
  ) -> Int {
    let count = symbols.count
    if count < 2 { return count }
    if count <= Self.short {
      return withUnsafeTemporaryAllocation(of: UInt64.self, capacity: count) { values in
        Self.mergeShort(symbols, values, pairs)
      }
    }
    var long = LongPiece(symbols, pairs)
    return long.merge()
  }

  /// The ids of single bytes.
  private func symbols(
    of piece: UnsafeBufferPointer<UInt8>,
    to ids: UnsafeMutablePointer<TokenID>
  ) -> Int {
    var count = 0
    var afterUnknown = false
    for byte in piece {
      let id = byteIDs[Int(byte)]
      if id >= 0 {
        ids[count] = id
        count &+= 1
        afterUnknown = false
      } else if let unknown {
        if !(afterUnknown && fusesUnknown) {
          ids[count] = unknown
          count &+= 1
        }
        afterUnknown = true
      }
    }
    return count
  }

  private static func mergeShort(_ symbols: Symbols, _ values: Values, _ pairs: PairTable) -> Int {
    func value(_ place: Int) -> UInt64 {
      pairs[TokenPair(symbols[place], symbols[place &+ 1]).key]
    }
    var count = symbols.count
    for place in 0..<count &- 1 { values[place] = value(place) }
    while true {
      var (least, at) = (PairTable.none, 0)
      for place in 0..<count &- 1 where values[place] < least {
        (least, at) = (values[place], place)
      }
      if least == PairTable.none { return count }
      symbols[at] = TokenID(truncatingIfNeeded: least & 0xFFFF_FFFF)
      count &-= 1
      var place = at &+ 1
      while place < count {
        symbols[place] = symbols[place &+ 1]
        values[place &- 1] = values[place]
        place &+= 1
      }
      if at < count &- 1 { values[at] = value(at) }
      if at > 0 { values[at &- 1] = value(at &- 1) }
    }
  }
}

/// A piece of many bytes, whose pairs wait in a queue by rank and place.
private struct LongPiece {
  private let symbols: UnsafeMutableBufferPointer<TokenID>
  private let pairs: PairTable
  private var next: [Int32]
  private var previous: [Int32]
  private var queue = Heap<UInt64>()

  init(_ symbols: UnsafeMutableBufferPointer<TokenID>, _ pairs: PairTable) {
    self.symbols = symbols
    self.pairs = pairs
    next = (0..<Int32(symbols.count)).map { $0 + 1 }
    previous = (0..<Int32(symbols.count)).map { $0 - 1 }
  }

  mutating func merge() -> Int {
    for place in 0..<symbols.count - 1 { ask(place) }
    while let first = queue.popFirst() {
      let place = Int(first & 0xFFFF_FFFF)
      guard symbols[place] >= 0 else { continue }
      let right = Int(next[place])
      guard right < symbols.count else { continue }
      // What waits may have been overtaken by a merge beside it.
      let value = pairs[TokenPair(symbols[place], symbols[right]).key]
      guard value != PairTable.none, value >> 32 == first >> 32 else { continue }
      symbols[place] = TokenID(truncatingIfNeeded: value & 0xFFFF_FFFF)
      symbols[right] = -1
      next[place] = next[right]
      if next[place] < symbols.count { previous[Int(next[place])] = Int32(place) }
      if previous[place] >= 0 { ask(Int(previous[place])) }
      ask(place)
    }
    var count = 0
    for place in symbols.indices where symbols[place] >= 0 {
      symbols[count] = symbols[place]
      count += 1
    }
    return count
  }

  /// Queues the pair that begins at a place, if it merges.
  private mutating func ask(_ place: Int) {
    let right = Int(next[place])
    guard right < symbols.count else { return }
    let value = pairs[TokenPair(symbols[place], symbols[right]).key]
    if value != PairTable.none { queue.insert(value & ~0xFFFF_FFFF | UInt64(place)) }
  }
}
