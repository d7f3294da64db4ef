// SPDX-License-Identifier: MIT
import PassoText

/// The floor of filling in the middle: the text is only in another order.
///
/// A text of n words is cut at a < b, any two of the n + 1 places with the same probability, and
/// written as `<prefix> P <suffix> S <middle> M <end>`. The row tells the sentence and the cut, and
/// they tell the row; everything after the first token is asked, each from all before it. By the
/// chain rule
///
///     floor per sentence = H(sentence, cut) = H(sentence) + E[ln(n (n + 1) / 2)]
///
/// over n + 3 tokens: the words, two marks, `<end>`.
/// Source: Bavarian et al. 2022, arXiv:2207.14255, section 3, for the question.
struct MiddleFloor: FloorRule {
  let name = "middle"

  let derivation = Bilingual(
    it: "la riga è la frase in un altro ordine: H(frase), più l'entropia del taglio, la media di"
      + " ln(n(n+1)/2) su frasi di n parole; i token chiesti sono n + 3",
    en: "the row is the sentence in another order: H(sentence), and the entropy of the cut, the"
      + " mean of ln(n(n+1)/2) over sentences of n words; n + 3 tokens are asked"
  )

  func floor(of language: ToyLanguage, _ work: inout FloorWork) throws -> ObjectiveFloor {
    let lengths = try SentenceLengths(language, &work)
    try lengths.expect(1)
    let cut = lengths.mean { Double.logarithm(Double($0 * ($0 + 1)) / 2) }
    return ObjectiveFloor(
      perSentence: Oracle(language).entropyPerSentence + cut,
      asked: lengths.mean { Double($0 + 3) }
    )
  }
}
