// SPDX-License-Identifier: MIT

import PassoData
import PassoEngine
import PassoEvaluation
import PassoModel
import PassoRuntime
import Testing

/// Sentences of a toy language in rows.
struct LanguageBatchesTests {
  private let language = ToyLanguage.gatto1
  private let oracle = Oracle(.gatto1)

  private func source(
    rows: Int = 8,
    seed: UInt64 = 1,
    listed: Int? = nil,
    _ objective: (any Objective)? = nil
  ) -> LanguageBatches {
    var choice = LanguageBatches.Choice(language: language.name, listed: listed)
    (choice.rows, choice.seed) = (rows, seed)
    return LanguageBatches(language, objective ?? CausalObjective(language.tokenizer), choice)
  }

  /// The inputs and the targets of each row.
  private func rows(
    _ batch: TokenBatch,
    length: Int = 14
  ) -> [(inputs: [Int32], targets: [Int32])] {
    stride(from: 0, to: batch.inputs.count, by: length).map {
      (Array(batch.inputs[$0..<$0 + length]), Array(batch.targets[$0..<$0 + length]))
    }
  }

  /// The sentences of a batch, with their `<end>`.
  private func sentences(_ batch: TokenBatch) -> [[TokenID]] {
    rows(batch).map { $0.targets.filter { $0 != ignoredTarget } }
  }

  @Test func oneSentenceARowAndNothingAskedOfThePadding() {
    let source = source()
    #expect(source.shape == BatchShape(rows: 8, length: 14))
    for round in 0..<20 {
      let rows = rows(source.batch(round))
      #expect(rows.count == 8)
      for row in rows {
        let asked = row.targets.prefix { $0 != ignoredTarget }
        let count = asked.count
        #expect(row.targets[count...].allSatisfy { $0 == ignoredTarget })
        #expect(oracle.isGrammatical(Array(asked)))
        #expect(row.inputs[0] == language.id(of: .start))
        #expect(Array(row.inputs[1..<count]) == Array(asked.dropLast()))
        #expect(row.inputs[count...].allSatisfy { $0 == language.id(of: .pad) })
      }
    }
  }

  /// Whatever the seed of a training, it never draws what models are examined on.
  @Test func noTrainingDrawsTheSentencesOfTheExamination() {
    for seed in [1, LanguageExaminer.usualSeed] {
      let examination = LanguageBatches(examining: language, rows: 8, seed: seed)
      let learned = Set((0..<40).map { source(seed: seed).batch($0).inputs })
      for round in 0..<40 { #expect(!learned.contains(examination.batch(round).inputs)) }
    }
  }

  @Test func theSourceOfAQuestionIsKnown() throws {
    let masked = source(try MaskedObjective(language.tokenizer))
    #expect(masked.texts(3)?.count == 8)
    #expect(masked.texts(3)?.allSatisfy(oracle.isGrammatical) == true)
    #expect(source().texts(3) == sentences(source().batch(3)))
  }

  @Test func aRoundHasItsBatchWhateverWasAskedBefore() {
    let forwards = (0..<6).map { source().batch($0) }
    let shared = source()
    let backwards = (0..<6).reversed().map { shared.batch($0) }
    #expect(forwards == backwards.reversed())
    #expect(Set(forwards).count == 6)
    #expect(source(seed: 2).batch(0) != forwards[0])
  }

  /// Every epoch brings all of a list, each in an order of its own.
  @Test func aListComesAgainAndAgain() throws {
    let source = source(listed: 24)
    let list = try #require(source.list)
    #expect(list.count == 24)
    var orders: Set<[[TokenID]]> = []
    for epoch in 0..<3 {
      let seen = (0..<3).flatMap { sentences(source.batch(3 * epoch + $0)) }
      #expect(seen.map(\.description).sorted() == list.map(\.description).sorted())
      orders.insert(seen)
    }
    #expect(orders.count == 3)
  }

  @Test func aListThatDoesNotFillItsBatchesLosesNothing() throws {
    let source = source(rows: 7, listed: 10)
    let list = try #require(source.list)
    let seen = (0..<10).flatMap { sentences(source.batch($0)) }
    for sentence in Set(list) {
      let times = list.count { $0 == sentence }
      #expect(seen.count { $0 == sentence } == 7 * times)
    }
  }

  @Test func aChangedRoundIsTheOnlyOne() {
    let (source, other) = (source(), source(seed: 9).batch(0))
    let changed = source.changing(3, to: other)
    #expect(changed.batch(3) == other)
    #expect(changed.batch(2) == source.batch(2) && changed.batch(4) == source.batch(4))
  }

  /// Every objective finds room in rows of its own length.
  @Test func anyObjective() throws {
    for type in Objectives.all {
      let objective = try type.init(language.tokenizer(with: type.specials))
      let source = source(rows: 16, objective)
      for round in 0..<20 {
        let batch = source.batch(round)
        #expect(batch.inputs.count == 16 * source.length)
        for row in rows(batch, length: source.length) {
          #expect(row.targets.contains { $0 != ignoredTarget }, "\(type.name)")
        }
      }
    }
  }

  @Test func otherChoicesAreOtherData() {
    let prints = [
      source(), source(seed: 2), source(rows: 16), source(listed: 10), source(listed: 20),
    ].map(\.fingerprint)
    #expect(Set(prints).count == prints.count)
    #expect(source().fingerprint == prints[0])
    #expect(TrainingData(source()).batch == BatchShape(rows: 8, length: 14))
  }

  @Test(arguments: [(10.0, 0.5), (20, 1), (480, 1), (560, 0.75), (640, 0.5), (800, 0), (900, 0)])
  func aTrapezoidHoldsAndFalls(t: Double, factor: Double) {
    let schedule = RateSchedule(decay: .trapezoid, warmup: 20, updates: 800, floor: 0)
    #expect(abs(schedule.factor(at: t) - factor) < 1e-12)
  }
}
