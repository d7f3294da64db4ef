// SPDX-License-Identifier: MIT
import Foundation
import PassoData
import PassoText
import Testing

/// The figures of gatto-1, each computed a second time in another way where there is one.
@Suite struct OracleTests {
  static let oracle = Oracle(.gatto1)
  private var oracle: Oracle { Self.oracle }

  private func near(_ found: Double, _ wanted: Double, _ error: Double = 5e-7) -> Bool {
    abs(found - wanted) <= error
  }

  @Test func everyStateIsADistribution() {
    for state in ToyLanguage.gatto1.automaton.states where !state.isEmpty {
      #expect(near(state.reduce(0) { $0 + $1.probability }, 1, 1e-12))
      #expect(Set(state.map(\.token)).count == state.count)
      #expect(state.allSatisfy { $0.probability > 0 })
    }
  }

  @Test func theVocabularyHas65WordsAndFiveSpecials() {
    let tokens = ToyLanguage.gatto1.tokenizer.tokens
    #expect(tokens.count == 70)
    #expect(tokens.prefix(6) == ["<pad>", "<start>", "<end>", "<unk>", "<mask>", "Il"])
    // <pad>, <start>, <unk> and <mask> never follow anything.
    #expect(oracle.possibleTokens == 66)
  }

  @Test func theFigures() {
    #expect(near(oracle.entropyPerSentence, 10.692886))
    #expect(near(oracle.expectedLength, 7.3775, 1e-12))
    #expect(near(oracle.floor, 1.449392))
    #expect(near(oracle.floor / log(2), 2.091030))
    #expect(near(exp(oracle.floor), 4.260522))
    #expect(near(oracle.uniformLoss, 4.248495))
    #expect(near(log(Double(oracle.possibleTokens)), 4.189655))
    #expect(oracle.sentenceCount == 67_736_240)
    #expect(oracle.longest == 14)
  }

  /// The same from the rules, by hand: the grammar is unambiguous, so that the entropy of a
  /// sentence is the sum of how often each rule is used times the rule's own entropy.
  @Test func theEntropyIsTheSumOfTheRules() {
    func entropy(_ parts: Double...) -> Double { parts.reduce(0) { $0 - $1 * log($1) } }
    let noun = entropy(0.35, 0.25, 0.25, 0.15)
    let adjective = entropy(0.4, 0.3, 0.2, 0.1)
    let anyForm = log(4.0)
    let links = 0.30 * (1 + 0.25 + 0.0625)
    let choicesOfMore = 0.30 * (1 + 0.25)
    let clauses = 0.20
    let objects = 0.30
    let subject = entropy(0.35, 0.25, 0.20, 0.20) + noun + entropy(0.75, 0.25) + 0.25 * adjective
    let chains = links * (anyForm + noun) + choicesOfMore * entropy(0.75, 0.25)
    let clause = clauses * (entropy(0.6, 0.4) + entropy(0.5, 0.5) + anyForm + noun)
    let predicate =
      entropy(0.45, 0.30, 0.25)
      + 0.45
      * (entropy(0.5, 0.3, 0.2) + entropy(0.3, 0.7)
        + 0.70 * (entropy(0.50, 0.25, 0.15, 0.10) + entropy(0.6, 0.4)))
      + objects
      * (entropy(0.5, 0.5) + anyForm + noun + entropy(0.8, 0.2) + 0.20 * adjective)
      + 0.25 * adjective
    let all = subject + entropy(0.50, 0.30, 0.20) + chains + clause + predicate
    #expect(near(oracle.entropyPerSentence, all, 1e-12))
    let length =
      2 + 0.25 + 2 * links + 4 * clauses + 0.45 * (1 + 2 * 0.70) + 0.30 * (3 + 0.20) + 0.25 * 2 + 1
    #expect(near(oracle.expectedLength, length, 1e-12))
  }

  @Test(
    arguments: zip(
      1...7,
      [3.847802, 1.773974, 1.606876, 1.519691, 1.469782, 1.457928, 1.451936]
    )
  )
  func contextsOfSoManyTokensReachThis(order: Int, loss: Double) throws {
    #expect(near(try #require(oracle.loss(ofOrder: order)), loss))
  }

  @Test func theLengths() {
    let wanted = [
      4: 0.051, 5: 0.111, 6: 0.262, 7: 0.142, 8: 0.141, 9: 0.098, 10: 0.128, 11: 0.051, 12: 0.013,
      13: 0.003,
    ]
    for (length, share) in wanted {
      #expect(near(oracle.lengths[length] ?? 0, share, 5e-4), "\(length)")
    }
    #expect(near(oracle.lengths[14] ?? 0, 0.0003, 5e-5))
    #expect(near(oracle.lengths.values.reduce(0, +), 1, 1e-12))
    let mean = oracle.lengths.reduce(0) { $0 + Double($1.key) * $1.value }
    #expect(near(mean, oracle.expectedLength, 1e-12))
  }

