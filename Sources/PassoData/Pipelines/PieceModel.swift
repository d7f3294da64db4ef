// SPDX-License-Identifier: MIT

/// What makes tokens of a piece of text.
package enum PieceModel: Sendable {
  case pairs(CharacterPairs)
  case unigram(UnigramModel)
  case wordPiece(WordPieceModel)

  /// Each piece is one token.
  case wordLevel(ByteTable, unknown: TokenID)

  /// Appends the ids of a piece, which is not empty.
  func append(_ piece: UnsafeBufferPointer<UInt8>, to ids: inout [TokenID]) {
    switch self {
    case .pairs(let pairs): pairs.append(piece, to: &ids)
    case .unigram(let unigram): unigram.append(piece, to: &ids)
    case .wordPiece(let pieces): pieces.append(piece, to: &ids)
    case .wordLevel(let vocabulary, let unknown):
      ids.append(vocabulary.number(of: piece).map { TokenID($0) } ?? unknown)
    }
  }
}

/// A word as the longest tokens from the left; those inside a word have a prefix.
package struct WordPieceModel: Sendable {
  private let unknown: TokenID
  private let mostCharacters: Int
  private let trie: TokenTrie

  // Where tokens go on that begin with the prefix; nil if none does.
  private let inner: TokenID?

  /// - Parameters:
  ///   - vocabulary: The tokens by id.
  ///   - unknown: The token of a word that cannot be written.
  ///   - prefix: How tokens begin that go on with a word, as `##`.
  ///   - mostCharacters: How long a word may be to be looked at.
  package init(vocabulary: ByteTable, unknown: TokenID, prefix: [UInt8], mostCharacters: Int) {
    (self.unknown, self.mostCharacters) = (unknown, mostCharacters)
    trie = TokenTrie((0..<vocabulary.count).map { Array(vocabulary[$0]) })
    inner = trie.node(of: prefix)
  }

  func append(_ word: UnsafeBufferPointer<UInt8>, to ids: inout [TokenID]) {
    guard word.count(where: { $0 & 0xC0 != 0x80 }) <= mostCharacters else {
      return ids.append(unknown)
    }
    let first = ids.count
    var start = 0
    while start < word.count {
      guard let node = start == 0 ? 0 : inner,
        let (id, end) = trie.longest(of: word, from: start, after: node)
      else {
        ids.removeSubrange(first...)
        return ids.append(unknown)
      }
      ids.append(id)
      start = end
    }
  }
}
