// SPDX-License-Identifier: MIT

import FoundationEssentials
import PassoData
import PassoEngine
import PassoFiles
import PassoModel
import PassoRuntime
import PassoText

/// From the words of `passo train` to a training that is ready to run.
struct TrainingSetup {
  private let command: TrainCommand
  private let words: TrainingWords
  private let folder: TrainingFolder
  private let model: OpenedModel
  private let room: Room
  let opened: OpenedData
  let assembly: Assembly

  /// The positions that a row may have, and that the model could read.
  private struct Room {
    let positions: Int
    let readable: Int
  }

  /// Reads what there is to learn from.
  ///
  /// - Throws: A problem of the model folder, of the texts, or of what was asked.
  init(
    _ command: TrainCommand,
    _ words: TrainingWords,
    _ folder: TrainingFolder,
    _ front: FrontEnd
  ) throws {
    (self.command, self.words, self.folder) = (command, words, folder)
    model = try Self.model(command, folder)
    let forgotten = Self.forgottenText(words, folder)
    if let forgotten, !forgotten.isPiped { throw ResumeProblem.textNeeded(forgotten) }
    var experiment: Experiment
    do {
      experiment = try command.experiment(of: model, command.source(front))
      try Self.expectSameRules(experiment, folder)
      try experiment.checkHeads(of: model.configuration())
      let room = try Self.room(experiment, model)
      self.room = room
      opened = try front.readingTexts { [experiment, model] reading in
        try OpenedData.open(
          experiment,
          given: model.tokenizer,
          ends: model.ends,
          contextLength: room.positions,
          reading
        )
      }
    } catch let error where forgotten?.isEmpty(error) ?? false {
      throw forgotten.map(ResumeProblem.textNeeded) ?? error
    } catch TextProblem.encoding(_, let file, _) where folder.checkpoint != nil {
      // The tokenizer knows all of the text that it was learned from.
      throw ResumeProblem.otherText(file: file)
    }
    StandardError.say(opened.tokenizerNotes.map(\.text), front.language)
    StandardError.say(model.notes, front.language)
    if model.hasFixedSizes, let corpus = opened.corpus {
      let objective = try experiment.objective.objective(for: opened.tokenizer)
      experiment.context = corpus.length(objective, contextLength: room.positions)
    }
    assembly = try Assembly(experiment, model, opened, precision: command.learning.precision)
    try expectSameTexts()
  }

  /// The text of a training that is gone on with, if it cannot be read where it was.
  private static func forgottenText(
    _ words: TrainingWords,
    _ folder: TrainingFolder
  ) -> ForgottenText? {
    guard let recipe = folder.recipe, !words.names.contains("text"),
      let names = recipe["--text"],
      let place = names.firstIndex(where: ForgottenText.isForgotten)
    else { return nil }
    let fingerprint = recipe.texts.count == names.count ? recipe.texts[place] : nil
    return ForgottenText(name: names[place], fingerprint: fingerprint, folder: folder.path)
  }

  private static func model(
    _ command: TrainCommand,
    _ folder: TrainingFolder
  ) throws -> OpenedModel {
    if let checkpoint = folder.checkpoint, folder.recipe != nil {
      if let path = command.model, FileManager.default.fileExists(atPath: path),
        !FolderContents.isConfigurationAlone(at: path)
      {
        try expectModel(path, checkpoint, folder.path)
      }
      return try OpenedModel(resuming: folder.path)
    }
    return try OpenedModel(command.start(), needsTokenizer: command.tokens == nil)
  }

  /// The folder of the model may have moved, but not become another model.
  private static func expectModel(
    _ path: String,
    _ checkpoint: Checkpoint,
    _ folder: String
  ) throws {
    let stated = try ModelDescription(path: "\(path)/config.json").fingerprint
    guard let then = checkpoint.settings["model"], then != String(stated, radix: 16) else { return }
    // The files beside `config.json` may say which tokens end a text, and the weights that the
    // model has a head of its own.
    guard then != String(try ModelFolder(path: path).fingerprint, radix: 16) else { return }
    let setting = OtherSetting("--model", then: folder, now: path)
    throw ResumeProblem.otherSetting(setting, folder: folder)
  }

  /// Rules may be elsewhere than when the training began, but have to say the same.
  private static func expectSameRules(
    _ experiment: Experiment,
    _ folder: TrainingFolder
  ) throws(ResumeProblem) {
    guard let rules = experiment.rules, let then = folder.recipe?.texts.first,
      folder.checkpoint != nil, then != rules.contentHash
    else { return }
    throw .otherRules(file: rules.path)
  }

  /// The fingerprint of each file that is learned from.
  private var sourceHashes: [UInt64] {
    assembly.experiment.rules.map { [$0.contentHash] } ?? opened.textHashes
  }

  /// Texts may be elsewhere than when the training began, but not have become others.
  private func expectSameTexts() throws {
    guard let recipe = folder.recipe, folder.checkpoint != nil else { return }
    let hashes = opened.textHashes
    guard recipe.texts != hashes, !recipe.texts.isEmpty, !command.text.isEmpty else { return }
    let pairs = zip(recipe.texts, hashes).enumerated()
    let place = pairs.first { $0.element.0 != $0.element.1 }?.offset ?? command.text.count - 1
    throw ResumeProblem.otherText(file: command.text[min(place, command.text.count - 1)])
  }

