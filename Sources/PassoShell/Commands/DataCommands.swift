// SPDX-License-Identifier: MIT

import PassoEngine
import PassoModel
import PassoSession
import PassoSessionViews
import PassoText

extension Command {
  static let text = CommandDescription(
    name: "text",
    group: .data,
    arguments: "[\"...\" ...]",
    it: "sceglie il testo da cui imparare",
    en: "chooses the text to learn from",
    details: Bilingual(
      it: "Più frasi fra virgolette formano più righe. Il modello ricomincia da capo, perché il"
        + " vocabolario è quello del testo. Senza argomenti mostra il testo attuale. Fra virgolette"
        + " (\"…\", “…”, «…») il testo è quello che sta dentro; senza, è tutto il resto della riga,"
        + " anche un #.",
      en: "Several sentences in quotation marks make several rows. The model begins anew, because"
        + " the vocabulary is that of the text. Without arguments the current text is shown. In"
        + " quotation marks (\"…\", “…”, «…») the text is what stands inside; without them it is"
        + " the rest of the line, a # too."
    ),
    examples: [":text \"Il gatto dorme sul divano\"", ":text"],
    takesText: true
  )
  .change { draft, arguments, context in
    if !arguments.words.isEmpty {
      let texts = arguments.words[0].isQuoted ? arguments.words.map(\.text) : [arguments.rest]
      if let inside = arguments.words.first(where: \.isQuoted), !arguments.words[0].isQuoted {
        throw arguments.placed(
          CommandProblem.quotedInside(text: arguments.words.map(\.text)),
          inside
        )
      }
      try draft.session.setTexts(texts)
    }
    context.show(DataView(draft.session).text)
    if let advice = DataView(draft.session).advice { context.say(advice) }
  }

  static let tokens = CommandDescription(
    name: "tokens",
    group: .data,
    arguments: "[all|FROM:TO|TEXT]",
    it: "mostra i token del testo, i loro id e il vocabolario",
    en: "shows the tokens of the text, their ids and the vocabulary",
    details: Bilingual(
      it: "Un vocabolario grande si guarda a parte: all lo elenca, 100:200 ne mostra una fetta, un"
        + " testo cerca i token che lo contengono.",
      en: "A large vocabulary is looked at by itself: all lists it, 100:200 shows a part of it, a"
        + " text finds the tokens that contain it."
    ),
    examples: [":tokens", ":tokens all", ":tokens 0:3", ":tokens \"gat\""],
    completion: .words(["all"])
  )
  .show { session, arguments, context in
    try arguments.expect(atMost: 1)
    let view = VocabularyView(session)
    guard let word = arguments.words.first else {
      return context.show(DataView(session).tokens)
    }
    if word.isQuoted { return context.show(view.containing(word.text)) }
    if word.text == "all" { return context.show(view.all) }
    context.show(view.part(word.text) ?? view.containing(word.text))
  }

  static let pairs = CommandDescription(
    name: "pairs",
    group: .data,
    it: "mostra input e target allineati, e le coppie che ne nascono",
    en: "shows inputs and targets aligned, and the pairs that they make",
    details: Bilingual(
      it: "Il target di ogni posizione è il token che nel testo viene dopo: l'etichetta è nel testo"
        + " stesso.",
      en: "The target of each position is the token that follows in the text: the label is in the"
        + " text itself."
    ),
    examples: [":pairs"],
    shows: ["tokens", "targets"]
  )
  .show { session, _, context in
    context.show(try DataView(session).pairs())
  }

  static let mask = CommandDescription(
    name: "mask",
    group: .model,
    arguments: "[causal|strict|none|window N|custom EXPR]",
    it: "sceglie chi può guardare chi nell'attenzione",
    en: "chooses who may look at whom in attention",
    details: Bilingual(
      it:
        "causal: sé stessa e le precedenti. strict: solo le precedenti, così la prima non vede"
        + " nulla e il suo pattern è di zeri. none: tutte, anche le successive. window N: gli"
        + " ultimi N. custom: dove l'espressione non è 0, per esempio :mask custom transpose(mask)."
        + " Ciò che segue viene ricalcolato, ciò che precede resta. Senza argomenti la mostra.",
      en: "causal: itself and before. strict: only before, so that the first sees nothing and its"
        + " pattern is all zeros. none: everything, the future too. window N: the last N."
        + " custom: where the expression is not 0, as :mask custom transpose(mask)."
        + " What follows is computed anew, what comes before stays. Without arguments it is shown."
    ),
    examples: [
      ":mask none", ":mask window 2", ":mask strict", ":mask causal", ":mask", ":until mask",
      ":mask custom transpose(mask)",
    ],
    completion: .words(maskNames)
  )
  .change { draft, arguments, context in
    if let word = arguments.words.first {
      let choice = try arguments.choice(word, of: maskNames)
      let before = draft.session
      let kind =
        choice == "custom"
        ? try draft.session.customMask(arguments) : try maskKind(choice, arguments)
      try draft.session.setMask(kind)
      context.show(DataView(draft.session).mask)
      return ChangeView(before, draft.session).consequences.forEach(context.show)
    }
    context.show(DataView(draft.session).mask)
  }

  private static let maskNames = ["causal", "strict", "none", "window", "custom"]

  private static func maskKind(_ choice: String, _ arguments: Arguments) throws -> MaskKind {
    try arguments.expect(atMost: 2)
    if choice != "window" {
      try arguments.expect(atMost: 1)
      return MaskKind(choice) ?? .causal
    }
    guard let word = arguments.second else {
      throw CommandProblem.missingArgument(
        command: "mask window",
        needs: Bilingual(it: "il numero di posizioni", en: "a number of positions"),
        example: ":mask window 2"
      )
    }
    return .window(try arguments.count(word, example: ":mask window 2"))
  }
}

extension Session {
  /// The mask that an expression writes: 0 where nothing may be seen.
  fileprivate func customMask(_ arguments: Arguments) throws -> MaskKind {
    guard let word = arguments.second else {
      throw CommandProblem.missingArgument(
        command: "mask custom",
        needs: Bilingual(it: "un'espressione", en: "an expression"),
        example: ":mask custom transpose(mask)"
      )
    }
    let expression = try arguments.expression(from: word)
    let tensor = try expression.value(in: timeline.execution, of: self).tensor
    let length = batch.length
    let needs = Shape((.query, length), (.key, length))
    guard tensor.shape.sizes == needs.sizes else {
      throw arguments.placed(
        AssignmentProblem.doesNotFit(needs: needs, found: tensor.shape),
        over: word.span.lowerBound..<arguments.line.unicodeScalars.count
      )
    }
    let cells = tensor.doubles.map { $0 != 0 }
    return .custom((0..<length).map { Array(cells[$0 * length..<($0 + 1) * length]) })
  }
}
