// SPDX-License-Identifier: MIT

import PassoData
import PassoEngine
import PassoModel
import PassoText

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// From the words of `passo train` to a training that is ready to run.
struct TrainingSetup {
  private let command: TrainCommand
  private let words: TrainingWords
  private let folder: TrainingFolder
  private let start: Start
  private let room: Room
  let material: any TrainingMaterial

  /// Where the model comes from.
  private enum Start {
    case folder(ModelFolder)
    case preset(Preset)

    /// A training that is gone on with: the parameters are those of its checkpoint.
    case saved(ModelDescription)

    var configuration: ModelConfiguration {
      switch self {
      case .folder(let folder): folder.configuration
      case .preset(let preset): preset.configuration(vocabularySize: 1)
      case .saved(let description): description.configuration
      }
    }

    func check(_ heads: [HeadAddress]) throws(TrainingProblem) {
      let (blocks, count) = (configuration.layerCount, configuration.headCount)
      for address in heads where address.block >= blocks || address.head >= count {
        throw TrainingProblem.noSuchHead(address, blocks: blocks, heads: count)
      }
    }
  }

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
    start = try Self.start(command, folder)
    try start.check(command.data.ablate)
    room = try Self.room(command, start)
    let forgotten = Self.forgottenText(words, folder)
    if let forgotten, !forgotten.isPiped { throw forgotten.problem }
    do {
      material = try Self.material(command, start, room.positions, folder, front)
    } catch let error where forgotten?.isEmpty(error) ?? false {
      throw forgotten?.problem ?? error
    } catch TextProblem.encoding(_, let file, _) where folder.checkpoint != nil {
      // The tokenizer knows all of the text that it was learned from.
      throw TrainingProblem.otherText(file: file)
    }
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

  private static func start(_ command: TrainCommand, _ folder: TrainingFolder) throws -> Start {
    if let checkpoint = folder.checkpoint, folder.recipe != nil {
      if let path = command.model, FileManager.default.fileExists(atPath: path) {
        try expectModel(path, checkpoint, folder.path)
      }
      return .saved(try ModelDescription(path: "\(folder.path)/config.json"))
    }
    if let path = command.model { return .folder(try ModelFolder(path: path)) }
    return .preset(command.preset.flatMap(Preset.named) ?? .sentences)
  }

  /// The folder of the model may have moved, but not become another model.
  private static func expectModel(
    _ path: String,
    _ checkpoint: Checkpoint,
    _ folder: String
  ) throws {
    let found = String(try ModelDescription(path: "\(path)/config.json").fingerprint, radix: 16)
    guard let then = checkpoint.settings["model"], then != found else { return }
    throw TrainingProblem.otherTraining(
      setting: "--model",
      then: folder,
      now: path,
      folder: folder
    )
  }

  /// Texts may be elsewhere than when the training began, but not have become others.
  private func expectSameTexts() throws {
    guard let recipe = folder.recipe, folder.checkpoint != nil else { return }
    let hashes = material.contents
    guard recipe.texts != hashes, !recipe.texts.isEmpty, !command.text.isEmpty else { return }
    let pairs = zip(recipe.texts, hashes).enumerated()
    let place = pairs.first { $0.element.0 != $0.element.1 }?.offset ?? command.text.count - 1
    throw TrainingProblem.otherText(file: command.text[min(place, command.text.count - 1)])
  }

  /// As many positions as the model reads and the memory holds, unless a person says how many.
  private static func room(_ command: TrainCommand, _ start: Start) throws -> Room {
    let readable = start.configuration.contextLength
    if case .preset(let preset) = start {
      let positions = command.data.context ?? preset.contextLength
      return Room(positions: positions, readable: positions)
    }
    guard case .folder(let folder) = start, !command.text.isEmpty, command.data.context == nil
    else { return Room(positions: readable, readable: readable) }
    let habit = LearningOptions.Habit.texts
    let positions = try FineTuning.context(
      upTo: readable,
      within: MemoryPlan.limit / 3 * 2
    ) { length in
      try TrainingProgram(
        folder.configuration,
        batch: BatchShape(rows: command.data.rows, length: length),
        mask: command.data.chosenMask,
        ablatedHeads: Set(command.data.ablate),
        optimizer: command.learning.optimizer(habit, steps: command.lastStep)
      )
      .byteCount(command.learning.precision ?? .standard(for: folder.configuration))
    }
    return Room(positions: positions, readable: readable)
  }

