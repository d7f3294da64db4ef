// SPDX-License-Identifier: MIT

import PassoSessionViews
import PassoText

extension Command {
  static let say = CommandDescription(
    name: "say",
    group: .look,
    arguments: "NAME[slice]",
    summary: Bilingual(
      it: "dice un valore in una frase: forma, massimo, minimo, media",
      en: "says a value in one sentence: shape, greatest, least, mean"
    ),
    examples: [":run", ":say blocks.0.attn.pattern[0, 0]", ":say loss"],
    completion: .value()
  )
  .show { session, arguments, context in
    try arguments.expect(atMost: 1)
    let word = try arguments.first(Bilingual(it: "un nome", en: "a name"))
    context.say(
      try arguments.placing(word) { try ValueView(session).sentence(word.text) }
    )
  }

  static let stats = CommandDescription(
    name: "stats",
    group: .look,
    arguments: "NAME[slice]",
    summary: Bilingual(
      it: "riassume un valore: minimo, massimo, media, norma, distribuzione",
      en: "sums a value up: least, greatest, mean, norm, distribution"
    ),
    examples: [":stats W_E", ":until logits", ":stats logits[0,1]"],
    completion: .value()
  )
  .show { session, arguments, context in
    try arguments.expect(atMost: 1)
    let word = try arguments.first(Bilingual(it: "un nome", en: "a name"))
    context.show(
      try arguments.placing(word) { try ValueView(session).stats(word.text) }
    )
  }

  static let explain = CommandDescription(
    name: "explain",
    alias: "e",
    group: .look,
    arguments: "NAME",
    summary: Bilingual(
      it: "spiega un valore: che cos'è, forma, formula, gradiente, fonte",
      en: "explains a value: what it is, shape, formula, gradient, source"
    ),
    examples: [":explain blocks.0.attn.pattern", ":explain grad.logits", ":explain W_E"],
    completion: .value()
  )
  .show { session, arguments, context in
    try arguments.expect(atMost: 1)
    let word = try arguments.first(Bilingual(it: "un nome", en: "a name"))
    context.show(
      try arguments.placing(word) { try ExplanationView(session).figure(word.text) }
    )
  }
}
