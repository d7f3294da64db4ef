// SPDX-License-Identifier: MIT

extension BytePairTokenizer {
  /// A tokenizer of `tiktoken`, whose tokens have ranks and no list of merges: two parts join if
  /// the bytes of both are a token, those of the lowest rank first.
  ///
  /// The merges that do the same are found by writing every token with the tokens before it: what
  /// is left at the end are its two parts.
  ///
  /// - Parameters:
  ///   - ranks: The bytes of each token; nil where a rank has none.
  ///   - added: Tokens that are found in a text before it is cut.
  ///   - settings: The rest.
  /// - Throws: `DataProblem` if a token has two ranks.
  package init(
    ranks: [[UInt8]?],
    added: [AddedToken],
    settings: BytePairSettings
  ) throws(DataProblem) {
    var (vocabulary, merges): (ByteTable, [TokenPair]) = (ByteTable(), [])
    for (rank, token) in ranks.enumerated() {
      guard let token else {
        vocabulary.skip()
        continue
      }
      let spelling = token.flatMap { Array(String(ByteSpelling.scalars[Int($0)]).utf8) }
      let first = vocabulary.insert(spelling)
      guard first == rank else {
        throw .duplicateToken(ByteSpelling.shown(token), first: first, second: rank)
      }
    }
    var merger = PieceMerger(
      pairs: PairTable(capacity: ranks.count),
      byteIDs: BytePairModel.byteIDs(vocabulary)
    )
    for (rank, token) in ranks.enumerated() {
      guard let token, token.count > 1 else { continue }
      let parts = merger.ids(of: token)
      // One that nothing makes is found only where a whole piece is the token.
      guard parts.count == 2 else { continue }
      let pair = TokenPair(parts[0], parts[1])
      merges.append(pair)
      merger.pairs.set(pair.key, UInt64(merges.count - 1) << 32 | UInt64(rank))
    }
    try self.init(vocabulary: vocabulary, merges: merges, added: added, settings: settings)
  }
}

extension PieceMerger {
  /// The ids of a piece.
  fileprivate func ids(of piece: [UInt8]) -> [TokenID] {
    var ids = [TokenID](repeating: 0, count: piece.count)
    let count = ids.withUnsafeMutableBufferPointer { ids in
      piece.withUnsafeBufferPointer { piece in
        ids.baseAddress.map { self.ids(of: piece, to: $0) } ?? 0
      }
    }
    return Array(ids.prefix(count))
  }
}
