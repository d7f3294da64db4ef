// SPDX-License-Identifier: MIT

import PassoData
import PassoEngine
import PassoModel
import PassoText

/// From the words of `passo train` to a training that is ready to run.
struct TrainingSetup {
  private let command: TrainCommand
  private let start: Start
  let material: any TrainingMaterial

  /// Where the model comes from.
  private enum Start {
    case folder(ModelFolder)
    case preset(Preset)

    func check(_ heads: [HeadAddress]) throws(TrainingProblem) {
      let configuration: ModelConfiguration
      switch self {
      case .folder(let folder): configuration = folder.configuration
      case .preset(let preset): configuration = preset.configuration(vocabularySize: 1)
      }
      let (blocks, count) = (configuration.layerCount, configuration.headCount)
      for address in heads where address.block >= blocks || address.head >= count {
        throw TrainingProblem.noSuchHead(address, blocks: blocks, heads: count)
      }
    }
  }

  /// Reads what there is to learn from.
  ///
  /// - Throws: A problem of the model folder, of the texts, or of what was asked.
  init(_ command: TrainCommand, _ front: FrontEnd) throws {
    self.command = command
    // Before the texts are read, which may take minutes.
    try TrainingLoop.checkpoint(in: command.out, resumes: command.resume)
    if let path = command.model {
      start = .folder(try ModelFolder(path: path))
    } else {
      start = .preset(command.preset.flatMap(Preset.named) ?? .sentences)
    }
    try start.check(command.data.ablate)
    material = try Self.material(command, start, front)
  }

  private static func material(
    _ command: TrainCommand,
    _ start: Start,
    _ front: FrontEnd
  ) throws -> any TrainingMaterial {
    var given: (any Tokenizer)?
    var ends: [Int] = []
    let room: Int
    switch start {
    case .folder(let folder):
      given = try folder.tokenizerIfReadable(isNeeded: command.tokens == nil)
      ends = folder.description.special.ends
      room = folder.description.configuration.contextLength
    case .preset(let preset):
      room = command.data.context ?? preset.contextLength
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
      silenced: Set(command.data.ablate),
      threads: command.learning.threads
    )
    return try TrainingLoop(
      trainer,
      plan: .init(steps: command.steps, folder: command.out, log: command.log),
      description: description,
      tokenizer: material.tokenizer,
      data: data,
      resumes: command.resume
    )
  }
}

extension TrainingSetup {
  private func description() -> ModelDescription {
    switch start {
    case .folder(let folder): return folder.description
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
    case .preset(let preset):
      return configuration.initialParameters(seed: command.data.seed, deviation: preset.deviation)
    }
  }

  private func settings(_ description: ModelDescription, _ data: TrainingData) -> TrainingSettings {
    let (learning, habit) = (command.learning, material.habit)
    var settings = TrainingSettings(
      optimizer: learning.optimizer(habit, steps: command.steps),
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
