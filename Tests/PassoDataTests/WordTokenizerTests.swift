// SPDX-License-Identifier: MIT
import PassoData
import PassoText
import Testing

@Suite struct WordTokenizerTests {
  private let sentence = "Il gatto dorme sul divano"

  @Test func theArticlesSentenceHasFiveIDsAndSixTokens() throws {
    let tokenizer = try WordTokenizer(texts: [sentence])
    #expect(try tokenizer.encode(sentence) == [1, 2, 3, 4, 5])
    #expect(try tokenizer.decode([1, 2, 3, 4, 5]) == sentence)
    #expect(tokenizer.vocabularySize == 6)
    #expect(tokenizer.start == 0)
    #expect(tokenizer.token(of: 0) == "<start>")
  }

  @Test func idsFollowTheFirstAppearanceAcrossTexts() throws {
    let tokenizer = try WordTokenizer(texts: ["b a b", "", "c a"])
    #expect(tokenizer.vocabulary.tokens == ["<start>", "b", "a", "c"])
  }

  @Test func caseAndAccentsCount() throws {
    let tokenizer = try WordTokenizer(texts: ["Il il e \u{E8}"])
    #expect(try tokenizer.encode("il Il \u{E8} e") == [2, 1, 4, 3])
  }

  @Test func anAccentHasOneSpelling() throws {
    let tokenizer = try WordTokenizer(texts: ["perche\u{301}"])
    #expect(Array(tokenizer.vocabulary.tokens[1].utf8) == Array("perch\u{E9}".utf8))
    #expect(try tokenizer.encode("perch\u{E9}") == tokenizer.encode("perche\u{301}"))
  }

