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

  /// The figure as HTML.
  package func render(_ figure: Figure) -> String { elements(figure).map(\.markup).joined() }

  /// The figure as HTML elements.
  func elements(_ figure: Figure) -> [Element] {
    switch figure {
    case .text(let text): text.paragraphs.map(element)
    case .table(let table): elements(table)
    case .matrix(let matrix): elements(matrix.elided())
    case .bars(let bars): elements(bars)
    case .curve(let curve):
      [
        captioned(
          CurvePicture(curve, language: language).element("curve"),
          curve.title,
          Element("p", ["class": "dim"], CurveSentence(curve)[language])
        )
      ]
    case .multiples(let multiples): elements(multiples)
    case .graph(let graph):
      [
        captioned(
          GraphPicture(graph, language: language).element("graph", isFixed: true),
          graph.title
        )
      ] + notes(graph.notes)
    case .arcs(let arcs):
      [captioned(ArcsPicture(arcs, language: language).element("arcs", isFixed: true), arcs.title)]
        + notes(arcs.arcs.map { arcs.sentence($0) } + arcs.notes)
    case .points(let points): elements(points)
    case .marked(let marked): elements(marked)
    case .group(let title, let figures):
      [
        Element(
          "section",
          Element("h3", title[language]),
          Element("div", ["class": "group"], figures.map { Element("div", elements($0)) })
        )
      ]
    }
  }

  private func notes(_ notes: [Bilingual]) -> [Element] {
    notes.map { Element("p", ["class": "dim"], $0[language]) }
  }

  private func captioned(_ picture: Element, _ title: Bilingual, _ more: Element...) -> Element {
    Element("figure", Element("figcaption", title[language]), picture, more)
  }

  /// A title, and behind it what is said of all numbers, if anything is.
  private func heading(_ name: String, _ title: any Markup, _ remark: String?) -> Element {
    guard let remark else { return Element(name, title) }
    return Element(name, title, " ", Element("span", ["class": "dim"], remark))
  }
}

// MARK: - Text

extension HTMLRenderer {
  private func element(_ paragraph: TextFigure.Paragraph) -> Element {
    let runs = paragraph.runs.map { run -> any Markup in
      let text = run.text[language]
      return switch run.role {
      case .plain: text
      case .heading, .emphasis: Element("strong", text)
      case .code: Element("code", text)
      case .dim, .good, .bad: Element("span", ["class": "\(run.role)"], text)
      }
    }
    let indent = paragraph.indent > 0 ? "padding-left:\(paragraph.indent)ch" : nil
    return Element(
      name: "p",
      attributes: ["style": indent],
      children: [paragraph.marker] + runs
    )
  }

  private func elements(_ table: TableFigure) -> [Element] {
    Self.panels(of: Array(table.columns.indices.dropFirst())).enumerated().map { number, columns in
      let shown = table.columns.isEmpty ? [] : [0] + columns
      return part(table, shown, caption: number == 0 ? table.title : nil)
    } + notes(table.notes)
  }

  private func part(_ table: TableFigure, _ shown: [Int], caption: Bilingual?) -> Element {
    let titles = shown.map { index in
      let column = table.columns[index]
      return Element("th", ["scope": "col", "class": side(column)], column.title[language])
    }
    let rows = table.rows.enumerated().map { index, cells in
      let isMarked = index == table.markedRow
      return Element(
        "tr",
        ["class": isMarked ? "here" : nil, "aria-current": isMarked ? "true" : nil],
        shown.map { column in
          let mark = isMarked && column == 0 ? "▶ " : ""
          let text = mark + cells[column][language]
          return Element("td", ["class": side(table.columns[column])], text)
        }
      )
    }
    return Element(
      "table",
      ["class": "list"],
      caption.map { Element("caption", $0[language]) },
      Element("thead", Element("tr", titles)),
      Element("tbody", rows)
    )
  }

  /// More columns than a sheet of paper has room for are broken into panels, one below the other.
  private static func panels(of columns: [Int]) -> [[Int]] {
    let (most, whole) = (10, 12)
    guard columns.count > whole else { return [columns] }
    return stride(from: 0, to: columns.count, by: most).map {
      Array(columns[$0..<min($0 + most, columns.count)])
    }
  }

  private func side(_ column: TableFigure.Column) -> String? {
    column.alignment == .right ? "right" : nil
  }
}

// MARK: - Numbers

