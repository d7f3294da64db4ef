// SPDX-License-Identifier: MIT

import PassoText

/// Writes figures as pieces of an HTML page: real tables, with every number as text.
///
/// Colours stand behind numbers only. What the numbers are to more digits is in their `title`.
package struct HTMLRenderer: Sendable {
  package let language: Language

  package init(language: Language) {
    self.language = language
  }

  /// The figure as HTML elements.
  package func render(_ figure: Figure) -> String {
    switch figure {
    case .text(let text): text.paragraphs.map(element).joined()
    case .table(let table): element(table)
    case .matrix(let matrix): element(matrix.elided())
    case .bars(let bars): element(bars)
    case .curve(let curve): element(curve)
    case .multiples(let multiples): element(multiples)
    case .graph(let graph):
      "<figure><figcaption>\(text(graph.title))</figcaption>"
        + "\(GraphPicture(graph).element(language))</figure>"
        + notes(graph.notes)
    case .arcs(let arcs):
      "<figure><figcaption>\(text(arcs.title))</figcaption>\(ArcsPicture(arcs).element)</figure>"
        + notes(arcs.arcs.map { Bilingual(same: arcs.sentence($0)) } + arcs.notes)
    case .points(let points): element(points)
    case .marked(let marked): element(marked)
    case .group(let title, let figures):
      "<section><h3>\(text(title))</h3><div class=\"group\">"
        + figures.map { "<div>\(render($0))</div>" }.joined() + "</div></section>"
    }
  }

  private func text(_ text: Bilingual) -> String { Markup.escaped(text[language]) }

  private func notes(_ notes: [Bilingual]) -> String {
    notes.map { "<p class=\"dim\">\(text($0))</p>" }.joined()
  }
}

// MARK: - Text

extension HTMLRenderer {
  private func element(_ paragraph: TextFigure.Paragraph) -> String {
    let runs = paragraph.runs.map { run in
      switch run.role {
      case .plain: text(run.text)
      case .heading, .emphasis: "<strong>\(text(run.text))</strong>"
      case .code: "<code>\(text(run.text))</code>"
      case .dim, .good, .bad: "<span class=\"\(run.role)\">\(text(run.text))</span>"
      }
    }
    let marker = paragraph.marker.isEmpty ? "" : Markup.escaped(paragraph.marker)
    let indent = paragraph.indent > 0 ? " style=\"padding-left:\(paragraph.indent)ch\"" : ""
    return "<p\(indent)>\(marker)\(runs.joined())</p>"
  }

  private func element(_ table: TableFigure) -> String {
    let panels = Self.panels(of: Array(table.columns.indices.dropFirst()))
    let parts = panels.isEmpty ? [[]] : panels
    return parts.enumerated().map { number, columns in
      let shown = table.columns.isEmpty ? [] : [0] + columns
      return part(table, shown, caption: number == 0 ? table.title.map(text) : nil)
    }.joined() + notes(table.notes)
  }

  private func part(_ table: TableFigure, _ shown: [Int], caption: String?) -> String {
    var html = "<table class=\"list\">"
    if let caption { html += "<caption>\(caption)</caption>" }
    let titles = shown.map { index in
      let column = table.columns[index]
      return "<th scope=\"col\"\(side(column))>\(text(column.title))</th>"
    }
    html += "<thead><tr>\(titles.joined())</tr></thead><tbody>"
    for (index, cells) in table.rows.enumerated() {
      let isMarked = index == table.markedRow
      html += isMarked ? "<tr class=\"here\" aria-current=\"true\">" : "<tr>"
      for column in shown {
        let mark = isMarked && column == 0 ? "▶ " : ""
        html += "<td\(side(table.columns[column]))>\(mark)\(text(cells[column]))</td>"
      }
      html += "</tr>"
    }
    return html + "</tbody></table>"
  }

  /// More columns than a sheet of paper has room for are broken into panels, one below the other.
  private static func panels(of columns: [Int]) -> [[Int]] {
    let (most, whole) = (10, 12)
    guard columns.count > whole else { return columns.isEmpty ? [] : [columns] }
    return stride(from: 0, to: columns.count, by: most).map {
      Array(columns[$0..<min($0 + most, columns.count)])
    }
  }

  private func side(_ column: TableFigure.Column) -> String {
    column.alignment == .right ? " class=\"right\"" : ""
  }
}

// MARK: - Numbers

extension HTMLRenderer {
  private func element(_ matrix: MatrixFigure) -> String {
    let format = CellFormat(for: matrix)
    let remark = format.remark.map { " <span class=\"dim\">\(Markup.escaped($0))</span>" } ?? ""
    let panels = Self.panels(of: Array(matrix.columns.labels.indices))
    let parts = (panels.isEmpty ? [[]] : panels).enumerated().map { number, columns in
      let caption =
        number == 0
        ? text(matrix.title) + remark
        : "<span class=\"dim\">\(text(Self.goingOn(matrix, columns)))</span>"
      return part(matrix, columns, format, caption: caption)
    }
    return parts.joined() + notes(matrix.notes)
  }

  private static func goingOn(_ matrix: MatrixFigure, _ columns: [Int]) -> Bilingual {
    func label(_ column: Int?) -> String { column.map { matrix.columns.labels[$0].visible } ?? "" }
    let range = "\(label(columns.first)) … \(label(columns.last))"
    return matrix.title + Bilingual(it: ", colonne \(range)", en: ", columns \(range)")
  }

