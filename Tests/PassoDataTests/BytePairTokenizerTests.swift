// SPDX-License-Identifier: MIT
import PassoText
import Testing

@testable import PassoData

@Suite struct BytePairTokenizerTests {
  private static let text = """
    Il gatto dorme sul divano. Perché? L'aquila vola, l'altra no: it's 12 345,67 €!
    \tlet x = [1, 2]  // 😀 👩\u{200D}🔬 日本語 e\u{301} n\u{303}\r\n\r\n   fine

    """

  private func tokenizer(
    merges: Int = 120,
    specials: [String] = ["<start>"]
  ) throws -> BytePairTokenizer {
    var plan = BytePairTrainer.Plan(vocabularySize: 256 + specials.count + merges)
    plan.specials = specials
    var trainer = try BytePairTrainer(
      texts: [String(repeating: Self.text, count: 5)],
      plan: plan
    )
    trainer.run()
    return try trainer.tokenizer()
  }

  /// Texts of everything, without special tokens.
  private func randomText(_ random: inout some RandomNumberGenerator, count: Int) -> String {
    var text = String.UnicodeScalarView()
    let pieces = Self.text.unicodeScalars.map { $0 }
    for _ in 0..<count {
      if Int.random(in: 0..<4, using: &random) > 0 {
        text.append(pieces[Int.random(in: 0..<pieces.count, using: &random)])
      } else if let scalar = Unicode.Scalar(UInt32.random(in: 0..<0x11_0000, using: &random)) {
        text.append(scalar)
      }
    }
    return String(text)
  }

  @Test func everyTextComesBack() throws {
    let tokenizer = try tokenizer()
    var random = Numbers(seed: 1)
    for length in 0..<400 {
      let text = randomText(&random, count: length)
      let ids = try tokenizer.encode(text)
      #expect(Array(try tokenizer.decode(ids).utf8) == Array(text.utf8))
    }
  }

  @Test func threadsGiveTheIDsOfOne() throws {
    let tokenizer = try tokenizer()
    var random = Numbers(seed: 2)
    let texts = (0..<4_000).map { _ in
      "Il gatto 12 dorme\n" + randomText(&random, count: 40)
    }
    let ends = texts.reduce(into: [0]) { $0.append(($0.last ?? 0) + $1.utf8.count) }.dropFirst()
    var ids: [TokenID] = []
    Array(texts.joined().utf8).withUnsafeBufferPointer {
      tokenizer.encodeParts(of: $0, endingAt: Array(ends), threads: 3, into: &ids)
    }
    #expect(try ids == texts.flatMap(tokenizer.encode))
  }

