// SPDX-License-Identifier: MIT

import PassoData
import PassoEngine
import PassoFiles
import PassoRuntime

/// The token ids of one round, row by row.
package struct TokenBatch: Sendable, Hashable {
  package let inputs: [Int32]

  /// The id expected at each position, or `ignoredTarget`.
  package let targets: [Int32]

  /// How many positions at the start of each row all of it may see; empty stands for none.
  package let prefix: [Int32]

  /// What each target weighs; empty where all weigh 1.
  package let weights: [Double]

  /// Decides on the zeros of dropout in this round.
  package var dropoutSeed: Int32 = 0

  /// Rows one after the other.
  package init(
    inputs: [Int32],
    targets: [Int32],
    prefix: [Int32] = [],
    weights: [Double] = []
  ) {
    self.inputs = inputs
    self.targets = targets
    self.prefix = prefix
    self.weights = weights
  }

  /// The rows of a batch.
  package init(_ batch: some Collection<Example>) {
    let isWeighted = batch.contains { $0.weights != nil }
    self.init(
      inputs: batch.flatMap(\.inputs),
      targets: batch.flatMap(\.targets),
      prefix: batch.map { Int32($0.prefix) },
      weights: isWeighted
        ? batch.flatMap { $0.weights ?? Array(repeating: 1, count: $0.inputs.count) } : []
    )
  }

  /// The questions that an objective makes of texts that are long enough for it.
  ///
  /// - Parameters:
  ///   - texts: One for each row.
  ///   - objective: What is made a question of.
  ///   - length: Positions of a row.
  ///   - seed: Decides, with the round, what is hidden.
  ///   - round: Counted from the start of the run.
  init(
    _ texts: [[TokenID]],
    _ objective: any Objective,
    length: Int,
    seed: UInt64,
    round: Int
  ) {
    var random = RandomSource(seed: seed, round: round)
    guard let batch = try? objective.batch(from: texts, length: length, using: &random),
      batch.length == length
    else { preconditionFailure("texts that do not fit rows of \(length)") }
    self.init(batch.rows)
  }

  /// One example a row.
  package func rows(of shape: BatchShape) -> [Example] {
    let prefixes = prefixes(rows: shape.rows)
    return (0..<shape.rows).map { row in
      let places = row * shape.length..<(row + 1) * shape.length
      return Example(
        inputs: Array(inputs[places]),
        targets: Array(targets[places]),
        prefix: Int(prefixes[row]),
        weights: weights.isEmpty ? nil : Array(weights[places])
      )
    }
  }

  /// What the targets that count weigh together.
  package var totalWeight: Double {
    targets.indices.reduce(0) { total, place in
      guard targets[place] != ignoredTarget else { return total }
      return total + (weights.isEmpty ? 1 : weights[place])
    }
  }

  /// The prefix of each row.
  func prefixes(rows: Int) -> [Int32] {
    prefix.isEmpty ? Array(repeating: 0, count: rows) : prefix
  }
}

/// The inputs of a program that a batch gives.
struct BatchInputs: Sendable {
  private typealias Input = (id: ValueID, shape: Shape)
  private let tokens: Input?
  private let targets: Input?
  private let prefix: Input?
  private let weights: Input?
  private let dropoutSeed: Input?

  init(_ program: Program) {
    func input(_ part: ModelPart) -> Input? {
      program.id(of: .model(part)).map { ($0, program[$0].shape) }
    }
    (tokens, targets, prefix) = (input(.tokens), input(.targets), input(.prefix))
    (weights, dropoutSeed) = (input(.targetWeights), input(.dropoutSeed))
  }

  /// Calls back with each input and its value.
  func set(
    _ batch: TokenBatch,
    _ body: (ValueID, Tensor) throws(ExecutionProblem) -> Void
  ) throws(ExecutionProblem) {
    if let tokens { try body(tokens.id, Tensor(tokens.shape, batch.inputs)) }
    if let targets { try body(targets.id, Tensor(targets.shape, batch.targets)) }
    if let prefix {
      try body(prefix.id, Tensor(prefix.shape, batch.prefixes(rows: prefix.shape.count)))
    }
    if let weights {
      let all =
        batch.weights.isEmpty ? Array(repeating: 1, count: weights.shape.count) : batch.weights
      try body(weights.id, Tensor(weights.shape, all))
    }
    if let dropoutSeed { try body(dropoutSeed.id, Tensor(dropoutSeed.shape, [batch.dropoutSeed])) }
  }
}

/// Where a run finds what to learn from.
///
/// Random access: the same number gives the same batch, however the run came there.
package protocol BatchSource: Sendable {
  /// The batch of a round, counted from the start of the run.
  func batch(_ round: Int) -> TokenBatch

  /// The texts of which the questions of a round are made, one for each row; nil if they are not
  /// known.
  func texts(_ round: Int) -> [[TokenID]]?

  /// Why what was given is not what was meant; nil while there is no reason.
  var damage: TextProblem? { get }

  /// The same source with another batch in a round, and wherever that batch comes again.
  func changing(_ round: Int, to batch: TokenBatch) -> any BatchSource
}

extension BatchSource {
  package func texts(_ round: Int) -> [[TokenID]]? { nil }
  package var damage: TextProblem? { nil }

  package func changing(_ round: Int, to batch: TokenBatch) -> any BatchSource {
    OneRoundChanged(source: self, round: round, changed: batch)
  }
}

/// The same few rows in every update, a part of them in each of its rounds.
package struct FixedBatch: BatchSource {
  private var parts: [TokenBatch]

  /// Rows that are divided among the rounds of an update, which must divide their number.
  package init(_ batch: Batch, rounds: Int = 1) {
    precondition(batch.rowCount.isMultiple(of: rounds), "\(batch.rowCount) rows, \(rounds) rounds")
    let size = batch.rowCount / rounds
    parts = (0..<rounds).map { TokenBatch(batch.rows[$0 * size..<($0 + 1) * size]) }
  }

  package func batch(_ round: Int) -> TokenBatch { parts[round % parts.count] }

  package func changing(_ round: Int, to batch: TokenBatch) -> any BatchSource {
    var copy = self
    copy.parts[round % parts.count] = batch
    return copy
  }
}

/// The same batches, each with a seed for the zeros of dropout in its round.
struct SeededBatches: BatchSource {
  let source: any BatchSource
  let seed: UInt64

  func batch(_ round: Int) -> TokenBatch {
    var random = RandomSource(seed: seed, round: round)
    var batch = source.batch(round)
    batch.dropoutSeed = Int32(truncatingIfNeeded: random.next())
    return batch
  }

  func texts(_ round: Int) -> [[TokenID]]? { source.texts(round) }
  var damage: TextProblem? { source.damage }

  func changing(_ round: Int, to batch: TokenBatch) -> any BatchSource {
    SeededBatches(source: source.changing(round, to: batch), seed: seed)
  }
}

/// The size of what one execution works on.
package struct BatchShape: Hashable, Sendable {
  /// Rows of text.
  package var rows: Int

  /// Tokens of each row.
  package var length: Int

  /// Rows of so many tokens.
  package init(rows: Int, length: Int) {
    self.rows = rows
    self.length = length
  }
}
