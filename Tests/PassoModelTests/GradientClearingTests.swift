// SPDX-License-Identifier: MIT

import PassoData
import PassoEngine
import PassoFiles
import PassoRuntime
import PassoTestSupport
import Testing

@testable import PassoModel

/// Two mistakes with gradients, against sums made by hand over several updates.
struct GradientClearingTests {
  private static let configuration = TimelineTests.configuration
  private static let rate = 0.05
  private static let updates = 5

  private static let batches: FixedBatch = {
    var source = RandomSource(seed: 21)
    let rows = (0..<4).map { _ in
      let ids = (0...6).map { _ in Int32(source.next() % 6) }
      return Example(inputs: Array(ids.dropLast()), targets: Array(ids.dropFirst()))
    }
    return FixedBatch(Batch(rows: rows), rounds: 1)
  }()

  private static var names: [ValueName] { configuration.parameterSpecs.map(\.name) }

  private func optimizer(_ clearing: GradientClearing, _ base: Optimizer = .sgd) -> Optimizer {
    var optimizer = base
    optimizer.gradients = clearing
    return optimizer
  }

  private func plan(_ optimizer: Optimizer) throws -> TrainingProgram {
    try TrainingProgram(
      Self.configuration,
      batch: BatchShape(rows: 4, length: 6),
      optimizer: optimizer
    )
  }

  private func run(
    _ optimizer: Optimizer,
    _ parameters: Parameters? = nil,
    _ precision: Precision = .f64
  ) throws -> TrainingRun {
    try TrainingRun(
      plan(optimizer),
      precision: precision,
      parameters: parameters
        ?? Self.configuration.initialParameters(seed: 3, standardDeviation: 0.3),
      batches: Self.batches,
      rate: Self.rate
    )
  }

