// SPDX-License-Identifier: MIT

import PassoRuntime
import PassoText

/// Tell whether the token at one place is the one that stood there.
///
///     inputs   Il  gatto  divano      sul  divano
///     targets  ·   ·      <replaced>  ·    ·
///
/// The place is uniform among those of the text. With probability 0.5 its token is drawn anew,
/// uniformly among the ordinary tokens of the vocabulary; a draw that gives the same token leaves
/// the original, as in ELECTRA. One place is asked about, and all others are as they were: so the
/// best possible judge has a closed form. ELECTRA itself replaces 15 % of the tokens, by those of a
/// small generator, and asks about every place.
/// Source: Clark et al. 2020, arXiv:2003.10555, section 2.
package struct ReplacedObjective: Objective {
  package static let name = "replaced"
  package static let hidesAnswers = true
  package static let predictsEnd = false
  package static let specials: [SpecialToken] = [.start, .original, .replaced]
  package static let explanation = Bilingual(
    it: """
      A un posto scelto a caso, una volta su due, il token è sostituito da uno qualsiasi del \
      vocabolario. Il modello vede tutta la frase e deve dire se lì c'è quello vero, <original>, o \
      un altro, <replaced>. Chi conosce la lingua se ne accorge quasi sempre; quasi, perché anche \
      un token a caso può stare bene al suo posto. ELECTRA ne sostituisce il 15 % e chiede di \
      tutti; qui la domanda è una sola.
      """,
    en: """
      At a place chosen at random the token is, one time in two, replaced by any one of the \
      vocabulary. The model sees the whole sentence and has to say whether the true one stands \
      there, <original>, or another, <replaced>. Who knows the language nearly always notices; \
      nearly, because a random token too may suit its place. ELECTRA replaces 15 % and asks about \
      all; here there is one question only.
      """
  )

  /// How probably the token is drawn anew.
  package static let share = 0.5

  package let padding: TokenID
  package var after: AfterToken?
  private let answers: (original: TokenID, replaced: TokenID)
  private let ordinary: [TokenID]

  package init(_ tokenizer: any Tokenizer, _ options: ObjectiveOptions) throws(DataProblem) {
    answers = (
      try tokenizer.needed(.original, by: Self.name), try tokenizer.needed(.replaced, by: Self.name)
    )
    padding = tokenizer.padding
    ordinary = tokenizer.ordinaryIDs
    after = try AfterToken(options, tokenizer)
  }

  package func textLength(ofRow length: Int) -> Int { length }

  package func example(
    from tokens: [TokenID],
    using random: inout some RandomNumberGenerator
  ) throws(DataProblem) -> Example {
    guard !tokens.isEmpty else { throw .tooFewTokens(needed: 1, found: 0) }
    let place = Int.random(in: try askable(in: tokens), using: &random)
    var inputs = tokens
    if Double.random(in: 0..<1, using: &random) < Self.share {
      inputs[place] = ordinary.randomElement(using: &random) ?? tokens[place]
    }
    var targets = Array(repeating: ignoredTarget, count: tokens.count)
    targets[place] = inputs[place] == tokens[place] ? answers.original : answers.replaced
    return Example(inputs: inputs, targets: targets, prefix: tokens.count)
  }
}