extension HTMLRenderer {
  private func elements(_ matrix: MatrixFigure) -> [Element] {
    let format = CellFormat(for: matrix)
    let panels = Self.panels(of: Array(matrix.columns.labels.indices))
    return panels.enumerated().map { number, columns in
      let goingOn = Element("span", ["class": "dim"], Self.goingOn(matrix, columns)[language])
      let caption =
        number == 0
        ? heading("caption", matrix.title[language], format.remark) : Element("caption", goingOn)
      return part(matrix, columns, format, caption: caption)
    } + notes(matrix.notes)
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
    caption: Element
  ) -> Element {
    let titles = columns.map { Element("th", ["scope": "col"], matrix.columns.labels[$0]) }
    let rows = matrix.rows.labels.enumerated().map { row, label in
      let cells = columns.map { cell(matrix.cell(row, $0), format, matrix.shades) }
      return Element("tr", Element("th", ["scope": "row"], label), cells)
    }
    return Element(
      "table",
      ["class": "matrix"],
      caption,
      Element("thead", Element("tr", Element("th", matrix.corner(language)), titles)),
      Element("tbody", rows)
    )
  }

  private func cell(
    _ cell: MatrixFigure.Cell,
    _ format: CellFormat,
    _ shades: MatrixScale
  ) -> Element {
    switch cell {
    case .masked:
      let name = Bilingual(it: "mascherato", en: "masked")[language]
      return Element("td", ["class": "masked", "title": name], "×")
    case .omitted: return Element("td", MatrixFigure.ellipsis)
    case .number(let number):
      let shown = format.text(cell)
      let exact = NumberText.code(number)
      guard number.isFinite else { return Element("td", ["class": "odd"], shown) }
      guard let part = shades.part(number) else { return Element("td", shown) }
      return Element(
        "td",
        [
          "class": shades.isOutlier(number) ? "outlier" : nil,
          "title": exact == shown ? nil : exact,
          "style": Self.style(Palette.color(part, shades.kind)),
        ],
        shown
      )
    }
  }

  private static func style(_ color: Color) -> String {
    "background:\(color.hex);color:\(color.ink.hex)"
  }

  private func elements(_ figure: BarsFigure) -> [Element] {
    let rows = figure.bars.flatMap { bar in
      bar.values.indices.map { row(figure, bar, series: $0) }
    }
    let caption = heading("caption", figure.title[language], figure.format.remark)
    return [Element("table", ["class": "bars"], caption, Element("tbody", rows))]
      + notes(figure.notes)
  }

  private func row(_ figure: BarsFigure, _ bar: BarsFigure.Bar, series: Int) -> Element {
    let value = bar.values[series]
    let span = bar.values.count > 1 ? bar.values.count : nil
    let width = (100 * figure.part(value)).px
    let (label, number) = (bar.label[language].visible, figure.format.said(value)[language])
    return Element(
      "tr",
      series == 0 ? Element("th", ["scope": "row", "rowspan": span], label) : nil,
      series < figure.series.count ? Element("td", figure.series[series][language]) : nil,
      Element("td", ["class": "right", "title": NumberText.general(value)[language]], number),
      Element(
        "td",
        ["class": "bar"],
        Element("i", ["class": "s\(series)", "style": "width:\(width)%"])
      )
    )
  }

  private func elements(_ multiples: MultiplesFigure) -> [Element] {
    let (colors, bounds) = MultiplePicture.ramp(multiples)
    let ends = (bounds.0[language], bounds.1[language])
    let ramp = colors.map { Element("i", ["style": "background:\($0.hex)"]) }
    return [
      Element("h3", multiples.title[language]),
      Element("div", ["class": "group"], multiples.items.map { element($0, of: multiples) }),
      Element(
        "p",
        ["class": "dim ramp"],
        MultiplePicture.legend(multiples)[language],
        " ",
        Element("span", ["aria-hidden": "true"], ends.0 + " ", ramp, " " + ends.1)
      ),
    ] + notes(multiples.notes)
  }

  private func element(_ item: MultiplesFigure.Item, of multiples: MultiplesFigure) -> Element {
    let side = MultiplePicture.side.px
    let name = "\(item.name): \(item.sentence[language])"
    let picture = Element(
      "svg",
      ["viewBox": "0 0 \(side) \(side)", "role": "img", "aria-label": name],
      Element("title", name),
      MultiplePicture(item, of: multiples).body
    )
    return Element("figure", ["class": "small"], picture, Element("figcaption", item.name))
  }

  private func elements(_ marked: MarkedFigure) -> [Element] {
    let words = marked.words.flatMap { [element($0, in: marked), " "] as [any Markup] }
    return [
      heading("p", Element("strong", marked.title[language]), marked.remark),
      Element(name: "p", attributes: ["class": "marked"], children: words.dropLast()),
    ] + notes(marked.notes)
  }

  private func element(_ word: MarkedFigure.Word, in marked: MarkedFigure) -> Element {
    guard case .cell(let part, let scale) = marked.style(word), let value = word.value else {
      return Element("span", marked.text(word, language))
    }
    return Element(
      "span",
      [
        "title": NumberText.general(value)[language],
        "style": Self.style(Palette.color(part, scale)),
      ],
      marked.text(word, language)
    )
  }

  private func elements(_ points: PointsFigure) -> [Element] {
    let drawn = PointsPicture(points, language: language)
    return [captioned(drawn.element("curve"), points.title)] + notes(drawn.legend + points.notes)
  }
}