  /// Loss and gradients at some parameters, by a program that makes no mistake.
  private func found(
    at parameters: Parameters
  ) throws -> (loss: Double, gradients: [ValueName: [Double]]) {
    var run = try run(.sgd, parameters)
    try run.advance(to: run.plan.stepCount)
    let loss = try #require(try run.execution.tensor(.model(.loss)))[0]
    let gradients = try Self.names.map { name in
      (name, try #require(try run.execution.tensor(name.gradient)).doubles)
    }
    return (loss, Dictionary(uniqueKeysWithValues: gradients))
  }

  /// Descent with sums by hand: `weight` of each gradient, and of those before `memory`.
  @Test(arguments: [(GradientClearing.cleared, 1.0, 0.0), (.twice, 2, 0), (.kept, 1, 1)])
  func everyUpdateIsThatOfSumsByHand(
    clearing: GradientClearing,
    weight: Double,
    memory: Double
  ) throws {
    var run = try run(optimizer(clearing))
    var parameters = try Self.configuration.initialParameters(seed: 3, standardDeviation: 0.3)
    var sums: [ValueName: [Double]] = [:]
    for update in 0..<Self.updates {
      let (loss, gradients) = try found(at: parameters)
      try run.advance(to: run.plan.stepCount)
      let computed = try #require(try run.execution.tensor(.model(.loss)))
      #expect(abs(computed[0] - loss) < 1e-12)
      for spec in Self.configuration.parameterSpecs {
        let found = try #require(gradients[spec.name])
        let before = sums[spec.name] ?? Array(repeating: 0, count: found.count)
        let sum = zip(before, found).map { memory * $0 + weight * $1 }
        sums[spec.name] = sum
        let old = try #require(parameters[spec.name]).doubles
        let next = zip(old, sum).map { $0 - Self.rate * $1 }
        parameters[spec.name] = Tensor(spec.shape, next)
        let computed = try #require(try run.execution.tensor(spec.name.next)).doubles
        #expect(zip(computed, next).allSatisfy { abs($0 - $1) < 1e-12 }, "\(update) \(spec.name)")
        // The gradient itself is the true one, whatever becomes of it.
        let own = try #require(try run.execution.tensor(spec.name.gradient)).doubles
        #expect(zip(own, found).allSatisfy { abs($0 - $1) < 1e-12 }, "\(update) \(spec.name)")
      }
      try run.beginNextUpdate()
    }
  }

  /// Summing all gradients is momentum that forgets nothing.
  @Test func keptGradientsAreMomentumOfOne() throws {
    var kept = try run(optimizer(.kept))
    var momentum = try run(Optimizer(.momentum(1)))
    for _ in 0..<Self.updates {
      try kept.advance(to: kept.plan.stepCount)
      try momentum.advance(to: momentum.plan.stepCount)
      for name in Self.names {
        #expect(try kept.execution.tensor(name.next) == momentum.execution.tensor(name.next))
      }
      try kept.beginNextUpdate()
      try momentum.beginNextUpdate()
    }
  }

  /// The norm is that of what the update takes, and clipping shortens it.
  @Test func theNormOfTwiceIsTwice() throws {
    var (once, twice) = (Optimizer.sgd, optimizer(.twice))
    (once.clip, twice.clip) = (0.01, 0.01)
    var (one, two) = (try run(once), try run(twice))
    try one.advance(to: one.plan.stepCount)
    try two.advance(to: two.plan.stepCount)
    let norms = try [one, two].map {
      try #require(try $0.execution.tensor(.optimizer(.gradientNorm)))[0]
    }
    #expect(abs(norms[1] - 2 * norms[0]) < 1e-12)
    for name in Self.names {
      // The factor divides by a little more than the norm.
      let pair = try [one, two].map { try #require(try $0.execution.tensor(name.next)).doubles }
      #expect(zip(pair[0], pair[1]).allSatisfy { abs($0 - $1) < 1e-8 })
    }
  }

  @Test func withoutTheMistakeNothingIsThereOfIt() throws {
    let usual = try plan(.sgd).program
    let named = try plan(optimizer(.cleared)).program
    #expect(usual.names == named.names)
    #expect(!usual.allNames.contains { $0.contains("accumulated") })
    #expect(!usual.steps.contains { $0.op is AddGradient })
    #expect(Experiment.first.fields.allSatisfy { $0.name != "gradients" })
    let kept = try plan(optimizer(.kept))
    #expect(kept.stateIDs.count == usual.inputs.count - 2 + Self.names.count)
  }

  @Test(arguments: [GradientClearing.twice, .kept])
  func itIsAFieldOfTheExperiment(clearing: GradientClearing) throws {
    var experiment = Experiment.first
    experiment.optimizer.gradients = clearing
    let fields = experiment.fields.map { ($0.name, $0.words) }
    #expect(fields.contains { $0.0 == "gradients" && $0.1 == [clearing.rawValue] })
    let read = try Experiment(fields: Dictionary(uniqueKeysWithValues: fields))
    #expect(read.optimizer.gradients == clearing)
    #expect(throws: ExperimentFault.self) { try Experiment(fields: ["gradients": ["lost"]]) }
  }

  // MARK: Training

  private func trainer(_ optimizer: Optimizer, _ precision: Precision = .f32) throws -> Trainer {
    try Trainer(
      TrainingSettings(optimizer: optimizer, rate: Self.rate, precision: precision, data: [:]),
      configuration: Self.configuration,
      parameters: Self.configuration.initialParameters(seed: 3, standardDeviation: 0.3),
      data: TrainingData(Batch(rows: Self.rows), rounds: optimizer.rounds, mask: .causal)
    )
  }

  private static var rows: [Example] {
    let batch = batches.batch(0)
    return (0..<4).map { row in
      let places = row * 6..<(row + 1) * 6
      return Example(inputs: Array(batch.inputs[places]), targets: Array(batch.targets[places]))
    }
  }

  private static let optimizers: [Optimizer] = {
    var clipped = Optimizer.standardAdamW
    clipped.clip = 0.2
    return [.sgd, .standardMomentum, clipped]
  }()

  @Test(arguments: optimizers, [GradientClearing.twice, .kept])
  func theFastFormMakesTheSameMistake(base: Optimizer, clearing: GradientClearing) throws {
    var fast = try trainer(optimizer(clearing, base))
    var exact = try trainer(optimizer(clearing, base), .f64)
    #expect(fast.kernels != nil && exact.kernels == nil)
    for _ in 0..<Self.updates {
      let (one, other) = (try fast.step(), try exact.step())
      #expect(abs(one.loss - other.loss) < 1e-4)
      #expect(abs(one.gradientNorm - other.gradientNorm) < 1e-3 * other.gradientNorm)
    }
    for name in Self.names where !name.description.hasSuffix("b_K") {
      let pair = try [fast, exact].map { try #require($0.parameters[name]).doubles }
      #expect(relativeError(pair[0], pair[1]) < 1e-3, "\(name)")
    }
  }

  /// What is kept belongs to the state: a training that goes on later is the same to the last bit.
  @Test(arguments: [Precision.f32, .f64], [GradientClearing.twice, .kept])
  func itGoesOnAsIfItHadNeverStopped(precision: Precision, clearing: GradientClearing) throws {
    var whole = try trainer(optimizer(clearing), precision)
    for _ in 0..<2 { _ = try whole.step() }
    var later = try trainer(optimizer(clearing), precision)
    try later.restore(whole.state, steps: whole.steps)
    #expect(try later.stateHash == whole.stateHash)
    for _ in 0..<3 {
      _ = try whole.step()
      _ = try later.step()
    }
    #expect(try later.stateHash == whole.stateHash)
    let cleared = try trainer(.sgd, precision)
    #expect(cleared.settings.named["gradients"] == nil)
    #expect(whole.settings.named["gradients"] == clearing.rawValue)
  }

  /// A step that fails has not changed what is kept.
  @Test(arguments: [Precision.f32, .f64])
  func aStepThatFailsLeavesWhatIsKept(precision: Precision) throws {
    let silent = Self.rows.map {
      Example(inputs: $0.inputs, targets: $0.targets.map { _ in ignoredTarget })
    }
    var trainer = try Trainer(
      TrainingSettings(
        optimizer: optimizer(.kept),
        rate: Self.rate,
        precision: precision,
        data: [:]
      ),
      configuration: Self.configuration,
      parameters: Self.configuration.initialParameters(seed: 3, standardDeviation: 0.3),
      data: TrainingData(Batch(rows: silent), rounds: 1, mask: .causal)
    )
    let before = try trainer.stateHash
    #expect(throws: TrainingProblem.self) { try trainer.step() }
    #expect(try trainer.stateHash == before)
  }

  /// Several rounds have no fast form of the mistake; the readable one computes it.
  @Test func roundsAreDoneStepByStep() throws {
    var several = optimizer(.kept)
    several.rounds = 2
    var (parts, whole) = (try trainer(several), try trainer(optimizer(.kept), .f64))
    #expect(parts.kernels == nil && parts.slowness != nil)
    for _ in 0..<3 {
      #expect(abs(try parts.step().loss - whole.step().loss) < 1e-4)
    }
  }
}
