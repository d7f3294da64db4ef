// SPDX-License-Identifier: MIT

import PassoData
import PassoEngine
import PassoModel

// Learning from texts in files.
extension Session {
  /// Learns from texts in files, with a model and settings that suit them.
  ///
  /// A folder's model goes on, with its own tokens; so does a preset that reads enough of them,
  /// anew; else one begins that does.
  ///
  /// - Parameters:
  ///   - request: Which files.
  ///   - rows: Rows in a batch.
  ///   - seed: Decides their order.
  ///   - reading: Where the cache is, and who waits.
  /// - Throws: `TextProblem`, `FileProblem`, `DataProblem`, `TrainingProblem`, or
  ///   `SessionProblem.readingStopped`.
  package mutating func setTexts(
    in request: TextCorpus.Request,
    rows: Int,
    seed: UInt64,
    _ reading: TextReading
  ) throws {
    var next = self
    var (preset, presetSeed) = (Preset.texts, Self.firstSeed)
    next.presetSuitsData = !hasFolderTokenizer
    if case .preset(let current, let seed) = source, !presetSuitsData,
      current.contextLength >= Self.leastReading
    {
      (preset, presetSeed) = (current, seed)
      next.presetSuitsData = false
    }
    let room = hasFolderTokenizer ? configuration.contextLength : preset.contextLength
    let given = hasFolderTokenizer ? tokenizer : nil
    guard
      let corpus = try TextCorpus.open(request, choice.objective, given: given, room: room, reading)
    else { throw SessionProblem.readingStopped }
    next.choice.corpus = .texts(corpus, rows: rows, seed: seed)
    next.textNote = nil
    next.tokenizer = corpus.tokenizer
    (next.optimizer, next.rate) = (.standardAdamW, Optimizer.rateForTexts)
    next.optimizerChoice = .usual
    if hasFolderTokenizer {
      next.suitTexts()
      try next.rebuild(parameters: currentParameters)
    } else {
      try next.begin(preset, seed: presetSeed)
    }
    self = next
  }

  /// The least context in which a text can be followed.
  private static let leastReading = 16

  /// Makes other tokens of texts in files, if there are any.
  mutating func reopenTexts(
    _ reading: TextReading,
    _ change: (inout TextCorpus.Request) -> Void
  ) throws {
    guard case .texts(let corpus, let rows, let seed) = choice.corpus else { return }
    var request = corpus.request
    change(&request)
    // Whoever chose the files could read them; who asks for other tokens reads nothing new.
    let opened = try FileScope.own {
      try TextCorpus.open(
        request,
        choice.objective,
        given: hasFolderTokenizer ? tokenizer : nil,
        room: configuration.contextLength,
        reading
      )
    }
    guard let opened else { throw SessionProblem.readingStopped }
    choice.corpus = .texts(opened, rows: rows, seed: seed)
  }

  /// The texts from which a tokenizer can learn: those that were typed, or some of what there is.
  ///
  /// - Throws: `FileProblem` or `TextProblem` if files have gone.
  func learnedTexts() throws -> [String] {
    switch choice.corpus {
    case .sentences: sources.map { (try? tokenizer.decode($0)) ?? "" }
    case .texts(let corpus, _, _): try FileScope.own { try corpus.beginning() }
    case nil: texts
    }
  }

  /// The tokens of what questions are made of, before anything is hidden of it.
  var sources: [[TokenID]] {
    choice.objective.predictsNext ? batch.inputs : timeline.texts ?? batch.inputs
  }

  /// The loss on what is kept apart, and on how many rows it was measured; nil if nothing is.
  ///
  /// - Parameter warn: Told, before it is measured, why that takes longer than it could.
  /// - Returns: The loss in nats per token, and the number of rows.
  /// - Throws: `TextProblem` if files are not what they were, or `ExecutionProblem`.
  func heldOutLoss(
    _ warn: (Slowness?) -> Void = { _ in }
  ) throws -> (loss: Double, rows: Int)? {
    let data = try choice.textData(tokenizer, rounds: 1, room: configuration.contextLength)
    guard let data, let kept = data.validation else { return nil }
    let validator = try Validator(kept, of: model, batch: data.batch)
    warn(validator.slowness)
    let loss = try validator.loss()
    try checkTexts()
    return (loss, validator.rowCount)
  }

  /// - Throws: `TextProblem` if tokens of files that were read are not those that were written.
  func checkTexts() throws(TextProblem) {
    if let damage = choice.textCorpus?.shards.damage { throw damage }
  }
}
