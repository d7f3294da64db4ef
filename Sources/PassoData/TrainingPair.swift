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
    func token(_ id: TokenID, at position: Int) throws(DataProblem) -> String {
      if let token = tokenizer.token(of: id) { return token }
      throw .unknownID(Int(id), position: position, known: tokenizer.vocabularySize)
    }
    var pairs: [TrainingPair] = []
    for row in rows.indices {
      let example = rows[row]
      let tokens = try example.inputs.enumerated().map { (position, id) throws(DataProblem) in
        try token(id, at: position)
      }
      for (position, target) in example.targets.enumerated() where target != ignoredTarget {
        let word = try token(target, at: position)
        let count = example.visibleCount(from: position)
        pairs.append(
          TrainingPair(row: row, position: position, visible: tokens.prefix(count), target: word)
        )
      }
    }
    return pairs
  }
}
