// SPDX-License-Identifier: MIT

import PassoData
import PassoEngine
import PassoFiles
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

    /// How it is to be gone on with; nil if nobody can say.
    package var recipe: TrainingRecipe?

    /// What is done, for the record beside the model; nil if nobody can say.
    package var experiment: Experiment?

    /// Whether the log of another training may be lost.
    package var replaces = false

    /// Options that were typed to go on, by their names without dashes.
    package var typed: Set<String> = []

    /// Steps from one checkpoint to the next; a minute is the longest time between two.
    package var checkpointSteps = 100

    /// Steps from one look at the validation text to the next.
    package var validationSteps = 100

    /// Steps from one count of right answers to a task to the next.
    package var measuredSteps = 25

    package init(steps: Int, folder: String, log: String? = nil) {
      self.steps = steps
      self.folder = folder
      self.log = log
    }
  }

  /// What a person may want to see.
  package enum Event {
    /// Right answers to a task were counted, after a step.
    case measured(step: Int, [TaskScore])
    /// A step was done.
    case step(StepReport, tokensPerSecond: Double, validationLoss: Double?)
    /// Everything was saved.
    case saved(steps: Int)
    /// The log takes no more lines for the time being.
    case unlogged(FileProblem)
    /// Weights were written in another type than that of the folder they came from.
    case widened
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
  private var folder: TrainingFolder?
  private var log: TrainingLog?

  /// Lines of the log that found no room on the disk until the end.
  package private(set) var unloggedSteps = 0
  private var validator: Validator?
  private var meter: TaskMeter?
  private let clock = ContinuousClock()

  /// Prepares a training; the folder of the plan may hold an earlier part of it.
  ///
  /// - Parameters:
  ///   - trainer: At its first step.
  ///   - plan: What is written where.
  ///   - description: What `config.json` will say.
  ///   - tokenizer: What `tokenizer.json` will say, if text is known.
  ///   - data: What is learned; its validation part is looked at now and then.
  ///   - folder: The folder of the plan, if it was opened already.
  ///   - resumes: Whether to go on from the checkpoint of the folder.
  /// - Throws: `TrainingProblem`, or a problem of the files.
  package init(
    _ trainer: Trainer,
    plan: Plan,
    description: ModelDescription,
    tokenizer: (any Tokenizer)?,
    data: TrainingData,
    folder: TrainingFolder? = nil,
    resumes: Bool = false
  ) throws {
    self.plan = plan
    self.description = description
    self.tokenizer = tokenizer
    self.data = data
    self.trainer = trainer
    let folder = try folder ?? TrainingFolder(plan.folder, resumes ? .resume : .begin)
    self.folder = folder
    validator = try data.validation.map {
      try Validator($0, of: trainer.model, batch: data.batch)
    }
    meter = try data.task.map { try TaskMeter(trainer.model, $0) }
    try folder.checkpoint?.restore(&self.trainer, typed: plan.typed)
  }

  /// Does the steps that are left.
  ///
  /// After a stop, the state behind the last whole step is saved; a kill leaves the last
  /// checkpoint. A failure before anything was learned leaves no model where there was none.
  package mutating func run(
    unless shouldStop: () -> Bool,
    on event: (Event, Trainer) throws -> Void
  ) throws -> End {
    let new = NewFiles(Self.fileNames, in: plan.folder)
    var saved = Saved(steps: trainer.steps, time: clock.now, isWhole: folder?.checkpoint != nil)
    // What was written belongs to everyone again.
    defer { (folder, unloggedSteps, log) = (nil, log?.waitingCount ?? 0, nil) }
    do {
      log = try openLog()
      // A folder without permission is found now, not after an hour.
      if !plan.replaces { try writeRecipe() }
      if !saved.isWhole {
        try save(event, isUpdate: false)
        saved.isWhole = true
      }
      // Until the new model is there, the old one is to be gone on with as it was begun.
      if plan.replaces { try writeRecipe() }
      return try go(saved: &saved, unless: shouldStop, on: event)
    } catch {
      throw failure(error, saved, new)
    }
  }

  private func writeRecipe() throws {
    guard var recipe = plan.recipe else { return }
    recipe.log = log?.identity ?? 0
    try recipe.write(folder: plan.folder)
  }

  /// What was saved last.
  private struct Saved {
    var steps: Int
    var time: ContinuousClock.Instant

    /// Whether there is a checkpoint to go on from.
    var isWhole: Bool
  }

  private static let fileNames =
    ModelFolder.fileNames + [Checkpoint.fileName, TrainingRecipe.fileName]

  /// What a failure leaves, and what is said of it.
  private func failure(_ error: any Error, _ saved: Saved, _ new: NewFiles) -> any Error {
    guard saved.isWhole else {
      new.takeBack()
      return error
    }
    switch error {
    case let problem as FileProblem:
      return TrainingProblem.notSaved(problem, step: trainer.steps, saved: saved.steps)
    case TrainingProblem.notFinite(let step, let value, let loss, let isClipped, _):
      // A model that has learned nothing is not what was asked for.
      if saved.steps == 0 { new.takeBack() }
      return TrainingProblem.notFinite(
        step: step,
        value: value,
        loss: loss,
        isClipped: isClipped,
        saved: saved.steps > 0 ? saved.steps : nil
      )
    default: return error
    }
  }

  private mutating func go(
    saved: inout Saved,
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
      var scores: [TaskScore] = []
      if trainer.steps.isMultiple(of: plan.measuredSteps) { scores = try measure(event) }
      let isUnlogged = try !note(report, rate, loss ?? scores.last?.loss, scores, event)
      // Not in the log, which must not depend on where a training was stopped.
      if loss == nil, trainer.steps == plan.steps { loss = try validationLoss() }
      if scores.isEmpty, trainer.steps == plan.steps { _ = try measure(event) }
      try event(.step(report, tokensPerSecond: rate, validationLoss: loss), trainer)
      let isStopped = shouldStop()
      let isDue =
        trainer.steps - saved.steps >= plan.checkpointSteps || seconds(since: saved.time) > 60
      if isDue || isStopped || isUnlogged || trainer.steps == plan.steps {
        try save(event)
        (saved.steps, saved.time) = (trainer.steps, clock.now)
      }
      if isStopped, trainer.steps < plan.steps { return .interrupted }
    }
    return .done
  }

  private func openLog() throws -> TrainingLog? {
    guard let path = plan.log else { return nil }
    return try TrainingLog(
      path: path,
      at: .init(
        steps: trainer.steps,
        loss: folder?.checkpoint?.loss,
        own: folder?.recipe?.log,
        replaces: plan.replaces
      )
    )
  }

  /// Adds a line to the log; false if it is the first that finds no room.
  ///
  /// A log that cannot be written is no reason to lose what was learned.
  private func note(
    _ report: StepReport,
    _ rate: Double,
    _ loss: Double?,
    _ scores: [TaskScore],
    _ event: (Event, Trainer) throws -> Void
  ) throws -> Bool {
    do {
      try log?.append(
        report,
        tokensPerSecond: rate,
        kernels: trainer.kernels,
        validationLoss: loss,
        scores: scores
      )
    } catch {
      guard log?.waitingCount == 1 else { return true }
      try event(.unlogged(error), trainer)
      return false
    }
    return true
  }

  private mutating func validationLoss() throws -> Double? {
    try validator?.loss(of: trainer)
  }

  private func measure(_ event: (Event, Trainer) throws -> Void) throws -> [TaskScore] {
    guard let scores = try meter?.scores(of: trainer) else { return [] }
    try event(.measured(step: trainer.steps, scores), trainer)
    return scores
  }

  /// The checkpoint last: until it is there, the one before is what a training goes on from.
  private func save(
    _ event: (Event, Trainer) throws -> Void,
    isUpdate: Bool = true
  ) throws {
    let storage = try ModelFolder.write(
      description,
      trainer,
      tokenizer: tokenizer,
      experiment: plan.experiment,
      to: plan.folder,
      // A training that begins has written its recipe before, in a folder that is its own.
      isUpdate: isUpdate || !plan.replaces
    )
    try Checkpoint.write(trainer, folder: plan.folder)
    if storage != description.storage { try event(.widened, trainer) }
    try event(.saved(steps: trainer.steps), trainer)
  }

  private func seconds(since start: ContinuousClock.Instant) -> Double {
    (clock.now - start) / .seconds(1)
  }
}
