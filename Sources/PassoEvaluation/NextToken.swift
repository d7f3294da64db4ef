// SPDX-License-Identifier: MIT

import PassoData
import PassoEngine
import PassoModel
import PassoRuntime

/// What a model expects after a text.
package enum NextToken {
  /// The probability of each token of the vocabulary.
  ///
  /// - Parameters:
  ///   - tokens: What the model has read, at least one token; of a text that is longer than its
  ///     context the end counts.
  ///   - model: Who expects it.
  /// - Returns: Probabilities by id, as the readable program has them; they sum to 1.
  /// - Throws: `ShapeProblem` or `ExecutionProblem` if the model cannot be executed, or what its
  ///   parameters throw.
  package static func probabilities(after tokens: [TokenID], _ model: Model) throws -> [Double] {
    precondition(!tokens.isEmpty, "nothing was read")
    let read = Array(tokens.suffix(model.configuration.contextLength))
    let runner = try ModelRunner(
      model,
      batch: BatchShape(rows: 1, length: read.count),
      isForReading: true
    )
    try runner.set(TokenBatch(inputs: read, targets: read.map { _ in ignoredTarget }))
    try runner.run(to: .model(.probabilities))
    let found = try runner.computed(.model(.probabilities))
    return found.doubles.suffix(model.configuration.vocabularySize)
  }
}
