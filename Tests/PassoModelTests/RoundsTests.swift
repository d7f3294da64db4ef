// SPDX-License-Identifier: MIT

import PassoData
import PassoEngine
import PassoRuntime
import Testing

@testable import PassoModel

/// An update of several rounds is that of one round over all their rows, however many targets count
/// in each.
struct RoundsTests {
  private static let configuration = TimelineTests.configuration
  private static let length = 7

  /// Rows of unequal length, and some in which nothing counts: of four rounds two are empty.
  private static let rows: [Example] = {
    var source = RandomSource(seed: 8)
    return (0..<32).map { row in
      let ids = (0...length).map { _ in Int32(source.next() % 6) }
      let counted = row / 8 % 2 == 0 ? 0 : 1 + row % length
      let targets = ids.dropFirst().enumerated().map { $0 < counted ? $1 : ignoredTarget }
      return Example(inputs: Array(ids.dropLast()), targets: targets, prefix: 0)
    }
  }()

  /// The same, each target with a weight of its own; some weigh nothing.
  private static let weightedRows = rows.enumerated().map { row, example in
    var example = example
    example.weights = example.targets.indices.map { Double(($0 + row) % 4) / 2 }
    return example
  }

  private static let optimizers: [Optimizer] = {
    var scheduled = Optimizer.standardMomentum
    scheduled.schedule = RateSchedule(decay: .cosine, warmup: 2, updates: 5, floor: 0.1)
    scheduled.clip = 0.05
    var clipped = Optimizer.standardAdamW
    clipped.clip = 0.1
    return [.sgd, scheduled, clipped]
  }()

  private static func parameters() throws -> Parameters {
    try configuration.initialParameters(seed: 3, standardDeviation: 0.3)
  }

  private func run(
    _ optimizer: Optimizer,
    rounds: Int,
    rows: [Example] = rows
  ) throws -> TrainingRun {
    var optimizer = optimizer
    (optimizer.rounds, optimizer.measuresNorm) = (rounds, true)
    return try TrainingRun(
      TrainingProgram(
        Self.configuration,
        batch: BatchShape(rows: rows.count / rounds, length: Self.length),
        weighsTargets: rows.contains { $0.weights != nil },
        optimizer: optimizer
      ),
      precision: .f64,
      parameters: Self.parameters(),
      batches: FixedBatch(Batch(rows: rows), rounds: rounds),
      rate: 0.05
    )
  }

  private func numbers(_ name: ValueName, _ run: TrainingRun) throws -> [Double] {
    try #require(try run.execution.tensor(name), "\(name)").doubles
  }

  private func difference(_ left: [Double], _ right: [Double]) -> Double {
    zip(left, right).map { abs($0 - $1) }.reduce(0) { $0 < $1 || $1.isNaN ? $1 : $0 }
  }

  @Test(arguments: optimizers, [2, 4, 32])
  func gradientsAndLossAreThoseOfOneBatch(optimizer: Optimizer, rounds: Int) throws {
    try expectSame(optimizer, rounds: rounds, rows: Self.rows)
  }

  @Test(arguments: [2, 4, 32])
  func roundsOfWeightsAreThoseOfOneBatch(rounds: Int) throws {
    try expectSame(Self.optimizers[2], rounds: rounds, rows: Self.weightedRows)
    var parts = try run(.sgd, rounds: rounds, rows: Self.weightedRows)
    try parts.advance(to: parts.plan.stepCount)
    let total = Self.weightedRows.reduce(0) { sum, row in
      zip(row.targets, row.weights ?? []).reduce(sum) { $1.0 == ignoredTarget ? $0 : $0 + $1.1 }
    }
    #expect(try numbers(.optimizer(.targetCount).next, parts) == [total])
  }

  private func expectSame(_ optimizer: Optimizer, rounds: Int, rows: [Example]) throws {
    var whole = try run(optimizer, rounds: 1, rows: rows)
    var parts = try run(optimizer, rounds: rounds, rows: rows)
    for _ in 0..<3 {
      try whole.advance(to: whole.plan.stepCount)
      try parts.advance(to: parts.plan.stepCount)
      for name in [ValueName.model(.loss)] + Self.configuration.parameterSpecs.map(\.name.gradient)
      {
        let mean = ValueName.derived(.roundMean, of: name).next
        #expect(try difference(numbers(mean, parts), numbers(name, whole)) < 1e-12, "\(name)")
      }
      for name in Self.configuration.parameterSpecs.map(\.name.next) + [.optimizer(.gradientNorm)] {
        #expect(try difference(numbers(name, parts), numbers(name, whole)) < 1e-9, "\(name)")
      }
      try whole.beginNextUpdate()
      try parts.beginNextUpdate()
    }
  }

