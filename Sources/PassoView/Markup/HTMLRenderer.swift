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
      "<figure><figcaption>\(text(graph.title))</figcaption>\(GraphPicture(graph).element)</figure>"
        + notes(graph.notes)
    case .arcs(let arcs):
      "<figure><figcaption>\(text(arcs.title))</figcaption>\(ArcsPicture(arcs).element)</figure>"
        + notes(arcs.arcs.map { Bilingual(same: arcs.sentence($0)) } + arcs.notes)
    case .points(let points):
      "<figure><figcaption>\(text(points.title))</figcaption>\(PointsPicture(points).element)"
        + "</figure>" + notes(points.notes)
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
    var html = "<table class=\"list\">"
    if let title = table.title { html += "<caption>\(text(title))</caption>" }
    let titles = table.columns.map { column in
      "<th scope=\"col\"\(side(column))>\(text(column.title))</th>"
    }
    html += "<thead><tr>\(titles.joined())</tr></thead><tbody>"
    for (index, cells) in table.rows.enumerated() {
      let isMarked = index == table.markedRow
      html += isMarked ? "<tr class=\"here\" aria-current=\"true\">" : "<tr>"
      for (number, (column, cell)) in zip(table.columns, cells).enumerated() {
        let mark = isMarked && number == 0 ? "▶ " : ""
        html += "<td\(side(column))>\(mark)\(text(cell))</td>"
      }
      html += "</tr>"
    }
    return html + "</tbody></table>" + notes(table.notes)
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
    let axes = matrix.rows.name.isEmpty ? "" : "\(matrix.rows.name)\\"
    var html = "<table class=\"matrix\"><caption>\(text(matrix.title))\(remark)</caption>"
    html += "<thead><tr><th>\(Markup.escaped(axes + matrix.columns.name))</th>"
    for label in matrix.columns.labels {
      html += "<th scope=\"col\">\(Markup.escaped(label))</th>"
    }
    html += "</tr></thead><tbody>"
    for (row, label) in matrix.rows.labels.enumerated() {
      html += "<tr><th scope=\"row\">\(Markup.escaped(label))</th>"
      for column in matrix.columns.labels.indices {
        html += cell(matrix.cell(row, column), format, matrix.shades)
      }
      html += "</tr>"
    }
    return html + "</tbody></table>" + notes(matrix.notes)
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
        + " aria-label=\"\(name)\"><title>\(name)</title>\(MultiplePicture(item, multiples.scale).body)</svg>"
        + "<figcaption>\(Markup.escaped(item.name))</figcaption></figure>"
    }
    return "<h3>\(text(multiples.title))</h3><div class=\"group\">\(items.joined())</div>"
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

  private func element(_ curve: CurveFigure) -> String {
    let picture = CurvePicture(curve, language: language)
    return "<figure><figcaption>\(text(curve.title))</figcaption>"
      + picture.element(class: "curve") + "<p class=\"dim\">"
      + "\(Markup.escaped(CurveSentence(curve)[language]))</p></figure>"
  }
}
