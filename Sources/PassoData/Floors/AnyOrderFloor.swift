// SPDX-License-Identifier: MIT
import PassoText

/// The floor of uncovering a row in any order: that of causal, per sentence.
///
/// A row has T positions, as many as the longest sentence, and is filled up with `<end>`. k of them
/// are covered, k any of 1 … T and every subset of so many with the same probability; each covered
/// position j weighs T/k. Of a random order in which positions are uncovered, j is the next one
/// after the T - k that are in sight, so that
///
///     E over k of (T/k) · E[sum over covered j of H(x[j] | in sight)]
///       = sum over k of E[H(the next one | the T - k before it, in a random order)]
///       = H(x[1 … T])
///
/// by the chain rule in each order. The filling is certain once the first `<end>` is known: this is
/// H(sentence), whatever the order. The weights of a row sum to T.
/// Source: Sahoo et al. 2024, arXiv:2406.07524, section 3; Ou et al. 2024, arXiv:2406.03736.
struct AnyOrderFloor: FloorRule {
  let name = "any-order"

  let derivation = Bilingual(
    it: "in qualunque ordine si scoprano le T posizioni, per la regola della catena le sorprese"
      + " sommano a −ln P(frase): per frase è il pavimento di causal, per posizione è diviso per T",
    en: "in whatever order the T positions are uncovered, by the chain rule the surprises sum to"
      + " −ln P(sentence): per sentence it is the floor of causal, per position it is divided by T"
  )

  func floor(of language: ToyLanguage, _ work: inout FloorWork) throws -> ObjectiveFloor {
    let lengths = try SentenceLengths(language, &work)
    return ObjectiveFloor(
      perSentence: Oracle(language).entropyPerSentence,
      asked: Double(lengths.longest)
    )
  }
}