  @Test func theSentenceOfTheArticle() throws {
    let tokens = try oracle.tokens(of: "Il gatto dorme sul divano<end>")
    let surprisals = try oracle.surprisals(of: tokens)
    let wanted = [1.0498, 1.0498, 2.4725, 1.0498, 0.5108, 0]
    for (found, wanted) in zip(surprisals, wanted) { #expect(near(found, wanted, 5e-5)) }
    #expect(near(exp(-surprisals.reduce(0, +)), 0.002170546875, 1e-15))
    #expect(oracle.isGrammatical(tokens))
    #expect(!oracle.isGrammatical(tokens.dropLast()))
  }

  @Test func whatFollowsIlGatto() throws {
    let next = try oracle.distribution(after: oracle.tokens(of: "Il gatto"))
    #expect(next.count == 15)
    #expect(near(next.reduce(0) { $0 + $1.probability }, 1, 1e-12))
    let dorme = try #require(ToyLanguage.gatto1.tokenizer.vocabulary.id(of: "dorme"))
    let share = try #require(next.first { $0.token == dorme }).probability
    #expect(near(share, 0.75 * 0.50 * 0.45 * 0.5, 1e-12))
  }

  @Test func samplesAreSentencesWithTheRightFrequencies() {
    var random = SeededRandom(3)
    var counts: [TokenID: Double] = [:]
    var (total, losses) = (0.0, 0.0)
    for _ in 0..<20_000 {
      let sentence = ToyLanguage.gatto1.sentence(using: &random)
      #expect(oracle.isGrammatical(sentence))
      counts[sentence[0], default: 0] += 1 / 20_000
      total += Double(sentence.count)
      losses += (try? oracle.surprisals(of: sentence).reduce(0, +)) ?? .nan
    }
    let vocabulary = ToyLanguage.gatto1.tokenizer.vocabulary
    for (article, share) in zip(["Il", "La", "I", "Le"], [0.35, 0.25, 0.2, 0.2]) {
      let found = vocabulary.id(of: article).flatMap { counts[$0] } ?? 0
      // Six standard errors of 20,000 draws.
      #expect(abs(found - share) < 0.02)
    }
    #expect(abs(losses / total - oracle.floor) < 0.02)
  }

  @Test(
    arguments: [
      ("Il gatta", 2), ("Il gatto dormono", 3), ("I gatti che il cane guardano", 6),
      ("La gatta è nero", 4), ("gatto", 1), ("Il gatto del cane della gatta dei topi di", 0),
      ("Il gatto del cane della gatta dei topi delle volpi", 9),
      ("Il gatto dorme sul divano stanco", 6),
    ]
  )
  func whatIsNoSentenceIsSeenAtItsFirstWrongWord(text: String, number: Int) throws {
    let problem = #expect(throws: LanguageProblem.self) {
      try oracle.distribution(after: oracle.tokens(of: text))
    }
    if case .impossible(_, let found, let allowed)? = problem {
      #expect(found == number && !allowed.isEmpty)
    } else {
      #expect(number == 0, "\(text)")
    }
  }

  @Test func aSlipOfTheKeyboardIsNamed() {
    #expect(throws: LanguageProblem.unknownWord("gattto", number: 2, closest: "gatto")) {
      try oracle.tokens(of: "Il gattto")
    }
  }

  @Test(arguments: ["Il gatto dorme <end>", "Il gatto dorme<end>", " Il\tgatto  dorme\n<end> "])
  func specialTokensAreWords(text: String) throws {
    let tokens = try oracle.tokens(of: text)
    #expect(tokens.count == 4 && oracle.isGrammatical(tokens))
    #expect(oracle.possibleWords(of: Array(tokens.dropLast())) == 3)
    #expect(oracle.possibleWords(of: tokens + [tokens[0]]) == 4)
    #expect(try oracle.tokens(of: "<end> Il").count == 2)
  }

  @Test func aWordAfterOthersHasTheirNumber() {
    #expect(throws: LanguageProblem.unknownWord("gattto", number: 6, closest: "gatto")) {
      try oracle.tokens(of: "Il gattto", after: 4)
    }
  }

  @Test func everyLanguageHasASentenceOfItsOwn() throws {
    for language in ToyLanguage.all {
      let oracle = Oracle(language)
      let example = try #require(language.example)
      #expect(oracle.isGrammatical(try oracle.tokens(of: example + " <end>")))
    }
  }

  @Test func nothingFollowsTheEnd() throws {
    let tokens = try oracle.tokens(of: "Il gatto dorme<end>")
    #expect(try oracle.distribution(after: tokens).isEmpty)
    let after = tokens + [tokens[0]]
    #expect(throws: LanguageProblem.impossible(word: "Il", number: 5, allowed: [])) {
      try oracle.distribution(after: after)
    }
  }

  /// A list of two sentences that differ in their second word: one bit in eight tokens, or less.
  @Test func theFloorOfAListLearnedByHeart() {
    let list: [[TokenID]] = [[1, 2, 3, 9], [1, 4, 3, 9]]
    #expect(near(Oracle.memorizingFloor(list), 2 * log(2.0) / 8, 1e-12))
    #expect(Oracle.memorizingFloor([[1, 2], [1, 2]]) == 0)
  }
}

extension Oracle {
  /// Tokens that can come at all.
  var possibleTokens: Int { Set(language.automaton.states.joined().map(\.token)).count }
}
