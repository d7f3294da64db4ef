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

  /// The number that gets the strongest shade; larger ones get no stronger one.
  package let limit: Float

  /// What that number is.
  package let limitName: Bilingual

  /// Lines below the pictures.
  package let notes: [Bilingual]

  package init(
    title: Bilingual,
    items: [Item],
    scale: MatrixFigure.Scale = .sequential,
    limit: Float = 1,
    limitName: Bilingual = Bilingual(same: ""),
    notes: [Bilingual] = []
  ) {
    self.title = title
    self.items = items
    self.scale = scale
    self.limit = limit
    self.limitName = limitName
    self.notes = notes
  }

  /// The shade of a number, from 0 or -1 to 1; nil if it is not finite, which no shade may hide.
  func part(_ number: Float) -> Double? {
    guard number.isFinite else { return nil }
    let part = limit > 0 ? number / limit : 0
    return Double(min(max(part, scale == .signed ? -1 : 0), 1))
  }

  /// Whether any number is not finite.
  private var isBroken: Bool {
    items.contains { $0.rows.contains { $0.contains { !$0.isFinite } } }
  }

  /// What the shades mean; the signs that stand for them are those of the form, if it has some.
  func legend(_ signs: Bilingual = Bilingual(same: ""), broken: Bilingual) -> Bilingual {
    let largest = NumberText.general(Double(limit), digits: 3)
    let name =
      limitName.it.isEmpty ? limitName : Bilingual(same: " (") + limitName + Bilingual(same: ")")
    let start =
      scale == .sequential
      ? Bilingual(
        it: "peso più grande di ogni cella, da 0 a \(largest.it)",
        en: "the greatest weight of each cell, from 0 to \(largest.en)"
      ) + name
      : Bilingual(it: "il numero più forte di ogni cella", en: "the strongest number of each cell")
    return start + signs + (isBroken ? Bilingual(same: "; ") + broken : Bilingual(same: ""))
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
          for cell in line[left..<right] where strongest.isFinite {
            if !cell.isFinite || abs(cell) > abs(strongest) { strongest = cell }
          }
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

  let figure: MultiplesFigure
  let text: TextLayout

  var lines: [StyledLine] {
    let small = figure.items.map { MultiplesFigure.reduced($0.rows, to: Self.most) }
    let cell = max(small.map { $0.first?.count ?? 0 }.max() ?? 1, 5)
    let perLine = max(1, (text.width + 2) / (cell + 2))
    var lines = text.heading(figure.title)
    for start in stride(from: 0, to: small.count, by: perLine) {
      let group = start..<min(start + perLine, small.count)
      lines.append(names(group, cell))
      for row in 0..<(group.map { small[$0].count }.max() ?? 0) {
        lines.append(line(group.map { row < small[$0].count ? small[$0][row] : [] }, cell))
      }
    }
    return lines + text.notes([legend])
  }

  private var legend: Bilingual {
    let broken = Bilingual(it: "«?» non è un numero finito", en: "'?' is no finite number")
    let signs =
      switch figure.scale {
      case .sequential: Self.sign(":", ":", Self.ramp)
      case .signed:
        Self.sign(", positivo", ", positive", Self.positiveRamp)
          + Self.sign(", negativo", ", negative", Self.negativeRamp)
      }
    return figure.legend(signs, broken: broken)
  }

  /// In one piece: at its blank no line is broken.
  private static func sign(_ it: String, _ en: String, _ ramp: [Character]) -> Bilingual {
    let shown = String(ramp).replacing(" ", with: "\u{A0}")
    return Bilingual(it: "\(it) «\(shown)»", en: "\(en) '\(shown)'")
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
        guard let part = figure.part(weight) else {
          line.append("?", .role(.bad))
          continue
        }
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
