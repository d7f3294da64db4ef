// SPDX-License-Identifier: MIT

import PassoEngine
import PassoRuntime
import PassoText

/// The loss on text that the model never learns from.
package struct Validator: Sendable {
  /// More batches would cost time and change the third digit.
  private static let mostBatches = 20

  private let runner: ModelRunner

  /// Each with what its targets weigh that count: objectives may hide more of one than of another.
  private let batches: [(batch: TokenBatch, weight: Double)]

  /// Prepares the forward pass of a model on the first batches of a source.
  ///
  /// - Throws: `ShapeProblem` or `ExecutionProblem` if the model cannot be executed, or what its
  ///   parameters throw.
  package init(_ blocks: TokenBlocks, of model: Model, batch: BatchShape) throws {
    runner = try ModelRunner(model, batch: batch)
    let all = Self.batches(of: blocks, batch)
    rowCount = min(all.count * batch.rows, blocks.count)
    batches = all.map { ($0, $0.totalWeight) }
  }

  /// The batches on which a loss is measured.
  static func batches(of blocks: TokenBlocks, _ batch: BatchShape) -> [TokenBatch] {
    let count = min(mostBatches, max(1, blocks.count / batch.rows))
    // Fewer blocks than rows come again to fill the batch: they count once.
    let places = min(batch.rows, blocks.count) * batch.length
    return (0..<count).map { blocks.batch($0).counting(places) }
  }

  /// The rows on which the loss is measured.
  package let rowCount: Int

  /// Why it takes longer than it could.
  package var slowness: Slowness? { runner.slowness }

  /// The mean loss, in nats per token.
  ///
  /// - Parameter parameters: What the model has learned since; nil for those that it had.
  /// - Returns: The loss.
  /// - Throws: `Interrupted` if a person has asked to stop, or `ExecutionProblem`.
  package func loss(of parameters: (any ParameterSource)? = nil) throws -> Double {
    if let parameters { try runner.load(parameters) }
    let loss = runner.id(of: .model(.loss))
    var (total, whole) = (0.0, 0.0)
    // The loss of a batch in which nothing counts is not a number.
    for (batch, weight) in batches where weight > 0 {
      try Interruption.check()
      try runner.set(batch)
      try runner.run()
      total += runner.number(loss) * weight
      whole += weight
    }
    return total / whole
  }
}

extension TokenBatch {
  /// The same without the targets from a place on.
  fileprivate func counting(_ places: Int) -> TokenBatch {
    guard places < targets.count else { return self }
    let ignored = Array(repeating: ignoredTarget, count: targets.count - places)
    return TokenBatch(
      inputs: inputs,
      targets: targets[..<places] + ignored,
      prefix: prefix,
      weights: weights
    )
  }
}
