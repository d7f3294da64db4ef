// SPDX-License-Identifier: MIT

import PassoText

/// Draws a curve as a column of stars for each step, with the lines that it is measured against.
struct CurveLayout {
  let curve: CurveFigure
  let text: TextLayout

  private static let height = 10

  /// Columns left of the curve: a number and the line.
  private static let axisWidth = 9

  var lines: [StyledLine] {
    var lines = text.heading(curve.title)
    let finite = curve.values.filter(\.isFinite) + curve.references.map(\.value)
    guard let top = finite.max(), curve.values.count > 1 else { return lines + said(.plain) }
    let range = min(0, finite.min() ?? 0)...top
    let levels = (0..<Self.height).map { row in
      curve.references.filter { Self.row(of: $0.value, in: range) == row }
    }
    let columns = samples(beside: levels.map { DisplayWidth.of(remark($0)) }.max() ?? 0)
    for row in 0..<Self.height { lines.append(line(row, range, columns, levels[row])) }
    return lines + axis(columns.count) + said(.dim)
  }

  private func said(_ role: TextRole) -> [StyledLine] {
    text.lines(.init([Run(CurveSentence(curve)[text.language], role)]))
  }

  /// One value for each column of the screen.
  private func samples(beside names: Int) -> [Double] {
    let room = min(curve.values.count, max(8, text.width - Self.axisWidth - names))
    guard room > 1 else { return curve.values }
    return (0..<room).map { column in
      curve.values[column * (curve.values.count - 1) / (room - 1)]
    }
  }

  /// A row stands for the numbers nearest to the level that is written on its left.
  private func line(
    _ row: Int,
    _ range: ClosedRange<Double>,
    _ columns: [Double],
    _ references: [CurveFigure.Reference]
  ) -> StyledLine {
    let level = range.number(at: 1 - Double(row) / Double(Self.height - 1))
    var line = label(level).leftPadded(to: 7) + " │"
    for value in columns {
      line += Self.row(of: value, in: range) == row ? "*" : references.isEmpty ? " " : "-"
    }
    return StyledLine(line + remark(references))
  }

  /// The row whose level is nearest to a value.
  private static func row(of value: Double, in range: ClosedRange<Double>) -> Int? {
    value.isFinite ? Int(((1 - range.part(value)) * Double(height - 1)).rounded()) : nil
  }

  /// The names of levels that share a row, with their numbers if there is room for them.
  private func remark(_ references: [CurveFigure.Reference]) -> String {
    guard !references.isEmpty else { return "" }
    let limit = max(8, text.width / 2)
    let names = references.map { $0.name[text.language].visible }
    let numbers = references.map { NumberText.fixed($0.value, 4)[text.language] }
    let whole = " " + zip(names, numbers).map { "\($0) \($1)" }.joined(separator: ", ")
    guard DisplayWidth.of(whole) > limit else { return whole }
    return (" " + names.joined(separator: ", ")).truncated(to: limit)
  }

  /// Two decimals, or few digits where two decimals would say nothing.
  private func label(_ level: Double) -> String {
    let largest = curve.values.filter(\.isFinite).reduce(0) { max($0, abs($1)) }
    if largest >= 1 && largest < 1_000 {
      return NumberText.fixed(level, 2)[text.language]
    }
    let label = NumberText.general(level, digits: 2)[text.language]
    return label.count > 7 ? NumberText.general(level, digits: 1)[text.language] : label
  }

  private func axis(_ columns: Int) -> [StyledLine] {
    let first = "\(curve.horizontal[text.language].visible) \(curve.start)"
    let last = String(curve.start + curve.values.count - 1)
    let gap = max(1, columns - DisplayWidth.of(first) - last.count)
    return [
      StyledLine("        └" + String(repeating: "─", count: columns), .dim),
      StyledLine("         " + first + String(repeating: " ", count: gap) + last, .dim),
    ]
  }
}

/// What a curve says, as a sentence; the plain form is nothing else.
struct CurveSentence {
  private let text: Bilingual

  init(_ curve: CurveFigure) {
    guard let first = curve.values.first, let last = curve.values.last else {
      text = Bilingual(it: "ancora nessun valore", en: "no values yet")
      return
    }
    guard let least = curve.values.filter(\.isFinite).min() else {
      let count = curve.values.count
      let it = count == 1 ? "l'unico valore non è finito" : "nessuno dei \(count) valori è finito"
      let en = count == 1 ? "the only value is not finite" : "none of the \(count) values is finite"
      text = Bilingual(it: it, en: en) + Bilingual(same: ": \(Self.kinds(curve.values))")
      return
    }
    func digits(_ value: Double) -> Bilingual { NumberText.general(value, digits: 5) }
    let end = curve.start + curve.values.count - 1
    let references = curve.references.map { reference in
      Bilingual(same: "; ") + reference.name + Bilingual(same: " ") + digits(reference.value)
    }.reduce(Bilingual(same: ""), +)
    let body =
      curve.values.count == 1
      ? curve.horizontal + Bilingual(same: " \(end): ") + digits(last)
      : Bilingual(
        it: "da \(digits(first).it) (\(curve.horizontal.it) \(curve.start)) a \(digits(last).it)"
          + " (\(curve.horizontal.it) \(end)), minimo \(digits(least).it)",
        en: "from \(digits(first).en) (\(curve.horizontal.en) \(curve.start)) to \(digits(last).en)"
          + " (\(curve.horizontal.en) \(end)), least \(digits(least).en)"
      )
    text = body + references
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
