// SPDX-License-Identifier: MIT

import PassoData
import PassoRuntime
import Testing

/// Objectives whose floors are computed: each draw with the probability that is said of it.
@Suite struct ObjectiveDistributionTests {
  private static let words = ["a", "b", "c", "d"]

  private static func tokenizer(_ objective: any Objective.Type) throws -> WordTokenizer {
    try WordTokenizer(texts: [words.joined(separator: " ")], specials: objective.specials)
  }

  private static func id(_ word: String, _ tokenizer: WordTokenizer) throws -> TokenID {
    try #require(tokenizer.encode(word).first)
  }

  /// How often each row came, of so many.
  private func counts(
    _ objective: any Objective,
    of text: [TokenID],
    draws: Int
  ) throws -> [Example: Int] {
    var random = RandomSource(seed: 5)
    var counts: [Example: Int] = [:]
    for _ in 0..<draws {
      counts[try objective.example(from: text, using: &random), default: 0] += 1
    }
    return counts
  }

  /// Within five standard deviations of a binomial count.
  private func expect(_ count: Int, of draws: Int, _ probability: Double, _ what: String) {
    let mean = Double(draws) * probability
    #expect(abs(Double(count) - mean) <= 5 * (mean * (1 - probability)).squareRoot(), "\(what)")
  }

