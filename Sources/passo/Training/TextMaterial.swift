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
  private let corpus: TextCorpus

  var tokenizer: (any Tokenizer)? { corpus.tokenizer }
  var vocabularySize: Int { corpus.tokenizer.vocabularySize }
  var isCausal: Bool { command.data.chosenObjective.predictsNext }
  var contents: [UInt64] { corpus.shards.manifest.sources.map(\.hash) }

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
    let tokenizer = try given ?? command.texts.file.map { try TokenizerFile.read(path: $0) }
    corpus = try front.readingTexts { reading in
      try TextCorpus.open(
        command.textRequest,
        command.data.chosenObjective,
        given: tokenizer,
        room: room,
        reading
      )
    }
  }

  func data(for configuration: ModelConfiguration) throws -> TrainingData {
    try TrainingData(
      corpus.shards,
      batch: BatchShape(rows: command.data.rows, length: corpus.length),
      seed: command.data.seed,
      objective: command.data.chosenObjective.init(corpus.tokenizer),
      mask: command.data.chosenMask
    )
  }

  func settings(of data: TrainingData) -> [String: String] {
    guard data.validation != nil else { return [:] }
    let kept = corpus.request.usualKeptPart
    return ["validation": "\(kept)", "split": command.texts.split.rawValue]
  }

  var references: [CurveFigure.Reference] {
    isCausal ? [.unigram(of: corpus)] : []
  }

  func introduce(_ data: TrainingData, on console: Console) {
    for note in corpus.shards.notes { StandardError.write(note[console.language] + "\n") }
    console.say(CorpusView(corpus).size)
    if let overlap = corpus.shards.manifest.overlap { console.say(overlap.message) }
  }
}

extension TextOptions {
  /// The tokenizer that is a file; nil if a new one is to learn.
  fileprivate var file: String? { kind == nil ? tokenizer : nil }
}

extension TrainCommand {
  /// What was asked of the texts.
  fileprivate var textRequest: TextCorpus.Request {
    var request = TextCorpus.Request(files: text)
    request.unit = texts.documents
    request.kind = texts.kind
    request.vocabularySize = texts.vocabSize
    request.length = data.context
    request.keptPart = texts.validation
    request.keepsWholeTexts = texts.split == .document
    return request
  }
}
