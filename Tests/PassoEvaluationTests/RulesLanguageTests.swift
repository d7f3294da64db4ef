// SPDX-License-Identifier: MIT

import PassoData
import PassoEngine
import PassoEvaluation
import PassoModel
import PassoRuntime
import Testing

/// Languages that somebody has written, as models learn them.
struct RulesLanguageTests {
  /// Alternatives with shared beginnings, and weights that a seed decides.
  private func language(seed: UInt64) throws -> ToyLanguage {
    var random = RandomSource(seed: seed)
    func rule(_ name: String, _ ways: [String]) -> String {
      let weights = ways.map { _ in 0.1 + random.uniform() }
      let sum = weights.reduce(0, +)
      return "<\(name)> = "
        + zip(weights, ways).map { "\($0 / sum) \($1)" }.joined(separator: " | ")
    }
    let rules = [
      rule("sentence", ["<who> a", "<who> b <what>", "c <what>"]),
      rule("who", ["a", "a c", "b d", "c"]),
      rule("what", ["a <more>", "b", "a d"]),
      rule("more", ["()", "d c", "c"]),
    ]
    return try ToyLanguage(name: "random", rules: rules.joined(separator: "\n"))
  }

  private static let sizes = (width: 16, updates: 120)

  private func trained(
    _ language: ToyLanguage,
    _ batches: LanguageBatches
  ) throws -> Model {
    let configuration = ModelConfiguration(
      vocabularySize: language.tokenizer.vocabularySize,
      contextLength: batches.length,
      width: Self.sizes.width,
      layerCount: 1,
      headCount: 1
    )
    var trainer = try Trainer(
      TrainingSettings(
        optimizer: .forSentences(updates: Self.sizes.updates),
        rate: 0.01,
        precision: .f32,
        data: [:]
      ),
      configuration: configuration,
      parameters: configuration.initialParameters(seed: 1, standardDeviation: 0.02),
      data: TrainingData(batches)
    )
    for _ in 0..<Self.sizes.updates { _ = try trainer.step() }
    return try Model(configuration, trainer.parameters, mask: .causal, precision: .f32)
  }

  /// The loss is computed over every prefix with its probability: no chance is in it.
  @Test(arguments: [3, 4] as [UInt64])
  func noModelIsBelowTheFloor(seed: UInt64) throws {
    let language = try language(seed: seed)
    let oracle = Oracle(language)
    let batches = LanguageBatches(
      language,
      CausalObjective(language.tokenizer),
      LanguageBatches.Choice(language: language.name)
    )
    let examiner = try LanguageExaminer(trained(language, batches), language)
    var loss = 0.0
    func walk(_ state: Int, _ prefix: [TokenID], _ mass: Double) throws {
      let ways = language.automaton.states[state]
      guard !ways.isEmpty else { return }
      let found = try examiner.probabilities(after: prefix)
      for way in ways {
        loss -= mass * way.probability * Double.logarithm(found[Int(way.token)])
        try walk(way.next, prefix + [way.token], mass * way.probability)
      }
    }
    try walk(0, [], 1)
    loss /= oracle.expectedLength
    #expect(loss > oracle.floor, "\(loss) \(oracle.floor)")
    #expect(loss < oracle.floor + 0.1, "\(loss) \(oracle.floor)")
  }

  /// Where there is no longest sentence a row holds what has room, and asks no more.
  @Test func rowsOfALanguageWithoutLimitAreCut() throws {
    let language = try ToyLanguage(
      name: "endless",
      rules: "<sentence> = 0.1 a | 0.9 b <sentence>"
    )
    let oracle = Oracle(language)
    for type in Objectives.all {
      let objective = try type.init(language.tokenizer(with: type.specials))
      guard (try? LanguageBatches.check(language, objective)) != nil else {
        #expect(type.name == SpanObjective.name)
        continue
      }
      var choice = LanguageBatches.Choice(language: language.name, listed: 500)
      choice.rows = 100
      let batches = LanguageBatches(language, objective, choice)
      let list = try #require(batches.list)
      #expect(list.allSatisfy { $0.count <= oracle.rowLength })
      for round in 0..<5 { #expect(batches.batch(round).inputs.count == 100 * batches.length) }
    }
    // Of 11 words on average one in ten thousand is cut.
    #expect(abs(oracle.expectedLength - 11) < 1e-12)
    #expect(oracle.rowLength > 80 && oracle.rowLength < 100)
    var cut = LanguageBatches.Choice(language: language.name)
    cut.rows = 4_096
    let long = (0..<20).flatMap { round in
      LanguageBatches(language, CausalObjective(language.tokenizer), cut).texts(round) ?? []
    }
    .filter { $0.last != language.id(of: .end) }
    #expect(!long.isEmpty && long.allSatisfy { $0.count == oracle.rowLength })
  }

  @Test func otherRulesAreOtherData() throws {
    func print(_ language: ToyLanguage) -> UInt64 {
      let choice = LanguageBatches.Choice(language: language.name)
      return LanguageBatches(language, CausalObjective(language.tokenizer), choice).fingerprint
    }
    var (one, other) = (try language(seed: 1), try language(seed: 1))
    one.origin = .init(path: "a", contentHash: 1)
    other.origin = .init(path: "b", contentHash: 1)
    #expect(print(one) == print(other) && one != other)
    other.origin = .init(path: "a", contentHash: 2)
    #expect(print(one) != print(other) && one != other)
  }
}