  /// As many positions as the model reads and the memory holds, unless a person says how many.
  private static func room(_ experiment: Experiment, _ model: OpenedModel) throws -> Room {
    let configuration = model.configuration()
    let readable = configuration.contextLength
    guard model.hasFixedSizes, experiment.files != nil, experiment.context == nil else {
      let positions = model.description == nil ? experiment.context ?? readable : readable
      return Room(positions: positions, readable: positions)
    }
    let rows = experiment.rows / experiment.optimizer.rounds
    let positions = try FineTuning.context(
      upTo: readable,
      within: MemoryRoom.limit / 3 * 2
    ) { length in
      try experiment.program(configuration, batch: BatchShape(rows: rows, length: length))
        .byteCount(experiment.precision)
    }
    return Room(positions: positions, readable: readable)
  }

  /// The training, at its first step or where it was left.
  func loop() throws -> TrainingLoop {
    let description = model.description ?? Assembly.description(of: assembly.configuration, opened)
    let parameters = try model.parameters(assembly.configuration)
    do {
      return try TrainingLoop(
        assembly.trainer(parameters, description, opened, threads: command.learning.threads),
        plan: plan,
        description: description,
        tokenizer: opened.textTokenizer,
        data: assembly.data,
        folder: folder
      )
    } catch let other as OtherSetting {
      let option = OtherSetting("--\(other.setting)", then: other.then, now: other.now)
      throw ResumeProblem.otherSetting(option, folder: folder.path)
    }
  }

  /// The number of the last step.
  var lastStep: Int { command.lastStep }

  /// How the training is to be gone on with.
  private var recipe: TrainingRecipe {
    let begun = folder.recipe.map(\.choices) ?? []
    let typed = Set(words.choices.map(\.option))
    let choices = begun.filter { !typed.contains($0.option) } + words.kept
    return TrainingRecipe(choices, texts: sourceHashes)
  }

  /// The same in another folder, which has its own log.
  func recipe(out: String) -> TrainingRecipe {
    var recipe = recipe
    let log = TrainingWords(["--log", "\(out)/\(TorchFolder.logName)"]).choices
    recipe.choices = recipe.choices.filter { $0.option != "--log" } + log
    return recipe
  }

  private var plan: TrainingLoop.Plan {
    var plan = TrainingLoop.Plan(steps: command.lastStep, folder: folder.path, log: command.log)
    plan.recipe = recipe
    plan.experiment = assembly.experiment
    plan.replaces = command.replace
    plan.typed = words.names
    return plan
  }

  /// What a person should know before the first step.
  func notes(_ trainer: Trainer) -> [Bilingual] {
    var notes: [Bilingual] = []
    if let note = trainer.slowness?.note { notes.append(note) }
    if trainer.plan.batch.length == room.positions, room.positions < room.readable {
      notes.append(shortened)
    }
    if let log = folder.recipe?["--log"]?.first, command.log == nil { notes.append(lost(log)) }
    if let checkpoint = folder.checkpoint {
      notes += checkpoint.notes(for: trainer)
    } else if folder.recipe != nil {
      notes.append(
        Bilingual(
          it: "la cartella non ha un checkpoint: l'addestramento ricomincia dal passo 1",
          en: "the folder holds no checkpoint: the training begins again at step 1"
        )
      )
    }
    return notes + [pastSchedule(trainer)].compactMap(\.self)
  }

  /// That the learning rate does not change any more before the last step; nil if it does.
  func pastSchedule(_ trainer: Trainer) -> Bilingual? {
    let schedule = trainer.settings.optimizer.schedule
    guard schedule.decay != .constant, lastStep > schedule.updates else { return nil }
    return past(schedule, trainer.settings.rate)
  }

  private func lost(_ log: String) -> Bilingual {
    let name = Bilingual.quoted(log)
    return Bilingual(
      it: "\(name.it) non è più il registro di questo addestramento, che va avanti senza; --log ne"
        + " sceglie uno",
      en: "\(name.en) is no longer the log of this training, which goes on without one; --log"
        + " chooses one"
    )
  }

  private var shortened: Bilingual {
    let (rows, length, readable) = (assembly.data.batch.rows, room.positions, room.readable)
    return Bilingual(
      it: "righe di \(length) posizioni: per \(rows) righe delle \(readable) che il modello legge"
        + " la memoria non basta; --context e --batch scelgono altrimenti",
      en: "rows of \(length) positions: \(rows) rows of the \(readable) that the model reads do"
        + " not fit into memory; --context and --batch choose otherwise"
    )
  }

  private func past(_ schedule: RateSchedule, _ rate: Double) -> Bilingual {
    let floor = NumberText.general(schedule.floor * rate)
    return Bilingual(
      it: "lo schedule finisce al passo \(schedule.updates): da lì il learning rate resta"
        + " \(floor.it)",
      en: "the schedule ends at step \(schedule.updates): from there the learning rate stays"
        + " \(floor.en)"
    )
  }
}

extension Checkpoint {
  /// What a person should know before a training is gone on with.
  fileprivate func notes(for trainer: Trainer) -> [Bilingual] {
    var notes: [Bilingual] = []
    if !isSealed, !isTorch {
      notes.append(
        Bilingual(
          it: "il checkpoint è di una versione precedente, senza impronta: un danno non si"
            + " noterebbe",
          en: "the checkpoint is of an older version, without a fingerprint: damage would not be"
            + " noticed"
        )
      )
    }
    if let then = kernels, let now = trainer.kernels, then != now {
      notes.append(
        Bilingual(
          it: "finora hanno calcolato i kernel \(then), da qui in poi i kernel \(now): le ultime"
            + " cifre possono essere diverse da quelle di un addestramento senza interruzioni",
          en: "so far the \(then) kernels have computed, from here on the \(now) kernels: the last"
            + " digits may differ from those of a training without interruption"
        )
      )
    }
    return notes
  }
}
