// SPDX-License-Identifier: MIT

import PassoData
import PassoEngine

/// What a model expects after a text.
package enum NextToken {
  /// The probability of each token of the vocabulary.
  ///
  /// - Parameters:
  ///   - tokens: What the model has read, at least one token; of a text that is longer than its
  ///     context the end counts.
  ///   - configuration: The model.
  ///   - parameters: A tensor for each parameter of the configuration.
  ///   - mask: What a position may look at.
  ///   - silenced: Heads that are switched off.
  ///   - precision: What is computed in.
  /// - Returns: Probabilities by id; they sum to 1.
  /// - Throws: `ShapeProblem` or `ExecutionProblem` if the model cannot be executed.
  package static func probabilities(
    after tokens: [TokenID],
    _ configuration: ModelConfiguration,
    _ parameters: Parameters,
    mask: MaskKind = .causal,
    silenced: Set<HeadAddress> = [],
    precision: Precision
  ) throws -> [Double] {
    precondition(!tokens.isEmpty, "nothing was read")
    let read = Array(tokens.suffix(configuration.contextLength))
    let batch = BatchShape(rows: 1, length: read.count)
    var builder = ProgramBuilder()
    let model = Transformer(configuration, batch: batch, mask: mask, silenced: silenced)
    _ = try model.write(into: &builder)
    let program = builder.program
    var execution = try Execution(program, precision: precision)
    for (name, tensor) in parameters {
      if let id = program.id(of: name) { try execution.set(id, to: tensor) }
    }
    let shape = Shape((.batch, 1), (.position, read.count))
    let nothing = read.map { _ in ignoredTarget }
    try execution.set(execution.id(of: .model(.tokens)), to: Tensor(shape, read))
    try execution.set(execution.id(of: .model(.targets)), to: Tensor(shape, nothing))
    if let prefix = program.id(of: .model(.prefix)) {
      try execution.set(prefix, to: Tensor(Shape((.batch, 1)), [Int32(0)]))
    }
    try execution.complete(to: execution.position(after: .model(.probabilities)))
    guard let found = execution.tensor(.model(.probabilities)) else {
      preconditionFailure("probabilities were not computed")
    }
    return found.doubles.suffix(configuration.vocabularySize)
  }
}
