// SPDX-License-Identifier: MIT

import PassoText

/// Writes figures as linear text: for screen readers, pipes, and for copying.
///
/// Every number of the figure is there, row after row; no boxes, no blocks, no escape sequences.
package struct PlainRenderer: Sendable {
  package let language: Language

  package init(language: Language) {
    self.language = language
  }

  /// The figure as lines, each ended by a newline.
  package func render(_ figure: Figure) -> String {
    lines(figure).map { $0 + "\n" }.joined()
  }

  private func lines(_ figure: Figure) -> [String] {
    switch figure {
    case .text(let text):
      text.paragraphs.map { $0.marker.visible + $0.runs.map { $0.text[language].visible }.joined() }
    case .table(let table): lines(table)
    case .matrix(let matrix): lines(matrix.elided())
    case .bars(let bars):
      [bars.title[language].visible] + bars.bars.map { bars.sentence($0, language) }
        + bars.notes.map { $0[language].visible }
    case .curve(let curve):
      [curve.title[language].visible, CurveSentence(curve)[language]]
    case .multiples(let multiples):
      [multiples.title[language].visible]
        + multiples.items.map { "\($0.name.visible): \($0.sentence[language].visible)" }
        + multiples.notes.map { $0[language].visible }
    case .graph(let graph): lines(graph)
    case .arcs(let arcs):
      [arcs.title[language].visible] + arcs.arcs.map { arcs.sentence($0) }
        + arcs.notes.map { $0[language].visible }
    case .points(let points):
      [points.title[language].visible] + points.points.map { points.sentence($0) }
        + (points.points.isEmpty ? [] : [points.scale[language].visible])
        + points.notes.map { $0[language].visible }
    case .marked(let marked): lines(marked)
    case .group(let title, let figures):
      [title[language].visible] + figures.flatMap(lines)
    }
  }

  private func lines(_ graph: GraphFigure) -> [String] {
    let here = Bilingual(it: "qui: ", en: "here: ")[language]
    return [graph.title[language].visible]
      + graph.nodes.indices.map { ($0 == graph.current ? here : "") + graph.sentence($0) }
      + graph.notes.map { $0[language].visible }
  }

  private func lines(_ marked: MarkedFigure) -> [String] {
    let words = marked.words.map { word in
      word.text.visible + (word.value.map { " \(NumberText.general($0))" } ?? "")
    }
    return [marked.title[language].visible, words.joined(separator: ", ")]
      + marked.notes.map { $0[language].visible }
  }

  private func lines(_ table: TableFigure) -> [String] {
    var lines = table.title.map { [$0[language].visible] } ?? []
    for (index, cells) in table.rows.enumerated() {
      let mark = index == table.markedRow ? Bilingual(it: "qui: ", en: "here: ")[language] : ""
      let parts = zip(table.columns, cells).compactMap { column, cell -> String? in
        let text = cell[language].visible
        if text.isEmpty { return nil }
        let title = column.title[language].visible
        return title.isEmpty ? text : "\(title) \(text)"
      }
      lines.append(mark + parts.joined(separator: "; "))
    }
    return lines + table.notes.map { $0[language].visible }
  }

  private func lines(_ matrix: MatrixFigure) -> [String] {
    let head = matrix.isVector ? Self.columns(matrix) : Self.rows(matrix) + Self.columns(matrix)
    let rows = matrix.rows.labels.indices.map { row in line(row, of: matrix) }
    return [matrix.title[language].visible, head[language].visible] + rows
      + matrix.notes.map { $0[language].visible }
  }

  private static func rows(_ matrix: MatrixFigure) -> Bilingual {
    Bilingual(it: "righe: \(matrix.rows.name), ", en: "rows: \(matrix.rows.name), ")
  }

  private static func columns(_ matrix: MatrixFigure) -> Bilingual {
    Bilingual(it: "colonne: \(matrix.columns.name)", en: "columns: \(matrix.columns.name)")
  }

  /// A row with its number on the whole axis, which is what a slice takes.
  private func line(_ row: Int, of matrix: MatrixFigure) -> String {
    guard let index = matrix.rows.indices[row] else { return MatrixFigure.ellipsis }
    var numbers: [String] = []
    var masked: [String] = []
    for (column, label) in matrix.columns.labels.enumerated() {
      let name = label.visible
      switch matrix.cell(row, column) {
      case .number(let number):
        let mark = matrix.shades.isOutlier(number) ? " (!)" : ""
        numbers.append("\(name) \(NumberText.general(number))\(mark)")
      case .masked: masked.append(name)
      case .omitted: numbers.append(MatrixFigure.ellipsis)
      }
    }
    var line = numbers.joined(separator: ", ")
    if !masked.isEmpty {
      let hidden = Bilingual(it: "mascherati", en: "masked")[language]
      line += "; \(hidden): \(masked.joined(separator: ", "))"
    }
    if matrix.isVector { return line }
    let start = Bilingual(it: "riga", en: "row")[language]
    return "\(start) \(index) \"\(matrix.rows.labels[row].visible)\": \(line)"
  }
}
