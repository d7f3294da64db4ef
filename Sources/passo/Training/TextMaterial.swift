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
  var endToken: TokenID? { corpus.marks.end }
  var isCausal: Bool { command.data.chosenObjective.predictsNext }
  var contents: [UInt64] { corpus.shards.manifest.sources.map(\.hash) }

  /// Reads the texts, or finds their tokens in the cache.
  ///
  /// - Parameters:
  ///   - command: What a person asked for.
  ///   - given: The tokenizer of the model folder, if there is one.
  ///   - ends: The tokens that end a text, as the model folder says.
  ///   - room: The positions that the model reads.
  ///   - front: Where to say how far it is, and where the cache is.
  /// - Throws: `TextProblem`, `FileProblem`, `DataProblem`, `TrainingProblem`, or `ExitCode` if it
  ///   was interrupted.
  init(
    _ command: TrainCommand,
    given: (any Tokenizer)?,
    ends: [Int],
    room: Int,
    _ front: FrontEnd
  ) throws {
    if let asked = command.data.context, asked > room {
      throw TrainingProblem.contextTooLong(asked, limit: room)
    }
    self.command = command
    let chosen =
      try given == nil ? command.texts.file.map { try TokenizerFile.open(path: $0) } : nil
    chosen?.sayNotes(front.language)
    let tokenizer = given ?? chosen?.tokenizer
    let source = try command.texts.form.source(command.text, command.texts.documents, front)
    var request = command.textRequest(source)
    request.ends = ends
    corpus = try front.readingTexts { reading in
      try TextCorpus.open(
        request,
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
    for advice in corpus.advice { StandardError.write(advice.note()[console.language] + "\n") }
    console.say(CorpusView(corpus).size)
    if let marks = corpus.marks.message(corpus.tokenizer) { console.say(marks) }
    if let overlap = corpus.shards.manifest.overlap { console.say(overlap.message) }
  }
}

extension TextOptions {
  /// The tokenizer that is a file; nil if a new one is to learn.
  var file: String? { kind == nil ? tokenizer : nil }
}

extension TrainCommand {
  /// What was asked of the texts.
  fileprivate func textRequest(_ source: TextSource) -> TextCorpus.Request {
    var request = TextCorpus.Request(source)
    request.kind = texts.kind
    request.vocabularySize = texts.vocabSize
    request.length = data.context
    request.keptPart = texts.validation
    request.keepsWholeTexts = texts.split == .document
    return request
  }
}
