// SPDX-License-Identifier: MIT

import PassoEngine
import PassoText

/// Why a value cannot be set to what was asked.
package enum AssignmentProblem: WordedProblem {
  case notFinite(Double, Precision)
  case noSuchToken(Double, last: Int)
  case noSuchPrefix(Double, length: Int)
  case noSuchWeight(Double)
  case doesNotFit(needs: Shape, found: Shape)

  package var wording: Wording {
    switch self {
    case .notFinite(let number, let precision):
      Bilingual(
        it: "in \(precision.rawValue) il numero dev'essere finito, non"
          + " \(NumberText.code(number))",
        en: "needs a number that is finite in \(precision.rawValue), got"
          + " \(NumberText.code(number))"
      ).hint(
        it: "NaN e infinito nascono da soli, :break nan li trova",
        en: "NaN and infinity come about by themselves, :break nan finds them"
      )
    case .noSuchToken(let number, let last):
      Bilingual(
        it: "gli id dei token vanno da 0 a \(last): il \(NumberText.code(number)) non c'è",
        en: "needs the id of a token, from 0 to \(last), got \(NumberText.code(number))"
      ).hint(it: ":tokens elenca gli id", en: ":tokens lists the ids")
    case .noSuchPrefix(let number, let length):
      Bilingual(
        it: "il prefisso di una riga va da 0 a \(length) posizioni, non"
          + " \(NumberText.code(number))",
        en: "the prefix of a row has from 0 to \(length) positions, got"
          + " \(NumberText.code(number))"
      ).hint(it: "per esempio :set prefix[0] = 3", en: "as :set prefix[0] = 3")
    case .noSuchWeight(let number):
      Bilingual(
        it: "un target pesa da 0 in su, non \(NumberText.code(number))",
        en: "the weight of a target is 0 or more, got \(NumberText.code(number))"
      ).hint(it: "con 0 il target non conta", en: "with 0 the target does not count")
    case .doesNotFit(let needs, let found):
      Bilingual(
        it: "ci va un numero solo o la forma \(needs), non \(found)",
        en: "needs a single number or the shape \(needs), got \(found)"
      ).hint(
        it: "una fetta sceglie meno celle, per esempio NOME[0, 1]",
        en: "a slice chooses fewer cells, as NAME[0, 1]"
      )
    }
  }
}
