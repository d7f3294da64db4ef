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

  @Test func wordsComeWithTheirBlanks() throws {
    let tokenizer = try WordTokenizer(texts: ["Il gatto dorme."])
    var stream = TextStream(tokenizer, after: [0, 1])
    #expect([2, 3, 4].map { stream.append($0) } == [" gatto", " dorme", "."])
  }
}
