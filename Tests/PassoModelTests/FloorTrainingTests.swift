// SPDX-License-Identifier: MIT

import PassoData
import PassoEngine
import PassoModel
import PassoRuntime
import PassoTestSupport
import Testing

/// No model falls below the floor of what it is asked: its exact expected loss, over every row that
/// there can be.
struct FloorTrainingTests {
  /// Rows of a language with the probability of each, all of one length.
  private struct AllRows {
    let rows: [AskedRow]
    let length: Int
    let padding: TokenID

    func filled(_ examples: [Example]) -> [Example] {
      Batch(examples: examples, padding: padding, length: length).rows
    }
  }

  private static let rowsAtOnce = 32

  private static let language = Result {
    try ToyLanguage(
      name: "mini",
      rules: """
        <sentence> = 0.5 a <x> b | 0.3 b <x> <x> | 0.2 c a
        <x> = 0.7 a | 0.3 c b
        """
    )
  }

  private func rows(_ objective: String, of language: ToyLanguage) -> AllRows {
    let asked = AskedRows(language)
    var open: [(state: Int, ids: [TokenID], probability: Double)] = [(0, [], 1)]
    var rows: [AskedRow] = []
    while let next = open.popLast() {
      let ways = language.automaton.states[next.state]
      for way in ways {
        open.append((way.next, next.ids + [way.token], next.probability * way.probability))
      }
      guard ways.isEmpty else { continue }
      for var row in asked.rows(objective, of: next.ids) {
        row.probability *= next.probability
        rows.append(row)
      }
    }
    return AllRows(
      rows: rows,
      length: rows.map(\.example.inputs.count).max() ?? 0,
      padding: language.id(of: .pad)
    )
  }

  /// The expected loss of a sentence.
  private func loss(_ model: Model, _ all: AllRows) throws -> Double {
    let shape = BatchShape(rows: Self.rowsAtOnce, length: all.length)
    let runner = try ModelRunner(model, batch: shape, reading: [.model(.logits)])
    let size = model.configuration.vocabularySize
    var sum = 0.0
    for start in stride(from: 0, to: all.rows.count, by: shape.rows) {
      let part = all.rows[start..<min(start + shape.rows, all.rows.count)]
      let last = Array(repeating: part[start].example, count: shape.rows - part.count)
      let examples = all.filled(part.map(\.example) + last)
      try runner.set(TokenBatch(examples))
      try runner.run(to: .model(.logits))
      let logits = try runner.computed(.model(.logits))
      for (row, asked) in part.enumerated() {
        for (position, target) in examples[row].targets.enumerated() where target != ignoredTarget {
          let place = (row * shape.length + position) * size
          let numbers = (0..<size).map { logits[place + $0] }
          let peak = numbers.max() ?? 0
          let whole = numbers.reduce(0) { $0 + Double.exponential($1 - peak) }
          let surprise = peak + Double.logarithm(whole) - numbers[Int(target)]
          sum += asked.probability * asked.weight * surprise
        }
      }
    }
    return sum
  }

  /// - Returns: The expected loss before and after a training.
  private func losses(
    _ objective: String,
    mask: MaskKind? = nil
  ) throws -> (before: Double, after: Double, floor: Double) {
    let language = try Self.language.get()
    let (all, choice) = (rows(objective, of: language), try ObjectiveChoice(objective))
    let tokenizer = AskedRows(language).tokenizer
    let batches = LanguageBatches(
      language,
      try choice.objective(for: tokenizer),
      LanguageBatches.Choice(language: language.name)
    )
    let configuration = ModelConfiguration(
      vocabularySize: tokenizer.vocabularySize,
      contextLength: max(all.length, batches.length),
      width: 16,
      layerCount: 2,
      headCount: 2
    )
    var trainer = try Trainer(
      TrainingSettings(optimizer: .standardAdamW, rate: 0.01, precision: .f32, data: [:]),
      configuration: configuration,
      parameters: configuration.initialParameters(seed: 1, standardDeviation: 0.1),
      data: TrainingData(batches, mask: mask ?? choice.kind.mask)
    )
    let before = try loss(trainer.model, all)
    for _ in 0..<120 { _ = try trainer.step() }
    let rule = try #require(Floors.of(choice))
    return (before, try loss(trainer.model, all), try rule.floor(of: language).perSentence)
  }

  @Test(arguments: AskedRows.objectives.filter { $0 != "ahead 5" })
  func noModelFallsBelow(objective: String) throws {
    let (before, after, floor) = try losses(objective)
    #expect(before > floor && after >= floor - 1e-9, "\(after) < \(floor)")
    // It has learned something: it came at least half the way.
    #expect(after - floor < 0.5 * (before - floor), "\(before) to \(after), floor \(floor)")
  }

  /// With its answers in sight it does: the test could tell.
  @Test func whoSeesItsAnswersFallsBelow() throws {
    let (_, after, floor) = try losses("causal", mask: MaskKind.none)
    #expect(after < floor)
  }
}
