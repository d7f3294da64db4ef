// SPDX-License-Identifier: MIT

import PassoEngine

/// A training that runs the fast form of its program.
final class FastTraining: TrainingEngine, @unchecked Sendable {
  private let plan: TrainingProgram
  private let batches: any BatchSource
  private let execution: FastExecution

  /// The learning rate at its peak.
  private var rate: Double

  /// Updates that were completed.
  private(set) var update = 0

  /// Prepares a training at its first update.
  ///
  /// - Parameters:
  ///   - plan: The readable program.
  ///   - fast: Its fast form.
  ///   - start: Where it begins.
  ///   - threads: How many threads share the work; the result does not depend on it.
  /// - Throws: `ExecutionProblem.tooLarge` if the buffers do not fit into memory.
  init(
    _ plan: TrainingProgram,
    _ fast: FastProgram,
    _ start: TrainingStart,
    threads: Int
  ) throws(ExecutionProblem) {
    self.plan = plan
    batches = start.batches
    // As a checkpoint keeps it.
    rate = Double(Float(start.rate))
    execution = try FastExecution(fast, threads: threads)
    for (name, tensor) in start.parameters { execution.set(name, to: tensor) }
  }

  func step() -> (loss: Double, gradientNorm: Double) {
    var total = 0.0
    for round in 0..<plan.optimizer.rounds {
      let batch = batches.batch(update * plan.optimizer.rounds + round)
      execution.set(batch)
      execution.runRound(round)
      total += Double(execution.loss)
    }
    execution.measureGradients()
    let result = (total / Double(plan.optimizer.rounds), Double(execution.gradientNorm ?? 0))
    guard result.0.isFinite, result.1.isFinite else { return result }
    execution.runUpdate(update + 1, peak: rate)
    update += 1
    return result
  }

  var lastRate: Double { Double(execution.lastRate) }

  func restore(_ state: [Tensor], update: Int) {
    for (id, tensor) in zip(plan.stateIDs, state) {
      switch plan.program.name(of: id) {
      case .optimizer(.rate), .optimizer(.peakRate): rate = tensor[0]
      case .optimizer(.time): break
      case let name: execution.set(name, to: tensor)
      }
    }
    self.update = update
  }

  /// The readable program has a name for every value: it does the update once more.
  func firstNotFinite() throws -> String? {
    let state = plan.stateIDs.map(value)
    var run = try TrainingRun(plan, precision: .f32, parameters: [:], batches: batches, rate: rate)
    try run.restore(RunState(run.plan, state), update: update)
    try run.advance(to: plan.stepCount)
    return run.execution.firstNotFinite
  }

  func value(_ id: ValueID) -> Tensor {
    let value = plan.program[id]
    switch plan.program.name(of: id) {
    case .optimizer(.rate), .optimizer(.peakRate): return Tensor(value.shape, [Float(rate)])
    case .optimizer(.time): return Tensor(value.shape, [Float(update + 1)])
    case let name:
      guard let view = execution.program.views[name.description] else {
        preconditionFailure("\(name) has no place")
      }
      return Tensor(value.shape, execution.numbers(view))
    }
  }
}

extension FastExecution {
  /// Gives a round its token ids.
  package func set(_ batch: TokenBatch) {
    let rows = program.prefix.map { program.buffers[$0.index].count } ?? 0
    set(tokens: batch.inputs, targets: batch.targets, prefix: batch.prefixes(rows: rows))
  }

  /// Gives a value of the readable program its numbers.
  package func set(_ name: ValueName, to tensor: Tensor) {
    guard let view = program.views[name.description] else { return }
    set(view, to: tensor.floats)
  }
}
