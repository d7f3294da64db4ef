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

  private let runner: ModelRunner
  private let batch: TokenBatch
  private let (time, loss): (ValueID, ValueID)
  private let clock = ContinuousClock()
  private var update = 0

  /// The vector instructions in use.
  package var instructions: String { runner.kernels ?? Kernels.best.name }

  /// Prepares a workload.
  ///
  /// - Parameters:
  ///   - model: The model.
  ///   - shape: Rows and positions of the batch.
  ///   - batch: What is learned.
  ///   - isReadable: Whether to time the readable form.
  /// - Throws: `ShapeProblem` or `ExecutionProblem` if the model cannot be executed, or what its
  ///   parameters throw.
  package init(
    _ model: Model,
    shape: BatchShape,
    batch: TokenBatch,
    isReadable: Bool = false
  ) throws {
    let plan = try TrainingProgram(
      model.configuration,
      batch: shape,
      mask: model.mask,
      optimizer: Self.optimizer
    )
    runner = try ModelRunner(model, plan.program, isForReading: isReadable)
    try runner.set(runner.id(of: .optimizer(.rate)), to: Self.rate)
    (time, loss) = (runner.id(of: .optimizer(.time)), runner.id(of: .model(.loss)))
    self.batch = batch
  }

  /// Measures for some seconds, after as many steps of warming up as other engines get.
  ///
  /// - Throws: `ExecutionProblem.refused`.
  package mutating func run(seconds: Double, breakdown: Bool) throws -> Result {
    var losses: [Double] = []
    let firstStep = try timed { losses.append($0) }
    let start = clock.now
    while losses.count < 5 || since(start) < min(1, seconds / 4) {
      _ = try timed { losses.append($0) }
    }
    runner.fast?.isTimed = breakdown
    var times: [Double] = []
    let begin = clock.now
    while times.count < 7 || since(begin) < seconds && times.count < Self.mostSteps {
      times.append(try timed { _ in })
    }
    let parts = runner.fast.map { zip($0.program.steps, $0.seconds) }?
      .map { (step: $0, seconds: $1 / Double(times.count)) }
    return Result(
      milliseconds: times.map { $0 * 1e3 },
      firstStep: firstStep * 1e3,
      losses: losses,
      breakdown: breakdown ? parts ?? [] : []
    )
  }

  /// The loss of a first step, for those who only want to know how soon it is there.
  ///
  /// - Throws: `ExecutionProblem.refused`.
  package mutating func firstLoss() throws -> Double {
    var loss = 0.0
    _ = try timed { loss = $0 }
    return loss
  }

  private mutating func timed(_ body: (Double) -> Void) throws -> Double {
    let start = clock.now
    update += 1
    try runner.set(time, to: Double(update))
    try runner.set(batch)
    try runner.run(round: 0)
    let loss = runner.number(self.loss)
    try runner.finishUpdate()
    let seconds = since(start)
    body(loss)
    return seconds
  }

  private func since(_ start: ContinuousClock.Instant) -> Double {
    (clock.now - start) / .seconds(1)
  }
}
