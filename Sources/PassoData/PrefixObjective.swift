// SPDX-License-Identifier: MIT

import PassoRuntime
import PassoText

/// Read the beginning of a text as a whole, and write the rest token by token.
///
///     inputs   <start>  Il     gatto  dorme  sul
///     targets  ·        ·      dorme  sul    divano
///     prefix   |-- all see these --|
///
/// Source: Raffel et al. 2020, arXiv:1910.10683, section 3.2.1.
package struct PrefixObjective: Objective, Hashable {
  package static let name = "prefix"
  package static let specials: [SpecialToken] = [.start]
  package static let explanation = Bilingual(
    it: """
      Il testo è diviso in un punto a caso. La prima parte è data: lì ogni posizione vede tutte le \
      altre, e nella loss conta solo l'ultima, che prevede il primo token della seconda. La \
      seconda va prevista token per token, come nell'obiettivo causale. È la forma di domanda e \
      risposta, o di traduzione.
      """,
    en: """
      The text is divided at a random place. The first part is given: there every position sees \
      all others, and in the loss only the last one counts, which predicts the first token of the \
      second. The second is to be predicted token by token, as in the causal objective. This is \
      the form of question and answer, or of translation.
      """
  )

  private var causal: CausalObjective

  package init(_ tokenizer: any Tokenizer, _ options: ObjectiveOptions) throws(DataProblem) {
    self.init(causal: try CausalObjective(tokenizer, options))
  }

  private init(causal: CausalObjective) { self.causal = causal }

  package var after: AfterToken? {
    get { causal.after }
    set { causal.after = newValue }
  }

  package var padding: TokenID { causal.padding }
  package var continued: PrefixObjective { PrefixObjective(causal: causal.continued) }

  package func expectAfter(in oracle: Oracle) throws(DataProblem) {
    try causal.expectAfter(in: oracle)
  }

  package func textLength(ofRow length: Int) -> Int { causal.textLength(ofRow: length) }

  package func example(
    from tokens: [TokenID],
    using random: inout some RandomNumberGenerator
  ) throws(DataProblem) -> Example {
    let whole = try causal.example(from: tokens)
    // The last position of the prefix asks for the first token after it.
    let count = whole.inputs.count
    let prefix = Int.random(in: min(2, count)...count, using: &random)
    var targets = whole.targets
    for position in 0..<prefix - 1 { targets[position] = ignoredTarget }
    return Example(inputs: whole.inputs, targets: targets, prefix: prefix)
  }
}