  @Test func punctuationIsATokenOfItsOwn() throws {
    let text = "\u{AB}L'albero (alto)\u{BB}, disse: quanto? 5\u{20AC}!"
    let tokenizer = try WordTokenizer(texts: [text])
    #expect(
      tokenizer.vocabulary.tokens.dropFirst() == [
        "\u{AB}", "L", "'", "albero", "(", "alto", ")", "\u{BB}", ",", "disse", ":", "quanto", "?",
        "5", "\u{20AC}", "!",
      ]
    )
    #expect(
      try tokenizer.decode(tokenizer.encode(text))
        == "\u{AB}L'albero (alto)\u{BB}, disse: quanto? 5 \u{20AC}!"
    )
  }

  @Test func aTextMaySpellASpecialToken() throws {
    let tokenizer = try WordTokenizer(texts: ["Il <start> gatto<end>"])
    #expect(tokenizer.vocabulary.tokens == ["<start>", "Il", "gatto", "<", "end", ">"])
    #expect(try tokenizer.encode("<start>Il gatto <start>") == [0, 1, 2, 0])
    #expect(throws: DataProblem.onlySpecialText) { try WordTokenizer(texts: ["<start> <start>"]) }
    let problem = #expect(throws: DataProblem.self) {
      try tokenizer.encode("<start> Il\n\ngato Il")
    }
    #expect(problem?.place?.line == 3 && problem?.place?.span == 0..<4)
    guard case .unknownWord("gato", number: 3, _, closest: "gatto", _)? = problem else {
      return #expect(Bool(false), "\(String(describing: problem))")
    }
  }

  @Test func addedTokensAreFoundFirst() throws {
    let vocabulary = try Vocabulary(["<unk>", "Il", "gatto", "e"])
    var foo = AddedToken("foo bar", id: 4, isSpecial: false)
    foo.stripsLeft = true
    let accent = AddedToken("\u{E8}", id: 5, isSpecial: true)
    let tokenizer = try WordTokenizer(vocabulary: vocabulary, added: [foo, accent], clings: true)
    // The raw text has the accent in two scalars, which is another text.
    #expect(try tokenizer.encode("Il foo bargatto \u{E8} e\u{300} bar") == [1, 4, 2, 5, 0, 0])
    #expect(try tokenizer.decode([1, 4, 5, 2]) == "Il foo bar gatto")
    let other = AddedToken("e", id: 5, isSpecial: true)
    #expect(throws: DataProblem.addedTokenID("e", found: 5, needed: 3)) {
      try WordTokenizer(vocabulary: vocabulary, added: [other], clings: true)
    }
  }

  @Test func marksOfAYoungerUnicodeAreNotKnownYet() throws {
    // U+20C1, a sign for money, is of Unicode 17; U+1ACF, a mark, is of Unicode 17 too; U+1DFB is
    // of Unicode 9, so that it moves behind U+0323.
    let tokenizer = try WordTokenizer(texts: ["5\u{20C1} e\u{1E08F}\u{301} x\u{1DFB}\u{323}"])
    #expect(
      tokenizer.vocabulary.tokens.map { Array($0.unicodeScalars) }
        == [
          "<start>", "5\u{20C1}", "e\u{1E08F}\u{301}", "x\u{323}\u{1DFB}",
        ].map { Array($0.unicodeScalars) }
    )
  }

  @Test func spellingsOfAnAccentAreTwoTokensOfAVocabulary() throws {
    let vocabulary = try Vocabulary(["\u{E8}", "e\u{300}"])
    #expect(try WordTokenizer(vocabulary: vocabulary).encode("e\u{300} \u{E8}") == [0, 0])
  }

  @Test func specialTokensStandForNoText() throws {
    let tokenizer = try WordTokenizer(texts: [sentence], specials: [.start, .end])
    #expect(try tokenizer.decode([0, 2, 3, 1]) == "Il gatto")
    #expect(try tokenizer.decode([]) == "")
  }

  @Test func controlCharactersOnlySeparate() throws {
    let tokenizer = try WordTokenizer(texts: ["a\u{0}b\u{1B}[31mc\r\nd\te\u{85}f"])
    #expect(
      tokenizer.vocabulary.tokens.dropFirst() == ["a", "b", "[", "31mc", "d", "e", "f"]
    )
  }

  @Test func invalidBytesBecomeAnOrdinaryCharacter() throws {
    let text = String(decoding: [0x61, 0xFF, 0x20, 0xC3, 0x28], as: UTF8.self)
    let tokenizer = try WordTokenizer(texts: [text])
    #expect(tokenizer.vocabulary.tokens == ["<start>", "a\u{FFFD}", "\u{FFFD}", "("])
  }

  @Test func wordsFromAVocabularyKeepItsIDs() throws {
    let tokenizer = WordTokenizer(vocabulary: try Vocabulary(["gatto", "Il"]))
    #expect(try tokenizer.encode("Il gatto") == [1, 0])
    #expect(tokenizer.start == nil)
  }

  @Test(arguments: ["", "  \t\n", "\u{0}\u{1B}"])
  func aTextWithoutWordsIsRefused(text: String) throws {
    let problem = DataProblem.noWords(scalars: text.unicodeScalars.count)
    #expect(throws: problem) { try WordTokenizer(texts: [text]) }
    let tokenizer = try WordTokenizer(texts: [sentence])
    #expect(try tokenizer.encode(text) == [])
    #expect(throws: problem) { try tokenizer.sequence(of: text) }
  }

  @Test func noTextsAreRefused() {
    #expect(throws: DataProblem.noWords(scalars: 0)) { try WordTokenizer(texts: []) }
  }

  @Test func anIDOutsideTheVocabularyIsRefused() throws {
    let tokenizer = try WordTokenizer(texts: [sentence])
    #expect(throws: DataProblem.unknownID(6, position: 1, known: 6)) {
      try tokenizer.decode([1, 6])
    }
  }

  @Test func anUnknownWordIsUnderlinedInItsLine() throws {
    let tokenizer = try WordTokenizer(texts: [sentence])
    let problem = #expect(throws: DataProblem.self) {
      try tokenizer.encode("Il gatto\nIl\tgato dorme\nsul divano")
    }
    #expect(problem?.place?.line == 2)
    #expect(
      problem?.text(.en) == """
        Il gato dorme
           ^^^^
        error: needs words of the vocabulary (6 tokens), got 'gato', word 4 of the text
        hint: did you mean 'gatto'?
        """
    )
  }

  @Test func aLongLineIsCutAroundTheUnknownWord() throws {
    let tokenizer = try WordTokenizer(texts: ["a"])
    let many = String(repeating: "a ", count: 100)
    let problem = #expect(throws: DataProblem.self) { try tokenizer.encode(many + "xyz " + many) }
    let place = try #require(problem?.place)
    let source = Array(try #require(place.source).unicodeScalars)
    #expect(source.count == 92 && source.first == "\u{2026}" && source.last == "\u{2026}")
    #expect(try Array("xyz".unicodeScalars) == Array(source[#require(place.span)]))
  }

  @Test func anUnknownWordLongerThanALineIsCut() throws {
    let tokenizer = try WordTokenizer(texts: ["a"])
    let problem = #expect(throws: DataProblem.self) {
      try tokenizer.encode(String(repeating: "z", count: 10_000))
    }
    #expect(problem?.place?.source?.unicodeScalars.count == 61)
    #expect(problem?.place?.span == 0..<60)
  }

  @Test func decodedTextGivesTheSameIDsAgain() throws {
    let letters = Array(
      "a\u{E8}'\u{2019}\".?()\u{AB}\u{BB}<= \n\u{301}\u{338}\u{1F600}".unicodeScalars
    )
    for code in 0..<letters.count * letters.count * letters.count {
      let (first, second) = (code % letters.count, code / letters.count % letters.count)
      let third = code / letters.count / letters.count
      let around = [letters[first], letters[second], letters[third]].map(String.init)
      let text = "b" + around.joined() + "c" + around.joined()
      let tokenizer = try WordTokenizer(texts: [text])
      let ids = try tokenizer.encode(text)
      #expect(try tokenizer.encode(tokenizer.decode(ids)) == ids, "\(text.debugDescription)")
    }
  }
}
