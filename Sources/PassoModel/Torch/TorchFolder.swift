// SPDX-License-Identifier: MIT

import PassoData
import PassoEngine
import PassoFiles
import PassoText

/// A folder in which PyTorch goes on with a training, and from which Passo goes on again.
///
/// It is a training folder like that of `passo train`, whose checkpoint has the names of Hugging
/// Face; beside it lie the rows still to come, what `train.py` has to know of the training, and
/// `train.py`.
package struct TorchFolder: Sendable {
  /// What is handed over besides the state of the training.
  package struct Contents: Sendable {
    /// What `config.json` will say.
    package var description: ModelDescription

    /// What `tokenizer.json` will say, if text is known.
    package var tokenizer: (any Tokenizer)?

    /// How the model learns, for the record beside it.
    package var experiment: Experiment

    /// How the training is to be gone on with.
    package var recipe: TrainingRecipe

    /// The log of the training so far; nil if there is none.
    package var log: String?

    package init(
      _ description: ModelDescription,
      tokenizer: (any Tokenizer)?,
      _ experiment: Experiment,
      _ recipe: TrainingRecipe,
      log: String?
    ) {
      (self.description, self.tokenizer, self.experiment) = (description, tokenizer, experiment)
      (self.recipe, self.log) = (recipe, log)
    }
  }

  private let trainer: Trainer
  private let data: TrainingData
  private let lastStep: Int
  private let path: String

  private static let planName = "torch.json"

  /// The program for PyTorch.
  package static let scriptName = "train.py"

  /// The file of the log, which both write.
  package static let logName = "log.jsonl"

  /// Looks whether a training can be handed over.
  ///
  /// - Parameters:
  ///   - trainer: Where the training has come to.
  ///   - data: What it learns from.
  ///   - lastStep: The step up to which PyTorch is to be able to go.
  ///   - path: The folder to write, new or empty.
  /// - Throws: `TorchProblem`, before anything is written.
  package init(
    _ trainer: Trainer,
    _ data: TrainingData,
    lastStep: Int,
    path: String
  ) throws(TorchProblem) {
    (self.trainer, self.data, self.lastStep, self.path) = (trainer, data, lastStep, path)
    guard lastStep > trainer.steps else { throw .finished(step: trainer.steps) }
    try Self.expectRoom(at: path)
    try Self.check(trainer, data)
  }

  /// Checks that a folder is new or empty.
  package static func expectRoom(at path: String) throws(TorchProblem) {
    guard PrivateFolder.names(in: path).isEmpty, !AtomicFile.isFile(path) else {
      throw .occupied(folder: path)
    }
  }

  /// Checks that `train.py` can do what the training does.
  private static func check(_ trainer: Trainer, _ data: TrainingData) throws(TorchProblem) {
    let (optimizer, model) = (trainer.settings.optimizer, trainer.configuration)
    if model.layout == .passo { throw .ownModel }
    guard case .adamW = optimizer.rule else {
      throw .other(needs: Bilingual(same: "AdamW"), got: Bilingual(same: optimizer.name))
    }
    if optimizer.gradients != .cleared {
      throw .other(
        needs: Bilingual(it: "gradienti azzerati a ogni passo", en: "gradients cleared each step"),
        got: Bilingual(same: "--gradients \(optimizer.gradients.rawValue)")
      )
    }
    if model.dropout > 0 {
      throw .other(
        needs: Bilingual(
          it: "un modello senza dropout, i cui zeri verrebbero da altri numeri casuali",
          en: "a model without dropout, whose zeros would come from other random numbers"
        ),
        got: Bilingual(same: "dropout ") + NumberText.general(model.dropout)
      )
    }
    if data.weighsTargets {
      throw .other(
        needs: Bilingual(
          it: "target che contano tutti allo stesso modo",
          en: "targets that all count the same"
        ),
        got: Bilingual(it: "target con pesi diversi", en: "targets of different weights")
      )
    }
    if data.mask != .causal {
      throw .other(
        needs: Bilingual(
          it: "la maschera causale, l'unica dei modelli di transformers",
          en: "the causal mask, the only one of the models of transformers"
        ),
        got: Bilingual(same: "--mask \(data.mask)")
      )
    }
    if !trainer.plan.ablatedHeads.isEmpty {
      throw .other(
        needs: Bilingual(it: "tutte le teste accese", en: "all heads switched on"),
        got: Bilingual(it: "teste spente", en: "heads that are switched off")
      )
    }
  }
}

