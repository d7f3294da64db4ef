// SPDX-License-Identifier: MIT

import PassoRuntime
import PassoText

/// Find a text again of which any part may be covered, which is what masked diffusion learns.
///
///     inputs   Il  <mask>  dorme  <mask>  <mask>  <end>
///     targets  ·   gatto   ·      sul     divano  ·
///     weights      6/3            6/3     6/3
///
/// Of T places k are covered, with k uniform in 1...T and all sets of k places equally probable.
/// Each covered place weighs T/k, so that the weighted sum is, on average over k, the cost of
/// finding the text place by place in a random order: whatever the order, for an ideal model that
/// is the entropy of the text. A text is filled to the length of its row with `<end>`, and the
/// filling is asked for like the rest: else the number of places would tell the length.
/// Source: Sahoo et al. 2024, arXiv:2406.07524, equation 10, with the number of covered tokens
/// drawn instead of each one for itself, as Nie et al. 2025 do, arXiv:2502.09992, section 2.4.
package struct AnyOrderObjective: Objective {
  package static let name = "any-order"
  package static let hidesAnswers = true
  package static let weighsTargets = true
  package static let specials: [SpecialToken] = [.start, .end, .mask]
  package static let explanation = Bilingual(
    it: """
      Un numero di posti scelto a caso, da uno a tutti, è coperto da <mask>; il modello vede il \
      resto, da ogni lato, e deve dire che cosa c'era in ognuno. Con pochi coperti è facile, con \
      tutti si parte da zero: ogni risposta pesa posti/coperti, così la somma è il prezzo di \
      scoprire il testo un posto alla volta, in un ordine qualsiasi. Le righe corte si riempiono \
      di <end>, e anche quelli si chiedono. È l'obiettivo dei modelli a diffusione su testo.
      """,
    en: """
      A number of places chosen at random, from one to all, is covered by <mask>; the model sees \
      the rest, on every side, and has to say what was in each. With few covered it is easy, with \
      all it starts from nothing: each answer weighs places/covered, so that the sum is the price \
      of uncovering the text place by place, in any order. Short rows are filled with <end>, and \
      these are asked for too. It is the objective of diffusion models of text.
      """
  )

  package let padding: TokenID
  package var after: AfterToken?
  private let mask: TokenID

  /// What texts are filled with; nil for pieces out of the middle of one.
  private var end: TokenID?

  package init(_ tokenizer: any Tokenizer, _ options: ObjectiveOptions) throws(DataProblem) {
    mask = try tokenizer.needed(.mask, by: Self.name)
    end = try tokenizer.needed(.end, by: Self.name)
    padding = tokenizer.padding
    after = try AfterToken(options, tokenizer)
  }

  package var continued: AnyOrderObjective {
    var copy = self
    copy.end = nil
    return copy
  }

  package func textLength(ofRow length: Int) -> Int { length }

  package func filled(_ texts: [[TokenID]], to length: Int) -> [[TokenID]] {
    guard let end else { return texts }
    // Where rows have a length, a text that was cut to it has no end.
    let needed = texts.map { $0.count + (length > 0 || $0.last == end ? 0 : 1) }.max() ?? 0
    return texts.map { text in
      text.isEmpty ? text : text + Array(repeating: end, count: max(needed, length) - text.count)
    }
  }

  package func example(
    from tokens: [TokenID],
    using random: inout some RandomNumberGenerator
  ) throws(DataProblem) -> Example {
    guard !tokens.isEmpty else { throw .tooFewTokens(needed: 1, found: 0) }
    let askable = try askable(in: tokens)
    let count = Int.random(in: 1...askable.count, using: &random)
    var inputs = tokens
    var targets = Array(repeating: ignoredTarget, count: tokens.count)
    for position in askable.shuffled(using: &random).prefix(count) {
      (inputs[position], targets[position]) = (mask, tokens[position])
    }
    let weight = Double(askable.count) / Double(count)
    return Example(
      inputs: inputs,
      targets: targets,
      prefix: tokens.count,
      weights: Array(repeating: weight, count: tokens.count)
    )
  }
}
