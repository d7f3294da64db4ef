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
      named["steps"] = "\(optimizer.schedule.updates)"
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

/// Trains a model, step by step; between two steps everything can be saved and taken up again.
package struct Trainer: Sendable {
  package let settings: TrainingSettings
  package private(set) var run: TrainingRun

  /// Prepares a training at its first step.
  ///
  /// - Throws: `ShapeProblem` or `ExecutionProblem` if the model cannot be executed.
  package init(
    _ settings: TrainingSettings,
    configuration: ModelConfiguration,
    parameters: Parameters,
    data: TrainingData
  ) throws {
    var optimizer = settings.optimizer
    optimizer.measuresNorm = true
    let plan = try TrainingProgram(
      configuration,
      batch: data.batch,
      mask: data.mask,
      optimizer: optimizer
    )
    self.settings = settings
    run = try TrainingRun(
      plan,
      precision: settings.precision,
      parameters: parameters,
      batches: data.training,
      rate: settings.rate
    )
  }

  /// Steps that are done.
  package var steps: Int { run.update }

  /// Tokens that one step learns from.
  package var tokensPerStep: Int {
    run.plan.batch.rows * run.plan.batch.length * run.plan.optimizer.rounds
  }

  package var configuration: ModelConfiguration { run.plan.configuration }

  /// Does one step.
  ///
  /// - Throws: `TrainingProblem.notFinite`; then the state is that before the step.
  package mutating func step() throws(TrainingProblem) -> StepReport {
    var losses: [Double] = []
    run.advance(
      to: run.plan.stepCount,
      roundDone: { losses.append(Self.number("loss", $0)) }
    )
    let report = StepReport(
      step: run.update + 1,
      loss: losses.reduce(0, +) / Double(losses.count),
      gradientNorm: Self.number("grad_norm", run),
      rate: Self.number("lr", run)
    )
    guard report.loss.isFinite, report.gradientNorm.isFinite else {
      let value = run.execution.firstNotFinite ?? "loss"
      throw .notFinite(step: report.step, value: value, loss: report.loss)
    }
    run.beginNextUpdate()
    return report
  }

  /// The parameters as they are after the last step.
  package var parameters: Parameters {
    var parameters: Parameters = [:]
    for spec in configuration.parameterSpecs {
      parameters[spec.name] = run.plan.program.id(of: spec.name).flatMap {
        run.execution.tensor($0)
      }
    }
    return parameters
  }

  /// A fingerprint of parameters, optimizer memory and settings after the last step.
  package var stateHash: UInt64 {
    var hash = StateHash()
    hash.add(UInt64(run.update))
    for tensor in run.state { hash.add(tensor) }
    return hash.value
  }

  /// Goes on from a saved state.
  package mutating func restore(_ state: [Tensor], steps: Int) {
    run.restore(state, update: steps)
  }

  private static func number(_ name: String, _ run: borrowing TrainingRun) -> Double {
    guard let id = run.plan.program.id(of: name), let value = run.execution.tensor(id) else {
      preconditionFailure("\(name) is not computed")
    }
    return value[0]
  }
}
