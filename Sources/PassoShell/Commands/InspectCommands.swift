// SPDX-License-Identifier: MIT

import PassoEngine
import PassoModel
import PassoSessionViews
import PassoText

extension Command {
  static let lens = CommandDescription(
    name: "lens",
    group: .look,
    arguments: "[row]",
    it: "che cosa direbbe il modello se si fermasse dopo ogni blocco",
    en: "what the model would say if it stopped after each block",
    details: Bilingual(
      it:
        "Lente sui logit: norma finale e matrice di unembedding applicate al flusso residuo di ogni"
        + " blocco. Ogni cella: il token più probabile e la sua probabilità. Mostra gli strati già"
        + " calcolati.",
      en: "The logit lens: final norm and unembedding matrix applied to the residual stream of each"
        + " block. Each cell: the most probable token and its probability. Shows the layers that"
        + " are computed."
    ),
    examples: [":run", ":lens"],
    shows: ["probs", "logits"]
  )
  .show { session, arguments, context in
    try arguments.expect(atMost: 1)
    var row = 0
    if let word = arguments.words.first {
      let last = session.rowsAtWork.count - 1
      guard let number = Int(word.text), (0...last).contains(number) else {
        throw arguments.placed(NoSuchRow(typed: word.text, last: last), word)
      }
      row = number
    }
    context.show(try InspectionView(session).lens(row: row))
  }

  static let near = CommandDescription(
    name: "near",
    group: .look,
    arguments: "TOKEN [n]",
    it: "i token con l'embedding più simile",
    en: "the tokens with the most similar embedding",
    details: Bilingual(
      it: "Il coseno dell'angolo fra le righe di W_E: 1 stessa direzione, 0 ad angolo retto, -1"
        + " direzione opposta. In un modello nuovo le righe sono casuali. Il token si scrive com'è"
        + " in :tokens, come testo fra virgolette (\" Parigi\", con lo spazio), o con il suo id.",
      en: "The cosine of the angle between rows of W_E: 1 the same direction, 0 a right angle, -1"
        + " the opposite direction. In a new model the rows are random. The token is written as"
        + " :tokens shows it, as a text in quotation marks (\" Paris\", with its blank), or by its"
        + " id."
    ),
    examples: [":near gatto", ":near gatto 3", ":near \"gatto\"", ":near 2"]
  )
  .show { session, arguments, context in
    try arguments.expect(atMost: 2)
    let word = try arguments.first(it: "un token", en: "a token")
    let count = arguments.words.count > 1 ? try arguments.count(arguments.words[1]) : 8
    let id = try arguments.placing(word) {
      try session.tokenID(written: word.text, isQuoted: word.isQuoted)
    }
    context.show(try InspectionView(session).near(Int(id), count: count))
  }
}

/// A row that the batch does not have.
struct NoSuchRow: WordedProblem, Equatable {
  let typed: String
  let last: Int

  var wording: Wording {
    Bilingual(
      it: "le righe vanno da 0 a \(last), e \(it: typed) non è una di loro",
      en: "needs a row from 0 to \(last), got \(en: typed)"
    ).hint(
      it: "per esempio :lens 0; :tokens le mostra",
      en: "for example :lens 0; :tokens shows them"
    )
  }
}
