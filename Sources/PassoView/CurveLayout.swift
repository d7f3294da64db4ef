// SPDX-License-Identifier: MIT

import PassoText

/// Draws curves as a column of marks for each step, stars for a single one, with the lines that
/// they are measured against.
struct CurveLayout {
  let curve: CurveFigure
  let text: TextLayout

  private static let height = 10

  /// Columns left of the curve: a number and the line.
  private static let axisWidth = 9

  var lines: [StyledLine] {
    var lines = text.heading(curve.title)
    let finite = curve.heights
    guard let top = finite.max(), curve.count > 1 else { return lines + said(.plain) }
    let range = min(0, finite.min() ?? 0)...top
    let levels = (0..<Self.height).map { row in
      curve.references.filter { Self.row(of: $0.value, in: range) == row }
    }
    let columns = samples(beside: levels.map { DisplayWidth.of(remark($0)) }.max() ?? 0)
    for row in 0..<Self.height { lines.append(line(row, range, columns, levels[row])) }
    let below = curve.series.isEmpty ? said(.dim) : legend
    return lines + axis(columns.count) + below
  }

  /// The marks with their names, and the mark of places that curves share.
  private var legend: [StyledLine] {
    let mark = CurveFigure.sharedMark
    let shared = Bilingual(it: "\(mark) più curve insieme", en: "\(mark) several curves")
    let entries = (curve.legend + [shared]).map { $0[text.language].visible }
    return text.lines(.init([Run(entries.joined(separator: ", "))]))
  }

  private func said(_ role: TextRole) -> [StyledLine] {
    text.lines(.init([Run(CurveSentence(curve)[text.language], role)]))
  }

  /// The value of each curve for each column of the screen.
  private func samples(beside names: Int) -> [[Double]] {
    let room = min(curve.count, max(8, text.width - Self.axisWidth - names))
    return (0..<room).map { column in
      let point = room > 1 ? column * (curve.count - 1) / (room - 1) : column
      return curve.curves.indices.map { curve.value($0, point) }
    }
  }

  /// A row stands for the numbers nearest to the level that is written on its left.
  private func line(
    _ row: Int,
    _ range: ClosedRange<Double>,
    _ columns: [[Double]],
    _ references: [CurveFigure.Reference]
  ) -> StyledLine {
    let level = range.number(at: 1 - Double(row) / Double(Self.height - 1))
    var line = label(level).leftPadded(to: 7) + " │"
    for values in columns {
      let here = values.indices.filter { Self.row(of: values[$0], in: range) == row }
      let mark = here.count > 1 ? CurveFigure.sharedMark : here.first.map(CurveFigure.mark)
      line.append(mark ?? (references.isEmpty ? " " : "-"))
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
    let largest = curve.curves.joined().filter(\.isFinite).reduce(0) { max($0, abs($1)) }
    if largest >= 1 && largest < 1_000 {
      return NumberText.fixed(level, 2)[text.language]
    }
    let label = NumberText.general(level, digits: 2)[text.language]
    return label.count > 7 ? NumberText.general(level, digits: 1)[text.language] : label
  }

  private func axis(_ columns: Int) -> [StyledLine] {
    let first = "\(curve.horizontal[text.language].visible) \(curve.start)"
    let last = String(curve.start + curve.count - 1)
    let gap = max(1, columns - DisplayWidth.of(first) - last.count)
    return [
      StyledLine("        └" + String(repeating: "─", count: columns), .dim),
      StyledLine("         " + first + String(repeating: " ", count: gap) + last, .dim),
    ]
  }
}
