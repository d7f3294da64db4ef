// SPDX-License-Identifier: MIT

import PassoText

/// Lays a matrix out in columns: labels on both axes, a number in each cell, on its colour.
struct MatrixLayout {
  private let figure: MatrixFigure
  private let text: TextLayout
  private let format: CellFormat
  private let shades: MatrixScale
  private let labelWidth: Int
  private let cellWidth: Int
  private let isSpacious: Bool

  /// More rows than this are left out in the middle.
  private static let maxRows = 24

  /// More panels than this are too much to put together in the head.
  private static let maxPanels = 3

  /// Prepares a layout.
  ///
  /// - Parameters:
  ///   - matrix: What to lay out.
  ///   - text: How title and notes are broken.
  ///   - isCompact: Whether column labels give way to the numbers, so that two matrices can stand
  ///     side by side.
  ///   - mostCells: The rows and columns that can be read at once, if that is the limit; then there
  ///     is room between the rows.
  init(
    _ matrix: MatrixFigure,
    _ text: TextLayout,
    isCompact: Bool = false,
    mostCells: Int? = nil
  ) {
    let format = CellFormat(for: matrix)
    let labels = matrix.rows.labels + [matrix.corner(text.language)]
    let longest = labels.map { DisplayWidth.of($0.visible) }.max() ?? 0
    let labelWidth = min(longest, isCompact ? 7 : 16)
    let numbers = matrix.cells.map { DisplayWidth.of(format.text($0)) }.max() ?? 1
    let names = matrix.columns.labels.map { DisplayWidth.of($0.visible) }.max() ?? 1
    let cellWidth = max(numbers, isCompact ? 5 : min(names, 7)) + 1
    let perPanel = max(1, (text.width - labelWidth) / cellWidth)
    self.text = text
    self.format = format
    self.labelWidth = labelWidth
    self.cellWidth = cellWidth
    isSpacious = mostCells != nil && !isCompact
    figure = matrix.elided(
      maxRows: min(Self.maxRows, mostCells ?? .max),
      maxColumns: min(perPanel * Self.maxPanels, MatrixFigure.most.columns, mostCells ?? .max)
    )
    shades = matrix.shades
  }

  /// The columns that the widest row takes if it is not broken.
  var naturalWidth: Int { labelWidth + figure.columns.labels.count * cellWidth }

  var lines: [StyledLine] {
    var lines = text.heading(figure.title, remark: format.remark)
    let perPanel = max(1, (text.width - labelWidth) / cellWidth)
    let count = figure.columns.labels.count
    for start in stride(from: 0, to: count, by: perPanel) {
      lines += panel(start..<min(start + perPanel, count))
    }
    return lines + text.notes(figure.notes)
  }

  private func panel(_ columns: Range<Int>) -> [StyledLine] {
    var header = label(figure.corner(text.language))
    for column in columns {
      let label = figure.columns.labels[column].visible.truncated(to: cellWidth - 1)
      header.append(label.leftPadded(to: cellWidth), .role(.dim))
    }
    let rows = figure.rows.labels.indices.map { row in line(row, columns) }
    return [header]
      + (isSpacious ? Array(rows.map { [$0] }.joined(separator: [StyledLine()])) : rows)
  }

  private func label(_ text: String) -> StyledLine {
    StyledLine(text.truncated(to: labelWidth).padded(to: labelWidth), .dim)
  }

  private func line(_ row: Int, _ columns: Range<Int>) -> StyledLine {
    var line = label(figure.rows.labels[row].visible)
    for column in columns {
      let cell = figure.cell(row, column)
      line.append(format.text(cell).leftPadded(to: cellWidth), style(cell))
    }
    return line
  }

  private func style(_ cell: MatrixFigure.Cell) -> Style {
    guard case .number(let number) = cell else { return .role(.dim) }
    guard number.isFinite else { return .role(.bad) }
    return shades.part(number).map { .cell(part: $0, figure.scale) } ?? .role(.dim)
  }
}
