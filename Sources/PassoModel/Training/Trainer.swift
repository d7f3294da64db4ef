// SPDX-License-Identifier: MIT

import PassoEngine
import PassoText

/// What one training step had to say.
package struct StepReport: Sendable, Hashable {
  /// The number of the step, from 1.
  package let step: Int

  /// The loss before the update, in nats per token: the mean over the targets of all its rounds.
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
    // Only where it is not as it should be: older checkpoints know nothing of it.
    if optimizer.gradients != .cleared { named["gradients"] = optimizer.gradients.rawValue }
    if optimizer.schedule.decay != .constant {
      named["decay-steps"] = "\(optimizer.schedule.updates)"
      named["min-lr"] = "\(optimizer.schedule.floor * rate)"
    }
    return named.merging(optimizer.rule.numbers.mapValues { "\($0)" }) { $1 }
  }
}

/// Trains a model, step by step; between two steps everything can be saved and taken up again.
///
/// A copy goes on with the same training.
package struct Trainer: Sendable {
  package let settings: TrainingSettings
  package let plan: TrainingProgram

  /// How many threads share the work.
  package let threads: Int

  /// Steps that are done.
  package private(set) var steps = 0

  /// The loss of the last step, as far as it is known.
  package private(set) var lastLoss: Double?

  private let batches: any BatchSource
  private let runner: ModelRunner

  /// Where the program has what each step reads and writes.
  private let ids: (loss: ValueID, norm: ValueID, rate: ValueID, time: ValueID?)

  /// Prepares a training at its first step.
  ///
  /// - Parameters:
  ///   - settings: What the training is.
  ///   - configuration: The model.
  ///   - parameters: What it starts from.
  ///   - data: What it learns from.
  ///   - ablatedHeads: Heads whose output is replaced by zeros.
  ///   - threads: How many threads share the work; the result does not depend on it.
  /// - Throws: `ShapeProblem` or `ExecutionProblem` if the model cannot be executed.
  package init(
    _ settings: TrainingSettings,
    configuration: ModelConfiguration,
    parameters: some ParameterSource,
    data: TrainingData,
    ablatedHeads: Set<HeadAddress> = [],
    threads: Int = 1
  ) throws {
    var optimizer = settings.optimizer
    optimizer.measuresNorm = true
    plan = try TrainingProgram(
      configuration,
      batch: data.batch,
      mask: data.mask,
      weighsTargets: data.weighsTargets,
      ablatedHeads: ablatedHeads,
      optimizer: optimizer
    )
    let model = Model(
      configuration,
      parameters,
      mask: data.mask,
      weighsTargets: data.weighsTargets,
      ablatedHeads: ablatedHeads,
      precision: settings.precision,
      threads: threads
    )
    runner = try ModelRunner(model, plan.program)
    ids = (
      runner.id(of: plan.updateLoss),
      runner.id(of: .optimizer(.gradientNorm)),
      runner.id(of: .optimizer(.rate)),
      plan.program.id(of: .optimizer(.time))
    )
    self.settings = settings
    self.threads = threads
    batches = data.training
    try runner.set(runner.id(of: plan.chosenRate), to: settings.rate)
    try setTime()
  }

  /// Why the steps are slow; nil if they are not.
  package var slowness: Slowness? { runner.slowness }

  /// The kernels that compute, if the fast form does; others round in another way.
  package var kernels: String? { runner.kernels }

  /// Tokens that one step learns from.
  package var tokensPerStep: Int { plan.batch.rows * plan.batch.length * plan.optimizer.rounds }

  package var configuration: ModelConfiguration { plan.configuration }

  /// Does one step.
  ///
  /// - Returns: What it had to say.
  /// - Throws: `TrainingProblem.notFinite`; then the state is that before the step.
  package mutating func step() throws -> StepReport {
    let rounds = plan.optimizer.rounds
    for round in 0..<rounds {
      try runner.set(batches.batch(steps * rounds + round))
      try runner.run(round: round)
    }
    let report = StepReport(
      step: steps + 1,
      loss: runner.number(ids.loss),
      gradientNorm: runner.number(ids.norm),
      rate: runner.number(ids.rate)
    )
    guard report.loss.isFinite, report.gradientNorm.isFinite else {
      throw TrainingProblem.notFinite(
        step: report.step,
        value: try firstNotFinite() ?? "loss",
        loss: report.loss,
        isClipped: settings.optimizer.clip != nil,
        saved: nil
      )
    }
    try runner.finishUpdate()
    (steps, lastLoss) = (report.step, report.loss)
    try setTime()
    return report
  }

  /// The name of the first value of the update to come that is not finite.
  ///
  /// The readable program has a name for every value: it does the update once more.
  private func firstNotFinite() throws -> String? {
    var run = try TrainingRun(plan, settings.precision, batches, settings.rate)
    try run.restore(RunState(plan, try state.map { KeptValue($0) }), update: steps)
    try run.advance(to: plan.stepCount)
    return try run.execution.firstNotFinite
  }

  /// The number of the update, where it counts.
  private func setTime() throws(ExecutionProblem) {
    if let time = ids.time { try runner.set(time, to: Double(steps + 1)) }
  }
}

