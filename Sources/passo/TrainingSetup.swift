// SPDX-License-Identifier: MIT

import PassoData
import PassoEngine
import PassoModel
import PassoText

/// From the words of `passo train` to a training that is ready to run.
struct TrainingSetup {
  private let command: TrainCommand

  init(_ command: TrainCommand) {
    self.command = command
  }

  func loop() throws -> TrainingLoop {
    let start = try command.model.map(fromFolder) ?? fromPreset()
    let data = try data(start)
    let configuration = start.description.configuration
    var settings = TrainingSettings(
      optimizer: command.learning.chosen(steps: command.steps),
      rate: command.learning.lr,
      precision: command.learning.precision ?? .standard(for: configuration),
      data: [
        "model": hex(start.description.fingerprint),
        "data": hex(data.fingerprint),
        "batch": "\(data.batch.rows)",
        "context": "\(data.batch.length)",
        "seed": "\(command.data.seed)",
      ]
    )
    if data.validation != nil { settings.data["validation"] = "\(heldOut)" }
    let trainer = try Trainer(
      settings,
      configuration: configuration,
      parameters: start.parameters(),
      data: data,
      threads: command.learning.threads
    )
    return try TrainingLoop(
      trainer,
      plan: .init(steps: command.steps, folder: command.out, log: command.log),
      description: start.description,
      tokenizer: start.tokenizer,
      data: data,
      resumes: command.resume
    )
  }

  private var heldOut: Double { command.data.validation ?? 0.1 }

  private func hex(_ hash: UInt64) -> String { String(hash, radix: 16) }
}

/// A model before its first step.
private struct StartingModel {
  var description: ModelDescription
  var tokenizer: (any Tokenizer)?
  var texts: [String] = []
  let parameters: () throws -> Parameters
}

extension TrainingSetup {
  private func fromFolder(_ path: String) throws -> StartingModel {
    let folder = try ModelFolder(path: path)
    let tokenizer = try folder.tokenizerIfReadable(isNeeded: !command.text.isEmpty)
    return StartingModel(
      description: folder.description,
      tokenizer: tokenizer,
      texts: try readTexts(),
      parameters: folder.parameters
    )
  }

  private func fromPreset() throws -> StartingModel {
    let preset = command.preset.flatMap(Preset.named) ?? Preset.all[0]
    let texts = try readTexts()
    let tokenizer = texts.isEmpty ? nil : try WordTokenizer(texts: texts)
    var configuration = preset.configuration(
      vocabularySize: try tokenizer?.vocabularySize ?? largestToken() + 1
    )
    configuration.contextLength = command.data.context ?? configuration.contextLength
    let start = tokenizer?.start.map(Int.init)
    // A new line begins with the start token: whoever makes it has ended the one before.
    let special = SpecialTokens(start: start, ends: start.map { [$0] } ?? [])
    let model = configuration
    return StartingModel(
      description: ModelDescription(configuration, special: special),
      tokenizer: tokenizer,
      texts: texts,
      parameters: {
        model.initialParameters(seed: command.data.seed, deviation: preset.deviation)
      }
    )
  }

  private func readTexts() throws -> [String] {
    try command.text.flatMap { try TextFile.lines(path: $0) }
  }

  private func largestToken() throws -> Int {
    guard let path = command.tokens else { return 0 }
    return try TokensFile.largestToken(path: path)
  }

  private func data(_ start: StartingModel) throws -> TrainingData {
    let configuration = start.description.configuration
    if let path = command.tokens {
      let file = try TokensFile(
        path: path,
        vocabularySize: configuration.vocabularySize,
        contextLength: configuration.contextLength
      )
      return try TrainingData(file, rounds: command.learning.accumulate)
    }
    guard let tokenizer = start.tokenizer else { preconditionFailure("text without a tokenizer") }
    let tokens = try TextFile.tokens(of: start.texts, tokenizer)
    let room = configuration.contextLength
    if let asked = command.data.context, asked > room {
      throw TrainingProblem.contextTooLong(asked, limit: room)
    }
    // A short text fills a shorter row.
    let length = command.data.context ?? max(1, min(room, tokens.count - 1))
    return try TrainingData(
      tokens,
      batch: BatchShape(rows: command.data.batch ?? 8, length: length),
      seed: command.data.seed,
      heldOut: isSplit(tokens.count, length) ? heldOut : 0
    )
  }

  /// A text of a few sentences has none to spare, unless someone asks.
  private func isSplit(_ count: Int, _ length: Int) -> Bool {
    command.data.validation != nil || Double(count) * heldOut > Double(length)
  }
}
