// SPDX-License-Identifier: MIT

import PassoText

/// What happens where a text becomes longer than the model reads.
package enum GenerationWindow: String, Sendable, CaseIterable {
  /// The model reads the last tokens that fit, at positions counted from 0 again.
  ///
  /// Source: `sample.py` of nanoGPT, which crops to the last `block_size` tokens.
  case slide

  /// The text ends.
  case stop
}

extension Generator {
  /// What a person should know of a prompt; nil if the model reads all of it.
  package func note(onPromptOf count: Int, _ window: GenerationWindow) -> Bilingual? {
    let limit = configuration.contextLength
    guard window == .slide, count > limit else { return nil }
    return Bilingual(
      it:
        "il modello legge al più \(limit) token: dei \(count) del prompt vede gli ultimi \(limit)",
      en: "the model reads at most \(limit) tokens: of the prompt's \(count) it sees the last"
        + " \(limit)"
    )
  }

  /// What a person should know of a text that was made; nil if the model read all of it.
  package func note(on end: TextEnd) -> Bilingual? {
    let limit = configuration.contextLength
    if case .contextFull = end {
      return Bilingual(
        it: "il modello legge al più \(limit) token: qui il testo si ferma",
        en: "the model reads at most \(limit) tokens: the text stops here"
      )
    }
    guard hasSlid else { return nil }
    return Bilingual(
      it: "il modello legge al più \(limit) token: alla fine vedeva solo gli ultimi \(limit)",
      en: "the model reads at most \(limit) tokens: towards the end it saw the last \(limit) only"
    )
  }
}
