// SPDX-License-Identifier: MIT
import Foundation
import PassoData
import PassoText
import Testing

/// The oracle of a language small enough to write down all of its sentences.
@Suite struct OracleEnumerationTests {
  static let grammar: Rule = .sequence([
    .oneOf(
      (0.5, .word("a")),
      (0.3, .sequence([.word("b"), .oneOf((0.25, .nothing), (0.75, .word("c")))])),
      (0.2, .word("c"))
    ),
    .oneOf((0.6, .sequence([.word("d"), .oneOf(["a", "b"], [0.7, 0.3])])), (0.4, .nothing)),
    .oneOf((0.9, .nothing), (0.1, .sequence([.word("e"), .oneOf(["a", "d"], [0.5, 0.5])]))),
    .word("<end>"),
  ])

  static let language = ToyLanguage(
    name: "mini",
    summary: Bilingual(same: "mini"),
    words: ["a", "b", "c", "d", "e"],
    classes: [:],
    example: "a",
    questions: [],
    grammar: grammar
  )

  /// Every sentence of a rule, word by word, with its probability.
  static func sentences(_ rule: Rule) -> [(words: [String], probability: Double)] {
    switch rule {
    case .word(let word): [([word], 1)]
    case .choice(let branches):
      branches.flatMap { branch in
        sentences(branch.rule).map { ($0.words, $0.probability * branch.probability) }
      }
    case .sequence(let parts):
      parts.reduce([([], 1)]) { before, part in
        let endings = sentences(part)
        return before.flatMap { start in
          endings.map { (start.0 + $0.words, start.1 * $0.probability) }
        }
      }
    }
  }

  private let all = sentences(grammar)
  private let oracle = Oracle(language)

  private func near(_ found: Double, _ wanted: Double) -> Bool { abs(found - wanted) < 1e-12 }

  @Test func sentencesAndLengths() {
    #expect(near(all.reduce(0) { $0 + $1.probability }, 1))
    #expect(Set(all.map(\.words)).count == all.count)
    #expect(oracle.sentenceCount == all.count)
    let entropy = all.reduce(0) { $0 - $1.probability * log($1.probability) }
    let length = all.reduce(0) { $0 + $1.probability * Double($1.words.count) }
    #expect(near(oracle.entropyPerSentence, entropy))
    #expect(near(oracle.expectedLength, length))
    #expect(near(oracle.floor, entropy / length))
    #expect(oracle.longest == all.map(\.words.count).max())
    #expect(oracle.possibleTokens == 6)
    for (length, share) in oracle.lengths {
      let wanted = all.filter { $0.words.count == length }.reduce(0) { $0 + $1.probability }
      #expect(near(share, wanted), "\(length)")
    }
  }

  @Test func eachSentenceHasItsProbability() throws {
    let vocabulary = Self.language.tokenizer.vocabulary
    for sentence in all {
      let ids = sentence.words.compactMap { vocabulary.id(of: $0) }
      #expect(oracle.isGrammatical(ids))
      let surprise = try oracle.surprisals(of: ids).reduce(0, +)
      #expect(near(exp(-surprise), sentence.probability))
    }
  }

  @Test(arguments: 1...7)
  func aContextOfSoManyTokens(order: Int) {
    var joint: [[String]: [String: Double]] = [:]
    for sentence in all {
      for (place, word) in sentence.words.enumerated() {
        // The beginning of a sentence can be told from its middle.
        let before = Array((["<start>"] + sentence.words[..<place]).suffix(order - 1))
        joint[before, default: [:]][word, default: 0] += sentence.probability
      }
    }
    var total = 0.0
    for shares in joint.values {
      let sum = shares.values.reduce(0, +)
      for share in shares.values { total -= share * log(share / sum) }
    }
    #expect(near(oracle.loss(ofOrder: order), total / oracle.expectedLength))
    if order >= 7 { #expect(near(oracle.loss(ofOrder: order), oracle.floor)) }
  }
}

/// More of gatto-1: what a grammar has to refuse, and where its entropy sits.
@Suite struct GrammarTests {
  private let oracle = OracleTests.oracle
  private let language = ToyLanguage.gatto1

  private func sentences(_ count: Int, seed: UInt64 = 11) -> [[TokenID]] {
    var random = SeededRandom(seed)
    return (0..<count).map { _ in language.sentence(using: &random) }
  }

  /// Not the fewest possible: nothing that may still come is another state than that alone.
  @Test func asManyStatesAsInTheNote() {
    #expect(language.automaton.states.count { !$0.isEmpty } == 144)
    #expect(language.automaton.states.count(where: \.isEmpty) == 1)
  }

