// SPDX-License-Identifier: MIT

import PassoData
import PassoEngine
import PassoModel
import PassoRuntime

/// Sentences that a model has generated, held against the grammar.
package struct GeneratedSample: Sendable, Hashable {
  /// The sentences, each with its `<end>` if the model came to one before the row was full.
  package let sentences: [[TokenID]]

  /// How many belong to the language.
  package let grammaticalCount: Int

  /// How many are different from each other.
  package var distinctCount: Int { Set(sentences).count }

  /// The grammatical ones among all, from 0 to 1; NaN if there are none.
  package var grammaticalShare: Double {
    sentences.isEmpty ? .nan : Double(grammaticalCount) / Double(sentences.count)
  }
}

extension LanguageExaminer {
  /// Lets a model generate sentences, as many at a time as the batch has rows.
  ///
  /// Whole rows are read anew for every word: so a model with another mask generates as it is,
  /// which a cache of keys and values could not do.
  ///
  /// - Parameters:
  ///   - count: How many.
  ///   - settings: How words are chosen.
  ///   - seed: Decides the choice.
  ///   - shouldStop: Asked before each word.
  ///   - progress: Called with how many there are by now.
  /// - Returns: The sentences, fewer if it was stopped; nil if there are none by then.
  /// - Throws: `Interrupted` if a person has asked to stop, or `ExecutionProblem.refused`.
  package func generate(
    sentences count: Int,
    _ settings: SamplingSettings = SamplingSettings(),
    seed: UInt64,
    unless shouldStop: () -> Bool = { false },
    progress: (Int) -> Void = { _ in }
  ) throws -> GeneratedSample? {
    var sampler = Sampler(settings, seed: seed)
    var sentences: [[TokenID]] = []
    while sentences.count < count {
      let rows = min(Self.rows, count - sentences.count)
      guard let more = try generate(rows: rows, &sampler, unless: shouldStop) else { break }
      sentences += more
      progress(sentences.count)
    }
    if sentences.isEmpty, count > 0 { return nil }
    return GeneratedSample(
      sentences: sentences,
      grammaticalCount: sentences.count(where: oracle.isGrammatical)
    )
  }

  /// One batch of sentences, word by word.
  private func generate(
    rows: Int,
    _ sampler: inout Sampler,
    unless shouldStop: () -> Bool
  ) throws -> [[TokenID]]? {
    let (start, end) = (language.id(of: .start), language.id(of: .end))
    var sentences = Array(repeating: [TokenID](), count: rows)
    for position in 0..<length {
      let open = sentences.indices.filter { sentences[$0].last != end }
      if open.isEmpty { break }
      if shouldStop() { return nil }
      let inputs = (0..<Self.rows).map { [start] + ($0 < rows ? sentences[$0] : []) }
      let logits = try logits(filled(inputs))
      for row in open {
        // A shift of all logits changes nothing, so logarithms of probabilities are logits.
        let scores = logProbabilities(logits, row, position)
        sentences[row].append(TokenID(sampler.choose(scores, after: inputs[row])))
      }
    }
    return sentences
  }

  /// Rows of equal length in which nothing is asked.
  private func filled(_ inputs: [[TokenID]]) -> [Example] {
    inputs.map { row in
      let padding = Array(repeating: language.id(of: .pad), count: max(0, length - row.count))
      let ids = Array((row + padding).prefix(length))
      return Example(inputs: ids, targets: ids.map { _ in ignoredTarget })
    }
  }
}
