// SPDX-License-Identifier: MIT

import PassoData
import PassoEngine
import PassoEvaluation
import PassoModel
import PassoRuntime
import Testing

/// Models that learn tasks, and what is counted of them.
struct TaskTrainingTests {
  private func corpus(_ line: String) throws -> TaskCorpus {
    try #require(try TaskCorpus(line: line))
  }

  private func sizes(_ task: TaskCorpus, layers: Int = 1, width: Int = 16) -> ModelConfiguration {
    ModelConfiguration(
      vocabularySize: task.task.tokenizer.vocabularySize,
      contextLength: task.task.positions,
      width: width,
      layerCount: layers,
      headCount: 2
    )
  }

  /// Short rows are filled up, rows without end never come again, the others in every epoch once.
  @Test func batchesAreRowsOfTheTask() throws {
    let echo = TaskBatches(try corpus("eco"), rows: 6, seed: 4)
    let rows = echo.batch(3).rows(of: echo.shape)
    #expect(rows.map(\.inputs) != echo.batch(4).rows(of: echo.shape).map(\.inputs))
    let whole = try #require(echo.texts(3))
    for (row, text) in zip(rows, whole) {
      #expect(Array((row.inputs + [0]).prefix(text.count - 1)) == Array(text.dropLast()))
      #expect(row.inputs.dropFirst(text.count - 1).allSatisfy { $0 == 0 })
      #expect(row.targets.dropFirst(text.count - 1).allSatisfy { $0 == ignoredTarget })
    }
    let sums = try corpus("somma 5 share 0.4")
    let batches = TaskBatches(sums, rows: 5, seed: 1)
    let epoch = (0..<2).flatMap { batches.texts($0) ?? [] }
    #expect(Set(epoch).count == 10)
    let next = (2..<4).flatMap { batches.texts($0) ?? [] }
    #expect(Set(next) == Set(epoch) && next != epoch)
    #expect(batches.fingerprint != TaskBatches(sums, rows: 5, seed: 2).fingerprint)
  }

  /// The meter, held against every answer looked up in the readable program.
  @Test(arguments: ["somma 5 share 0.4", "eco symbols 3 shortest 2 longest 4"])
  func theMeterCountsWhatTheLogitsSay(line: String) throws {
    let task = try corpus(line)
    let sizes = sizes(task)
    let parameters = try sizes.initialParameters(seed: 3, standardDeviation: 0.4)
    let model = Model(sizes, parameters, precision: .f64)
    for score in try TaskMeter(model, task).scores(rows: 40) {
      let rows = TaskMeter.rows(0..<min(score.rows, 4_096), of: score.part, task)
      var (right, asked, loss, count) = (0, 0, 0.0, 0)
      for row in rows {
        let shape = BatchShape(rows: 1, length: row.tokens.count - 1)
        let runner = try ModelRunner(
          model,
          batch: shape,
          reading: [.model(.probabilities)],
          isForReading: true
        )
        try runner.set(TokenBatch([row.example]))
        try runner.run()
        let probabilities = try runner.computed(.model(.probabilities))
        for position in row.counts.indices where row.counts[position] {
          let start = position * sizes.vocabularySize
          let answer = Int(row.tokens[position + 1])
          let all = (0..<sizes.vocabularySize).map { probabilities[start + $0] }
          loss -= Double.logarithm(all[answer])
          count += 1
          guard row.isDetermined[position] else { continue }
          asked += 1
          if all.allSatisfy({ $0 <= all[answer] }) { right += 1 }
        }
      }
      #expect(score.rows == rows.count && score.asked == asked && score.right == right)
      #expect(abs(score.loss - loss / Double(count)) < 1e-4)
    }
  }

  /// A model that has its rows by heart has not found the rule: the two are told apart.
  @Test func whatIsLearnedAndWhatIsUnderstoodAreTwoNumbers() throws {
    let task = try corpus("somma 11 share 0.3")
    let sizes = sizes(task, width: 32)
    var optimizer = Optimizer(.adamW(beta1: 0.9, beta2: 0.98, epsilon: 1e-8, decay: 0))
    optimizer.schedule.warmup = 10
    var trainer = try Trainer(
      TrainingSettings(optimizer: optimizer, rate: 1e-2, precision: .f32, data: [:]),
      configuration: sizes,
      parameters: sizes.initialParameters(seed: 1, standardDeviation: 0.1),
      data: TrainingData(TaskBatches(task, rows: 32, seed: 1), mask: .causal)
    )
    let meter = try TaskMeter(trainer.model, task)
    let before = try meter.scores(of: trainer)
    for _ in 0..<120 { _ = try trainer.step() }
    let after = try meter.scores(of: trainer)
    #expect(before.map(\.part) == [.training, .test] && before.allSatisfy { $0.accuracy < 0.4 })
    #expect(after[0].accuracy > 0.95 && after[1].accuracy < after[0].accuracy - 0.3)
    let samples = try meter.samples(4, of: .training)
    #expect(samples.count == 4)
    for sample in samples { #expect(sample.found.count == sample.row.tokens.count - 1) }
  }

  @Test func aModelWithoutRoomIsRefused() throws {
    let task = try corpus("somma 11")
    func model(vocabularySize: Int, contextLength: Int) throws -> Model {
      let sizes = ModelConfiguration(
        vocabularySize: vocabularySize,
        contextLength: contextLength,
        width: 8,
        layerCount: 1,
        headCount: 1
      )
      let parameters = try sizes.initialParameters(seed: 1, standardDeviation: 0.02)
      return Model(sizes, parameters, precision: .f32)
    }
    let small = try model(vocabularySize: 5, contextLength: 8)
    #expect(throws: TaskMeterProblem.vocabularyTooSmall(5, needed: 12, task: "somma")) {
      try TaskMeter(small, task)
    }
    let short = try model(vocabularySize: 12, contextLength: 2)
    #expect(throws: TaskMeterProblem.contextTooShort(2, needed: 3, task: "somma")) {
      try TaskMeter(short, task)
    }
  }
}