  /// Section 6.4 of the note on teaching: 12.7 % at the first article, and so on.
  @Test func whereTheEntropySits() throws {
    func share(_ prefixes: [[TokenID]]) throws -> Double {
      try prefixes.reduce(0) { sum, prefix in
        let probability = exp(-(try oracle.surprisals(of: prefix).reduce(0, +)))
        let next = try oracle.distribution(after: prefix).map(\.probability)
        return sum - probability * next.reduce(0) { $0 + $1 * log($1) }
      } / oracle.entropyPerSentence
    }
    func longer(_ prefixes: [[TokenID]]) throws -> [[TokenID]] {
      try prefixes.flatMap { prefix in
        try oracle.distribution(after: prefix).map { prefix + [$0.token] }
      }
    }
    let articles = try longer([[]])
    let nouns = try longer(articles)
    #expect(abs(try share([[]]) - 0.127) < 5e-4)
    #expect(abs(try share(articles) - 0.126) < 5e-4)
    // After the noun: an adjective of its own may stand between.
    let adjectives = try longer(nouns).filter { prefix in
      let word = prefix.last.flatMap { language.tokenizer.token(of: $0) } ?? ""
      return ["ner", "stanc", "grand", "felic"].contains { word.hasPrefix($0) }
    }
    #expect(adjectives.count == 64)
    #expect(abs(try share(nouns + adjectives) - 0.299) < 5e-4)
  }

  /// Each has a word of the other number, twice the same word, or one too few.
  @Test func whatIsChangedIsNoSentence() throws {
    let vocabulary = language.tokenizer.vocabulary
    let pairs = [
      ("dorme", "dormono"), ("riposa", "riposano"), ("corre", "corrono"), ("guarda", "guardano"),
      ("insegue", "inseguono"), ("è", "sono"), ("Il", "La"), ("I", "Le"), ("il", "i"),
      ("del", "della"), ("dei", "delle"), ("sul", "sulle"), ("sui", "sulla"), ("la", "le"),
    ]
    var others: [TokenID: TokenID] = [:]
    for (one, other) in pairs {
      let (a, b) = (try #require(vocabulary.id(of: one)), try #require(vocabulary.id(of: other)))
      (others[a], others[b]) = (b, a)
    }
    var changed = 0
    for sentence in sentences(300) {
      #expect(oracle.isGrammatical(sentence))
      for place in sentence.indices {
        var twice = sentence
        twice.insert(sentence[place], at: place)
        #expect(!oracle.isGrammatical(twice))
        #expect(!oracle.isGrammatical(Array(sentence[..<place])))
        guard let other = others[sentence[place]] else { continue }
        var wrong = sentence
        wrong[place] = other
        let text = try language.tokenizer.decode(wrong)
        #expect(!oracle.isGrammatical(wrong), "\(text)")
        changed += 1
      }
    }
    #expect(changed > 900)
  }

  /// The next word after some prefixes, as often as the oracle says.
  @Test(arguments: ["", "Il", "Il gatto", "Le volpi del cane", "I cani che"])
  func drawnWordsHaveTheirFrequencies(prefix: String) throws {
    let ids = try oracle.tokens(of: prefix)
    let wanted = try oracle.distribution(after: ids)
    var counts: [TokenID: Double] = [:]
    var total = 0.0
    for sentence in sentences(30_000, seed: 5) where sentence.starts(with: ids) {
      counts[sentence[ids.count], default: 0] += 1
      total += 1
    }
    #expect(total > 20)
    for (token, probability) in wanted {
      let error = (probability * (1 - probability) / total).squareRoot()
      #expect(abs((counts.removeValue(forKey: token) ?? 0) / total - probability) < 5 * error)
    }
    #expect(counts.isEmpty)
  }

  @Test func everyWordOfTheQuestionsIsKnown() throws {
    for question in language.questions {
      let next = try oracle.distribution(after: oracle.tokens(of: question.prefix))
      let possible = Set(next.map { language.tokenizer.token(of: $0.token) ?? "" })
      #expect(possible.isSuperset(of: question.right))
      #expect(possible.isDisjoint(with: question.wrong))
      let words = question.right + question.wrong
      #expect(words.allSatisfy { language.tokenizer.vocabulary.id(of: $0) != nil })
      #expect(question.tests.it != question.tests.en)
    }
    #expect(language.questions.count == 5)
  }
}