  /// Against the definition: look at all pairs, merge the leftmost of the lowest rank, again.
  @Test func longPiecesMergeAsTheDefinitionSays() throws {
    let tokenizer = try tokenizer()
    var ranks: [TokenPair: (rank: Int, id: TokenID)] = [:]
    for (rank, pair) in tokenizer.merges.enumerated() {
      let bytes =
        try #require(tokenizer.bytes(of: pair.left))
        + #require(tokenizer.bytes(of: pair.right))
      let id = try #require(
        (0..<TokenID(tokenizer.vocabularySize)).first {
          tokenizer.bytes(of: $0) == bytes && tokenizer.id(of: .start) != $0
        }
      )
      ranks[pair] = (rank, id)
    }
    var random = Numbers(seed: 3)
    let syllables = ["gat", "to", "dor", "me", "a", "sul", "di", "vano", "la", "tt", "ll"]
    for count in [1, 5, 17, 30, 60, 200] {
      let word = (0..<count).map { _ in syllables[Int.random(in: 0..<11, using: &random)] }.joined()
      var ids = try word.utf8.map { byte in
        try #require((0..<TokenID(257)).first { tokenizer.bytes(of: $0) == [byte] })
      }
      while let at = ids.indices.dropLast().min(by: {
        (ranks[TokenPair(ids[$0], ids[$0 + 1])]?.rank ?? .max, $0)
          < (ranks[TokenPair(ids[$1], ids[$1 + 1])]?.rank ?? .max, $1)
      }), let merge = ranks[TokenPair(ids[at], ids[at + 1])] {
        ids.replaceSubrange(at...at + 1, with: [merge.id])
      }
      #expect(try tokenizer.encode(word) == ids)
    }
  }

  @Test func specialTokensInsideATextAreThemselves() throws {
    let tokenizer = try tokenizer(specials: ["<start>", "<end>"])
    let ids = try tokenizer.encode("gatto<end> gatto<start")
    #expect(ids.filter { $0 < 2 } == [1])
    #expect(try tokenizer.decode(ids) == "gatto gatto<start")
    #expect(tokenizer.id(of: .end) == 1 && tokenizer.id(of: .mask) == nil)
  }

  @Test func tokensAreReadable() throws {
    let tokenizer = try tokenizer()
    let shown = tokenizer.tokens
    #expect(shown[0] == "<start>")
    #expect(Set(shown).count == shown.count)
    #expect(shown.contains("\u{2423}gatto") || shown.contains("\u{2423}ga"))
    #expect(shown.contains("\u{27E8}E2\u{27E9}") && shown.contains("\u{21B5}"))
    #expect(
      shown.allSatisfy {
        $0.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
      }
    )
    #expect(tokenizer.spelling(of: 1) == "!")
    #expect(ByteSpelling.bytes(of: "Ġgatto\u{10A}") == Array(" gatto\n".utf8))
    #expect(tokenizer.token(of: -1) == nil && tokenizer.token(of: 10_000) == nil)
  }

  @Test(arguments: [TokenID(-1), 10_000, .max])
  func anIDOutsideTheVocabularyIsRefused(id: TokenID) throws {
    let tokenizer = try tokenizer()
    #expect(throws: DataProblem.unknownID(Int(id), position: 1, known: tokenizer.vocabularySize)) {
      try tokenizer.decode([5, id])
    }
  }

  @Test func nothingHasNoIDs() throws {
    #expect(try tokenizer().encode("") == [])
    #expect(try tokenizer().decode([]) == "")
  }

  @Test func aPieceOfABookIsOneWordInTime() throws {
    let settings = BytePairSettings(.whole)
    let small = try tokenizer()
    var vocabulary = ByteTable()
    for id in 0..<TokenID(small.modelCount) {
      _ = vocabulary.insert(Array(try #require(small.spelling(of: id)).utf8))
    }
    let whole = try BytePairTokenizer(
      vocabulary: vocabulary,
      merges: small.merges,
      added: [],
      settings: settings
    )
    let text = String(repeating: "a gatto", count: 20_000)
    #expect(try whole.decode(whole.encode(text)) == text)
  }

  /// Added tokens of white space that swallow white space; each match counts, as in `tokenizers`.
  @Test func whiteSpaceMaySwallowWhiteSpace() throws {
    var vocabulary = ByteTable()
    for letter in ["a", "b", "\u{120}"] { _ = vocabulary.insert(Array(letter.utf8)) }
    func ids(_ text: String, _ content: String, left: Bool, right: Bool) throws -> [TokenID] {
      var token = AddedToken(content, id: 3, isSpecial: false)
      (token.stripsLeft, token.stripsRight) = (left, right)
      let tokenizer = try BytePairTokenizer(vocabulary: vocabulary, merges: [], added: [token])
      return try tokenizer.encode(text)
    }
    let blanks = String(repeating: " ", count: 3_001)
    #expect(try ids("a\(blanks)b", "  ", left: false, right: true).count == 1_502)
    #expect(try ids("a\(blanks)b", "  ", left: true, right: false).count == 1_503)
    #expect(try ids("a   b  <x> <x>b", "<x>", left: true, right: false).suffix(4) == [1, 3, 3, 1])
  }

  @Test func anAddedTokenHasTheIDOfTheVocabulary() throws {
    var vocabulary = ByteTable()
    _ = vocabulary.insert(Array("a".utf8))
    #expect(throws: DataProblem.addedTokenID("a", found: 3, needed: 0)) {
      try BytePairTokenizer(
        vocabulary: vocabulary,
        merges: [],
        added: [AddedToken("a", id: 3, isSpecial: true)]
      )
    }
    #expect(throws: DataProblem.mergeWithoutToken("aa", rank: 1)) {
      try BytePairTokenizer(vocabulary: vocabulary, merges: [TokenPair(0, 0)], added: [])
    }
  }
}

/// Random numbers that a seed decides: a linear congruence, its upper bits.
struct Numbers: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    var word: UInt64 = 0
    for _ in 0..<2 { word = word << 32 | UInt64(below(1 << 31)) << 1 }
    return word
  }

  mutating func below(_ limit: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int(state >> 33) % limit
  }
}