// MARK: - State

extension Trainer: ParameterSource {
  /// The model as it is after the last step, whichever that is when its parameters are read.
  package var model: Model {
    Model(
      configuration,
      self,
      mask: plan.mask,
      weighsTargets: plan.weighsTargets,
      ablatedHeads: plan.ablatedHeads,
      precision: settings.precision,
      threads: threads
    )
  }

  package func eachParameter(
    isNeeded: (ValueName) -> Bool,
    body: (ValueName, Tensor) throws -> Void
  ) throws {
    for spec in configuration.parameterSpecs where isNeeded(spec.name) {
      try body(spec.name, value(spec.name))
    }
  }

  /// The parameters as they are after the last step.
  ///
  /// - Throws: `ExecutionProblem.refused` if there is no room for a copy of them.
  package var parameters: Parameters {
    get throws(ExecutionProblem) {
      var parameters: Parameters = [:]
      for spec in configuration.parameterSpecs { parameters[spec.name] = try value(spec.name) }
      return parameters
    }
  }

  /// What is needed to come back to the last step, in the order of `plan.stateIDs`.
  ///
  /// - Throws: `ExecutionProblem.refused` if there is no room for it.
  package var state: [Tensor] {
    get throws(ExecutionProblem) {
      try plan.stateIDs.map { (id) throws(ExecutionProblem) in try state(id) }
    }
  }

  /// One of `plan.stateIDs`.
  ///
  /// - Throws: `ExecutionProblem.refused` if there is no room for it.
  func state(_ id: ValueID) throws(ExecutionProblem) -> Tensor {
    try value(plan.program.name(of: id))
  }

  /// A fingerprint of parameters, optimizer memory and settings after the last step.
  ///
  /// - Throws: `ExecutionProblem.refused` if there is no room for the largest of them.
  package var stateHash: UInt64 {
    get throws(ExecutionProblem) {
      var hash = StateHash()
      hash.add(UInt64(steps))
      for id in plan.stateIDs { hash.add(try state(id)) }
      return hash.value
    }
  }

  /// Goes on from a saved state.
  ///
  /// - Throws: `ExecutionProblem.refused`.
  package mutating func restore(_ state: [Tensor], steps: Int) throws(ExecutionProblem) {
    for (id, tensor) in zip(plan.stateIDs, state) {
      try runner.set(plan.program.name(of: id), to: tensor)
    }
    self.steps = steps
    // Last: the number of steps is what says how many there were.
    try setTime()
  }

  private func value(_ name: ValueName) throws(ExecutionProblem) -> Tensor {
    guard let tensor = try runner.value(name) else { preconditionFailure("no state \(name)") }
    return tensor
  }
}
