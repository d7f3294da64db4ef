// SPDX-License-Identifier: MIT

import PassoRuntime
import PassoText

/// One question that a batch asks: which token follows from what is visible.
package struct TrainingPair: Hashable, Sendable {
  /// The row of the batch, from 0.
  package let row: Int

  /// The position in the row, from 0.
  package let position: Int

  /// The tokens that the model may look at, in order.
  package let visible: ArraySlice<String>

  /// The token that it should predict.
  package let target: String
}

extension Batch {
  /// Every question of the batch, row by row; positions with an ignored target ask none.
  package func pairs(_ tokenizer: any Tokenizer) throws(DataProblem) -> [TrainingPair] {
    var pairs: [TrainingPair] = []
    for row in rows.indices {
      let example = rows[row]
      let tokens = try Self.tokens(of: example.inputs, tokenizer)
      for (position, target) in example.targets.enumerated() where target != ignoredTarget {
        guard let word = tokenizer.token(of: target) else {
          throw .unknownID(Int(target), position: position, known: tokenizer.vocabularySize)
        }
        let count = example.visibleCount(from: position)
        pairs.append(
          TrainingPair(row: row, position: position, visible: tokens.prefix(count), target: word)
        )
      }
    }
    return pairs
  }

  private static func tokens(
    of ids: [TokenID],
    _ tokenizer: any Tokenizer
  ) throws(DataProblem) -> [String] {
    var tokens: [String] = []
    for (position, id) in ids.enumerated() {
      guard let token = tokenizer.token(of: id) else {
        throw .unknownID(Int(id), position: position, known: tokenizer.vocabularySize)
      }
      tokens.append(token)
    }
    return tokens
  }
}
