// SPDX-License-Identifier: MIT

import PassoText

/// What curves say, as a sentence; the plain form of a single one is nothing else.
struct CurveSentence {
  private let text: Bilingual

  init(_ curve: CurveFigure) {
    guard curve.series.isEmpty else {
      let said = curve.series.map { series in
        series.name + Bilingual(same: ": ") + Self.sentence(curve, series.values, references: [])
      }
      text = (said + curve.references.map(Self.said)).joined(separator: "; ")
      return
    }
    text = Self.sentence(curve, curve.curves.first ?? [], references: curve.references)
  }

  private static func digits(_ value: Double) -> Bilingual { NumberText.general(value, digits: 5) }

  private static func said(_ reference: CurveFigure.Reference) -> Bilingual {
    reference.name + Bilingual(same: " ") + digits(reference.value)
  }

  private static func sentence(
    _ curve: CurveFigure,
    _ values: [Double],
    references: [CurveFigure.Reference]
  ) -> Bilingual {
    guard let first = values.first, let last = values.last else {
      return Bilingual(it: "ancora nessun valore", en: "no values yet")
    }
    guard let least = values.filter(\.isFinite).min() else {
      let count = values.count
      let it = count == 1 ? "l'unico valore non è finito" : "nessuno dei \(count) valori è finito"
      let en = count == 1 ? "the only value is not finite" : "none of the \(count) values is finite"
      return Bilingual(it: it, en: en) + Bilingual(same: ": \(kinds(values))")
    }
    let end = curve.start + values.count - 1
    let body =
      values.count == 1
      ? curve.horizontal + Bilingual(same: " \(end): ") + digits(last)
      : Bilingual(
        it: "da \(digits(first).it) (\(curve.horizontal.it) \(curve.start)) a \(digits(last).it)"
          + " (\(curve.horizontal.it) \(end)), minimo \(digits(least).it)",
        en: "from \(digits(first).en) (\(curve.horizontal.en) \(curve.start)) to \(digits(last).en)"
          + " (\(curve.horizontal.en) \(end)), least \(digits(least).en)"
      )
    return references.reduce(body) { $0 + Bilingual(same: "; ") + said($1) }
  }

  /// What there is instead of numbers: `3 NaN, 1 +inf`.
  private static func kinds(_ values: [Double]) -> String {
    let counts = [
      ("NaN", values.count { $0.isNaN }), ("+inf", values.count { $0 == .infinity }),
      ("-inf", values.count { $0 == -.infinity }),
    ]
    return counts.filter { $0.1 > 0 }.map { "\($0.1) \($0.0)" }.joined(separator: ", ")
  }

  subscript(language: Language) -> String { text[language].visible }
}
