// SPDX-License-Identifier: MIT

import PassoText

/// Draws figures for a terminal, with or without colours.
package struct TerminalRenderer: Sendable {
  package let width: Int
  package let depth: ColorDepth
  package let language: Language
  private let theme: Theme?

  /// A renderer for a terminal of a width, in columns; narrower than 20 is taken as 20.
  ///
  /// Without a theme the terminal keeps its own colours.
  package init(width: Int, depth: ColorDepth, language: Language, theme: Theme? = nil) {
    self.theme = theme
    self.width = max(20, width)
    self.depth = depth
    self.language = language
  }

  /// The figure as lines, each ended by a newline.
  package func render(_ figure: Figure) -> String {
    lines(figure).map { $0.text(depth, theme) + "\n" }.joined()
  }

  func lines(_ figure: Figure) -> [StyledLine] {
    switch figure {
    case .text(let text):
      text.paragraphs.flatMap { TextLayout.lines($0, width: width, language: language) }
    case .table(let table): lines(table)
    case .matrix(let matrix): layout(matrix).lines
    case .bars(let bars):
      BarsLayout(bars, width: width, language: language).lines + notes(bars.notes)
    case .curve(let curve): CurveLayout(curve, width: width, language: language).lines
    case .multiples(let multiples):
      MultiplesLayout(multiples, width: width, language: language).lines + notes(multiples.notes)
    case .graph(let graph):
      GraphLayout(graph, width: width, language: language).lines + notes(graph.notes)
    case .arcs(let arcs):
      ArcsLayout(arcs, width: width, language: language).lines + notes(arcs.notes)
    case .points(let points):
      PointsLayout(points, width: width, language: language).lines + notes(points.notes)
    case .marked(let marked):
      marked.lines(width: width, language: language) + notes(marked.notes)
    case .group(let title, let figures): lines(title, figures)
    }
  }

  private func layout(
    _ matrix: MatrixFigure,
    width: Int? = nil,
    isCompact: Bool = false
  ) -> MatrixLayout {
    MatrixLayout(
      matrix,
      width: width ?? self.width,
      language: language,
      isCompact: isCompact,
      mostCells: theme?.mostCells
    )
  }

  private func notes(_ notes: [Bilingual]) -> [StyledLine] {
    TextLayout.notes(notes, width, language)
  }

  private func heading(_ title: Bilingual) -> [StyledLine] {
    TextLayout.heading(title, width: width, language: language)
  }
}

// MARK: - Tables

extension TerminalRenderer {
  private func lines(_ table: TableFigure) -> [StyledLine] {
    let widths = columnWidths(table)
    var lines = table.title.map(heading) ?? []
    let titles = table.columns.map { $0.title[language].visible }
    if titles.contains(where: { !$0.isEmpty }) {
      lines.append(row(titles, table, widths, mark: " ", role: .dim))
    }
    for (index, cells) in table.rows.enumerated() {
      let isMarked = index == table.markedRow
      lines.append(
        row(
          cells.map { $0[language].visible },
          table,
          widths,
          mark: isMarked ? "▶" : " ",
          role: isMarked ? .emphasis : .plain
        )
      )
    }
    return lines + notes(table.notes)
  }

  private func row(
    _ cells: [String],
    _ table: TableFigure,
    _ widths: [Int],
    mark: String,
    role: TextRole
  ) -> StyledLine {
    var text = table.markedRow == nil ? "" : mark + " "
    for (index, cell) in cells.enumerated() {
      let fitted = cell.truncated(to: widths[index])
      let isRight = table.columns[index].alignment == .right
      text += isRight ? fitted.leftPadded(to: widths[index]) : fitted.padded(to: widths[index])
      if index < cells.count - 1 { text += "  " }
    }
    return StyledLine(text, role)
  }

  /// Each column as wide as its widest cell; where that is too much, the widest one gives way.
  private func columnWidths(_ table: TableFigure) -> [Int] {
    var widths = table.columns.indices.map { index in
      let cells = table.rows.map { $0[index][language].visible }
      return ([table.columns[index].title[language].visible] + cells).map { DisplayWidth.of($0) }
        .max() ?? 0
    }
    let room = width - 2 * (widths.count - 1) - (table.markedRow == nil ? 0 : 2)
    while widths.reduce(0, +) > room, let widest = widths.max(), widest > 4 {
      guard let index = widths.firstIndex(of: widest) else { break }
      widths[index] -= 1
    }
    return widths
  }
}

// MARK: - Groups

extension TerminalRenderer {
  /// Matrices stand side by side where two of them fit, as the four stages of attention do.
  private func lines(_ title: Bilingual, _ figures: [Figure]) -> [StyledLine] {
    var lines = heading(title)
    guard let pairs = pairs(of: figures) else { return lines + figures.flatMap(self.lines) }
    for pair in pairs { lines += Self.beside(pair.map(\.lines)) }
    return lines
  }

  /// The matrices two by two, narrow; nil if there are not several, or if they are too wide.
  private func pairs(of figures: [Figure]) -> [[MatrixLayout]]? {
    let half = (width - 3) / 2
    let layouts = figures.compactMap { figure -> MatrixLayout? in
      guard case .matrix(let matrix) = figure else { return nil }
      let layout = layout(matrix, width: half, isCompact: true)
      return layout.naturalWidth <= half ? layout : nil
    }
    guard layouts.count == figures.count, layouts.count > 1 else { return nil }
    return stride(from: 0, to: layouts.count, by: 2).map {
      Array(layouts[$0..<min($0 + 2, layouts.count)])
    }
  }

  private static func beside(_ blocks: [[StyledLine]]) -> [StyledLine] {
    guard blocks.count > 1 else { return blocks.first ?? [] }
    let height = blocks.map(\.count).max() ?? 0
    return (0..<height).map { index in
      var line = StyledLine()
      for block in blocks {
        if !line.runs.isEmpty { line.append("   ") }
        let width = block.map(\.width).max() ?? 0
        let part = index < block.count ? block[index] : StyledLine()
        line.runs += part.padded(to: width).runs
      }
      return line
    }
  }
}