// MARK: - Writing

extension TorchFolder {
  /// Writes the folder; where that fails, nothing of it is left.
  ///
  /// - Throws: `FileProblem`, or `TextProblem` if the text is no longer what it was.
  package func write(_ contents: Contents) throws {
    let own = [
      Checkpoint.fileName, TrainingRecipe.fileName, Self.logName, Self.planName, Self.scriptName,
    ]
    let new = NewFiles(ModelFolder.fileNames + TorchRows.fileNames + own, in: path)
    try AtomicFile.makeFolder(path)
    do {
      let claim = try FolderClaim(path)
      defer { withExtendedLifetime(claim) {} }
      try writeFiles(contents)
    } catch {
      new.takeBack()
      throw error
    }
  }

  private func writeFiles(_ contents: Contents) throws {
    let rounds = trainer.settings.optimizer.rounds
    let rows = TorchRows(data: data, rounds: trainer.steps * rounds..<lastStep * rounds)
    let kept = try rows.write(folder: path)
    try Checkpoint.writeTorch(trainer, folder: path)
    try writeRecipe(contents)
    try TextFile.write(PackageResources.train_py.text, to: "\(path)/\(Self.scriptName)")
    try TextFile.write(plan(validationRows: kept), to: "\(path)/\(Self.planName)")
    try ModelFolder.write(
      contents.description,
      trainer,
      tokenizer: contents.tokenizer,
      experiment: contents.experiment,
      to: path
    )
  }

  /// Writes the log so far and how the training goes on, which has to know the file of the log.
  private func writeRecipe(_ contents: Contents) throws {
    let file = "\(path)/\(Self.logName)"
    let lines = try contents.log.map { try InputFile.read(path: $0, limit: .max) } ?? []
    try AtomicFile.write(lines, to: file)
    var recipe = contents.recipe
    recipe.log = try AppendedFile(path: file).identity
    try recipe.write(folder: path)
  }

  /// What `train.py` has to know.
  private func plan(validationRows: Int) -> String {
    let settings = trainer.settings
    let (optimizer, schedule) = (settings.optimizer, settings.optimizer.schedule)
    let numbers = optimizer.rule.numbers
    func number(_ name: String) -> String { JSONText.number(numbers[name] ?? 0) }
    let members = [
      ("first_step", "\(trainer.steps + 1)"), ("last_step", "\(lastStep)"),
      ("rows", "\(data.batch.rows * optimizer.rounds)"), ("rows_at_once", "\(data.batch.rows)"),
      ("length", "\(data.batch.length)"),
      ("validation_rows", "\(validationRows)"),
      ("validation_every", "\(TrainingLoop.Plan(steps: 1, folder: "").validationSteps)"),
      ("precision", JSONText.string(settings.precision.rawValue)),
      ("lr", JSONText.number(settings.rate)),
      ("schedule", JSONText.string(schedule.decay.rawValue)), ("warmup", "\(schedule.warmup)"),
      ("decay_steps", "\(schedule.updates)"), ("floor", JSONText.number(schedule.floor)),
      ("beta1", number("beta1")), ("beta2", number("beta2")), ("eps", number("eps")),
      ("weight_decay", number("weight-decay")),
      ("clip", JSONText.number(optimizer.clip ?? 0)),
    ]
    let lines = members.map { "  \(JSONText.string($0.0)): \($0.1)" }
    return "{\n" + lines.joined(separator: ",\n") + "\n}\n"
  }
}

extension [UInt8] {
  /// The same as a string; a resource is UTF-8.
  fileprivate var text: String { String(decoding: self, as: UTF8.self) }
}