  private static func material(
    _ command: TrainCommand,
    _ start: Start,
    _ room: Int,
    _ folder: TrainingFolder,
    _ front: FrontEnd
  ) throws -> any TrainingMaterial {
    var given: (any Tokenizer)?
    var ends: [Int] = []
    switch start {
    case .folder(let folder):
      given = try folder.tokenizerIfReadable(isNeeded: command.tokens == nil)
      ends = folder.description.special.ends
    case .saved(let description):
      given = try TokenizerFile.read(folder: folder.path)
      ends = description.special.ends
    case .preset: break
    }
    if let path = command.tokens {
      return try RowsMaterial(path: path, tokenizer: given, rounds: command.learning.accumulate)
    }
    if let language = command.corpus.flatMap(ToyLanguage.named) {
      return try LanguageMaterial(language, given: given, command.data)
    }
    return try TextMaterial(command, given: given, ends: ends, room: room, front)
  }

  /// The training, at its first step or where it was left.
  func loop() throws -> TrainingLoop {
    let description = description()
    let configuration = description.configuration
    let data = try material.data(for: configuration)
    let trainer = try Trainer(
      settings(description, data),
      configuration: configuration,
      parameters: parameters(configuration),
      data: data,
      ablatedHeads: Set(command.data.ablate),
      threads: command.learning.threads
    )
    return try TrainingLoop(
      trainer,
      plan: plan,
      description: description,
      tokenizer: material.tokenizer,
      data: data,
      folder: folder
    )
  }

  private var plan: TrainingLoop.Plan {
    var plan = TrainingLoop.Plan(steps: command.lastStep, folder: folder.path, log: command.log)
    let begun = folder.recipe.map(\.choices) ?? []
    let typed = Set(words.choices.map(\.option))
    let choices = begun.filter { !typed.contains($0.option) } + words.kept
    plan.recipe = TrainingRecipe(choices, texts: material.contents)
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
    if let checkpoint = folder.checkpoint { notes += checkpoint.notes(for: trainer) }
    let schedule = trainer.settings.optimizer.schedule
    if schedule.decay != .constant, command.lastStep > schedule.updates {
      notes.append(past(schedule, trainer.settings.rate))
    }
    return notes
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
    let (rows, length, readable) = (command.data.rows, room.positions, room.readable)
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
      it: "lo schedule finisce al passo \(schedule.updates): da lì il learning rate resta \(floor)",
      en: "the schedule ends at step \(schedule.updates): from there the learning rate stays"
        + " \(floor)"
    )
  }
}

extension TrainingSetup {
  private func description() -> ModelDescription {
    switch start {
    case .folder(let folder): return folder.description
    case .saved(let description): return description
    case .preset(let preset):
      var configuration = preset.configuration(vocabularySize: material.vocabularySize)
      configuration.contextLength =
        command.data.context ?? max(configuration.contextLength, material.leastContext)
      let start = material.tokenizer?.id(of: .start).map(Int.init)
      // A new line begins with the start token: whoever makes it has ended the one before.
      let end = material.endToken.map(Int.init) ?? start
      let special = SpecialTokens(start: start, ends: end.map { [$0] } ?? [])
      return ModelDescription(configuration, special: special)
    }
  }

  private func parameters(_ configuration: ModelConfiguration) throws -> Parameters {
    switch start {
    case .folder(let folder): return try folder.parameters()
    // Whatever stands here is replaced by the checkpoint.
    case .saved: return [:]
    case .preset(let preset):
      return try configuration.initialParameters(
        seed: command.data.seed,
        deviation: preset.deviation
      )
    }
  }

  private func settings(_ description: ModelDescription, _ data: TrainingData) -> TrainingSettings {
    let learning = command.learning
    var habit = material.habit
    if case .folder = start { habit = habit.suiting(description.configuration, command.lastStep) }
    var settings = TrainingSettings(
      optimizer: learning.optimizer(habit, steps: command.lastStep),
      rate: learning.rate(habit),
      precision: learning.precision ?? .standard(for: description.configuration),
      data: [
        "model": String(description.fingerprint, radix: 16),
        "data": String(data.fingerprint, radix: 16),
        "batch": "\(data.batch.rows)",
        "context": "\(data.batch.length)",
        "seed": "\(command.data.seed)",
        "mask": "\(data.mask)",
        "objective": command.data.objective,
      ]
    )
    settings.data.merge(material.settings(of: data)) { $1 }
    let silenced = Set(command.data.ablate).sorted().map(\.description)
    settings.data["ablate"] = silenced.isEmpty ? "none" : silenced.joined(separator: " ")
    return settings
  }
}

extension Checkpoint {
  /// What a person should know before a training is gone on with.
  fileprivate func notes(for trainer: Trainer) -> [Bilingual] {
    var notes: [Bilingual] = []
    if !isSealed {
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
          it: "il checkpoint è stato calcolato con i kernel \(then), qui ci sono quelli \(now):"
            + " gli ultimi bit possono cambiare",
          en: "the checkpoint was computed by the \(then) kernels, here are the \(now) ones: the"
            + " last bits may differ"
        )
      )
    }
    return notes
  }
}
