// SPDX-License-Identifier: MIT

import PassoText

/// One small picture; equal neighbours are one stroke, so that a page of them stays small.
struct MultiplePicture {
  static let most = (rows: 24, columns: 24)
  static let side = 96.0
  private static let levels = 10

  private let rows: [[Float]]
  private let figure: MultiplesFigure

  init(_ item: MultiplesFigure.Item, of figure: MultiplesFigure) {
    rows = MultiplesFigure.reduced(item.rows, to: Self.most)
    self.figure = figure
  }

  /// In a square of `side`.
  var body: Element {
    let count = Double(max(rows.count, rows.first?.count ?? 1, 1))
    let cell = Self.side / count
    var strokes: [Int: String] = [:]
    var crosses = ""
    for (number, row) in rows.enumerated() {
      var start = 0
      while start < row.count {
        guard let level = level(row[start]) else {
          crosses += "M\(start) \(number)l1 1m0 -1l-1 1"
          start += 1
          continue
        }
        var end = start + 1
        while end < row.count, self.level(row[end]) == level { end += 1 }
        strokes[level, default: ""] += "M\(start) \(number).5h\(end - start)"
        start = end
      }
    }
    let paths = strokes.sorted { $0.key < $1.key }.map { level, path in
      Element("path", ["d": path, "stroke": Self.color(level, figure.scale)])
    }
    let odd = Element("path", ["d": crosses, "stroke": "currentColor", "stroke-width": "0.15"])
    return Element(
      "g",
      ["transform": "scale(\(cell.px))", "fill": "none", "stroke-width": "1.02"],
      paths,
      crosses.isEmpty ? nil : odd
    )
  }

  private func level(_ weight: Float) -> Int? {
    figure.part(weight).map { Int(($0 * Double(Self.levels)).rounded()) }
  }

  private static func color(_ level: Int, _ scale: MatrixFigure.Scale) -> Color {
    Palette.color(Double(level) / Double(levels), scale)
  }

  /// All shades, from the least to the strongest, and what stands at both ends.
  static func ramp(_ figure: MultiplesFigure) -> (colors: [Color], ends: (Bilingual, Bilingual)) {
    let isSigned = figure.scale == .signed
    let colors = ((isSigned ? -levels : 0)...levels).map { color($0, figure.scale) }
    let ends =
      isSigned
      ? (Bilingual(same: "-"), Bilingual(same: "+"))
      : (Bilingual(same: "0"), NumberText.general(Double(figure.limit), digits: 3))
    return (colors, ends)
  }

  /// What the shades mean, in words.
  static func legend(_ figure: MultiplesFigure) -> Bilingual {
    figure.legend(
      broken: Bilingual(it: "una croce non è un numero finito", en: "a cross is no finite number")
    )
  }
}
