// SPDX-License-Identifier: MIT

import PassoEngine
import PassoModel
import PassoText

extension Command {
  static let show = CommandDescription(
    name: "show",
    alias: "p",
    group: .look,
    arguments: "NAME[slice] | attention [L.H|all] | arcs [L.H] | mask | loss | embeddings",
    summary: Bilingual(it: "mostra un valore con le sue etichette", en: "shows a value"),
    details: Bilingual(
      it: "Le fette sono quelle di Python: [0], [:, 2], [-1], [1:3]. «attention» disegna i quattro"
        + " stadi: prodotti scalari, scalati, mascherati, softmax; L.H sceglie blocco e testa, all le"
        + " mostra tutte in piccolo. «arcs»: dove guarda di più ogni parola. «embeddings»: i token"
        + " nel piano delle due direzioni principali.",
      en: "Slices are those of Python: [0], [:, 2], [-1], [1:3]. 'attention' draws the four stages:"
        + " dot products, scaled, masked, softmax; L.H chooses block and head, all shows all of them"
        + " small. 'arcs': where each word looks most. 'embeddings': the tokens in the plane of the"
        + " two main directions."
    ),
    examples: [
      ":run", ":show logits", ":show blocks.0.attn.pattern[0,1]", ":show attention 0.1",
      ":show attention all", ":show arcs 0.0", ":show mask", ":show loss", ":show embeddings",
    ],
    completion: .value
  )
  .show { session, arguments, context in
    let word = try arguments.first(
      Bilingual(it: "un nome, attention, mask o loss", en: "a name, attention, mask or loss")
    )
    switch word.text {
    case "attention":
      try arguments.expect(atMost: 2)
      let isAll = arguments.words.count > 1 && arguments.words[1].text == "all"
      context.show(
        isAll
          ? try HeadsView(session).all()
          : try AttentionView(session).figure(head: arguments.head())
      )
    case "arcs":
      try arguments.expect(atMost: 2)
      context.show(try HeadsView(session).arcs(arguments.head()))
    case "embeddings":
      try arguments.expect(atMost: 1)
      context.show(try InspectionView(session).plane())
    case "mask":
      try arguments.expect(atMost: 1)
      context.show(DataView(session).maskAndInfluence)
    case "loss":
      try arguments.expect(atMost: 1)
      context.show(try LossView(session).figure())
    default:
      try arguments.expect(atMost: 1)
      context.show(
        try arguments.placing(word) {
          do {
            return try ValueView(session).figure(word.text)
          } catch ExecutionProblem.unknownName(let typed, let closest) {
            let names =
              ["attention", "arcs", "embeddings", "mask", "loss"] + [closest].compactMap { $0 }
            throw ExecutionProblem.unknownName(
              typed,
              closest: Suggestion.closest(to: typed, among: names)
            )
          }
        }
      )
    }
  }

  static let say = CommandDescription(
    name: "say",
    group: .look,
    arguments: "NAME[slice]",
    summary: Bilingual(
      it: "dice un valore in una frase: forma, massimo, minimo, media",
      en: "says a value in one sentence: shape, greatest, least, mean"
    ),
    examples: [":run", ":say blocks.0.attn.pattern[0, 0]", ":say loss"],
    completion: .value
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
    completion: .value
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
    completion: .value
  )
  .show { session, arguments, context in
    try arguments.expect(atMost: 1)
    let word = try arguments.first(Bilingual(it: "un nome", en: "a name"))
    context.show(
      try arguments.placing(word) { try ExplanationView(session).figure(word.text) }
    )
  }
}

extension Arguments {
  /// The block and head of `:show attention 1.0`; the first head of the first block if none is
  /// given.
  fileprivate func head() throws -> (block: Int, head: Int) {
    words.count > 1 ? try head(words[1]) : (0, 0)
  }

  /// A word as block and head.
  func head(_ word: Word) throws -> (block: Int, head: Int) {
    guard let head = HeadAddress(word.text) else { throw placed(.notAHead(word.text), word) }
    return (head.block, head.head)
  }
}
