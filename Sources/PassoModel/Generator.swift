// SPDX-License-Identifier: MIT

import PassoEngine
import PassoText

/// Makes text token by token, with a cache of keys and values: each new token costs one pass over
/// the weights, whatever came before it.
///
/// A class, because the caches are one place in memory that every token is added to.
package final class Generator {
  /// Tokens that were read so far.
  package private(set) var position = 0

  /// Whether the first tokens of the latest text had to be left out so that it could go on.
  package internal(set) var hasSlid = false

  private var model: Model
  private let single: ModelRunner

  /// Passes over more than one token, by their number; all on the same weights and caches.
  private var others: [Int: ModelRunner] = [:]

  /// The most tokens that one pass reads; a longer prompt takes several.
  private static let longestPass = 64

  /// Prepares generation with a model; its mask is causal.
  ///
  /// - Throws: `ShapeProblem` or `ExecutionProblem` if weights and caches do not fit into memory,
  ///   or what the model's parameters throw.
  package init(_ model: Model) throws {
    single = try ModelRunner(model, Self.program(of: model, length: 1), lends: true)
    self.model = model
    // They are in the runner: a large model need not be in memory twice.
    self.model.parameters = Parameters()
  }

  package var configuration: ModelConfiguration { model.configuration }

  /// Why it takes longer than it could.
  package var slowness: Slowness? { single.slowness }

  /// How many more tokens can be read.
  package var remainingContext: Int { configuration.contextLength - position }

  /// Forgets what was read.
  package func reset() { position = 0 }

  /// Reads tokens after those before, and gives the logits of the token that follows the last.
  ///
  /// - Parameter tokens: From 1 to `remainingContext` ids below the vocabulary size.
  /// - Returns: A number for each token of the vocabulary.
  /// - Throws: `ShapeProblem` or `ExecutionProblem` if the model cannot be executed.
  package func read(_ tokens: [Int32]) throws -> [Double] {
    let room = remainingContext
    precondition((1...room).contains(tokens.count), "\(tokens.count) tokens for \(room) places")
    var rest = tokens[...]
    var logits: [Double] = []
    while !rest.isEmpty {
      let part = rest.prefix(Self.longestPass)
      // Prompts have many lengths. Only the pass of a single token comes again and again, and those
      // of a whole context, which a text that has outgrown it reads for every token.
      let isKept = [1, Self.longestPass, configuration.contextLength % Self.longestPass]
        .contains(part.count)
      logits = try pass(over: Array(part), keep: isKept)
      position += part.count
      rest = rest.dropFirst(part.count)
    }
    return logits
  }

  /// The logits after tokens that follow those that are known.
  private func pass(over tokens: [Int32], keep: Bool) throws -> [Double] {
    let runner = try runner(tokens.count, keep: keep)
    try runner.set(TokenBatch(inputs: tokens, targets: []))
    try runner.set(runner.id(of: .model(.start)), to: Double(position))
    try runner.run()
    return try runner.computed(.model(.logits)).doubles
  }

  private func runner(_ length: Int, keep: Bool) throws -> ModelRunner {
    if length == 1 { return single }
    if let known = others[length] { return known }
    let runner = try single.sharing(with: Self.program(of: model, length: length))
    if keep { others[length] = runner }
    return runner
  }

  private static func program(of model: Model, length: Int) throws(ShapeProblem) -> Program {
    var builder = ProgramBuilder()
    _ = try model.transformer(BatchShape(rows: 1, length: length))
      .writeDecoder(into: &builder, capacity: model.configuration.contextLength)
    return builder.program
  }
}
