// SPDX-License-Identifier: MIT

import PassoText

/// Draws a curve as a column of stars for each step, with the lines that it is measured against.
struct CurveLayout {
  let curve: CurveFigure
  let width: Int
  let language: Language

  private static let height = 10

  /// Columns left of the curve: a number and the line.
  private static let axisWidth = 9

  init(_ curve: CurveFigure, width: Int, language: Language) {
    self.curve = curve
    self.width = width
    self.language = language
  }

  var lines: [StyledLine] {
    var lines = TextLayout.heading(curve.title, width: width, language: language)
    let finite = curve.values.filter(\.isFinite) + curve.references.map(\.value)
    guard let top = finite.max(), curve.values.count > 1 else {
      return lines + [StyledLine(sentence)]
    }
    let bottom = min(0, finite.min() ?? 0)
    let columns = samples
    for row in 0..<Self.height {
      let high = top - (top - bottom) * Double(row) / Double(Self.height)
      let low = top - (top - bottom) * Double(row + 1) / Double(Self.height)
      lines.append(line(from: low, to: high, isLast: row == Self.height - 1, columns))
    }
    lines += axis(columns.count)
    return lines
      + TextLayout.lines(
        TextFigure.Paragraph([Run(sentence, .dim)]),
        width: width,
        language: language
      )
  }

  /// One value for each column of the screen.
  private var samples: [Double] {
    let names = curve.references.map { DisplayWidth.of(remark($0)) }.max() ?? 0
    let room = min(curve.values.count, max(8, width - Self.axisWidth - names))
    guard room > 1 else { return curve.values }
    return (0..<room).map { column in
      curve.values[column * (curve.values.count - 1) / (room - 1)]
    }
  }

  private func line(
    from low: Double,
    to high: Double,
    isLast: Bool,
    _ columns: [Double]
  ) -> StyledLine {
    func contains(_ value: Double) -> Bool {
      value <= high && (value > low || isLast && value >= low)
    }
    let reference = curve.references.first { contains($0.value) }
    var text = label(high).leftPadded(to: 7) + " │"
    for value in columns {
      text += contains(value) ? "*" : reference == nil ? " " : "-"
    }
    return StyledLine(text + (reference.map(remark) ?? ""))
  }

  private func remark(_ reference: CurveFigure.Reference) -> String {
    let text = " \(reference.name[language]) \(NumberText.fixed(reference.value, 4))"
    return text.truncated(to: max(8, width / 2))
  }

  /// Two decimals, or few digits where two decimals would say nothing.
  private func label(_ level: Double) -> String {
    let largest = curve.values.filter(\.isFinite).reduce(0) { max($0, abs($1)) }
    return largest >= 1 && largest < 1_000
      ? NumberText.fixed(level, 2) : NumberText.general(level, digits: 2)
  }

  private func axis(_ columns: Int) -> [StyledLine] {
    let first = "\(curve.horizontal[language]) \(curve.start)"
    let last = String(curve.start + curve.values.count - 1)
    let gap = max(1, columns - DisplayWidth.of(first) - last.count)
    return [
      StyledLine("        └" + String(repeating: "─", count: columns), .dim),
      StyledLine("         " + first + String(repeating: " ", count: gap) + last, .dim),
    ]
  }

  /// The curve in words; the plain form is nothing else.
  var sentence: String {
    CurveSentence(curve)[language]
  }
}

/// What a curve says, as a sentence.
struct CurveSentence {
  private let text: Bilingual

  init(_ curve: CurveFigure) {
    guard let first = curve.values.first, let last = curve.values.last,
      let least = curve.values.filter(\.isFinite).min()
    else {
      text = Bilingual(it: "ancora nessun valore", en: "no values yet")
      return
    }
    func digits(_ value: Double) -> String { NumberText.general(value, digits: 5) }
    let end = curve.start + curve.values.count - 1
    let references = curve.references.map { reference in
      Bilingual(
        it: "; \(reference.name.it) \(digits(reference.value))",
        en: "; \(reference.name.en) \(digits(reference.value))"
      )
    }.reduce(Bilingual(same: ""), +)
    let body =
      curve.values.count == 1
      ? Bilingual(
        it: "\(curve.horizontal.it) \(end): \(digits(last))",
        en: "\(curve.horizontal.en) \(end): \(digits(last))"
      )
      : Bilingual(
        it: "da \(digits(first)) (\(curve.horizontal.it) \(curve.start)) a \(digits(last))"
          + " (\(curve.horizontal.it) \(end)), minimo \(digits(least))",
        en: "from \(digits(first)) (\(curve.horizontal.en) \(curve.start)) to \(digits(last))"
          + " (\(curve.horizontal.en) \(end)), least \(digits(least))"
      )
    text = body + references
  }

  subscript(language: Language) -> String { text[language] }
}
