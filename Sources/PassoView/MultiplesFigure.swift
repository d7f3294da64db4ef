// SPDX-License-Identifier: MIT

import PassoText

/// Many small matrices of numbers up to 1, as the heads of a model: to compare, not to read.
package struct MultiplesFigure: Sendable, Hashable {
  /// One of them.
  package struct Item: Sendable, Hashable {
    package let name: String

    /// What it is like, in words: the only form for those who see no pictures.
    package let sentence: Bilingual

    /// Rows of equal length: from 0 to 1, or from -1 to 1 on a signed scale.
    package let rows: [[Float]]

    package init(name: String, sentence: Bilingual, rows: [[Float]]) {
      self.name = name
      self.sentence = sentence
      self.rows = rows
    }
  }

  package let title: Bilingual
  package let items: [Item]
  package let scale: MatrixFigure.Scale

  /// Lines below the pictures.
  package var notes: [Bilingual] = []

  package init(
    title: Bilingual,
    items: [Item],
    scale: MatrixFigure.Scale = .sequential,
    notes: [Bilingual] = []
  ) {
    self.title = title
    self.items = items
    self.scale = scale
    self.notes = notes
  }

  /// A number as the scale takes it; what is not finite is nothing.
  static func clipped(_ number: Float, _ scale: MatrixFigure.Scale) -> Float {
    let finite = number.isFinite ? number : 0
    return min(max(finite, scale == .signed ? -1 : 0), 1)
  }

  /// A matrix in at most so many rows and columns: each cell the strongest of those it stands for.
  ///
  /// The strongest, not the mean: a stripe one cell wide must not fade.
  static func reduced(_ rows: [[Float]], to most: (rows: Int, columns: Int)) -> [[Float]] {
    let height = min(rows.count, most.rows)
    let columns = rows.first?.count ?? 0
    let width = min(columns, most.columns)
    return (0..<height).map { row in
      let from = row * rows.count / height
      let to = max(from + 1, (row + 1) * rows.count / height)
      return (0..<width).map { column in
        let left = column * columns / width
        let right = max(left + 1, (column + 1) * columns / width)
        var strongest: Float = 0
        for line in rows[from..<to] {
          for cell in line[left..<right] where abs(cell) > abs(strongest) { strongest = cell }
        }
        return strongest
      }
    }
  }
}

// MARK: - On a terminal

/// Draws the matrices side by side: darker letters for larger weights, on their colours.
struct MultiplesLayout {
  private static let most = (rows: 8, columns: 8)

  /// From nothing to 1, and from nothing to 1 or to -1.
  private static let ramp = Array(" .:-=+*#%@")
  private static let positiveRamp = Array(" .:+#@")
  private static let negativeRamp = Array(" ,;-=~")

  private let figure: MultiplesFigure
  private let width: Int
  private let language: Language

  init(_ figure: MultiplesFigure, width: Int, language: Language) {
    self.figure = figure
    self.width = width
    self.language = language
  }

  var lines: [StyledLine] {
    let title = TextLayout.heading(figure.title, width: width, language: language)
    let small = figure.items.map { MultiplesFigure.reduced($0.rows, to: Self.most) }
    let cell = max(small.map { $0.first?.count ?? 0 }.max() ?? 1, 5)
    let perLine = max(1, (width + 2) / (cell + 2))
    var lines = title
    for start in stride(from: 0, to: small.count, by: perLine) {
      let group = start..<min(start + perLine, small.count)
      lines.append(names(group, cell))
      for row in 0..<(group.map { small[$0].count }.max() ?? 0) {
        lines.append(line(group.map { row < small[$0].count ? small[$0][row] : [] }, cell))
      }
    }
    return lines + TextLayout.notes([legend], width, language)
  }

  private var legend: Bilingual {
    switch figure.scale {
    case .sequential:
      Bilingual(
        it: "peso più grande di ogni cella, da 0 a 1: «\(String(Self.ramp))»",
        en: "the greatest weight of each cell, from 0 to 1: '\(String(Self.ramp))'"
      )
    case .signed:
      Bilingual(
        it: "il numero più grande di ogni cella, positivo «\(String(Self.positiveRamp))»,"
          + " negativo «\(String(Self.negativeRamp))»",
        en: "the strongest number of each cell, positive '\(String(Self.positiveRamp))',"
          + " negative '\(String(Self.negativeRamp))'"
      )
    }
  }

  private func names(_ group: Range<Int>, _ cell: Int) -> StyledLine {
    let names = group.map { figure.items[$0].name.visible.truncated(to: cell).padded(to: cell) }
    return StyledLine(names.joined(separator: "  "), .dim)
  }

  private func line(_ rows: [[Float]], _ cell: Int) -> StyledLine {
    var line = StyledLine()
    for (index, row) in rows.enumerated() {
      if index > 0 { line.append("  ") }
      for weight in row {
        let part = Double(MultiplesFigure.clipped(weight, figure.scale))
        let signed = part < 0 ? Self.negativeRamp : Self.positiveRamp
        let ramp = figure.scale == .sequential ? Self.ramp : signed
        let letter = ramp[Int((abs(part) * Double(ramp.count - 1)).rounded())]
        line.append(String(letter), .cell(part: part, figure.scale))
      }
      if row.count < cell { line.append(String(repeating: " ", count: cell - row.count)) }
    }
    return line
  }
}

// MARK: - As vectors

/// One small picture; equal neighbours are one stroke, so that a page of them stays small.
struct MultiplePicture {
  static let most = (rows: 24, columns: 24)
  static let side = 96.0
  private static let levels = 10

  private let rows: [[Float]]
  private let scale: MatrixFigure.Scale

  init(_ item: MultiplesFigure.Item, _ scale: MatrixFigure.Scale) {
    rows = MultiplesFigure.reduced(item.rows, to: Self.most)
    self.scale = scale
  }

  /// In a square of `side`.
  var body: String {
    let count = Double(max(rows.count, rows.first?.count ?? 1, 1))
    let cell = Self.side / count
    var strokes: [Int: String] = [:]
    for (number, row) in rows.enumerated() {
      var start = 0
      while start < row.count {
        let level = level(row[start])
        var end = start + 1
        while end < row.count, self.level(row[end]) == level { end += 1 }
        strokes[level, default: ""] += "M\(start) \(number).5h\(end - start)"
        start = end
      }
    }
    let paths = strokes.sorted { $0.key < $1.key }.map { level, path in
      let color = Palette.color(Double(level) / Double(Self.levels), scale)
      return "<path d=\"\(path)\" stroke=\"\(color.hex)\"/>"
    }
    return "<g transform=\"scale(\(Markup.px(cell)))\" fill=\"none\" stroke-width=\"1.02\">"
      + paths.joined() + "</g>"
  }

  private func level(_ weight: Float) -> Int {
    Int((MultiplesFigure.clipped(weight, scale) * Float(Self.levels)).rounded())
  }
}
