// SPDX-License-Identifier: MIT

import PassoText

// What is said of a result.
extension Bilingual {
  static func sameRecord(as other: String) -> Bilingual {
    Bilingual(
      it: "è lo stesso diario di \(other): uno dei due è copiato dall'altro",
      en: "it is the same record as \(other): one of the two is a copy"
    )
  }

  static let notFinished = Bilingual(
    it: "la lezione non è stata portata alla fine",
    en: "the lesson was not taken to its end"
  )

  static func tooLong(_ limit: Duration) -> Bilingual {
    let seconds = limit.components.seconds
    return Bilingual(
      it: "le righe non finiscono entro \(seconds) secondi",
      en: "the lines do not end within \(seconds) seconds"
    )
  }

  static let ofClass = Bilingual(
    it: "la lezione è stata tenuta davanti a una classe (--teacher): non è il risultato di nessuno",
    en: "the lesson was taught to a class (--teacher): it is nobody's result"
  )

  static func unanswered(_ id: String) -> Bilingual {
    Bilingual(
      it: "la previsione \(it: id) non ha risposta",
      en: "the prediction \(en: id) has no answer"
    )
  }

  static func passedOver(_ id: String) -> Bilingual {
    Bilingual(it: "previsione saltata: \(id)", en: "prediction passed over: \(id)")
  }

  static func jumped(_ line: String) -> Bilingual {
    Bilingual(it: "blocchi saltati: \(line)", en: "blocks passed over: \(line)")
  }

  static func answeredAgain(_ count: Int) -> Bilingual {
    Bilingual(
      it: "risposte sbagliate ritirate e ridate: \(count)",
      en: "wrong answers taken back and given again: \(count)"
    )
  }

  static func otherState(line: Int) -> Bilingual {
    Bilingual(
      it: "riga \(line): le righe fin qui non portano a questo stato; sono cambiate, o le ha"
        + " scritte un'altra versione di Passo",
      en: "line \(line): the lines up to here do not lead to this state; they were changed, or"
        + " another version of Passo wrote them"
    )
  }

  static func otherResult(claim: String, found: String) -> Bilingual {
    Bilingual(
      it: "il punteggio scritto è \(it: claim), quello delle risposte è \(it: found)",
      en: "the score that is written is \(en: claim), that of the answers is \(en: found)"
    )
  }

  static let endNotReached = Bilingual(
    it: "le righe non arrivano alla fine della lezione, come invece dice il file",
    en: "the lines do not reach the end of the lesson, as the file says"
  )

  static let edited = Bilingual(
    it: "il file è stato cambiato dopo la fine della lezione, o contiene righe di altri",
    en: "the file was changed after the end of the lesson, or holds lines of others"
  )

  static func sameOrder(as other: String) -> Bilingual {
    Bilingual(
      it: "le opzioni stanno nello stesso ordine che in \(other), come nei diari di una persona"
        + " sola",
      en: "the options stand in the same order as in \(other), as in the records of one person"
    )
  }

  static func withoutState(line: Int) -> Bilingual {
    Bilingual(
      it: "riga \(line): cambia lo stato, ma nel diario lo stato dopo non c'è; la riga è stata"
        + " aggiunta o cambiata, o lo stato tolto",
      en: "line \(line): it changes the state, but the record has none behind it; the line was put"
        + " in or changed, or the state taken out"
    )
  }

  static func begunAgain(line: Int) -> Bilingual {
    Bilingual(
      it: "riga \(line): la lezione ricomincia, ma chi ricomincia ha un diario nuovo",
      en: "line \(line): the lesson begins again, but who begins again has a new record"
    )
  }

  static func leftOut(_ text: String, line: Int) -> Bilingual {
    Bilingual(
      it: "riga \(line): nessun diario lascia fuori \(it: text)",
      en: "line \(line): no record leaves \(en: text) out"
    )
  }

  static func behindResult(line: Int) -> Bilingual {
    Bilingual(
      it: "riga \(line): dopo il risultato un diario non ha altre righe",
      en: "line \(line): behind its result a record has no other lines"
    )
  }
}
