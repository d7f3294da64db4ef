// SPDX-License-Identifier: MIT

import PassoData
import PassoRuntime
import PassoText

/// Byte pair encoding, looked at step by step.
package struct MergeWatch {
  /// Of a long text the beginning is shown.
  private static let shownScalars = 120

  package var trainer: BytePairTrainer

  /// The text that is shown, and whether it is all of it.
  package let sample: String
  package let isWhole: Bool

  /// Counts the pairs of texts.
  ///
  /// - Throws: `DataProblem` if there is nothing in them, or `ExecutionProblem.refused` if there is
  ///   no room for their pieces.
  package init(_ texts: [String]) throws {
    try MemoryRoom.check(2 * texts.reduce(0) { $0 + $1.utf8.count })
    trainer = try BytePairTrainer(
      texts: texts,
      plan: .init(vocabularySize: 1 << 16),
      threads: ProcessorCount.physical
    )
    let text = texts.first { !$0.allSatisfy(\.isWhitespace) } ?? ""
    sample = BytePairTrainer.beginning(of: text, scalars: Self.shownScalars)
    isWhole = sample.utf8.count == text.utf8.count
  }
}
