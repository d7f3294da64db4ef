// SPDX-License-Identifier: MIT

import PassoEngine
import PassoText

/// What a model would say if a vector of its residual stream were the last one.
///
/// The last norm and the unembedding are applied to it, as if no block followed.
/// Source: nostalgebraist 2020, "interpreting GPT: the logit lens".
package struct LogitLens: Sendable {
  private var execution: Execution
  private let stream: ValueID
  private let probabilities: ValueID

  /// Prepares the head of a model.
  ///
  /// - Parameters:
  ///   - configuration: The model.
  ///   - parameter: Gives a parameter by its name; asked only for those of the head.
  ///   - batch: The shape of what it will read.
  ///   - precision: The number format of all values.
  /// - Throws: `ExecutionProblem.tooLarge` if the values do not fit into memory.
  package init(
    _ configuration: ModelConfiguration,
    parameter: (String) throws -> Tensor,
    batch: BatchShape,
    precision: Precision
  ) throws {
    var builder = ProgramBuilder()
    let transformer = Transformer(configuration, batch: batch, mask: .causal)
    (stream, probabilities) = try transformer.writeLens(into: &builder)
    execution = try Execution(builder.program, precision: precision)
    for id in builder.program.inputs where id != stream {
      try execution.set(id, to: parameter(builder.program[id].name))
    }
  }

  /// The probabilities of the next token.
  ///
  /// - Parameter vectors: A value of the residual stream, [batch, position, model].
  /// - Returns: Probabilities, [batch, position, vocab].
  /// - Throws: `Interrupted` if whoever waits has asked to stop, or `ExecutionProblem.refused`.
  package mutating func probabilities(of vectors: Tensor) throws -> Tensor {
    try execution.set(stream, to: vectors)
    try execution.complete()
    guard let tensor = execution.tensor(probabilities) else {
      preconditionFailure("the lens was not computed")
    }
    return tensor
  }
}