  @Test(arguments: 1...5)
  func everyRunOfTheMiddleIsEquallyProbable(length: Int) throws {
    let tokenizer = try Self.tokenizer(MiddleObjective.self)
    let objective = try MiddleObjective(tokenizer)
    let text = (0..<length).map { TokenID(tokenizer.vocabularySize - 4 + $0 % 4) }
    func mark(_ token: SpecialToken) throws -> TokenID { try #require(tokenizer.id(of: token)) }
    var expected: Set<Example> = []
    for start in 0..<length {
      for end in start + 1...length {
        let row =
          [try mark(.fillPrefix)] + text[..<start] + [try mark(.fillSuffix)] + text[end...]
          + [try mark(.fillMiddle)] + text[start..<end] + [try mark(.end)]
        expected.insert(Example(inputs: Array(row.dropLast()), targets: Array(row.dropFirst())))
      }
    }
    let draws = 12_000
    let found = try counts(objective, of: text, draws: draws)
    let cuts = length * (length + 1) / 2
    #expect(Set(found.keys) == expected && expected.count == cuts)
    for (row, count) in found {
      expect(count, of: draws, 1 / Double(cuts), "\(row.inputs)")
      #expect(row.inputs.count == length + 3 && row.prefix == 0 && row.weights == nil)
    }
    #expect(objective.textLength(ofRow: length + 3) == length)
  }

  @Test func anyNumberAndAnySetOfPlacesMayBeCovered() throws {
    let tokenizer = try Self.tokenizer(AnyOrderObjective.self)
    let objective = try AnyOrderObjective(tokenizer)
    let mask = try #require(tokenizer.id(of: .mask))
    let text = try tokenizer.encode("a b c")
    let draws = 20_000
    let found = try counts(objective, of: text, draws: draws)
    // 3 + 3 + 1 sets; those of as many places share a third.
    #expect(found.count == 7)
    var weights = [0.0, 0, 0]
    for (row, count) in found {
      let covered = row.targets.indices.filter { row.targets[$0] != ignoredTarget }
      expect(count, of: draws, covered.count == 3 ? 1 / 3 : 1 / 9, "\(covered)")
      #expect(row.prefix == 3)
      #expect(row.weights == Array(repeating: 3 / Double(covered.count), count: 3))
      for place in text.indices {
        let isCovered = covered.contains(place)
        #expect(row.inputs[place] == (isCovered ? mask : text[place]))
        #expect(row.targets[place] == (isCovered ? text[place] : ignoredTarget))
        if isCovered { weights[place] += Double(count) / Double(draws) * 3 / Double(covered.count) }
      }
    }
    // Each place weighs 1 on average.
    for weight in weights { #expect(abs(weight - 1) < 0.05) }
  }

  @Test func textsOfAnyOrderAreFilledWithTheirEnd() throws {
    let objective = try AnyOrderObjective(Self.tokenizer(AnyOrderObjective.self))
    let end = try #require(Self.tokenizer(AnyOrderObjective.self).id(of: .end))
    #expect(objective.filled([[7, 8], [9]], to: 0) == [[7, 8, end], [9, end, end]])
    #expect(objective.filled([[7, 8, end], [9]], to: 0) == [[7, 8, end], [9, end, end]])
    #expect(objective.filled([[7, 8, end], [9, end]], to: 5).map(\.count) == [5, 5])
    // A text that was cut to its row has no end, and pieces of a long one have none.
    #expect(objective.filled([[7, 8, 9]], to: 3) == [[7, 8, 9]])
    #expect(objective.continued.filled([[7, 8], [9, 9]], to: 2) == [[7, 8], [9, 9]])
    var random = RandomSource(seed: 1)
    #expect(throws: DataProblem.tooFewTokens(needed: 1, found: 0)) {
      try objective.batch(from: [[7], []], using: &random)
    }
  }

  /// The weighted sum of an ideal model is the entropy of the text, by enumeration of all texts,
  /// numbers and sets of covered places: what the causal floor is.
  @Test func anIdealModelPaysTheEntropyInAnyOrder() throws {
    let end: TokenID = 0
    let texts: [([TokenID], Double)] = [
      ([1, 2, end], 0.3), ([1, end, end], 0.2), ([2, 2, 1], 0.1), ([2, 1, end], 0.25),
      ([end, end, end], 0.15),
    ]
    var cost = 0.0
    for (text, probability) in texts {
      for set in 1..<8 {
        let covered = (0..<3).filter { set >> $0 & 1 == 1 }
        let share = 1.0 / 3 / (covered.count == 3 ? 1 : 3)
        let fitting = texts.filter { other, _ in
          (0..<3).allSatisfy { covered.contains($0) || other[$0] == text[$0] }
        }
        let whole = fitting.reduce(0) { $0 + $1.1 }
        for place in covered {
          let right = fitting.filter { $0.0[place] == text[place] }.reduce(0) { $0 + $1.1 }
          let weight = 3 / Double(covered.count)
          cost -= probability * share * weight * Double.logarithm(right / whole)
        }
      }
    }
    let entropy = texts.reduce(0) { $0 - $1.1 * Double.logarithm($1.1) }
    #expect(abs(cost - entropy) < 1e-12)
  }

  @Test func oneTokenInTwoIsDrawnAnew() throws {
    let tokenizer = try Self.tokenizer(ReplacedObjective.self)
    let objective = try ReplacedObjective(tokenizer)
    let (original, replaced) = (
      try #require(tokenizer.id(of: .original)), try #require(tokenizer.id(of: .replaced))
    )
    let text = try tokenizer.encode("a b c")
    let draws = 24_000
    let found = try counts(objective, of: text, draws: draws)
    // At each of three places the token itself, or one of three others.
    #expect(found.count == 12)
    for (row, count) in found {
      let asked = row.targets.indices.filter { row.targets[$0] != ignoredTarget }
      let place = try #require(asked.first)
      let isSame = row.inputs == text
      #expect(asked.count == 1 && row.prefix == 3 && row.weights == nil)
      #expect(row.targets[place] == (isSame ? original : replaced))
      let others = text.indices.filter { $0 != place }
      #expect(others.allSatisfy { row.inputs[$0] == text[$0] })
      #expect(row.inputs[place] >= TokenID(tokenizer.vocabularySize - 4))
      let probability = isSame ? 0.5 + 0.5 / 4 : 0.5 / 4
      expect(count, of: draws, probability / 3, "\(row.inputs)")
    }
  }

  @Test(arguments: 0...7)
  func aheadPredictsSoManyPlacesOn(distance: Int) throws {
    let objective = CausalObjective(opening: [0], distance: distance)
    let text: [TokenID] = [1, 2, 3, 4, 5]
    guard distance < 6 else {
      let problem = DataProblem.tooFewTokens(needed: distance, found: 5)
      #expect(throws: problem) { try objective.example(from: text) }
      return
    }
    let example = try objective.example(from: text)
    let row = [0] + text
    #expect(example.inputs == Array(row.dropLast(distance)))
    #expect(example.targets == Array(row.dropFirst(distance)))
    #expect(objective.textLength(ofRow: example.inputs.count) == text.count)
    let causal = try CausalObjective(opening: [0]).example(from: text)
    #expect((example == causal) == (distance == 1))
  }

  @Test func alwaysCoversEveryChosenPlace() throws {
    let tokenizer = try Self.tokenizer(MaskedObjective.self)
    let mask = try #require(tokenizer.id(of: .mask))
    let objective = try MaskedObjective(tokenizer, ObjectiveOptions(coversAll: true))
    let text = (0..<40).map { TokenID(tokenizer.vocabularySize - 1 - $0 % 4) }
    for (row, _) in try counts(objective, of: text, draws: 300) {
      let asked = text.indices.filter { row.targets[$0] != ignoredTarget }
      #expect(asked.count == 6)
      #expect(text.indices.allSatisfy { row.inputs[$0] == (asked.contains($0) ? mask : text[$0]) })
    }
    #expect(objective.name == "masked always")
  }
}

/// `after TOKEN`: what comes after the first one counts, and nothing else.
@Suite struct AfterTokenTests {
  private func objective(_ words: String, _ text: String) throws -> (any Objective, [TokenID]) {
    let choice = try ObjectiveChoice(words)
    let tokenizer = try WordTokenizer(texts: ["a b c d ="], specials: choice.specials)
    return (try choice.objective(for: tokenizer), try tokenizer.encode(text))
  }

