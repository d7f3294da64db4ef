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

  /// Sentences of a toy language instead of texts that were typed.
  package var corpus: LanguageBatches.Choice?

  /// The language that sentences come from, if they do.
  package var language: ToyLanguage? { corpus.flatMap { ToyLanguage.named($0.language) } }

  /// The mask under which the objective's answers cannot be seen.
  package var mask: MaskKind { objective.mask }

  /// Whether every update brings sentences that were never seen, as the floor needs it.
  package var isFresh: Bool { corpus.map { $0.listed == nil } ?? false }

  /// A tokenizer that knows the texts, and what the objective needs.
  package func tokenizer(for texts: [String]) throws(DataProblem) -> any Tokenizer {
    if let language { return language.tokenizer(with: objective.specials) }
    return try TokenizerLearner(kind: kind, size: vocabularySize, specials: objective.specials)
      .tokenizer(for: texts)
  }

  /// Questions and answers, in the order in which a run asks for them, and what one round has.
  ///
  /// - Throws: `DataProblem`, or `SessionProblem.unevenRounds`.
  package func data(
    _ texts: [String],
    _ tokenizer: any Tokenizer,
    rounds: Int
  ) throws -> (batches: any BatchSource, shape: BatchShape) {
    let objective = try objective.init(tokenizer)
    if let language, var choice = corpus {
      try check(choice.rows, rounds)
      choice.rows /= rounds
      let batches = LanguageBatches(language, objective, choice)
      return (batches, BatchShape(rows: choice.rows, length: batches.length))
    }
    let sequences = try texts.map { try tokenizer.sequence(of: $0) }
    var random = RandomSource(seed: seed)
    let batch = try objective.batch(from: sequences, using: &random)
    try check(batch.rowCount, rounds)
    let shape = BatchShape(rows: batch.rowCount / rounds, length: batch.length)
    return (FixedBatch(batch, rounds: rounds), shape)
  }

  /// Whether a tokenizer gives the words of the language the ids that the language gives them.
  func fits(_ tokenizer: any Tokenizer) -> Bool {
    language?.isNumbered(by: tokenizer) ?? false
  }

  private func check(_ rows: Int, _ rounds: Int) throws {
    guard rows.isMultiple(of: rounds) else {
      throw SessionProblem.unevenRounds(rounds, rows: rows)
    }
  }

  /// Every choice as text, for a fingerprint.
  var named: [String: String] {
    var named = ["objective": objective.name, "hiding": "\(seed)", "tokenizer": kind.rawValue]
    if let corpus {
      named["corpus"] = corpus.language
      named["corpus.rows"] = "\(corpus.rows)"
      named["corpus.seed"] = "\(corpus.seed)"
      named["corpus.listed"] = corpus.listed.map { "\($0)" } ?? "-"
    }
    return named
  }
}
