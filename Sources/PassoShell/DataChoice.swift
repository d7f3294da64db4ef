// SPDX-License-Identifier: MIT

import PassoData
import PassoEngine
import PassoModel

/// What is made of the texts of a session: which tokens, and which questions.
package struct DataChoice: Sendable {
  /// How questions are made of the texts.
  package var objective: any Objective.Type = CausalObjective.self

  /// Decides what is hidden, where an objective leaves that to chance.
  package var seed: UInt64 = 1

  /// What is a token, unless a model folder says it.
  package var kind = TokenizerKind.words

  /// Tokens that are wanted of a tokenizer that learns them; nil for as many as suit the texts.
  package var vocabularySize: Int?

  /// The mask under which the objective's answers cannot be seen.
  package var mask: MaskKind { objective == CausalObjective.self ? .causal : .prefix }

  /// A tokenizer that knows the texts, and what the objective needs.
  package func tokenizer(for texts: [String]) throws(DataProblem) -> any Tokenizer {
    try WordTokenizer(texts: texts, specials: objective.specials)
  }

  /// The texts as questions and answers, in the order in which a run asks for them.
  ///
  /// - Throws: `DataProblem`, or `SessionProblem.unevenRounds`.
  package func data(
    _ texts: [String],
    _ tokenizer: any Tokenizer,
    rounds: Int
  ) throws -> (batches: any BatchSource, shape: BatchShape) {
    let objective = try objective.init(tokenizer)
    let sequences = try texts.map { try tokenizer.sequence(of: $0) }
    var random = RandomSource(seed: seed)
    let batch = try objective.batch(from: sequences, using: &random)
    guard batch.rowCount.isMultiple(of: rounds) else {
      throw SessionProblem.unevenRounds(rounds, rows: batch.rowCount)
    }
    let shape = BatchShape(rows: batch.rowCount / rounds, length: batch.length)
    return (FixedBatch(batch, rounds: rounds), shape)
  }
}
