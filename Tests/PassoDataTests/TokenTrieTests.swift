// SPDX-License-Identifier: MIT
import Testing

@testable import PassoData

/// Tokens that are looked for at every place of a text, against plain ways to look for them.
@Suite struct TokenTrieTests {
  private static func letters(_ random: inout SeededRandom, _ counts: ClosedRange<Int>) -> [UInt8] {
    let count = counts.lowerBound + Int(random.next() % UInt64(counts.count))
    return (0..<count).map { _ in UInt8(97 + random.next() % 2) }
  }

  /// The longest token from the left, of two alike the later one; -1 for a letter of no token.
  private static func plain(_ text: [UInt8], _ tokens: [[UInt8]]) -> [TokenID] {
    var (ids, at): ([TokenID], Int) = ([], 0)
    while at < text.count {
      var best: Int?
      for (id, token) in tokens.enumerated() where text[at...].starts(with: token) {
        if best.map({ token.count >= tokens[$0].count }) ?? true { best = id }
      }
      ids.append(TokenID(best ?? -1))
      at += best.map { tokens[$0].count } ?? 1
    }
    return ids
  }

  @Test func addedTokensAreTheLongestThatBeginThere() {
    var random = SeededRandom(11)
    for _ in 0..<300 {
      let spellings = (0..<Int(1 + random.next() % 6)).map { _ in Self.letters(&random, 1...4) }
      let added = spellings.enumerated().map { id, spelling in
        AddedToken(String(decoding: spelling, as: UTF8.self), id: TokenID(id), isSpecial: true)
      }
      let text = Self.letters(&random, 0...30)
      var found: [TokenID] = []
      text.withUnsafeBufferPointer { bytes in
        AddedTokenFinder(added).parts(of: bytes) { part in
          switch part {
          case .token(let id): found.append(id)
          case .text(let range): found += range.map { _ in -1 }
          }
        }
      }
      #expect(found == Self.plain(text, spellings))
    }
  }

  @Test func wordPiecesAreTheLongestFromTheLeft() {
    var random = SeededRandom(12)
    for _ in 0..<300 {
      var vocabulary = ByteTable()
      _ = vocabulary.insert(Array("?".utf8))
      for _ in 0..<8 {
        let inside = random.next() % 2 == 0 ? Array("##".utf8) : []
        _ = vocabulary.insert(inside + Self.letters(&random, 1...3))
      }
      let model = WordPieceModel(
        vocabulary: vocabulary,
        unknown: 0,
        prefix: Array("##".utf8),
        mostCharacters: 20
      )
      let word = Self.letters(&random, 1...22)
      var ids: [TokenID] = [7]
      word.withUnsafeBufferPointer { model.append($0, to: &ids) }
      #expect(ids == [7] + Self.plainWord(word, vocabulary, most: 20))
    }
  }

  private static func plainWord(_ word: [UInt8], _ vocabulary: ByteTable, most: Int) -> [TokenID] {
    var (ids, start): ([TokenID], Int) = ([], 0)
    if word.count > most { return [0] }
    while start < word.count {
      let prefix = start > 0 ? Array("##".utf8) : []
      let end = (start + 1...word.count).last { end in
        vocabulary.number(of: prefix + word[start..<end]) != nil
      }
      guard let end, let id = vocabulary.number(of: prefix + word[start..<end]) else { return [0] }
      ids.append(TokenID(id))
      start = end
    }
    return ids
  }

  @Test func aTokenThatIsLookedForEverywhereIsNotLong() throws {
    let long = String(repeating: "a", count: Vocabulary.longestToken + 1)
    let piece = SentencePieceModel.Piece(text: Array(long.utf8), score: 0, kind: .userDefined)
    #expect(throws: DataProblem.self) { try PieceTable([piece], unknown: 0) }
    var table = ByteTable()
    #expect(throws: DataProblem.self) {
      try table.add([AddedToken(long, id: 0, isSpecial: false)])
    }
    try table.add([AddedToken(String(long.dropFirst()), id: 0, isSpecial: false)])
    #expect(table.count == 1)
  }

  @Test func aRankedTokenHasOneRank() {
    let ranks: [[UInt8]?] = (0..<256).map { [UInt8($0)] } + [[97, 98], nil, [97, 98]]
    let problem = DataProblem.duplicateToken("ab", first: 256, second: 258)
    #expect(throws: problem) {
      try BytePairTokenizer(ranks: ranks, added: [], settings: BytePairSettings())
    }
  }
}
