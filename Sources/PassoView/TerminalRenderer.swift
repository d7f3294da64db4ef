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
    case .text(let figure): figure.paragraphs.flatMap(text.lines)
    case .table(let table):
      (table.title.map { text.heading($0) } ?? [])
        + TableLayout(table, width: width, language: language).lines + text.notes(table.notes)
    case .matrix(let matrix): MatrixLayout(matrix, text, mostCells: theme?.mostCells).lines
    case .bars(let bars): BarsLayout(figure: bars, text: text).lines + text.notes(bars.notes)
    case .curve(let curve): CurveLayout(curve: curve, text: text).lines
    case .multiples(let multiples):
      MultiplesLayout(figure: multiples, text: text).lines + text.notes(multiples.notes)
    case .graph(let graph): GraphLayout(figure: graph, text: text).lines + text.notes(graph.notes)
    case .arcs(let arcs): ArcsLayout(arcs, text).lines + text.notes(arcs.notes)
    case .points(let points):
      PointsLayout(figure: points, text: text).lines + text.notes(points.notes)
    case .marked(let marked): marked.lines(text) + text.notes(marked.notes)
    case .group(let title, let figures): lines(title, figures)
    }
  }

  private var text: TextLayout { TextLayout(width: width, language: language) }
}

// MARK: - Groups

extension TerminalRenderer {
  /// Matrices stand side by side where two of them fit, as the four stages of attention do.
  private func lines(_ title: Bilingual, _ figures: [Figure]) -> [StyledLine] {
    var lines = text.heading(title)
    guard let pairs = pairs(of: figures) else { return lines + figures.flatMap(self.lines) }
    for pair in pairs { lines += Self.beside(pair.map(\.lines)) }
    return lines
  }

  /// The matrices two by two, narrow; nil if there are not several, or if they are too wide.
  private func pairs(of figures: [Figure]) -> [[MatrixLayout]]? {
    let half = (width - 3) / 2
    let layouts = figures.compactMap { figure -> MatrixLayout? in
      guard case .matrix(let matrix) = figure else { return nil }
      let layout = MatrixLayout(
        matrix,
        TextLayout(width: half, language: language),
        isCompact: true,
        mostCells: theme?.mostCells
      )
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
