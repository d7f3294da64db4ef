// SPDX-License-Identifier: MIT

import PassoEngine

/// The loss on text that the model never learns from.
package struct Validator: Sendable {
  /// More batches would cost time and change the third digit.
  private static let mostBatches = 20

  private let pass: any ForwardPass

  /// Each with the number of its targets that count: objectives may hide more of one than of another.
  private let batches: [(batch: TokenBatch, targets: Int)]

  /// Prepares the forward pass of a model on the first batches of a source.
  ///
  /// - Throws: `ShapeProblem` or `ExecutionProblem` if the model cannot be executed.
  package init(
    _ blocks: TokenBlocks,
    of configuration: ModelConfiguration,
    batch: BatchShape,
    mask: MaskKind,
    silenced: Set<HeadAddress> = [],
    precision: Precision,
    threads: Int = 1
  ) throws {
    var builder = ProgramBuilder()
    _ = try Transformer(configuration, batch: batch, mask: mask, silenced: silenced)
      .write(into: &builder)
    let program = builder.program
    switch try ExecutionForm(program, precision) {
    case .fast(let fast): pass = FastPass(execution: try FastExecution(fast, threads: threads))
    case .readable: pass = ReadablePass(execution: try Execution(program, precision: precision))
    }
    let count = min(Self.mostBatches, max(1, blocks.count / batch.rows))
    rowCount = min(count * batch.rows, blocks.count)
    // Fewer blocks than rows come again to fill the batch: they count once.
    let places = min(batch.rows, blocks.count) * batch.length
    batches = (0..<count).map { blocks.batch($0).counting(places) }
      .map { ($0, $0.targets.count { $0 != ignoredTarget }) }
  }

  /// The rows on which the loss is measured.
  package let rowCount: Int

  /// The mean loss of a model with these parameters, in nats per token.
  package func loss(_ parameters: Parameters) throws -> Double {
    for (name, tensor) in parameters { try pass.set(name, tensor) }
    var (total, targets) = (0.0, 0)
    for (batch, count) in batches {
      total += try pass.loss(batch) * Double(count)
      targets += count
    }
    return total / Double(targets)
  }
}

extension TokenBatch {
  /// The same without the targets from a place on.
  fileprivate func counting(_ places: Int) -> TokenBatch {
    guard places < targets.count else { return self }
    let ignored = Array(repeating: ignoredTarget, count: targets.count - places)
    return TokenBatch(inputs: inputs, targets: targets[..<places] + ignored, prefix: prefix)
  }
}

/// The loss of a batch, from given parameters.
private protocol ForwardPass: AnyObject, Sendable {
  func set(_ name: ValueName, _ tensor: Tensor) throws(ExecutionProblem)
  func loss(_ batch: TokenBatch) throws -> Double
}

private final class ReadablePass: ForwardPass, @unchecked Sendable {
  private var execution: Execution

  init(execution: Execution) { self.execution = execution }

  func set(_ name: ValueName, _ tensor: Tensor) throws(ExecutionProblem) {
    try execution.set(execution.id(of: name), to: tensor)
  }

  func loss(_ batch: TokenBatch) throws -> Double {
    let (tokens, targets) = try (
      execution.id(of: .model(.tokens)), execution.id(of: .model(.targets))
    )
    let shape = execution.program[tokens].shape
    try execution.set(tokens, to: Tensor(shape, batch.inputs))
    try execution.set(targets, to: Tensor(shape, batch.targets))
    if let prefix = execution.program.id(of: .model(.prefix)) {
      let rows = execution.program[prefix].shape
      try execution.set(prefix, to: Tensor(rows, batch.prefixes(rows: rows.count)))
    }
    try execution.complete()
    return execution.tensor(.model(.loss))?[0] ?? .nan
  }
}

private final class FastPass: ForwardPass {
  private let execution: FastExecution

  init(execution: FastExecution) { self.execution = execution }

  func set(_ name: ValueName, _ tensor: Tensor) { execution.set(name, to: tensor) }

  func loss(_ batch: TokenBatch) -> Double {
    execution.set(batch)
    execution.runRound(0)
    return Double(execution.loss)
  }
}
