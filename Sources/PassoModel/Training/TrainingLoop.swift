// SPDX-License-Identifier: MIT

import PassoData
import PassoEngine
import PassoText

/// A training from its first step, or from a checkpoint, to its last: steps, log, validation,
/// checkpoints.
package struct TrainingLoop {
  /// What is written where, and how often.
  package struct Plan: Sendable {
    /// The number of the last step.
    package var steps: Int

    /// Where model and checkpoint go.
    package var folder: String

    /// Where the log goes; nil for none.
    package var log: String?

    /// Steps from one checkpoint to the next; a minute is the longest time between two.
    package var checkpointSteps = 100

    /// Steps from one look at the validation text to the next.
    package var validationSteps = 100

    package init(steps: Int, folder: String, log: String? = nil) {
      self.steps = steps
      self.folder = folder
      self.log = log
    }
  }

  /// What a person may want to see.
  package enum Event {
    /// A step was done.
    case step(StepReport, tokensPerSecond: Double, validationLoss: Double?)
    /// Everything was saved.
    case saved(steps: Int)
  }

  /// How a training ended.
  package enum End: Sendable {
    case done
    case interrupted
  }

  package private(set) var trainer: Trainer
  private let plan: Plan
  package let description: ModelDescription
  package let tokenizer: (any Tokenizer)?
  package let data: TrainingData
  private var validator: Validator?
  private let clock = ContinuousClock()

  /// Prepares a training; `folder` may hold an earlier part of it.
  ///
  /// - Parameters:
  ///   - trainer: At its first step.
  ///   - plan: What is written where.
  ///   - description: What `config.json` will say.
  ///   - tokenizer: What `tokenizer.json` will say, if text is known.
  ///   - data: What is learned; its validation part is looked at now and then.
  ///   - resumes: Whether to go on from the checkpoint of the folder, if there is one.
  /// - Throws: `TrainingProblem`, or a problem of the files.
  package init(
    _ trainer: Trainer,
    plan: Plan,
    description: ModelDescription,
    tokenizer: (any Tokenizer)?,
    data: TrainingData,
    resumes: Bool
  ) throws {
    self.plan = plan
    self.description = description
    self.tokenizer = tokenizer
    self.data = data
    self.trainer = trainer
    validator = try data.validation.map {
      try Validator(
        $0,
        of: trainer.configuration,
        batch: data.batch,
        mask: data.mask,
        silenced: trainer.plan.silenced,
        precision: trainer.settings.precision,
        threads: trainer.threads
      )
    }
    try Self.checkpoint(in: plan.folder, resumes: resumes)?.restore(&self.trainer)
  }

  /// What a folder holds of a training already; nil for nothing.
  ///
  /// - Parameters:
  ///   - folder: Where the training goes.
  ///   - resumes: Whether to go on from what is there.
  /// - Returns: The checkpoint to go on from.
  /// - Throws: `TrainingProblem.alreadyThere`, or what is wrong with the checkpoint.
  @discardableResult
  package static func checkpoint(in folder: String, resumes: Bool) throws -> Checkpoint? {
    guard Checkpoint.exists(in: folder) else { return nil }
    let checkpoint = try Checkpoint(folder: folder)
    guard resumes else {
      throw TrainingProblem.alreadyThere(folder: folder, step: checkpoint.steps)
    }
    return checkpoint
  }

  /// Does the steps that are left.
  ///
  /// Whoever stops it finds the state after the last whole step saved; a kill leaves the last
  /// checkpoint. A failure before anything was learned leaves no model where there was none.
  package mutating func run(
    unless shouldStop: () -> Bool,
    on event: (Event, Trainer) throws -> Void
  ) throws -> End {
    let log = try openLog()
    let new = NewFiles(ModelFolder.fileNames + [Checkpoint.fileName], in: plan.folder)
    var saved = (steps: trainer.steps, time: clock.now)
    do {
      // Whoever may not write here learns it now, not after an hour.
      if trainer.steps == 0 { try save(event) }
      return try go(on: log, saved: &saved, unless: shouldStop, on: event)
    } catch {
      if saved.steps == 0 { new.takeBack() }
      throw error
    }
  }

  private mutating func go(
    on log: TrainingLog?,
    saved: inout (steps: Int, time: ContinuousClock.Instant),
    unless shouldStop: () -> Bool,
    on event: (Event, Trainer) throws -> Void
  ) throws -> End {
    while trainer.steps < plan.steps {
      let start = clock.now
      let report = try trainer.step()
      if let damage = data.training.damage { throw damage }
      let rate = Double(trainer.tokensPerStep) / max(seconds(since: start), 1e-9)
      var loss: Double?
      if trainer.steps.isMultiple(of: plan.validationSteps) { loss = try validationLoss() }
      try log?.append(report, tokensPerSecond: rate, validationLoss: loss)
      // Not in the log, which must not depend on where a training was stopped.
      if loss == nil, trainer.steps == plan.steps { loss = try validationLoss() }
      try event(.step(report, tokensPerSecond: rate, validationLoss: loss), trainer)
      let isStopped = shouldStop()
      let isDue =
        trainer.steps - saved.steps >= plan.checkpointSteps || seconds(since: saved.time) > 60
      if isDue || isStopped || trainer.steps == plan.steps {
        try save(event)
        saved = (trainer.steps, clock.now)
      }
      if isStopped, trainer.steps < plan.steps { return .interrupted }
    }
    return .done
  }

  private func openLog() throws(FileProblem) -> TrainingLog? {
    guard let path = plan.log else { return nil }
    return try TrainingLog(path: path, after: trainer.steps)
  }

  private mutating func validationLoss() throws -> Double? {
    try validator?.loss(trainer.parameters)
  }

  /// The checkpoint last: until it is there, the one before is what a training goes on from.
  private func save(_ event: (Event, Trainer) throws -> Void) throws {
    try ModelFolder.write(
      description,
      trainer.parameters,
      tokenizer: tokenizer,
      to: plan.folder
    )
    try Checkpoint.write(trainer, folder: plan.folder)
    try event(.saved(steps: trainer.steps), trainer)
  }

  private func seconds(since start: ContinuousClock.Instant) -> Double {
    let parts = (clock.now - start).components
    return Double(parts.seconds) + Double(parts.attoseconds) * 1e-18
  }
}
