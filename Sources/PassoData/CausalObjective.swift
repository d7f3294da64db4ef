// SPDX-License-Identifier: MIT
import PassoText

/// Predict the next token from those before it: the targets are the inputs shifted by one.
///
///     inputs   <start>  Il     gatto  dorme  sul
///     targets  Il       gatto  dorme  sul    divano
///
/// Source: Radford et al. 2018, Improving Language Understanding, equation 1.
package struct CausalObjective: Objective, Hashable {
  package static let name = "causal"
  package static let predictsNext = true
  package static let specials: [SpecialToken] = [.start]
  package static let explanation = Bilingual(
    it: """
      A ogni posizione il modello vede i token fino a quel punto e prevede il successivo. \
      Le risposte sono già nel testo, spostato di un posto: nessuno deve scriverle.
      """,
    en: """
      At every position the model sees the tokens up to there and predicts the next one. \
      The answers are already in the text, shifted by one place: nobody has to write them.
      """
  )

  /// The ids before the first token; without them the first token is only an input.
  package let opening: [TokenID]
  package let padding: TokenID

  /// Begins every row with the ids given, best the tokenizer's `opening`.
  package init(opening: [TokenID], padding: TokenID? = nil) {
    self.opening = opening
    self.padding = padding ?? opening.first ?? 0
  }

  package init(_ tokenizer: any Tokenizer) {
    self.init(opening: tokenizer.opening, padding: tokenizer.padding)
  }

  package var continued: CausalObjective { CausalObjective(opening: [], padding: padding) }

  package func textLength(ofRow length: Int) -> Int { length + 1 - opening.count }

  package func example(
    from tokens: [TokenID],
    using random: inout some RandomNumberGenerator
  ) throws(DataProblem) -> Example {
    try example(from: tokens)
  }

  /// The question at every position of a text: nothing is left to chance.
  package func example(from tokens: [TokenID]) throws(DataProblem) -> Example {
    let row = opening + tokens
    guard row.count >= 2, !tokens.isEmpty else {
      throw .tooFewTokens(needed: opening.isEmpty ? 2 : 1, found: tokens.count)
    }
    return Example(inputs: Array(row.dropLast()), targets: Array(row.dropFirst()))
  }
}
