// SPDX-License-Identifier: MIT

import PassoText

/// Why there is no such place to go to.
package enum MoveProblem: WordedProblem {
  case noSuchStep(Int, last: Int)
  case noSuchUpdate(String)
  case noSuchStop(Int, count: Int)
  case lostMark(String, value: String)

  package var wording: Wording {
    switch self {
    case .noSuchStep(let number, let last):
      Bilingual(
        it: "i passi vanno da 0 a \(last): il \(number) non c'è",
        en: "steps go from 0 to \(last), got \(number)"
      ).hint(it: ":program elenca i passi", en: ":program lists the steps")
    case .noSuchUpdate(let found):
      Bilingual(
        it: "gli aggiornamenti vanno da 0 a 1000000, e questo non è uno di loro: \(it: found)",
        en: "needs the number of an update, from 0 to 1000000, got \(en: found)"
      ).hint(Bilingual(same: ":goto update 37"))
    case .noSuchStop(let number, let count):
      Bilingual(
        it: "la lista ha \(count) voci: la \(number) non c'è",
        en: "the list has \(count) entries, got \(number)"
      ).hint(it: ":break e :watch li elencano", en: ":break and :watch list them")
    case .lostMark(let name, let value):
      Bilingual(
        it: "il segno sta dopo \(it: value), che il programma di adesso non calcola",
        en: "the mark is behind \(en: value), which the program of now does not compute"
      ).hint(it: ":mark \(name) lo mette qui", en: ":mark \(name) puts it here")
    }
  }
}
