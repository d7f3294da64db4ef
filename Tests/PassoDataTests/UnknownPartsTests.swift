// SPDX-License-Identifier: MIT

import Testing

@testable import PassoData

/// What of a text nobody has a token for.
struct UnknownPartsTests {
  @Test func wordsAreNamedOnceAndInOrder() throws {
    let words = try WordTokenizer(texts: ["il gatto dorme"], specials: [.start, .unknown])
    #expect(words.unknownParts(of: "Il gatto, e il drago, dorme") == ["Il", ",", "e", "drago"])
    #expect(words.unknownParts(of: "il gatto").isEmpty && words.unknownParts(of: "").isEmpty)
  }

  @Test func charactersAreNamed() throws {
    let characters = try CharacterTokenizer(texts: ["ciao"], specials: [.unknown])
    #expect(characters.unknownParts(of: "ciao, è") == [",", " ", "è"])
  }

  @Test func whoeverRefusesHasNone() throws {
    #expect(try WordTokenizer(texts: ["il gatto"]).unknownParts(of: "il drago").isEmpty)
  }
}
