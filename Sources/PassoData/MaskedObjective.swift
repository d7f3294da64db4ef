// SPDX-License-Identifier: MIT

import PassoRuntime
import PassoText

/// Find hidden tokens again from all the others, those after them too.
///
///     inputs   Il  <mask>  dorme  sul  divano
///     targets  ·   gatto   ·      ·    ·
///
/// Of the chosen positions most show `<mask>`, some another token and some what they are: else the
/// model would care about a position only where it sees `<mask>`. `always` covers all of them, and
/// shows what that costs.
/// Source: Devlin et al. 2019, arXiv:1810.04805, section 3.1, task 1.
package struct MaskedObjective: Objective {
  package static let name = "masked"
  package static let specials: [SpecialToken] = [.start, .mask]
  package static let hidesAnswers = true
  package static let predictsEnd = false
  package static let explanation = Bilingual(
    it: """
      Il 15 % dei token, scelto a caso, diventa una domanda: l'80 % di questi è coperto da \
      <mask>, il 10 % è sostituito da un token a caso, il 10 % resta com'è, e lì la risposta è \
      in vista. Il modello, che non sa quale caso ha davanti, vede tutto, anche ciò che segue, e \
      deve dire che cosa c'era. Di nuovo la risposta viene dal testo.
      """,
    en: """
      15 % of the tokens, chosen at random, become a question: 80 % of them are covered by <mask>, \
      10 % are replaced by a random token, 10 % stay as they are, with the answer in plain sight. \
      The model, which does not know which case it is in, sees everything, what follows too, and \
      has to say what was there. Again the answer comes from the text.
      """
  )

  package static let parameter: ObjectiveParameter? = .always

  package static func explanation(_ options: ObjectiveOptions) -> Bilingual {
    guard options.coversAll else { return explanation }
    return Bilingual(
      it: """
        Il 15 % dei token, scelto a caso, diventa una domanda: al posto di ognuno c'è <mask>. Il \
        modello vede tutto il resto, anche ciò che segue, e deve dire che cosa c'era. Dove non c'è \
        <mask> nessuno chiede niente, e il modello può non badarci.
        """,
      en: """
        15 % of the tokens, chosen at random, become a question: <mask> stands in the place of \
        each. The model sees all the rest, what follows too, and has to say what was there. Where \
        there is no <mask> nobody asks anything, and the model need not care.
        """
    )
  }

  /// The part of the positions that is asked about; of each text at least one.
  static let share = 0.15

  /// How many of so many positions are asked about.
  static func chosen(of count: Int) -> Int {
    max(1, Int((Double(count) * share).rounded()))
  }

  package let padding: TokenID
  package var after: AfterToken?

  /// Whether every chosen position is covered.
  private let coversAll: Bool
  private let mask: TokenID
  private let ordinary: [TokenID]

  package init(_ tokenizer: any Tokenizer, _ options: ObjectiveOptions) throws(DataProblem) {
    mask = try tokenizer.needed(.mask, by: Self.name)
    padding = tokenizer.padding
    ordinary = tokenizer.ordinaryIDs
    coversAll = options.coversAll
    after = try AfterToken(options, tokenizer)
  }

  package var options: ObjectiveOptions {
    ObjectiveOptions(coversAll: coversAll, after: after?.text)
  }

  package func textLength(ofRow length: Int) -> Int { length }

  package func example(
    from tokens: [TokenID],
    using random: inout some RandomNumberGenerator
  ) throws(DataProblem) -> Example {
    guard !tokens.isEmpty else { throw .tooFewTokens(needed: 1, found: 0) }
    let askable = try askable(in: tokens)
    let count = Self.chosen(of: askable.count)
    var inputs = tokens
    var targets = Array(repeating: ignoredTarget, count: tokens.count)
    for position in askable.shuffled(using: &random).prefix(count) {
      targets[position] = tokens[position]
      guard !coversAll else {
        inputs[position] = mask
        continue
      }
      switch Int.random(in: 0..<10, using: &random) {
      case 0..<8: inputs[position] = mask
      case 8: inputs[position] = ordinary.randomElement(using: &random) ?? mask
      default: break
      }
    }
    return Example(inputs: inputs, targets: targets, prefix: tokens.count)
  }
}