  private func asked(_ words: String, _ text: String) throws -> [Set<Int>] {
    let (objective, tokens) = try objective(words, text)
    var random = RandomSource(seed: 2)
    return try (0..<200).map { _ in
      let row = try objective.example(from: tokens, using: &random)
      return Set(row.targets.indices.filter { row.targets[$0] != ignoredTarget })
    }
  }

  @Test(arguments: [
    ("causal after =", [3, 4, 5]), ("ahead 2 after =", [2, 3, 4]), ("ahead 0 after =", [4, 5, 6]),
  ])
  func targetsBehindItCount(words: String, places: [Int]) throws {
    // The row is <start> a b = c a d.
    #expect(Set(try asked(words, "a b = c a d")) == [Set(places)])
  }

  @Test func onlyWhatComesAfterItIsHidden() throws {
    for words in ["masked after =", "masked always after =", "replaced after ="] {
      #expect(Set(try asked(words, "a b = c a d")) == [[3], [4], [5]], "\(words)")
    }
    let any = Set(try asked("any-order after =", "a b = c a d"))
    #expect(any.count == 7 && any.allSatisfy { $0.isSubset(of: [3, 4, 5]) })
    let (objective, tokens) = try objective("any-order after =", "a b = c a d")
    var random = RandomSource(seed: 2)
    for _ in 0..<50 {
      let row = try objective.example(from: tokens, using: &random)
      let covered = row.targets.count { $0 != ignoredTarget }
      #expect(row.weights?[3] == 3 / Double(covered))
    }
    let prefixes = Set(try asked("prefix after =", "a b = c a d"))
    #expect(prefixes == [[3, 4, 5], [4, 5], [5]])
    let middles = Set(try asked("middle after <fim_middle>", "a b"))
    #expect(middles == [[3, 4], [2, 3, 4]])
  }

  @Test func aRowInWhichNothingCountsNamesTheToken() throws {
    for name in Objectives.names where name != "span" {
      let words = name == "ahead" ? "ahead 2" : name
      for (text, isThere) in [("a b c", false), ("a b =", true)] {
        let (objective, tokens) = try objective("\(words) after =", text)
        var random = RandomSource(seed: 1)
        // What is always followed by the end of its row has something behind it.
        let hasEnd = name == "middle" || name == "any-order"
        if isThere, hasEnd { continue }
        #expect(throws: DataProblem.nothingAfter("=", isThere: isThere), "\(name)") {
          try objective.batch(from: [tokens], using: &random)
        }
      }
    }
    let problem = DataProblem.nothingAfter("=", isThere: false)
    #expect(problem.text(.it).contains("«=»") && problem.text(.en).contains("'='"))
  }

  @Test func aTokenThatIsNotThereIsNamed() throws {
    #expect(throws: DataProblem.noSuchToken("zzz", known: 6, closest: nil)) {
      try objective("causal after zzz", "a")
    }
  }

  /// A language is checked as a whole, before anything is drawn.
  @Test(arguments: [
    ("a = b | b = a a", "causal after =", true), ("a = b | b = a a", "masked after =", true),
    ("a = b | b", "causal after =", false), ("a = b | b =", "causal after =", true),
    ("a = b | b =", "masked after =", false), ("a = b | b =", "replaced after =", false),
    ("a = b | b =", "any-order after =", true), ("a b", "middle after <fim_suffix>", true),
    ("a b", "middle after c", false), ("a b | b a", "causal after <start>", true),
    ("a b | b a", "causal after <end>", false), ("a b | b a", "prefix after a", true),
    ("0.5 a | 0.5 b <sentence>", "causal after a", false),
    ("= <s>", "causal after =", true),
  ])
  func aLanguageHasItInEverySentence(rules: String, words: String, isFine: Bool) throws {
    let endless = rules.contains("<s>") ? "\n<s> = 0.5 a | 0.5 b <s>" : ""
    let language = try ToyLanguage(name: "test", rules: "<sentence> = \(rules)\(endless)")
    let choice = try ObjectiveChoice(words)
    let tokenizer = language.tokenizer(with: choice.specials)
    guard let objective = try? choice.objective(for: tokenizer) else {
      #expect(!isFine)
      return
    }
    if isFine {
      try objective.expectAfter(in: Oracle(language))
    } else {
      #expect(throws: DataProblem.self) { try objective.expectAfter(in: Oracle(language)) }
    }
  }
}
