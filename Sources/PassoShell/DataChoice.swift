// SPDX-License-Identifier: MIT

import PassoData
import PassoEngine
import PassoModel
import PassoText

/// What a session learns from: which texts, which tokens, and which questions.
package struct DataChoice: Sendable {
  /// How questions are made of the texts.
  package var objective: any Objective.Type = CausalObjective.self

  /// Decides what is hidden, where an objective leaves that to chance.
  package var seed: UInt64 = 1

  /// What is a token, unless a model folder or a language says it.
  package var kind = TokenizerKind.words

  /// Tokens that are wanted of a tokenizer that learns them; nil for as many as suit the texts.
  package var vocabularySize: Int?

  /// What there is instead of texts that were typed.
  package var corpus: Corpus?

  /// More than a person types.
  package enum Corpus: Sendable {
    /// Sentences of a toy language.
    case sentences(LanguageBatches.Choice)
    /// Texts in files: so many rows in a batch, in an order that a seed decides.
    case texts(TextCorpus, rows: Int, seed: UInt64)
  }

  /// Sentences of a toy language, if they are learned from.
  package var sentences: LanguageBatches.Choice? {
    if case .sentences(let choice) = corpus { choice } else { nil }
  }

  /// Texts in files, if they are learned from.
  package var textCorpus: TextCorpus? {
    if case .texts(let corpus, _, _) = corpus { corpus } else { nil }
  }

  /// The language that sentences come from, if they do.
  package var language: ToyLanguage? { sentences.flatMap { ToyLanguage.named($0.language) } }

  /// The mask under which the objective's answers cannot be seen.
  package var mask: MaskKind { objective.mask }

  /// Whether every update brings sentences that are drawn anew, as the floor needs it.
  package var isFresh: Bool { sentences.map { $0.listed == nil } ?? false }

  /// A tokenizer that knows the texts, and what the objective needs.
  package func tokenizer(for texts: [String]) throws(DataProblem) -> any Tokenizer {
    if let textCorpus { return textCorpus.tokenizer }
    if let language { return language.tokenizer(with: objective.specials) }
    return try TokenizerLearner(
      kind: kind,
      size: vocabularySize,
      specials: objective.specials,
      threads: ProcessorCount.physical
    ).tokenizer(for: texts)
  }

  /// Questions and answers, in the order in which a run asks for them, and what one round has.
  ///
  /// - Parameters:
  ///   - texts: Those that were typed.
  ///   - tokenizer: What makes tokens of them.
  ///   - rounds: Into how many parts a batch is divided.
  ///   - room: The positions that the model reads; long texts fill them.
  /// - Returns: The batches, and rows and positions of one round.
  /// - Throws: `DataProblem`, `TrainingProblem.tooShort`, `SessionProblem.unevenRounds`, or
  ///   `ExecutionProblem.refused`.
  package func data(
    _ texts: [String],
    _ tokenizer: any Tokenizer,
    rounds: Int,
    room: Int
  ) throws -> (batches: any BatchSource, shape: BatchShape) {
    if case .texts(_, let rows, _) = corpus {
      try check(rows, rounds)
      guard let data = try textData(tokenizer, rounds: rounds, room: room) else {
        preconditionFailure("texts that are none")
      }
      return (data.training, data.batch)
    }
    let objective = try objective.init(tokenizer)
    if let language, var choice = sentences {
      try check(choice.rows, rounds)
      choice.rows /= rounds
      try MemoryRoom.check(LanguageBatches.listByteCount(choice))
      let batches = LanguageBatches(language, objective, choice)
      try Interruption.check()
      return (batches, BatchShape(rows: choice.rows, length: batches.length))
    }
    let sequences = try texts.map { try tokenizer.sequence(of: $0) }
    var random = RandomSource(seed: seed)
    let batch = try objective.batch(from: sequences, using: &random)
    try check(batch.rowCount, rounds)
    let shape = BatchShape(rows: batch.rowCount / rounds, length: batch.length)
    return (FixedBatch(batch, rounds: rounds), shape)
  }

  /// The positions that a new model needs for all of what was typed or drawn; of texts in files it
  /// reads as much as it can.
  package func leastContext(_ texts: [String], _ tokenizer: any Tokenizer) throws -> Int {
    if case .texts = corpus { return 0 }
    if let language, var choice = sentences {
      // A list would be drawn for nothing.
      choice.listed = nil
      return LanguageBatches(language, try objective.init(tokenizer), choice).length
    }
    return try data(texts, tokenizer, rounds: 1, room: 0).shape.length
  }

  /// The batches of texts in files, and those that are kept apart; nil if there are none.
  package func textData(
    _ tokenizer: any Tokenizer,
    rounds: Int,
    room: Int
  ) throws -> TrainingData? {
    guard case .texts(let corpus, let rows, let seed) = corpus else { return nil }
    if let damage = corpus.shards.damage { throw damage }
    let objective = try objective.init(tokenizer)
    let length = corpus.length(objective, room: room)
    return try TrainingData(
      corpus.shards,
      batch: BatchShape(rows: rows / rounds, length: length),
      seed: seed,
      objective: objective,
      mask: mask
    )
  }

  /// Whether a tokenizer gives the words of the corpus the ids that they have here.
  func fits(_ tokenizer: any Tokenizer) -> Bool {
    textCorpus?.fits(tokenizer) ?? language?.isNumbered(by: tokenizer) ?? false
  }

  private func check(_ rows: Int, _ rounds: Int) throws {
    guard rows.isMultiple(of: rounds) else {
      throw SessionProblem.unevenRounds(rounds, rows: rows)
    }
  }

  /// Every choice as text, for a fingerprint.
  var named: [String: String] {
    var named = ["objective": objective.name, "hiding": "\(seed)", "tokenizer": kind.rawValue]
    switch corpus {
    case .sentences(let choice):
      named["corpus"] = choice.language
      named["corpus.rows"] = "\(choice.rows)"
      named["corpus.seed"] = "\(choice.seed)"
      named["corpus.listed"] = choice.listed.map { "\($0)" } ?? "-"
    case .texts(let corpus, let rows, let seed):
      named["corpus"] = String(corpus.shards.fingerprint, radix: 16)
      named["corpus.rows"] = "\(rows)"
      named["corpus.seed"] = "\(seed)"
    case nil: break
    }
    return named
  }
}
