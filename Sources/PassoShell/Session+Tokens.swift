// SPDX-License-Identifier: MIT

import PassoData
import PassoEngine

extension Session {
  /// The tokens of the vocabulary, in the order of their ids.
  ///
  /// A model from a folder may know more tokens than the text uses: those have no name here.
  package var vocabularyTokens: [String] { tokenizer.vocabulary.tokens }

  /// The input tokens of a row, as text.
  package func inputTokens(row: Int) -> [String] {
    batch.inputs[row].map(label)
  }

  /// The target of each position of a row, as text; a blank where nothing is asked.
  package func targetTokens(row: Int) -> [String] {
    batch.targets[row].map { $0 == Batch.ignoredTarget ? "" : label($0) }
  }

  /// The questions that the text asks.
  package var pairs: [TrainingPair] {
    get throws { try batch.pairs(tokenizer) }
  }

  private func label(_ id: TokenID) -> String {
    tokenizer.token(of: id) ?? String(id)
  }

  /// A fingerprint of all that decides what comes next.
  package var stateHash: UInt64 {
    var hash = StateHash()
    hash.add(timeline.execution.stateHash)
    hash.add(UInt64(timeline.update))
    return hash.value
  }
}
