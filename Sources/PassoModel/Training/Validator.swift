// SPDX-License-Identifier: MIT

import PassoEngine

/// The loss on text that the model never learns from.
package struct Validator: Sendable {
  /// More batches would cost time and change the third digit.
  private static let mostBatches = 20

  private var execution: Execution
  private let batches: [TokenBatch]

  /// Prepares the forward pass of a model on the first batches of a source.
  ///
  /// - Throws: `ShapeProblem` or `ExecutionProblem` if the model cannot be executed.
  package init(
    _ blocks: TokenBlocks,
    of configuration: ModelConfiguration,
    batch: BatchShape,
    mask: MaskKind,
    precision: Precision
  ) throws {
    var builder = ProgramBuilder()
    _ = try Transformer(configuration, batch: batch, mask: mask).write(into: &builder)
    execution = try Execution(builder.program, precision: precision)
    let count = min(Self.mostBatches, max(1, blocks.count / batch.rows))
    batches = (0..<count).map { blocks.batch($0) }
  }

  /// The mean loss of a model with these parameters, in nats per token.
  package mutating func loss(_ parameters: Parameters) throws(ExecutionProblem) -> Double {
    for (name, tensor) in parameters { execution.set(try execution.id(of: name), to: tensor) }
    let (tokens, targets) = (try execution.id(of: "tokens"), try execution.id(of: "targets"))
    let shape = execution.program[tokens].shape
    var total = 0.0
    for batch in batches {
      execution.set(tokens, to: Tensor(shape, batch.inputs))
      execution.set(targets, to: Tensor(shape, batch.targets))
      execution.run()
      total += execution.tensor(try execution.id(of: "loss"))?[0] ?? .nan
    }
    return total / Double(batches.count)
  }
}
