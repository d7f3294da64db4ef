// SPDX-License-Identifier: MIT

import PassoData
import PassoEvaluation
import PassoSession
import PassoSessionViews
import PassoText

extension Command {
  static let attribution = CommandDescription(
    name: "attribution",
    group: .look,
    arguments: "TOKEN [TOKEN] [at N]",
    it: "divide un logit fra le parti del modello, una quota per ogni blocco e testa",
    en: "divides a logit among the parts of the model, a share for each block and head",
    details: Bilingual(
      it: "Le quote sommate danno il logit. Con due token si divide la differenza dei loro logit:"
        + " quali parti preferiscono il primo al secondo. Vale per la riga da cui si impara, dopo"
        + " l'ultimo token o alla posizione N. Il token si scrive com'è in :tokens, come testo fra"
        + " virgolette, o con il suo id.",
      en: "The shares add up to the logit. With two tokens the difference of their logits is"
        + " divided: which parts prefer the first to the second. It is for the row that is learned"
        + " from, after its last token or at position N. A token is written as :tokens shows it, as"
        + " a text in quotation marks, or by its id."
    ),
    examples: [
      ":until logits", ":attribution divano", ":attribution divano dorme",
      ":attribution dorme at 1",
    ]
  )
  .show { session, arguments, context in
    var words = arguments.words
    var position: Int?
    if let mark = words.firstIndex(where: { $0.text == "at" && !$0.isQuoted }), mark > 0 {
      guard words.count == mark + 2 else {
        throw arguments.missing(it: "una posizione dopo at", en: "a position after at")
      }
      position = try arguments.position(words[mark + 1], in: session)
      words = Array(words[..<mark])
    }
    let ids = try words.prefix(2).map { word in
      try arguments.placing(word) {
        Int(try session.tokenID(written: word.text, isQuoted: word.isQuoted))
      }
    }
    guard let token = ids.first else { throw arguments.missing(it: "un token", en: "a token") }
    if words.count > 2 { try arguments.expect(atMost: 2) }
    let place = LogitAttribution.Place(
      row: 0,
      position: position ?? session.lastPosition,
      token: token,
      other: ids.dropFirst().first
    )
    context.show(try AttributionView(session, of: place).figure)
  }
}

extension Session {
  /// The last position of the first row at work of which anything is asked.
  fileprivate var lastPosition: Int { lengthWithoutPadding(row: rowsAtWork.lowerBound) - 1 }
}

extension Arguments {
  /// A word as a position of the first row at work.
  fileprivate func position(_ word: Word, in session: Session) throws -> Int {
    let last = session.timeline.plan.batch.length - 1
    guard let position = Int(word.text), (0...last).contains(position) else {
      throw placed(NoSuchPosition(typed: word.text, last: last), word)
    }
    return position
  }
}

/// A position that the row does not have.
private struct NoSuchPosition: WordedProblem {
  let typed: String
  let last: Int

  var wording: Wording {
    Bilingual(
      it: "le posizioni vanno da 0 a \(last), e \(it: typed) non è una di loro",
      en: "needs a position from 0 to \(last), got \(en: typed)"
    ).hint(it: ":tokens le mostra", en: ":tokens shows them")
  }
}
