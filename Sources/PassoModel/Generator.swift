// SPDX-License-Identifier: MIT

import PassoEngine
import PassoText

/// Makes text token by token, with a cache of keys and values: each new token costs one pass over
/// the weights, whatever came before it.
///
/// A class, because the caches are one place in memory that every token is added to.
package final class Generator {
  package let configuration: ModelConfiguration

  /// Tokens that were read so far.
  package private(set) var position = 0

  private let shared: SharedValues

  /// One execution for each number of new tokens, made when it is first needed.
  private var executions: [Int: Execution] = [:]

  /// The most tokens that one pass reads; a longer prompt takes several.
  private static let longestPass = 64

  /// Prepares generation with a model.
  ///
  /// - Throws: `ExecutionProblem.tooLarge` if weights and caches do not fit into memory.
  package init(
    _ configuration: ModelConfiguration,
    parameters: Parameters,
    precision: Precision
  ) throws(ExecutionProblem) {
    self.configuration = configuration
    let cache = Shape(
      (.batch, 1),
      (.key, configuration.contextLength),
      (.head, configuration.keyHeadCount),
      (.headDim, configuration.headWidth)
    )
    let caches = (0..<configuration.layerCount).flatMap { block in
      ["k", "v"].map { (name: "blocks.\(block).attn.cache_\($0)", shape: cache) }
    }
    let weights = configuration.parameterSpecs.map { (name: $0.name, shape: $0.shape) }
    shared = try SharedValues(weights + caches, precision: precision)
    for (name, tensor) in parameters { shared.set(name, to: tensor) }
  }

  /// How many more tokens can be read.
  package var room: Int { configuration.contextLength - position }

  /// Forgets what was read.
  package func reset() { position = 0 }

  /// Reads tokens after those before, and gives the logits of the token that follows the last.
  ///
  /// - Parameter tokens: From 1 to `room` ids below the vocabulary size.
  /// - Returns: A number for each token of the vocabulary.
  /// - Throws: `ShapeProblem` or `ExecutionProblem` if the model cannot be executed.
  package func read(_ tokens: [Int32]) throws -> [Double] {
    precondition((1...room).contains(tokens.count), "\(tokens.count) tokens for \(room) places")
    var rest = tokens[...]
    var logits: [Double] = []
    while !rest.isEmpty {
      let part = rest.prefix(Self.longestPass)
      logits = try pass(Array(part))
      rest = rest.dropFirst(part.count)
    }
    return logits
  }

  private func pass(_ tokens: [Int32]) throws -> [Double] {
    var execution = try executions.removeValue(forKey: tokens.count) ?? prepare(tokens.count)
    execution.set(
      try execution.id(of: "tokens"),
      to: Tensor(Shape((.batch, 1), (.position, tokens.count)), tokens)
    )
    execution.set(try execution.id(of: "start"), to: Tensor(scalar: Double(position)))
    execution.run()
    position += tokens.count
    let logits = execution.tensor(try execution.id(of: "logits"))?.doubles ?? []
    // Prompts have many lengths; only the pass of a single token comes again and again.
    if tokens.count == 1 || tokens.count == Self.longestPass {
      executions[tokens.count] = execution
    }
    return logits
  }

  private func prepare(_ length: Int) throws -> Execution {
    var builder = ProgramBuilder()
    let batch = BatchShape(rows: 1, length: length)
    _ = try Transformer(configuration, batch: batch, mask: .causal)
      .writeDecoder(into: &builder, capacity: configuration.contextLength)
    return try Execution(builder.program, precision: shared.precision, sharing: shared)
  }
}
