// SPDX-License-Identifier: MIT
import PassoText

/// A way to make questions and answers out of the text itself: what is hidden, and from whom.
///
/// Each objective is a value with what it needs (special ids, rates, seeds), in a file of its own.
package protocol Objective: Sendable {
  /// The word that chooses it, as in `:objective causal`.
  var name: String { get }

  /// What a person should understand of it.
  var explanation: Bilingual { get }

  /// What a position may look at; an answer that can be seen is no question.
  var attention: Attention { get }

  /// The input that fills short rows; nothing is asked there.
  var padding: TokenID { get }

  /// The questions and answers hidden in one sequence of tokens.
  func example(from tokens: [TokenID]) throws(DataProblem) -> Example
}

extension Objective {
  /// One row for each sequence, filled up to equal length.
  package func batch(from sequences: [[TokenID]]) throws(DataProblem) -> Batch {
    guard !sequences.isEmpty else { throw .noSequences }
    var examples: [Example] = []
    for sequence in sequences { examples.append(try example(from: sequence)) }
    return Batch(examples: examples, attention: attention, padding: padding)
  }
}
