// SPDX-License-Identifier: MIT

import PassoText

extension SVGRenderer {
  /// A matrix in panels of the width of a page, one below the other; each has the labels of the
  /// rows.
  func grids(_ matrix: MatrixFigure, _ format: CellFormat) -> [SVGBlock] {
    let picture = MatrixPicture(matrix, format, self)
    let count = matrix.columns.labels.count
    let perPanel = picture.columnsPerPanel
    return stride(from: 0, to: max(1, count), by: perPanel).map {
      picture.panel($0..<min($0 + perPanel, count))
    }
  }
}

/// Cells on their colours, with labels on both axes.
private struct MatrixPicture {
  private let matrix: MatrixFigure
  private let format: CellFormat
  private let renderer: SVGRenderer

  /// In columns of text.
  private let labels: Int
  private let widest: Int

  init(_ matrix: MatrixFigure, _ format: CellFormat, _ renderer: SVGRenderer) {
    func columns(_ texts: [String], limit: Int) -> Int {
      min(texts.map { DisplayWidth.of($0.visible) }.max() ?? 0, limit)
    }
    (self.matrix, self.format, self.renderer) = (matrix, format, renderer)
    labels = columns(matrix.rows.labels + [matrix.corner(renderer.language)], limit: 18)
    let names = columns(matrix.columns.labels, limit: 8)
    widest = max(columns(matrix.cells.map { format.text($0) }, limit: 12), names, 4)
  }

  private var width: Double { Double(widest + 1) * SVGRenderer.column }
  private let height = 22.0
  private var left: Double { Double(labels + 1) * SVGRenderer.column }

  private func x(_ place: Int) -> Double { left + Double(place) * width }

  /// The row above the first has the names of the columns.
  private func y(_ row: Int) -> Double { Double(row + 1) * height }

  var columnsPerPanel: Int { max(1, Int((SVGRenderer.widest - left) / width)) }

  func panel(_ columns: Range<Int>) -> SVGBlock {
    var block = SVGBlock()
    let corner = matrix.corner(renderer.language).truncated(to: labels)
    block.body.append(renderer.text(corner, x: 0, y: 15, .dim))
    for (place, column) in columns.enumerated() {
      block.body.append(written(matrix.columns.labels[column].visible, -1, place, .dim))
    }
    for (row, label) in matrix.rows.labels.enumerated() {
      let shown = label.visible.truncated(to: labels)
      block.body.append(renderer.text(shown, x: 0, y: y(row) + 15, .dim))
      for (place, column) in columns.enumerated() {
        block.body += drawn(matrix.cell(row, column), row, place)
      }
    }
    block.width = x(columns.count)
    block.height = y(matrix.rows.labels.count)
    return block
  }

  private func drawn(_ cell: MatrixFigure.Cell, _ row: Int, _ place: Int) -> [Element] {
    guard let part = cell.finiteNumber.flatMap(matrix.shades.part) else {
      return [written(format.text(cell), row, place, cell.isStrange ? .bad : .dim)]
    }
    let color = Palette.color(part, matrix.scale)
    return [
      .rect(x(place), y(row), width - 1, height - 1, color),
      written(format.text(cell), row, place, .plain, fill: color.ink),
    ]
  }

  /// A text at the right end of its cell.
  private func written(
    _ text: String,
    _ row: Int,
    _ place: Int,
    _ role: TextRole,
    fill: Color? = nil
  ) -> Element {
    let shown = text.truncated(to: widest)
    let free = width - Double(DisplayWidth.of(shown)) * SVGRenderer.column
    return renderer.text(
      shown,
      x: x(place) + free - SVGRenderer.column / 2,
      y: y(row) + 15,
      role,
      fill: fill
    )
  }
}
