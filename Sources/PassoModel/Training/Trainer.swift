// SPDX-License-Identifier: MIT

import PassoEngine
import PassoText

/// What one training step had to say.
package struct StepReport: Sendable, Hashable {
  /// The number of the step, from 1.
  package let step: Int

  /// The loss before the update, in nats per token.
  package let loss: Double

  /// The length of all gradients together, before clipping.
  package let gradientNorm: Double

  /// The learning rate of the update.
  package let rate: Double
}

/// What a training is; two trainings with the same settings do the same to the last bit.
package struct TrainingSettings: Sendable, Hashable {
  package var optimizer: Optimizer
  package var rate: Double
  package var precision: Precision

  /// Which data, in which batches: whatever else decides what is learned.
  package var data: [String: String]

  package init(
    optimizer: Optimizer,
    rate: Double,
    precision: Precision,
    data: [String: String]
  ) {
    self.optimizer = optimizer
    self.rate = rate
    self.precision = precision
    self.data = data
  }

  /// Every setting under the name of its option, as text.
  package var named: [String: String] {
    var named = data
    named["lr"] = "\(rate)"
    named["precision"] = precision.rawValue
    named["optimizer"] = optimizer.name
    named["accumulate"] = "\(optimizer.rounds)"
    named["clip"] = optimizer.clip.map { "\($0)" } ?? "0"
    named["warmup"] = "\(optimizer.schedule.warmup)"
    named["schedule"] = optimizer.schedule.decay.rawValue
    if optimizer.schedule.decay != .constant {
      named["decay-steps"] = "\(optimizer.schedule.updates)"
      named["min-lr"] = "\(optimizer.schedule.floor * rate)"
    }
    switch optimizer.rule {
    case .sgd: break
    case .momentum(let factor): named["beta1"] = "\(factor)"
    case .adamW(let beta1, let beta2, let epsilon, let decay):
      named["beta1"] = "\(beta1)"
      named["beta2"] = "\(beta2)"
      named["eps"] = "\(epsilon)"
      named["weight-decay"] = "\(decay)"
    }
    return named
  }
}

/// A training program at work: what a trainer needs of it.
///
/// A class, because its memory is one place: a copy of a trainer goes on with the same training.
protocol TrainingEngine: AnyObject, Sendable {
  /// Updates that were completed.
  var update: Int { get }

  /// The learning rate of the last update.
  var lastRate: Double { get }

  /// Does one update, if loss and gradients are finite; else the state stays as it was.
  ///
  /// Gives the mean loss of its rounds before it, and the length of all gradients.
  ///
  /// - Throws: `ExecutionProblem.refused`.
  func step() throws(ExecutionProblem) -> (loss: Double, gradientNorm: Double)

  /// One value of the state.
  func value(_ id: ValueID) -> Tensor

  /// Comes back to the state after some update, in the order of `stateIDs`.
  ///
  /// - Throws: `ExecutionProblem.refused`.
  func restore(_ state: [Tensor], update: Int) throws(ExecutionProblem)

  /// The name of the first value of the update to come that is not finite.
  func firstNotFinite() throws -> String?
}

