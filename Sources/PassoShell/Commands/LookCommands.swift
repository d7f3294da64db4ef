// SPDX-License-Identifier: MIT

import PassoSessionViews
import PassoText

extension Command {
  static let say = CommandDescription(
    name: "say",
    group: .look,
    arguments: "NAME[slice]",
    it: "dice un valore in una frase: forma, massimo, minimo, media",
    en: "says a value in one sentence: shape, greatest, least, mean",
    examples: [":run", ":say blocks.0.attn.pattern[0, 0]", ":say loss"],
    completion: .value()
  )
  .show { session, arguments, context in
    context.say(try arguments.named(ValueView(session).sentence))
  }

  static let stats = CommandDescription(
    name: "stats",
    group: .look,
    arguments: "NAME[slice]",
    it: "riassume un valore: minimo, massimo, media, norma, distribuzione",
    en: "sums a value up: least, greatest, mean, norm, distribution",
    examples: [":stats W_E", ":until logits", ":stats logits[0,1]"],
    completion: .value()
  )
  .show { session, arguments, context in
    context.show(try arguments.named(ValueView(session).stats))
  }

  static let explain = CommandDescription(
    name: "explain",
    alias: "e",
    group: .look,
    arguments: "NAME",
    it: "spiega un valore: che cos'è, forma, formula, gradiente, fonte",
    en: "explains a value: what it is, shape, formula, gradient, source",
    examples: [":explain blocks.0.attn.pattern", ":explain grad.logits", ":explain W_E"],
    completion: .value()
  )
  .show { session, arguments, context in
    context.show(try arguments.named(ExplanationView(session).figure))
  }
}

extension Arguments {
  /// Does something with the value that the only word names.
  fileprivate func named<Result>(_ body: (String) throws -> Result) throws -> Result {
    let word = try only(it: "un nome", en: "a name")
    return try placing(word) { try body(word.text) }
  }
}
