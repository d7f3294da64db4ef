// SPDX-License-Identifier: MIT

/// Tokens by their bytes, one after the other.
struct TokenTrie: Sendable {
  // From a node and a byte to the next node.
  private var steps: PairTable
  private var ids: [TokenID] = [-1]

  init(_ tokens: [[UInt8]]) {
    steps = PairTable(capacity: tokens.reduce(0) { $0 + $1.count } / 2)
    for (id, token) in tokens.enumerated() {
      var node: TokenID = 0
      for byte in token {
        let key = TokenPair(node, TokenID(byte)).key
        let found = steps[key]
        if found == PairTable.none {
          node = TokenID(ids.count)
          steps.set(key, UInt64(ids.count))
          ids.append(-1)
        } else {
          node = TokenID(found)
        }
      }
      ids[Int(node)] = TokenID(id)
    }
  }

  /// Where tokens go on that begin so; nil if none does.
  func node(of beginning: some Sequence<UInt8>) -> TokenID? {
    var node: TokenID = 0
    for byte in beginning {
      guard let next = next(node, byte) else { return nil }
      node = next
    }
    return node
  }

  func id(of token: [UInt8]) -> TokenID? {
    guard let node = node(of: token), ids[Int(node)] >= 0 else { return nil }
    return ids[Int(node)]
  }

  /// The longest token with which a text goes on at a place.
  @inline(__always)
  func longest(
    of text: UnsafeBufferPointer<UInt8>,
    from start: Int,
    after node: TokenID = 0
  ) -> (id: TokenID, end: Int)? {
    var longest: (id: TokenID, end: Int)?
    prefixes(of: text, from: start, after: node) { longest = ($0, $1) }
    return longest
  }

  /// All tokens with which a text goes on at a place, the shortest first.
  ///
  /// - Parameters:
  ///   - text: The text.
  ///   - start: The place.
  ///   - node: What the tokens begin with before it; nothing by default.
  ///   - use: Is told each token, and where it ends.
  @inline(__always)
  func prefixes(
    of text: UnsafeBufferPointer<UInt8>,
    from start: Int,
    after node: TokenID = 0,
    _ use: (_ id: TokenID, _ end: Int) -> Void
  ) {
    var (node, at): (TokenID, Int) = (node, start)
    while at < text.count, let next = next(node, text[at]) {
      node = next
      at += 1
      if ids[Int(node)] >= 0 { use(ids[Int(node)], at) }
    }
  }

  @inline(__always)
  private func next(_ node: TokenID, _ byte: UInt8) -> TokenID? {
    let found = steps[TokenPair(node, TokenID(byte)).key]
    return found == PairTable.none ? nil : TokenID(truncatingIfNeeded: found)
  }
}