/// Trains a model, step by step; between two steps everything can be saved and taken up again.
///
/// In f32 the fast form of the program runs; in f64, and where there is no fast form, the readable
/// one. A copy goes on with the same training.
package struct Trainer: Sendable {
  package let settings: TrainingSettings
  package let plan: TrainingProgram

  /// How many threads share the work.
  package let threads: Int

  /// Why the steps are slow, if the program has no fast form and one was wanted.
  package let obstacle: NotLowerable?

  /// The kernels that compute, if the fast form does; others round in another way.
  package let kernels: String?

  /// The loss of the last step, as far as it is known.
  package private(set) var lastLoss: Double?
  private let engine: any TrainingEngine

  /// Prepares a training at its first step.
  ///
  /// - Parameters:
  ///   - settings: What the training is.
  ///   - configuration: The model.
  ///   - parameters: What it starts from.
  ///   - data: What it learns from.
  ///   - silenced: Heads that are switched off.
  ///   - threads: How many threads share the work; the result does not depend on it.
  /// - Throws: `ShapeProblem` or `ExecutionProblem` if the model cannot be executed.
  package init(
    _ settings: TrainingSettings,
    configuration: ModelConfiguration,
    parameters: Parameters,
    data: TrainingData,
    silenced: Set<HeadAddress> = [],
    threads: Int = 1
  ) throws {
    var optimizer = settings.optimizer
    optimizer.measuresNorm = true
    let plan = try TrainingProgram(
      configuration,
      batch: data.batch,
      mask: data.mask,
      silenced: silenced,
      optimizer: optimizer
    )
    self.settings = settings
    self.plan = plan
    self.threads = threads
    let start = TrainingStart(parameters: parameters, batches: data.training, rate: settings.rate)
    let form = try ExecutionForm(plan.program, settings.precision)
    obstacle = form.obstacle
    switch form {
    case .fast(let fast):
      kernels = FastKernels.best.name
      engine = try FastTraining(plan, fast, start, threads: threads)
    case .readable:
      kernels = nil
      engine = try ReadableTraining(plan, precision: settings.precision, start)
    }
  }

  /// Steps that are done.
  package var steps: Int { engine.update }

  /// Tokens that one step learns from.
  package var tokensPerStep: Int { plan.batch.rows * plan.batch.length * plan.optimizer.rounds }

  package var configuration: ModelConfiguration { plan.configuration }

  /// Does one step.
  ///
  /// - Returns: What it had to say.
  /// - Throws: `TrainingProblem.notFinite`; then the state is that before the step.
  package mutating func step() throws -> StepReport {
    let number = engine.update + 1
    let (loss, norm) = try engine.step()
    guard engine.update == number else {
      let value = try engine.firstNotFinite() ?? "loss"
      throw TrainingProblem.notFinite(
        step: number,
        value: value,
        loss: loss,
        isClipped: settings.optimizer.clip != nil,
        saved: nil
      )
    }
    lastLoss = loss
    return StepReport(step: number, loss: loss, gradientNorm: norm, rate: engine.lastRate)
  }

  /// What is needed to come back to the last step, in the order of `plan.stateIDs`.
  package var state: [Tensor] { plan.stateIDs.map(engine.value) }

  /// The parameters as they are after the last step.
  package var parameters: Parameters {
    var parameters: Parameters = [:]
    for spec in configuration.parameterSpecs {
      parameters[spec.name] = plan.program.id(of: spec.name).map(engine.value)
    }
    return parameters
  }

  /// A fingerprint of parameters, optimizer memory and settings after the last step.
  package var stateHash: UInt64 {
    var hash = StateHash()
    hash.add(UInt64(steps))
    for tensor in state { hash.add(tensor) }
    return hash.value
  }

  /// Goes on from a saved state.
  ///
  /// - Throws: `ExecutionProblem.refused`.
  package mutating func restore(_ state: [Tensor], steps: Int) throws(ExecutionProblem) {
    try engine.restore(state, update: steps)
  }
}

/// Where a training begins.
struct TrainingStart: Sendable {
  /// A tensor for each parameter.
  let parameters: Parameters

  /// Ids below the vocabulary size, in the program's batch shape.
  let batches: any BatchSource

  /// The learning rate, at its peak.
  let rate: Double
}

/// A training that does every step of the readable program.
final class ReadableTraining: TrainingEngine, @unchecked Sendable {
  private var run: TrainingRun

  /// Prepares a training at its first update.
  ///
  /// - Throws: `ExecutionProblem.tooLarge` if the values do not fit into memory.
  init(
    _ plan: TrainingProgram,
    precision: Precision,
    _ start: TrainingStart
  ) throws(ExecutionProblem) {
    run = try TrainingRun(
      plan,
      precision: precision,
      parameters: start.parameters,
      batches: start.batches,
      rate: start.rate
    )
  }

  var update: Int { run.update }
  private(set) var lastRate = 0.0

  func step() throws(ExecutionProblem) -> (loss: Double, gradientNorm: Double) {
    var losses: [Double] = []
    try run.advance(
      to: run.plan.stepCount,
      roundDone: { losses.append(Self.number("loss", $0)) }
    )
    let loss = losses.reduce(0, +) / Double(losses.count)
    let norm = Self.number("grad_norm", run)
    lastRate = Self.number("lr", run)
    if loss.isFinite, norm.isFinite { try run.beginNextUpdate() }
    return (loss, norm)
  }

  func value(_ id: ValueID) -> Tensor {
    guard let tensor = run.execution.tensor(id) else { preconditionFailure("no state \(id)") }
    return tensor
  }

  func restore(_ state: [Tensor], update: Int) throws(ExecutionProblem) {
    try run.restore(RunState(run.plan, state), update: update)
  }

  func firstNotFinite() -> String? { run.execution.firstNotFinite }

  private static func number(_ name: String, _ run: borrowing TrainingRun) -> Double {
    guard let id = run.plan.program.id(of: name), let value = run.execution.tensor(id) else {
      preconditionFailure("\(name) is not computed")
    }
    return value[0]
  }
}
