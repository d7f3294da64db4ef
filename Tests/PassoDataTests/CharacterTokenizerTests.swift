// SPDX-License-Identifier: MIT
import PassoText
import Testing

@testable import PassoData

@Suite struct CharacterTokenizerTests {
  @Test func idsFollowTheFirstAppearance() throws {
    let tokenizer = try CharacterTokenizer(texts: ["ciao", "oh\n"])
    #expect(tokenizer.spellings == ["<start>", "c", "i", "a", "o", "h", "\n"])
    #expect(try tokenizer.encode("hai\n") == [5, 3, 2, 6])
    #expect(tokenizer.start == 0 && tokenizer.kind == .characters)
    #expect(tokenizer.token(of: 6) == "\u{21B5}" && tokenizer.token(of: 7) == nil)
  }

  /// Spellings that Swift takes for equal stay apart.
  @Test func nothingIsNormalized() throws {
    let text = "\u{E9}e\u{301}\u{212B}\u{C5}\u{2126}\u{3A9}\r\n\u{0}"
    let tokenizer = try CharacterTokenizer(texts: [text])
    #expect(tokenizer.vocabularySize == 1 + text.unicodeScalars.count)
    let back = try tokenizer.decode(tokenizer.encode(text))
    #expect(Array(back.utf8) == Array(text.utf8))
  }

  @Test func aSpecialTokenInATextIsItself() throws {
    let tokenizer = try CharacterTokenizer(texts: ["<start><st<end>"], specials: [.start, .end])
    #expect(tokenizer.spellings == ["<start>", "<end>", "<", "s", "t"])
    #expect(try tokenizer.encode("<start><st") == [0, 2, 3, 4])
    #expect(try tokenizer.decode([0, 3, 4, 1]) == "st")
    #expect(throws: DataProblem.onlySpecialText) { try CharacterTokenizer(texts: ["<start>"]) }
  }

  @Test func anUnknownCharacterIsUnderlined() throws {
    let tokenizer = try CharacterTokenizer(texts: ["ciao \n"])
    let problem = #expect(throws: DataProblem.self) { try tokenizer.encode("ciao\nciai<start>x") }
    #expect(
      problem?.text(.en) == """
        ciai<start>x
                   ^
        error: needs characters of the vocabulary (7 tokens), got 'x', character 17 of the text
        hint: write what the model knows; a bpe tokenizer knows every text
        """
    )
    let unknown = try CharacterTokenizer(texts: ["ab"], specials: [.unknown])
    #expect(try unknown.encode("axb") == [1, 0, 2])
  }

  @Test func theVocabularyIsChecked() {
    #expect(throws: DataProblem.longCharacter("ab", id: 1)) {
      try CharacterTokenizer(tokens: ["a", "ab"])
    }
    #expect(throws: DataProblem.duplicateToken("a", first: 0, second: 1)) {
      try CharacterTokenizer(tokens: ["a", "a"])
    }
    #expect(throws: DataProblem.emptyToken(id: 0)) { try CharacterTokenizer(tokens: [""]) }
    #expect(throws: DataProblem.emptyVocabulary) { try CharacterTokenizer(tokens: []) }
    #expect(throws: DataProblem.noWords(scalars: 0)) { try CharacterTokenizer(texts: [""]) }
  }
}
