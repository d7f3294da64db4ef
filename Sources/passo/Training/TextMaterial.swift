// SPDX-License-Identifier: MIT

import ArgumentParser
import PassoData
import PassoEngine
import PassoModel
import PassoShell
import PassoText
import PassoView

/// Texts in files of any size: tokens are made once and kept in the cache.
struct TextMaterial: TrainingMaterial {
  private let command: TrainCommand
  private let shards: TokenShards
  private let length: Int
  private let numbering: any Tokenizer

  var tokenizer: (any Tokenizer)? { numbering }
  var vocabularySize: Int { numbering.vocabularySize }
  var isCausal: Bool { command.data.chosenObjective == CausalObjective.self }

  /// Reads the texts, or finds their tokens in the cache.
  ///
  /// - Parameters:
  ///   - command: What a person asked for.
  ///   - given: The tokenizer of the model folder, if there is one.
  ///   - room: The positions that the model reads.
  ///   - front: Where to say how far it is, and where the cache is.
  /// - Throws: `TextProblem`, `FileProblem`, `DataProblem`, `TrainingProblem`, or `ExitCode` if it
  ///   was interrupted.
  init(_ command: TrainCommand, given: (any Tokenizer)?, room: Int, _ front: FrontEnd) throws {
    if let asked = command.data.context, asked > room {
      throw TrainingProblem.contextTooLong(asked, limit: room)
    }
    self.command = command
    numbering = try given ?? TextTokenizer(command).tokenizer()
    let division = TextDivision(command, numbering, front)
    (shards, length) = try division.shards(rowsOf: command.data.context, room: room)
  }

  func data(for configuration: ModelConfiguration) throws -> TrainingData {
    try TrainingData(
      shards,
      batch: BatchShape(rows: command.data.batch ?? 8, length: length),
      seed: command.data.seed,
      objective: command.data.chosenObjective.init(numbering),
      mask: command.data.chosenMask
    )
  }

  func settings(of data: TrainingData) -> [String: String] {
    guard data.validation != nil else { return [:] }
    return ["validation": "\(command.texts.keptPart)", "split": command.texts.split.rawValue]
  }

  var references: [CurveFigure.Reference] {
    guard isCausal else { return [] }
    let entropy = shards.manifest.training.entropy
    return [.init(Bilingual(it: "frequenze", en: "unigram"), entropy)]
  }

  func introduce(_ data: TrainingData, on console: Console) {
    for note in shards.notes { StandardError.write(note[console.language] + "\n") }
    let (learned, known) = (NumberText.count(shards.training.count), numbering.vocabularySize)
    let kept = shards.heldOut.map { NumberText.count($0.count) } ?? "0"
    let (kind, size) = (numbering.kind.rawValue, NumberText.count(known))
    console.say(
      Bilingual(
        it: "\(learned) token da cui imparare, \(kept) tenuti da parte; \(size) diversi (\(kind))",
        en: "\(learned) tokens to learn from, \(kept) kept apart; \(size) different ones (\(kind))"
      )
    )
    if let overlap = shards.manifest.overlap { console.say(overlap.message) }
  }
}

extension TextOptions {
  /// The part that is kept if there is enough text.
  var keptPart: Double { validation ?? 0.1 }
}

/// The tokenizer that a person asked for: a file, or one that learns from the texts.
private struct TextTokenizer {
  private let command: TrainCommand

  init(_ command: TrainCommand) { self.command = command }

  /// More text than this has more different words than a small model can learn.
  private static let wordsLimit = 1 << 20

  private static let usualMerges = 4096

  func tokenizer() throws -> any Tokenizer {
    let options = command.texts
    if let path = options.tokenizer, options.kind == nil {
      return try TokenizerFile.read(path: path)
    }
    let isShort = try TextFile.size(of: command.text) <= Self.wordsLimit
    let kind = options.kind ?? (isShort ? .words : .bytePairs)
    let sample = try TextSample(files: command.text, unit: options.documents)
    var specials = command.data.chosenObjective.specials
    // What stands only in the rest of the text, or is too rare, has to be something too.
    if kind != .bytePairs, !sample.isWhole || options.vocabSize != nil,
      !specials.contains(.unknown)
    {
      specials.append(.unknown)
    }
    let size = options.vocabSize ?? (kind == .bytePairs ? Self.usualMerges : nil)
    return try TokenizerLearner(kind: kind, size: size, specials: specials)
      .tokenizer(for: sample.texts)
  }
}

/// How a text is divided: the length of rows, and what is kept apart.
private struct TextDivision {
  private let command: TrainCommand
  private let tokenizer: any Tokenizer
  private let reading: TextReading

  init(_ command: TrainCommand, _ tokenizer: any Tokenizer, _ front: FrontEnd) {
    (self.command, self.tokenizer) = (command, tokenizer)
    reading = TextReading(command.text, command.texts.documents, tokenizer, front)
  }

  /// Texts so short that they are read twice: once to count their tokens.
  private static let short = 1 << 20

  /// Bytes of a token, about.
  private static let bytesPerToken = 4

  /// Blocks that a text is divided into, at least, so that chance does not decide too much.
  private static let blocks = 64

  /// The tokens, and how many of them make a row.
  func shards(rowsOf asked: Int?, room: Int) throws -> (TokenShards, length: Int) {
    let bytes = try TextFile.size(of: command.text)
    let fraction = command.texts.keptPart
    guard bytes <= Self.short else {
      let length = asked ?? room
      let split = split(fraction, tokens: bytes / Self.bytesPerToken, length)
      return (try reading.open(split), length)
    }
    let whole = try reading.open(.none)
    let count = whole.training.count
    // A short text fills a shorter row; one that is to be divided, a much shorter one.
    let most = command.texts.validation ?? 0 > 0 ? count / 8 : count - 1
    let length = try asked ?? longestRow(of: max(1, most), room: room)
    guard fraction > 0, isSplit(count, length) else { return (whole, length) }
    return (try reading.open(split(fraction, tokens: count, length)), length)
  }

  /// The longest row that so many tokens fill.
  private func longestRow(of tokens: Int, room: Int) throws -> Int {
    let objective = try command.data.chosenObjective.init(tokenizer).continued
    var length = max(1, min(room, tokens))
    while length > 1, objective.textLength(ofRow: length) > tokens + 1 { length -= 1 }
    return length
  }

  /// A text of a few sentences has none to spare, unless someone asks.
  private func isSplit(_ count: Int, _ length: Int) -> Bool {
    command.texts.validation != nil
      || Double(count) * command.texts.keptPart > Double(length)
  }

  private func split(_ fraction: Double, tokens: Int, _ length: Int) -> TokenSplit {
    guard fraction > 0 else { return .none }
    switch command.texts.split {
    case .document: return .documents(fraction)
    case .block: return .blocks(fraction, length: max(length + 1, min(4096, tokens / Self.blocks)))
    }
  }
}
