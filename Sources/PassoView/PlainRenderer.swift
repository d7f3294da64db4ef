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
      text.paragraphs.map { $0.marker.visible + $0.runs.map { said($0.text) }.joined() }
    case .table(let table): lines(table)
    case .matrix(let matrix): lines(matrix.elided())
    case .bars(let bars):
      lines(bars.title, bars.bars.map { bars.sentence($0, language) }, bars.notes)
    case .curve(let curve):
      lines(
        curve.title,
        curve.series.isEmpty ? [CurveSentence(curve)[language]] : curve.rows(language),
        []
      )
    case .multiples(let multiples):
      lines(
        multiples.title,
        multiples.items.map { "\($0.name.visible): \(said($0.sentence))" },
        multiples.notes
      )
    case .graph(let graph):
      lines(
        graph.title,
        graph.nodes.indices.map { ($0 == graph.current ? here : "") + graph.sentence($0) },
        graph.notes
      )
    case .arcs(let arcs): lines(arcs.title, arcs.arcs.map { said(arcs.sentence($0)) }, arcs.notes)
    case .points(let points):
      lines(
        points.title,
        points.points.map { said(points.sentence($0)) },
        (points.points.isEmpty ? [] : [points.scale]) + points.notes
      )
    case .marked(let marked): lines(marked)
    case .group(let title, let figures): [said(title)] + figures.flatMap(lines)
    }
  }

  private func said(_ text: Bilingual) -> String { text[language].visible }

  private var here: String { Bilingual(it: "qui: ", en: "here: ")[language] }

  private func lines(_ title: Bilingual?, _ lines: [String], _ notes: [Bilingual]) -> [String] {
    (title.map { [said($0)] } ?? []) + lines + notes.map(said)
  }

  private func lines(_ marked: MarkedFigure) -> [String] {
    let words = marked.words.map { word in
      word.text.visible + (word.value.map { " \(NumberText.general($0)[language])" } ?? "")
    }
    return lines(marked.title, [words.joined(separator: ", ")], marked.notes)
  }

  private func lines(_ table: TableFigure) -> [String] {
    let rows = table.rows.enumerated().map { index, cells in
      let parts = zip(table.columns, cells).compactMap { column, cell -> String? in
        let (title, text) = (said(column.title), said(cell))
        if text.isEmpty { return nil }
        return title.isEmpty ? text : "\(title) \(text)"
      }
      return (index == table.markedRow ? here : "") + parts.joined(separator: "; ")
    }
    return lines(table.title, rows, table.notes)
  }

  private func lines(_ matrix: MatrixFigure) -> [String] {
    let rows =
      Bilingual(it: "righe: ", en: "rows: ") + matrix.rows.name + Bilingual(same: ", ")
    let columns = Bilingual(it: "colonne: ", en: "columns: ") + matrix.columns.name
    let head = said(matrix.isVector ? columns : rows + columns)
    let lines = matrix.rows.labels.indices.map { line($0, of: matrix) }
    return self.lines(matrix.title, [head] + lines, matrix.notes)
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
        numbers.append("\(name) \(NumberText.code(number))\(mark)")
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