  private func part(
    _ matrix: MatrixFigure,
    _ columns: [Int],
    _ format: CellFormat,
    caption: String
  ) -> String {
    var html = "<table class=\"matrix\"><caption>\(caption)</caption>"
    html += "<thead><tr><th>\(Markup.escaped(matrix.corner))</th>"
    for column in columns {
      html += "<th scope=\"col\">\(Markup.escaped(matrix.columns.labels[column]))</th>"
    }
    html += "</tr></thead><tbody>"
    for (row, label) in matrix.rows.labels.enumerated() {
      html += "<tr><th scope=\"row\">\(Markup.escaped(label))</th>"
      for column in columns { html += cell(matrix.cell(row, column), format, matrix.shades) }
      html += "</tr>"
    }
    return html + "</tbody></table>"
  }

  private func cell(
    _ cell: MatrixFigure.Cell,
    _ format: CellFormat,
    _ shades: MatrixScale
  ) -> String {
    switch cell {
    case .masked:
      let name = Bilingual(it: "mascherato", en: "masked")[language]
      return "<td class=\"masked\" title=\"\(name)\">×</td>"
    case .omitted: return "<td>\(MatrixFigure.ellipsis)</td>"
    case .number(let number):
      let shown = Markup.escaped(format.text(cell))
      let exact = NumberText.general(number)
      guard number.isFinite else { return "<td class=\"odd\">\(shown)</td>" }
      guard let part = shades.part(number) else { return "<td>\(shown)</td>" }
      let color = Palette.color(part, shades.kind)
      let title = exact == shown ? "" : " title=\"\(exact)\""
      let odd = shades.isOutlier(number) ? " class=\"outlier\"" : ""
      return
        "<td\(odd)\(title) style=\"background:\(color.hex);color:\(color.ink.hex)\">\(shown)</td>"
    }
  }

  private func element(_ figure: BarsFigure) -> String {
    let format = figure.format
    let remark = format.remark.map { " <span class=\"dim\">\(Markup.escaped($0))</span>" } ?? ""
    var html = "<table class=\"bars\"><caption>\(text(figure.title))\(remark)</caption><tbody>"
    for bar in figure.bars {
      for (series, value) in bar.values.enumerated() {
        let span = bar.values.count > 1 ? " rowspan=\"\(bar.values.count)\"" : ""
        html += "<tr>"
        if series == 0 {
          html += "<th scope=\"row\"\(span)>\(Markup.escaped(bar.label.visible))</th>"
        }
        if series < figure.series.count { html += "<td>\(text(figure.series[series]))</td>" }
        let width = Markup.px(100 * figure.part(value))
        html += "<td class=\"right\" title=\"\(NumberText.general(value))\">"
        html += "\(Markup.escaped(format.text(.number(value))))</td>"
        html += "<td class=\"bar\"><i class=\"s\(series)\" style=\"width:\(width)%\"></i></td></tr>"
      }
    }
    return html + "</tbody></table>" + notes(figure.notes)
  }

  private func element(_ multiples: MultiplesFigure) -> String {
    let side = Markup.px(MultiplePicture.side)
    let items = multiples.items.map { item in
      let name = Markup.escaped("\(item.name): \(item.sentence[language])")
      return "<figure class=\"small\"><svg viewBox=\"0 0 \(side) \(side)\" role=\"img\""
        + " aria-label=\"\(name)\"><title>\(name)</title>\(MultiplePicture(item, of: multiples).body)</svg>"
        + "<figcaption>\(Markup.escaped(item.name))</figcaption></figure>"
    }
    let (colors, ends) = MultiplePicture.ramp(multiples)
    let ramp = colors.map { "<i style=\"background:\($0.hex)\"></i>" }.joined()
    return "<h3>\(text(multiples.title))</h3><div class=\"group\">\(items.joined())</div>"
      + "<p class=\"dim ramp\">\(text(MultiplePicture.legend(multiples)))"
      + " <span aria-hidden=\"true\">\(ends.0) \(ramp) \(ends.1)</span></p>"
      + notes(multiples.notes)
  }

  private func element(_ marked: MarkedFigure) -> String {
    let remark = marked.remark.map { " <span class=\"dim\">\(Markup.escaped($0))</span>" } ?? ""
    let words = marked.words.map { word in
      guard case .cell(let part, let scale) = marked.style(word), let value = word.value else {
        return "<span>\(Markup.escaped(marked.text(word)))</span>"
      }
      let color = Palette.color(part, scale)
      return "<span title=\"\(NumberText.general(value))\""
        + " style=\"background:\(color.hex);color:\(color.ink.hex)\">"
        + "\(Markup.escaped(marked.text(word)))</span>"
    }
    return "<p><strong>\(text(marked.title))</strong>\(remark)</p><p class=\"marked\">"
      + words.joined(separator: " ") + "</p>" + notes(marked.notes)
  }

  private func element(_ points: PointsFigure) -> String {
    let picture = PointsPicture(points, language: language)
    return "<figure><figcaption>\(text(points.title))</figcaption>\(picture.element)</figure>"
      + notes(picture.legend + points.notes)
  }

  private func element(_ curve: CurveFigure) -> String {
    let picture = CurvePicture(curve, language: language)
    return "<figure><figcaption>\(text(curve.title))</figcaption>"
      + picture.element(class: "curve") + "<p class=\"dim\">"
      + "\(Markup.escaped(CurveSentence(curve)[language]))</p></figure>"
  }
}