  /// What is put aside is a mean at every moment, and each round keeps a loss of its own.
  @Test func aRoundInWhichNothingCountsLeavesTheMeanAsItIs() throws {
    var parts = try run(.sgd, rounds: 4)
    let gradient = ValueName.model(.embedding).gradient
    let (meanLoss, mean) = (
      ValueName.derived(.roundMean, of: .model(.loss)).next,
      ValueName.derived(.roundMean, of: gradient).next
    )
    var found: [(count: Double, loss: Double, meanLoss: Double, mean: [Double])] = []
    for round in 1...4 {
      try parts.advance(to: round * parts.plan.roundLength)
      found.append(
        (
          try numbers(.optimizer(.targetCount).next, parts)[0],
          try numbers(.model(.loss), parts)[0], try numbers(meanLoss, parts)[0],
          try numbers(mean, parts)
        )
      )
    }
    #expect(found[0].count == 0 && found[0].loss.isNaN && found[0].meanLoss.isNaN)
    #expect(found[0].mean.allSatisfy { $0 == 0 })
    #expect(found[1].count > 0 && found[1].meanLoss == found[1].loss)
    #expect(found[2].count == found[1].count && found[2].loss.isNaN)
    #expect(found[2].meanLoss == found[1].meanLoss && found[2].mean == found[1].mean)
    #expect(found[3].count > found[2].count && found[3].mean != found[2].mean)
    let counted = Self.rows.flatMap(\.targets).filter { $0 != ignoredTarget }.count
    #expect(found[3].count == Double(counted))
  }

  /// As without rounds: there is no loss, and nothing pulls at the parameters.
  @Test(arguments: [1, 2])
  func anUpdateInWhichNothingCountsHasNoLoss(rounds: Int) throws {
    let silent = Self.rows.map {
      Example(inputs: $0.inputs, targets: $0.targets.map { _ in ignoredTarget }, prefix: 0)
    }
    var run = try run(.sgd, rounds: rounds, rows: silent)
    try run.advance(to: run.plan.stepCount)
    #expect(try numbers(run.plan.updateLoss, run)[0].isNaN)
    #expect(try numbers(.optimizer(.gradientNorm), run) == [0])
    for precision in [Precision.f32, .f64] {
      var trainer = try trainer(.sgd, rounds: rounds, precision, rows: silent)
      let before = try trainer.stateHash
      #expect(throws: TrainingProblem.self) { try trainer.step() }
      #expect(try trainer.stateHash == before)
    }
  }

  private func trainer(
    _ optimizer: Optimizer,
    rounds: Int,
    _ precision: Precision,
    rows: [Example] = rows
  ) throws -> Trainer {
    var optimizer = optimizer
    optimizer.rounds = rounds
    let trainer = try Trainer(
      TrainingSettings(optimizer: optimizer, rate: 0.05, precision: precision, data: [:]),
      configuration: Self.configuration,
      parameters: Self.parameters(),
      data: TrainingData(
        Batch(rows: rows),
        rounds: rounds,
        mask: .causal,
        weighsTargets: rows.contains { $0.weights != nil }
      )
    )
    // In f32 the fast form computes.
    #expect((trainer.kernels != nil) == (precision == .f32))
    return trainer
  }

  /// In both forms, for f64 has only the readable one.
  @Test(arguments: optimizers, [Precision.f32, .f64])
  func whatIsReportedAndLearnedIsThatOfOneBatch(
    optimizer: Optimizer,
    precision: Precision
  ) throws {
    try expectSameReports(optimizer, precision, rows: Self.rows)
  }

  @Test(arguments: [Precision.f32, .f64])
  func whatIsReportedOfWeightsIsThatOfOneBatch(precision: Precision) throws {
    try expectSameReports(Self.optimizers[1], precision, rows: Self.weightedRows)
  }

  private func expectSameReports(
    _ optimizer: Optimizer,
    _ precision: Precision,
    rows: [Example]
  ) throws {
    let allowed = precision == .f32 ? 1e-5 : 1e-11
    for rounds in [2, 4, 32] {
      var whole = try trainer(optimizer, rounds: 1, precision, rows: rows)
      var parts = try trainer(optimizer, rounds: rounds, precision, rows: rows)
      var timeline = try Timeline(run(optimizer, rounds: rounds, rows: rows))
      for update in 0..<3 {
        let (report, expected) = (try parts.step(), try whole.step())
        #expect(abs(report.loss - expected.loss) < allowed)
        #expect(abs(report.gradientNorm - expected.gradientNorm) < allowed)
        #expect(report.rate == expected.rate)
        _ = try timeline.train(1)
        #expect(abs(timeline.losses[update, default: .nan] - expected.loss) < 1e-5)
      }
      // A gradient of rounding noise gives AdamW a full step in a random direction.
      for (name, expected) in try whole.parameters where !name.description.hasSuffix("b_K") {
        let found = try #require(parts.parameters[name]).doubles
        #expect(difference(found, expected.doubles) < 4 * allowed, "\(name), \(rounds) rounds")
      }
    }
  }
}
