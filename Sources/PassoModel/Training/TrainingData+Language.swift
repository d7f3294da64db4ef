// SPDX-License-Identifier: MIT

import PassoEngine

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
      fingerprint: sentences.fingerprint
    )
  }
}
