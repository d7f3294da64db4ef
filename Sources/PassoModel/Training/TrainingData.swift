// SPDX-License-Identifier: MIT

import PassoData
import PassoEngine
import PassoFiles
import PassoRuntime
import PassoText

/// What a model learns from, and what it is tested on.
package struct TrainingData: Sendable {
  package private(set) var training: any BatchSource

  /// Batches that the model never learns from; nil if there are too few tokens to spare.
  package let validation: TokenBlocks?

  package let batch: BatchShape
  package let mask: MaskKind

  /// Whether targets weigh differently.
  package private(set) var weighsTargets = false

  /// Tells one set of data from another.
  package let fingerprint: UInt64

  /// Prepared rows, the same in every update.
  ///
  /// - Throws: `TrainingProblem` if there is nothing to learn, or the rounds do not divide the
  ///   rows.
  package init(_ file: TokensFile, rounds: Int) throws(TrainingProblem) {
    guard let targets = file.targets, let rows = file.batch else { throw .noTargets }
    guard targets.joined().contains(where: { $0 != ignoredTarget }) else { throw .nothingCounts }
    try self.init(rows, rounds: rounds, mask: file.attention == .causal ? .causal : .none)
  }

  /// The same rows in every update, divided among its rounds.
  ///
  /// - Throws: `TrainingProblem.unevenRounds`.
  package init(
    _ rows: Batch,
    rounds: Int,
    mask: MaskKind,
    weighsTargets: Bool = false
  ) throws(TrainingProblem) {
    guard rows.rowCount.isMultiple(of: rounds) else {
      throw .unevenRounds(rounds, rows: rows.rowCount)
    }
    training = FixedBatch(rows, rounds: rounds)
    validation = nil
    batch = BatchShape(rows: rows.rowCount / rounds, length: rows.length)
    self.mask = mask
    self.weighsTargets = weighsTargets
    fingerprint = Self.hash(rows.inputs.flatMap(\.self) + rows.targets.flatMap(\.self))
  }

  /// The tokens of a text in files, in batches that do not depend on where they were made.
  ///
  /// - Parameters:
  ///   - shards: The tokens, divided already.
  ///   - batch: Rows and positions of one round.
  ///   - seed: Decides the order of the blocks, and what is hidden.
  ///   - objective: What is made a question of.
  ///   - mask: What a position may look at.
  /// - Throws: `TrainingProblem.rowTooShort` if a row has no room for a question, `.tooShort` if
  ///   the tokens do not fill one block.
  package init(
    _ shards: TokenShards,
    batch: BatchShape,
    seed: UInt64,
    objective: any Objective,
    mask: MaskKind
  ) throws(TrainingProblem) {
    let tokens = shards.training
    let (rows, length) = (batch.rows, batch.length)
    let shortest = type(of: objective).shortestRow
    guard length >= shortest else {
      throw .rowTooShort(length, needed: shortest, objective: objective.name)
    }
    let needed = objective.continued.textLength(ofRow: length)
    guard tokens.count >= needed else {
      throw .tooShort(tokens: tokens.count, needed: needed)
    }
    func blocks(_ tokens: any TokenStore, _ seed: UInt64) -> TokenBlocks {
      TokenBlocks(tokens, rows: rows, length: length, seed: seed, objective: objective)
    }
    training = blocks(tokens, seed)
    validation = shards.heldOut.flatMap { $0.count >= needed ? blocks($0, 0) : nil }
    self.batch = batch
    self.mask = mask
    weighsTargets = type(of: objective).weighsTargets
    fingerprint = shards.fingerprint
  }

  /// Batches from any source.
  ///
  /// - Parameters:
  ///   - training: What is learned from.
  ///   - validation: What is kept for tests, if anything is.
  ///   - batch: Rows and positions of one round.
  ///   - mask: What a position may look at.
  ///   - weighsTargets: Whether targets weigh differently.
  ///   - fingerprint: Tells this data from other data.
  package init(
    training: any BatchSource,
    validation: TokenBlocks? = nil,
    batch: BatchShape,
    mask: MaskKind,
    weighsTargets: Bool = false,
    fingerprint: UInt64
  ) {
    self.training = training
    self.validation = validation
    self.batch = batch
    self.mask = mask
    self.weighsTargets = weighsTargets
    self.fingerprint = fingerprint
  }

  /// The same, with a seed in each round for a model that trains with dropout.
  func seeded(_ seed: UInt64, for model: ModelConfiguration) -> TrainingData {
    guard model.dropout > 0 else { return self }
    var copy = self
    copy.training = SeededBatches(source: training, seed: seed)
    return copy
  }

  private static func hash(_ ids: [Int32]) -> UInt64 {
    var hash = StateHash()
    ids.withUnsafeBytes { hash.add($0) }
    return hash.value
  }
}

extension TrainingData {
  /// Sentences of a toy language.
  ///
  /// Nothing is kept for validation: no list of sentences comes again, and
  /// `LanguageExaminer` says more of it than a loss.
  ///
  /// - Parameters:
  ///   - sentences: One a row.
  ///   - mask: What a position may look at.
  package init(_ sentences: LanguageBatches, mask: MaskKind = .causal) {
    self.init(
      training: sentences,
      batch: sentences.shape,
      mask: mask,
      weighsTargets: sentences.weighsTargets,
      fingerprint: sentences.fingerprint
    )
  }
}
