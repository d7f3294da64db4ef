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
  private let vocabulary: ByteTable
  private let unknown: TokenID
  private let prefix: [UInt8]
  private let mostCharacters: Int
  private let longest: Int

  /// - Parameters:
  ///   - vocabulary: The tokens by id.
  ///   - unknown: The token of a word that cannot be written.
  ///   - prefix: How tokens begin that go on with a word, as `##`.
  ///   - mostCharacters: How long a word may be to be looked at.
  package init(vocabulary: ByteTable, unknown: TokenID, prefix: [UInt8], mostCharacters: Int) {
    (self.vocabulary, self.unknown, self.prefix) = (vocabulary, unknown, prefix)
    self.mostCharacters = mostCharacters
    longest = (0..<vocabulary.count).reduce(0) { max($0, vocabulary[$1].count) }
  }

  func append(_ word: UnsafeBufferPointer<UInt8>, to ids: inout [TokenID]) {
    guard word.count(where: { $0 & 0xC0 != 0x80 }) <= mostCharacters else {
      return ids.append(unknown)
    }
    let first = ids.count
    var start = 0
    while start < word.count {
      guard let (id, end) = longestToken(word, start) else {
        ids.removeSubrange(first...)
        return ids.append(unknown)
      }
      ids.append(id)
      start = end
    }
  }

  private func longestToken(
    _ word: UnsafeBufferPointer<UInt8>,
    _ start: Int
  ) -> (id: TokenID, end: Int)? {
    let prefix = start > 0 ? prefix : []
    // No token is longer.
    var end = min(word.count, start + max(0, longest - prefix.count))
    while end > start {
      if end == word.count || word[end] & 0xC0 != 0x80 {
        if let id = vocabulary.number(of: prefix + word[start..<end]) { return (TokenID(id), end) }
      }
      end -= 1
    }
    return nil
  }
}
