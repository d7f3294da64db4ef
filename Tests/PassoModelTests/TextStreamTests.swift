// SPDX-License-Identifier: MIT
import PassoData
import PassoModel
import Testing

@Suite struct TextStreamTests {
  @Test(arguments: ["il gatto", "e\u{301} \u{E9}", "😀👩\u{200D}🔬!", "日本"])
  func bytesBecomeCharactersOnlyWhenTheyAreWhole(text: String) throws {
    let plan = BytePairTrainer.Plan(vocabularySize: 256)
    let tokenizer = try BytePairTrainer(texts: ["a"], plan: plan).tokenizer()
    var stream = TextStream(tokenizer)
    var parts: [String] = []
    for id in try tokenizer.encode(text) { parts.append(stream.append(id)) }
    #expect(parts.count == text.utf8.count && parts.joined().utf8.elementsEqual(text.utf8))
    #expect(parts.allSatisfy { !$0.unicodeScalars.contains("\u{FFFD}") })
  }

  @Test func whatStaysInvalidIsShownLater() throws {
    let plan = BytePairTrainer.Plan(vocabularySize: 256)
    let tokenizer = try BytePairTrainer(texts: ["a"], plan: plan).tokenizer()
    let lead = try #require((0..<256).first { tokenizer.bytes(of: $0) == [0xE2] })
    let letter = try #require(try tokenizer.encode("a").first)
    var stream = TextStream(tokenizer)
    #expect(stream.append(lead) == "")
    #expect(stream.append(letter) == "\u{FFFD}a")
  }

  /// What is shown piece by piece is the text, however long it gets.
  @Test func longTextsComeWhole() throws {
    let text = (0..<400).map { ["il", "gatto,", "è", "(nero)", "l'😀", "日本."][$0 * 7 % 6] }
      .joined(separator: " ")
    var plan = BytePairTrainer.Plan(vocabularySize: 270)
    plan.specials = ["<start>"]
    let tokenizers: [any Tokenizer] = [
      try WordTokenizer(texts: [text]), try CharacterTokenizer(texts: [text]),
      try BytePairTrainer(texts: [text], plan: plan).tokenizer(),
    ]
    for tokenizer in tokenizers {
      let ids = try tokenizer.encode(text)
      var stream = TextStream(tokenizer)
      #expect(ids.map { stream.append($0) }.joined() == (try tokenizer.decode(ids)))
    }
    var numbers = TextStream(nil)
    #expect(
      (0..<99).map { numbers.append($0) }.joined()
        == (0..<99).map(String.init).joined(separator: " ")
    )
  }

  /// A tokenizer that counts what it decodes.
  private final class Counting: Tokenizer, @unchecked Sendable {
    private let inner: WordTokenizer
    var decoded = 0

    init(_ inner: WordTokenizer) { self.inner = inner }

    var kind: TokenizerKind { inner.kind }
    var cuts: TextCuts { inner.cuts }
    var vocabularySize: Int { inner.vocabularySize }
    func id(of token: SpecialToken) -> TokenID? { inner.id(of: token) }
    func encode(_ text: String) throws(DataProblem) -> [TokenID] { try inner.encode(text) }
    func token(of id: TokenID) -> String? { inner.token(of: id) }

    var readingSpecialsAsText: any Tokenizer { self }

    func decode(
      _ ids: [TokenID],
      keepingSpecials: Bool
    ) throws(DataProblem) -> String {
      decoded += ids.count
      return try inner.decode(ids, keepingSpecials: keepingSpecials)
    }
  }

  @Test func onlyTheEndIsDecodedAgain() throws {
    let tokenizer = Counting(try WordTokenizer(texts: ["il gatto"]))
    var stream = TextStream(tokenizer)
    for _ in 0..<2_000 { _ = stream.append(1) }
    #expect(tokenizer.decoded < 2_000 * 64)
  }

  @Test func wordsComeWithTheirBlanks() throws {
    let tokenizer = try WordTokenizer(texts: ["Il gatto dorme."])
    var stream = TextStream(tokenizer, after: [0, 1])
    #expect([2, 3, 4].map { stream.append($0) } == [" gatto", " dorme", "."])
  }
}
