// SPDX-License-Identifier: MIT
import PassoData
import Testing

@Suite struct VocabularyTests {
  @Test func idsAreThePlacesInTheList() throws {
    let vocabulary = try Vocabulary(["<start>", "Il", "gatto"])
    #expect(vocabulary.tokens == ["<start>", "Il", "gatto"])
    #expect(vocabulary.id(of: "gatto") == 2)
    #expect(vocabulary.id(of: .start) == 0)
    #expect(vocabulary.id(of: .mask) == nil)
  }

  @Test func noTokensAreRefused() {
    #expect(throws: DataProblem.emptyVocabulary) { try Vocabulary([]) }
  }

  @Test func aTokenWithoutLettersIsRefused() {
    #expect(throws: DataProblem.emptyToken(id: 1)) { try Vocabulary(["a", ""]) }
  }

  @Test func aTokenTwiceIsRefusedWithBothIDs() {
    #expect(throws: DataProblem.duplicateToken("a", first: 0, second: 2)) {
      try Vocabulary(["a", "b", "a"])
    }
  }

  @Test func moreTokensThanTheLimitAreRefused() {
    let count = Vocabulary.limit + 1
    #expect(throws: DataProblem.vocabularyTooLarge(count: count, limit: Vocabulary.limit)) {
      try Vocabulary(Array(repeating: "a", count: count))
    }
  }

  @Test func theClosestWordIsNeverASpecialToken() throws {
    let vocabulary = try Vocabulary(["<start>", "gatto"])
    #expect(vocabulary.closest(to: "gato") == "gatto")
    #expect(vocabulary.closest(to: "<stat>") == nil)
    #expect(vocabulary.closest(to: String(repeating: "gatto", count: 1_000_000)) == nil)
  }
}
