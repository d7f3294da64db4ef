// SPDX-License-Identifier: MIT

import PassoEngine
import PassoModel
import PassoText

/// What a model would say if a vector of its residual stream were the last one.
///
/// The last norm and the unembedding are applied to it, as if no block followed.
/// Source: nostalgebraist 2020, "interpreting GPT: the logit lens".
package struct LogitLens: Sendable {
  private let runner: ModelRunner

  /// Prepares the head of a model; of its parameters only those of the head are asked for.
  ///
  /// - Parameters:
  ///   - model: The model.
  ///   - batch: The shape of what it will read.
  /// - Throws: `ExecutionProblem.tooLarge` if the values do not fit into memory, or what the
  ///   parameters throw.
  package init(_ model: Model, batch: BatchShape) throws {
    var builder = ProgramBuilder()
    try model.transformer(batch).writeLens(into: &builder)
    runner = try ModelRunner(model, builder.program, isForReading: true)
  }

  /// The probabilities of the next token, as the readable program has them.
  ///
  /// - Parameter vectors: A value of the residual stream, [batch, position, model].
  /// - Returns: Probabilities, [batch, position, vocab].
  /// - Throws: `Interrupted` if a stop was requested, or `ExecutionProblem.refused`.
  package func probabilities(of vectors: Tensor) throws -> Tensor {
    try runner.set(.model(.stream), to: vectors)
    try runner.run()
    return runner.computed(.model(.probabilities))
  }
}
