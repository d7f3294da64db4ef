// SPDX-License-Identifier: MIT

import PassoText

/// Why there can be no such model.
package enum KnobProblem: WordedProblem {
  /// A word that is no value of a knob.
  case value(Knob, found: String)

  /// A size that others do not share equally.
  case notShared(String, Int, among: String, Int)

  /// Rotary positions turn pairs of components: a head needs an even number of them.
  case oddHead(headWidth: Int, heads: Int)

  /// A head that begins with zeros and is the embedding at the same time.
  case tiedZeroHead

  /// More numbers than any machine here could hold.
  case tooLarge(Double, limit: Int)

  package var wording: Wording {
    switch self {
    case .value(let knob, let found):
      Bilingual(
        it: "\(knob.name) vuole \(knob.needs.it), non \(it: found)",
        en: "\(knob.name) needs \(knob.needs.en), got \(en: found)"
      ).hint(knob.hint(for: found))
    case .notShared(let size, let found, let parts, let count):
      Bilingual(
        it: "\(size) deve essere un multiplo di \(parts), non \(found) e \(count)",
        en: "\(size) needs to be a multiple of \(parts), got \(found) and \(count)"
      ).hint(
        it: "per esempio \(size) \(Self.multiple(of: count, near: found))",
        en: "for example \(size) \(Self.multiple(of: count, near: found))"
      )
    case .oddHead(let headWidth, let heads):
      Bilingual(
        it: "le posizioni rotatorie ruotano coppie di componenti: a una testa ne servono in numero"
          + " pari, non \(headWidth)",
        en: "rotary positions turn pairs of components: a head needs an even number of them, got"
          + " \(headWidth)"
      ).hint(
        it: "per esempio width \((headWidth + 1) * heads) con heads \(heads)",
        en: "for example width \((headWidth + 1) * heads) with heads \(heads)"
      )
    case .tiedZeroHead:
      Bilingual(
        it: "init zero-head vuole una testa sua, tied la prende dall'embedding",
        en: "init zero-head needs a head of its own, tied takes the embedding for it"
      ).hint(it: "tied off la separa", en: "tied off gives it one")
    case .tooLarge(let count, let limit):
      Bilingual(
        it: "un modello può avere al massimo \(NumberText.count(limit)) parametri, non"
          + " \(NumberText.general(count).it)",
        en: "a model needs to have at most \(NumberText.count(limit)) parameters, got"
          + " \(NumberText.general(count).en)"
      ).hint(it: "scegli misure più piccole", en: "choose smaller sizes")
    }
  }

  /// The multiple of a number that is closest to another, from the number itself on.
  private static func multiple(of step: Int, near value: Int) -> Int {
    max(1, (value + step / 2) / step) * step
  }
}
