// SPDX-License-Identifier: MIT
import PassoText

/// Predict the next token from those before it: the targets are the inputs shifted by one.
///
///     inputs   <start>  Il     gatto  dorme  sul
///     targets  Il       gatto  dorme  sul    divano
package struct CausalObjective: Objective, Hashable {
  /// The id that stands before the first token; without it the first token is only an input.
  package let start: TokenID?

  /// Begins every row with the id given, best the tokenizer's `start`.
  package init(start: TokenID?) {
    self.start = start
  }

  package var name: String { "causal" }

  package var explanation: Bilingual {
    Bilingual(
      it: """
        A ogni posizione il modello vede i token fino a quel punto e prevede il successivo. \
        Le risposte sono già nel testo, spostato di un posto: nessuno deve scriverle.
        """,
      en: """
        At every position the model sees the tokens up to there and predicts the next one. \
        The answers are already in the text, shifted by one place: nobody has to write them.
        """
    )
  }

  package var attention: Attention { .causal }

  package var padding: TokenID { start ?? 0 }

  package func example(from tokens: [TokenID]) throws(DataProblem) -> Example {
    let row = (start.map { [$0] } ?? []) + tokens
    guard row.count >= 2 else {
      throw .tooFewTokens(needed: start == nil ? 2 : 1, found: tokens.count)
    }
    return Example(inputs: Array(row.dropLast()), targets: Array(row.dropFirst()))
  }
}
