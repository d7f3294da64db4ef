// SPDX-License-Identifier: MIT

import PassoText

/// Why data and model do not go together.
package enum ExperimentProblem: Problem, Equatable {
  /// A row that is longer than what the model reads.
  case textTooLong(tokens: Int, context: Int)

  /// A tokenizer that knows more tokens than the model has rows for, where any of them may come.
  case tooManyTokens(Int, vocabulary: Int)

  /// A token for which the model has no row.
  case tokenOutside(String, vocabulary: Int)

  package var message: Bilingual {
    switch self {
    case .textTooLong(let tokens, let context):
      Bilingual(
        it: "il modello legge al più \(context) token, il testo ne ha \(tokens)",
        en: "the model reads at most \(context) tokens, the text has \(tokens)"
      )
    case .tooManyTokens(let tokens, let vocabulary):
      Bilingual(
        it: "il tokenizer conosce \(tokens) token, il modello ha posto per \(vocabulary): i testi"
          + " potrebbero usarne altri",
        en: "the tokenizer knows \(tokens) tokens, the model has room for \(vocabulary): the texts"
          + " might use others"
      )
    case .tokenOutside(let token, let vocabulary):
      Bilingual(
        it:
          "il tokenizer conosce \(it: token), ma il modello ha posto solo per \(vocabulary) token",
        en: "the tokenizer knows \(en: token), but the model has room for \(vocabulary) tokens only"
      )
    }
  }
}
