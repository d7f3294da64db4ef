// SPDX-License-Identifier: MIT

import PassoRuntime
import PassoText

/// Predict the next token from those before it: the targets are the inputs shifted by one.
///
///     inputs   <start>  Il     gatto  dorme  sul
///     targets  Il       gatto  dorme  sul    divano
///
/// With another distance the token so many places ahead; with 0 the one that is there to be read,
/// which is what a training learns whose targets somebody forgot to shift.
/// Source: Radford et al. 2018, Improving Language Understanding, equation 1; several tokens ahead:
/// Gloeckle et al. 2024, arXiv:2404.19737, section 2.
package struct CausalObjective: Objective, Hashable {
  package static let name = "causal"

  /// The word for another distance than 1: `ahead 3`.
  package static let aheadName = "ahead"

  package static let predictsNext = true
  package static let parameter: ObjectiveParameter? = .distance
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

  package static func explanation(_ options: ObjectiveOptions) -> Bilingual {
    switch options.distance {
    case 1: explanation
    case 0:
      Bilingual(
        it: """
          Il target di ogni posizione è il token che sta lì, in vista: non c'è niente da \
          prevedere, basta copiare. La loss scende a zero e il modello non sa niente di ciò che \
          segue. È l'errore di chi dimentica di spostare i target.
          """,
        en: """
          The target of every position is the token that stands there, in plain sight: there is \
          nothing to predict, copying is enough. The loss goes down to zero and the model knows \
          nothing of what follows. It is the mistake of those who forget to shift the targets.
          """
      )
    default:
      Bilingual(
        it: """
          A ogni posizione il modello vede i token fino a quel punto e prevede quello che sta \
          \(options.distance) posti più avanti; quelli in mezzo non li vede, e lì nessuno glieli \
          chiede. Più la risposta è lontana, meno la si può sapere.
          """,
        en: """
          At every position the model sees the tokens up to there and predicts the one \
          \(options.distance) places ahead; those between it does not see, and nobody asks for \
          them there. The further away the answer is, the less of it can be known.
          """
      )
    }
  }

  /// The ids before the first token; without them the first token is only an input.
  package let opening: [TokenID]
  package let padding: TokenID

  /// Places from a position to the token that it has to predict.
  package let distance: Int

  package var after: AfterToken?

  /// Begins every row with the ids given, best the tokenizer's `opening`.
  package init(
    opening: [TokenID],
    padding: TokenID? = nil,
    distance: Int = 1,
    after: AfterToken? = nil
  ) {
    self.opening = opening
    self.padding = padding ?? opening.first ?? 0
    self.distance = distance
    self.after = after
  }

  package init(_ tokenizer: any Tokenizer) {
    self.init(opening: tokenizer.opening, padding: tokenizer.padding)
  }

  package init(
    _ tokenizer: any Tokenizer,
    _ options: ObjectiveOptions
  ) throws(DataProblem) {
    self.init(
      opening: tokenizer.opening,
      padding: tokenizer.padding,
      distance: options.distance,
      after: try AfterToken(options, tokenizer)
    )
  }

  package var options: ObjectiveOptions {
    ObjectiveOptions(distance: distance, after: after?.text)
  }

  package var continued: CausalObjective {
    CausalObjective(opening: [], padding: padding, distance: distance, after: after)
  }

  package func expectAfter(in oracle: Oracle) throws(DataProblem) {
    guard let after, !opening.contains(after.id) else { return }
    try oracle.expect(after, hasEnd: true)
  }

  package func textLength(ofRow length: Int) -> Int { length + distance - opening.count }

  package func example(
    from tokens: [TokenID],
    using random: inout some RandomNumberGenerator
  ) throws(DataProblem) -> Example {
    try example(from: tokens)
  }

  /// The question at every position of a text: nothing is left to chance.
  package func example(from tokens: [TokenID]) throws(DataProblem) -> Example {
    let row = opening + tokens
    guard row.count > distance, !tokens.isEmpty else {
      throw .tooFewTokens(needed: max(1, distance + 1 - opening.count), found: tokens.count)
    }
    let first = try askable(in: row).lowerBound
    let targets = row.indices.dropFirst(distance).map { $0 < first ? ignoredTarget : row[$0] }
    return Example(inputs: Array(row.dropLast(distance)), targets: targets)
  }
}
