// SPDX-License-Identifier: MIT

import PassoEngine
import PassoModel
import PassoText

extension Command {
  static let lens = Command(
    name: "lens",
    group: .look,
    arguments: "[row]",
    summary: Bilingual(
      it: "che cosa direbbe il modello se si fermasse dopo ogni blocco",
      en: "what the model would say if it stopped after each block"
    ),
    details: Bilingual(
      it:
        "Lente sui logit: norma finale e matrice di unembedding applicate al flusso residuo di ogni"
        + " blocco. Ogni cella: il token più probabile e la sua probabilità. Mostra gli strati già"
        + " calcolati.",
      en: "The logit lens: final norm and unembedding matrix applied to the residual stream of each"
        + " block. Each cell: the most probable token and its probability. Shows the layers that are"
        + " computed."
    ),
    examples: [":run", ":lens"]
  ) { shell, arguments in
    try arguments.expect(atMost: 1)
    var row = 0
    if let word = arguments.words.first {
      let last = shell.session.rowsAtWork.count - 1
      guard let number = Int(word.text), (0...last).contains(number) else {
        throw Placed(
          InspectProblem.noSuchRow(word.text, last: last),
          source: arguments.line,
          span: word.span
        )
      }
      row = number
    }
    shell.console.show(try InspectionView(shell.session).lens(row: row))
  }

  static let near = Command(
    name: "near",
    group: .look,
    arguments: "TOKEN [n]",
    summary: Bilingual(
      it: "i token con l'embedding più simile",
      en: "the tokens with the most similar embedding"
    ),
    details: Bilingual(
      it: "Il coseno dell'angolo fra le righe di W_E: 1 stessa direzione, 0 ad angolo retto, -1"
        + " direzione opposta. In un modello nuovo le righe sono casuali.",
      en: "The cosine of the angle between rows of W_E: 1 the same direction, 0 a right angle, -1"
        + " the opposite direction. In a new model the rows are random."
    ),
    examples: [":near gatto", ":near gatto 3"]
  ) { shell, arguments in
    try arguments.expect(atMost: 2)
    let word = try arguments.first(Bilingual(it: "un token", en: "a token"))
    let count = arguments.words.count > 1 ? try arguments.count(arguments.words[1]) : 8
    let session = shell.session
    let tokens = session.vocabularyTokens
    guard let id = tokens.firstIndex(of: word.text) ?? tokens.firstIndex(of: "␣" + word.text) else {
      let closest = Suggestion.closest(to: word.text, among: tokens)
      throw Placed(
        InspectProblem.noSuchToken(word.text, closest: closest),
        source: arguments.line,
        span: word.span
      )
    }
    shell.console.show(try InspectionView(session).near(id, count: count))
  }
}

/// Why there is nothing to look at.
package enum InspectProblem: Problem, Equatable {
  /// A token that the vocabulary does not have.
  case noSuchToken(String, closest: String?)

  /// A row that the batch does not have.
  case noSuchRow(String, last: Int)

  package var message: Bilingual {
    switch self {
    case .noSuchToken(let token, _):
      Bilingual(it: "serve un token del vocabolario, trovato ", en: "needs a known token, got ")
        + .quoted(token)
    case .noSuchRow(let row, let last):
      Bilingual(
        it: "serve una riga da 0 a \(last), trovato ",
        en: "needs a row from 0 to \(last), got "
      ) + .quoted(row)
    }
  }

  package var hint: Bilingual? {
    switch self {
    case .noSuchToken(_, let closest?):
      Bilingual(it: "forse ", en: "did you mean ") + .quoted(closest) + Bilingual(same: "?")
    case .noSuchToken: Bilingual(it: ":tokens li elenca", en: ":tokens lists them")
    case .noSuchRow:
      Bilingual(
        it: "per esempio :lens 0; :tokens le mostra",
        en: "for example :lens 0; :tokens shows them"
      )
    }
  }
}
