// SPDX-License-Identifier: MIT

import PassoEngine

/// Times whole training steps: forward, loss, backward, AdamW.
package struct TrainingBenchmark {
  /// What was measured.
  package struct Result: Sendable {
    /// Milliseconds of each measured step.
    package var milliseconds: [Double]

    /// Milliseconds of the very first step.
    package var firstStep: Double

    /// The loss before each of the first steps, in nats per token.
    package var losses: [Double]

    /// Where the time went: seconds of one step, by fast step.
    package var breakdown: [(step: FastStep, seconds: Double)]
  }

  /// Optimizer settings that all engines share.
  private static let optimizer = Optimizer(
    .adamW(beta1: 0.9, beta2: 0.95, epsilon: 1e-8, decay: 0.1)
  )
  private static let rate = 1e-4

  /// More would fill memory with times, and tell nothing new.
  private static let mostSteps = 20_000

  private let execution: FastExecution
  private let batch: TokenBatch
  private let clock = ContinuousClock()
  private var update = 0

  /// The vector instructions in use.
  package var instructions: String { execution.instructions }

  /// Prepares a workload.
  ///
  /// - Parameters:
  ///   - configuration: The model.
  ///   - shape: Rows and positions of the batch.
  ///   - batch: What is learned.
  ///   - mask: What a position may look at.
  ///   - threads: How many threads share the work.
  ///   - load: Calls back with each parameter's name and numbers.
  /// - Throws: `ShapeProblem` or `ExecutionProblem` if the model cannot be executed, or what
  ///   `load` throws.
  package init(
    _ configuration: ModelConfiguration,
    shape: BatchShape,
    batch: TokenBatch,
    mask: MaskKind,
    threads: Int,
    load: ((ValueName, Tensor) throws -> Void) throws -> Void
  ) throws {
    let plan = try TrainingProgram(
      configuration,
      batch: shape,
      mask: mask,
      optimizer: Self.optimizer
    )
    let execution = try FastExecution(Lowering.lower(plan.program), threads: threads)
    try load { execution.set($0, to: $1) }
    self.execution = execution
    self.batch = batch
  }

  /// Measures for some seconds, after as many steps of warming up as other engines get.
  package mutating func run(seconds: Double, breakdown: Bool) -> Result {
    var losses: [Double] = []
    let firstStep = timed { losses.append($0) }
    let start = clock.now
    while losses.count < 5 || since(start) < min(1, seconds / 4) {
      _ = timed { losses.append($0) }
    }
    execution.isTimed = breakdown
    var times: [Double] = []
    let begin = clock.now
    while times.count < 7 || since(begin) < seconds && times.count < Self.mostSteps {
      times.append(timed { _ in })
    }
    let parts = zip(execution.program.steps, execution.seconds).map {
      (step: $0, seconds: $1 / Double(times.count))
    }
    return Result(
      milliseconds: times.map { $0 * 1e3 },
      firstStep: firstStep * 1e3,
      losses: losses,
      breakdown: breakdown ? parts : []
    )
  }

  /// The loss of a first step, for those who only want to know how soon it is there.
  package mutating func firstLoss() -> Double {
    var loss = 0.0
    _ = timed { loss = $0 }
    return loss
  }

  private mutating func timed(_ body: (Double) -> Void) -> Double {
    let start = clock.now
    update += 1
    execution.set(batch)
    execution.runRound(0)
    let loss = Double(execution.loss)
    execution.runUpdate(update, peak: Self.rate)
    let time = since(start)
    body(loss)
    return time
  }

  private func since(_ start: ContinuousClock.Instant) -> Double {
    let parts = (clock.now - start).components
    return Double(parts.seconds) + Double(parts.attoseconds) * 1e-18
  }
}
