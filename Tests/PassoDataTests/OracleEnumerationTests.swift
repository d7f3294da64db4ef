// SPDX-License-Identifier: MIT
import Foundation
import PassoData
import Testing

/// The oracle of languages small enough to write down all of their sentences: one by hand, others
/// at random.
@Suite struct OracleEnumerationTests {
  static let tree: GrammarTree = .sequence([
    .choice([
      (0.5, .word("a")),
      (0.3, .sequence([.word("b"), .choice([(0.25, .nothing), (0.75, .word("c"))])])),
      (0.2, .word("c")),
    ]),
    .choice([
      (0.6, .sequence([.word("d"), .words(["a", "b"], [0.7, 0.3])])), (0.4, .nothing),
    ]),
    .choice([
      (0.9, .nothing), (0.1, .sequence([.word("e"), .words(["a", "d"], [0.5, 0.5])])),
    ]),
  ])

  static let trees: [GrammarTree] =
    [tree]
    + (1...9 as ClosedRange<UInt64>).map { seed in
      var random = SeededRandom(seed)
      return .random(&random, depth: 3)
    }

  private func near(_ found: Double?, _ wanted: Double, _ error: Double = 1e-9) -> Bool {
    found.map { abs($0 - wanted) < error } ?? false
  }

  /// Where alternatives begin alike, the same words may come about in several ways.
  @Test func alternativesShareTheirFirstWords() throws {
    for tree in Self.trees {
      for ways in try WrittenLanguage(tree, name: "mini").language.automaton.states {
        #expect(Set(ways.map(\.token)).count == ways.count)
      }
    }
    // By hand, without the word that all have in common: 1/2 of `a b`, 1/2 of `a` or `a c`.
    let language = try ToyLanguage(
      name: "mini",
      rules: "<sentence> = a b | a <more>\n<more> = 0.4 () | 0.6 c"
    )
    let oracle = Oracle(language)
    let next = try oracle.distribution(after: oracle.tokens(of: "a"))
    #expect(next.map { language.tokenizer.label(of: $0.token) } == ["b", "c", "<end>"])
    for (way, wanted) in zip(next, [0.5, 0.3, 0.2]) {
      #expect(near(way.probability, wanted, 1e-15))
    }
  }

  @Test(arguments: trees.indices)
  func sentencesAndLengths(number: Int) throws {
    let written = try WrittenLanguage(Self.trees[number], name: "mini")
    let (all, oracle) = (written.sentences, Oracle(written.language))
    #expect(all.count > 5 && all.count < 50_000, "\(all.count)")
    #expect(near(all.reduce(0) { $0 + $1.probability }, 1))
    #expect(oracle.sentenceCount == Double(all.count))
    let entropy = all.reduce(0) { $0 - $1.probability * log($1.probability) }
    let length = all.reduce(0) { $0 + $1.probability * Double($1.words.count) }
    #expect(near(oracle.entropyPerSentence, entropy))
    #expect(near(oracle.expectedLength, length))
    #expect(near(oracle.floor, entropy / length))
    #expect(oracle.longest == all.map(\.words.count).max())
    #expect(!oracle.isCut)
    #expect(oracle.shortest == all.map(\.words.count).min())
    #expect(oracle.rowLength == oracle.longest)
    for (length, share) in oracle.lengths {
      let wanted = all.filter { $0.words.count == length }.reduce(0) { $0 + $1.probability }
      #expect(near(share, wanted), "\(length)")
    }
  }

  /// Used as a model, the oracle has the floor for its loss, and all that it finds possible has a
  /// probability of 1 together.
  @Test(arguments: trees.indices)
  func eachSentenceHasItsProbability(number: Int) throws {
    let written = try WrittenLanguage(Self.trees[number], name: "mini")
    let oracle = Oracle(written.language)
    var (loss, mass) = (0.0, 0.0)
    for sentence in written.sentences {
      let ids = written.ids(sentence.words)
      #expect(oracle.isGrammatical(ids))
      let surprise = try oracle.surprisals(of: ids).reduce(0, +)
      #expect(near(exp(-surprise), sentence.probability, 1e-12))
      loss += sentence.probability * surprise
      mass += exp(-surprise)
    }
    #expect(near(loss / oracle.expectedLength, oracle.floor))
    #expect(near(mass, 1))
  }

  @Test(arguments: trees.indices)
  func aContextOfSoManyTokens(number: Int) throws {
    let written = try WrittenLanguage(Self.trees[number], name: "mini")
    let oracle = Oracle(written.language)
    for order in 1...7 {
      var joint: [[String]: [String: Double]] = [:]
      for sentence in written.sentences {
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
      #expect(near(oracle.loss(ofOrder: order), total / oracle.expectedLength), "\(order)")
    }
    if oracle.longest ?? .max <= 7 { #expect(near(oracle.loss(ofOrder: 7), oracle.floor)) }
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
