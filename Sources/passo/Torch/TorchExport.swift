// SPDX-License-Identifier: MIT

import ArgumentParser
import PassoFiles
import PassoModel
import PassoText

/// A training handed over to PyTorch.
struct TorchOptions: ParsableArguments {
  @Option(
    it: "La cartella nuova in cui PyTorch continua l'addestramento di --model, con train.py.",
    en: "The new folder in which PyTorch goes on with the training of --model, by train.py."
  )
  var torch: String?

  @Option(
    it: "La cartella dell'addestramento, quella di --out di passo train.",
    en: "The folder of the training, that of passo train's --out."
  )
  var model: String?

  @Option(
    it: "L'ultimo passo che PyTorch può fare; quello dell'addestramento se non si dice.",
    en: "The last step that PyTorch can do; that of the training if not given.",
    parser: ValueParser.count(from: 1)
  )
  var steps: Int?

  /// What is to be handed over; nil if nothing is.
  ///
  /// - Parameter others: Whether anything else is asked for.
  /// - Returns: The two folders and the step.
  /// - Throws: `UsageProblem` if the options do not go together.
  func asked(beside others: Bool) throws(UsageProblem) -> TorchExport? {
    guard let torch else {
      guard model == nil, steps == nil else {
        throw UsageProblem(
          ["--model", "--steps"],
          areFor: Bilingual(same: "--torch"),
          got: Bilingual(it: "un'altra esportazione", en: "another export"),
          hint: Self.example
        )
      }
      return nil
    }
    guard let model else {
      throw UsageProblem(
        it: "a passo export --torch manca --model <model>",
        en: "passo export --torch needs --model <model>, got none",
        hint: Self.example
      )
    }
    if others {
      throw UsageProblem(
        it: "--torch va da solo con --model e --steps, qui ci sono opzioni di altre esportazioni",
        en: "--torch needs --model and --steps beside it alone, got options of other exports",
        hint: Self.example
      )
    }
    return TorchExport(training: model, out: torch, steps: steps)
  }

  private static let example = Bilingual(
    it: "per esempio passo export --torch NUOVA --model CARTELLA",
    en: "for example passo export --torch NEW --model DIR"
  )
}

/// From the folder of a training to one in which PyTorch goes on with it.
struct TorchExport {
  let training: String
  let out: String
  let steps: Int?

  /// Writes the folder.
  ///
  /// - Throws: What speaks against it, before anything is written.
  func run(_ front: FrontEnd) throws {
    try TorchFolder.expectRoom(at: out)
    let folder = try Self.folder(training)
    guard folder.checkpoint != nil, let recipe = folder.recipe else {
      throw TorchProblem.noCheckpoint(folder: training)
    }
    let words = TrainingWords(
      ["--out", training] + (steps.map { ["--steps", "\($0)"] } ?? [])
    )
    let (setup, loop) = try opened(words, folder, front)
    let handover = try TorchFolder(
      loop.trainer,
      loop.data,
      lastStep: setup.lastStep,
      path: out
    )
    let log = recipe["--log"]?.first.flatMap { TrainingLog.isLog($0, of: folder) ? $0 : nil }
    try handover.write(
      TorchFolder.Contents(
        loop.description,
        tokenizer: loop.tokenizer,
        setup.assembly.experiment,
        setup.recipe(out: out),
        log: log
      )
    )
    StandardError.say([setup.pastSchedule(loop.trainer)], front.language)
    front.console().say(said(loop, upTo: setup.lastStep))
  }

  private static func folder(_ path: String) throws -> TrainingFolder {
    do {
      return try TrainingFolder(path, .resume)
    } catch TrainingFolderProblem.nothingToResume {
      throw TorchProblem.noCheckpoint(folder: path)
    }
  }

  /// The training as it was left, with all that it learns from.
  private func opened(
    _ words: TrainingWords,
    _ folder: TrainingFolder,
    _ front: FrontEnd
  ) throws -> (TrainingSetup, TrainingLoop) {
    guard let recipe = folder.recipe else { throw TorchProblem.noCheckpoint(folder: training) }
    do {
      let command = try TrainCommand.parse(words.resuming(recipe, folder))
      let setup = try TrainingSetup(command, words, folder, front)
      return (setup, try setup.loop())
    } catch let problem as ResumeProblem {
      throw TorchExportProblem(cause: problem)
    }
  }

  private func said(_ loop: TrainingLoop, upTo last: Int) -> Bilingual {
    let (done, rows) = (loop.trainer.steps, loop.data.batch.rows)
    let all = rows * loop.trainer.settings.optimizer.rounds
    let command = "torchrun --nproc_per_node=2 \("\(out)/\(TorchFolder.scriptName)".inShell)"
    let task =
      loop.data.task == nil
      ? Bilingual(same: "")
      : Bilingual(
        it: "; le risposte giuste le conta solo Passo",
        en: "; right answers are counted by Passo alone"
      )
    return Bilingual(
      it: "l'addestramento dal passo \(done) al passo \(last) è in \(it: out), \(all) righe per"
        + " passo: \(command); poi passo train --resume --out \(out.inShell)",
      en: "the training from step \(done) to step \(last) is in \(en: out), \(all) rows a step:"
        + " \(command); then passo train --resume --out \(out.inShell)"
    ) + task
  }
}

/// What a training learns from is not there any more, or has become something else.
struct TorchExportProblem: Problem {
  let cause: (any Problem)?

  var message: Bilingual { cause?.message ?? Bilingual(same: "") }

  var hint: Bilingual? {
    Bilingual(
      it: "PyTorch impara dalle stesse righe: rimetti il testo com'era e dov'era",
      en: "PyTorch learns from the same rows: put the text back as and where it was"
    )
  }
}
