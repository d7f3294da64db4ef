// SPDX-License-Identifier: MIT

import PassoData
import PassoEngine
import PassoFiles
import PassoRuntime

/// A long row of tokens, cut into blocks that are learned from in a random order.
///
/// Blocks are as long as the objective needs to fill a row: for the causal one a token longer than
/// the row, because inputs and targets are the block without its last and without its first token.
/// Every epoch has its own order, and hides other tokens; the batch of any round can be computed
/// without those before.
package struct TokenBlocks: BatchSource {
  private let tokens: any TokenStore
  private let rows: Int
  private let length: Int
  private let seed: UInt64
  private let objective: any Objective

  /// Tokens of a block, and from the start of one to that of the next.
  private let block: Int
  private let stride: Int

  /// Cuts tokens into blocks.
  ///
  /// - Parameters:
  ///   - tokens: At least `length + 1` ids, in memory or in files.
  ///   - rows: Blocks in a batch.
  ///   - length: Positions of a row.
  ///   - seed: Decides the order, and what is hidden.
  ///   - objective: What is made a question of.
  package init(
    _ tokens: any TokenStore,
    rows: Int,
    length: Int,
    seed: UInt64,
    objective: any Objective = CausalObjective(opening: [])
  ) {
    self.objective = objective.continued
    block = self.objective.textLength(ofRow: length)
    stride = min(block, length)
    precondition(tokens.count >= block, "\(tokens.count) tokens for rows of \(length)")
    self.tokens = tokens
    self.rows = rows
    self.length = length
    self.seed = seed
  }

  /// How many blocks there are.
  package var count: Int { (tokens.count - block) / stride + 1 }

  package var damage: TextProblem? { tokens.damage }

  package func batch(_ round: Int) -> TokenBatch {
    TokenBatch(blocks(round), objective, length: length, seed: seed, round: round)
  }

  package func texts(_ round: Int) -> [[TokenID]]? { blocks(round) }

  private func blocks(_ round: Int) -> [[TokenID]] {
    starts(round).map { tokens.tokens($0..<$0 + block) }
  }

  /// Where the blocks of a round begin in the row of tokens.
  private func starts(_ round: Int) -> [Int] {
    (0..<rows).map { row in
      let (epoch, place) = (round * rows + row).quotientAndRemainder(dividingBy: count)
      let shuffle = Shuffle(count: count, seed: seed &+ UInt64(epoch))
      return shuffle[place] * stride
    }
  }

  /// The row of tokens, and where the blocks of a round begin in it; nil unless each input's target
  /// is the token after it.
  var pieces: (tokens: any TokenStore, starts: @Sendable (Int) -> [Int])? {
    guard let causal = objective as? CausalObjective, causal.distance == 1, causal.after == nil
    else { return nil }
    return (tokens, starts)
  }
}

/// A source whose batch of a single round is another one.
struct OneRoundChanged: BatchSource {
  let source: any BatchSource
  let round: Int
  let changed: TokenBatch

  func batch(_ round: Int) -> TokenBatch {
    round == self.round ? changed : source.batch(round)
  }

  func texts(_ round: Int) -> [[TokenID]]? { round == self.round ? nil : source.texts(round) }

  var damage: TextProblem? { source.damage }
}
