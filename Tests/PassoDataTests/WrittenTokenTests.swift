// SPDX-License-Identifier: MIT
import PassoData
import Testing

/// Tokens as people write them.
@Suite struct WrittenTokenTests {
  private func bytePairs() throws -> any Tokenizer {
    try TokenizerLearner(kind: .bytePairs, size: 290).tokenizer(
      for: [String(repeating: "to Paris in Paris, 7 to Paris ", count: 9)]
    )
  }

  private func id(_ text: String, quoted: Bool = false, _ tokenizer: any Tokenizer) throws -> String
  {
    let written = WrittenToken(text, isQuoted: quoted)
    return tokenizer.label(of: try written.id(tokenizer, known: tokenizer.vocabularySize + 5))
  }

  @Test func aTokenIsWrittenInManyWays() throws {
    let pairs = try bytePairs()
    #expect(try id("␣Paris", pairs) == "␣Paris")
    #expect(try id("ĠParis", pairs) == "␣Paris")
    #expect(try id(" Paris", quoted: true, pairs) == "␣Paris")
    #expect(try id("Paris", pairs) == "␣Paris")
    #expect(try id("#66", pairs) == pairs.label(of: 66))
    #expect(try id("66", pairs) == pairs.label(of: 66))
    #expect(try id("7", quoted: true, pairs) == "7")
    #expect(try id("↵", pairs) == "↵")
    #expect(try id("\n", quoted: true, pairs) == "↵")
    #expect(try id("<start>", pairs) == "<start>")
    let past = pairs.vocabularySize + 2
    #expect(try id("\(past)", pairs) == "#\(past)")
  }

  @Test func whatIsNoTokenIsExplained() throws {
    let pairs = try bytePairs()
    #expect(throws: WrittenTokenProblem.outside("9999", last: pairs.vocabularySize + 4)) {
      try id("9999", pairs)
    }
    let far = "99999999999999999999999999"
    #expect(throws: WrittenTokenProblem.outside(far, last: pairs.vocabularySize + 4)) {
      try id(far, pairs)
    }
    #expect(throws: WrittenTokenProblem.several("xyz", tokens: ["x", "y", "z"])) {
      try id("xyz", pairs)
    }
    let words = try WordTokenizer(texts: ["il gatto dorme"], specials: [.start, .unknown])
    #expect(throws: WrittenTokenProblem.unknown("gato", closest: "gatto")) {
      try id("gato", words)
    }
    #expect(try id("<unk>", words) == "<unk>")
  }
}
