// SPDX-License-Identifier: MIT

import PassoText

/// Draws a figure as one SVG picture, for slides and printed pages.
///
/// The description in words, which a screen reader finds, is the plain form of the same figure.
package struct SVGRenderer: Sendable {
  package let theme: Theme
  package let language: Language

  package init(theme: Theme, language: Language) {
    self.theme = theme
    self.language = language
  }

  /// Columns after which text is broken.
  private static let columns = 96
  private static let margin = 16.0

  /// A whole SVG document.
  package func render(_ figure: Figure) -> String {
    let block = block(figure)
    let size = (block.width + 2 * Self.margin, block.height + 2 * Self.margin)
    let numbers = "\(Markup.px(size.0)) \(Markup.px(size.1))"
    let words = Markup.escaped(PlainRenderer(language: language).render(figure).trimmed)
    return """
      <svg xmlns="http://www.w3.org/2000/svg" width="\(Markup.px(size.0))" \
      height="\(Markup.px(size.1))" viewBox="0 0 \(numbers)" role="img" \
      lang="\(language.rawValue)" font-family="\(Self.font)" font-size="14" \
      color="\(theme.ink.hex)"><desc>\(words)</desc>\
      <rect width="100%" height="100%" fill="\(theme.background.hex)"/>\
      <g transform="translate(\(Markup.px(Self.margin)) \(Markup.px(Self.margin)))">\
      \(block.body)</g></svg>

      """
  }

  private static let font = "ui-monospace, DejaVu Sans Mono, Menlo, Consolas, monospace"

  private func block(_ figure: Figure) -> SVGBlock {
    switch figure {
    case .text, .table: lines(figure)
    case .matrix(let matrix):
      self.matrix(matrix.elided())
    case .bars(let bars): self.bars(bars)
    case .curve(let curve): self.curve(curve)
    case .multiples(let multiples): self.multiples(multiples)
    case .graph(let graph):
      picture(
        graph.title,
        GraphPicture(graph).body,
        (GraphPicture(graph).width, GraphPicture(graph).height),
        graph.notes
      )
    case .arcs(let arcs): self.arcs(arcs)
    case .points(let points):
      picture(
        points.title,
        PointsPicture(points).body,
        (PointsPicture.width, PointsPicture.height),
        points.notes
      )
    case .marked: lines(figure)
    case .group(let title, let figures): group(title, figures)
    }
  }
}

/// A drawn part: what it shows, from its upper left corner on, and its size in pixels.
struct SVGBlock {
  var body = ""
  var width = 0.0
  var height = 0.0

  /// Puts a part below this one.
  mutating func stack(_ other: SVGBlock, gap: Double = 0) {
    let y = height + (height > 0 ? gap : 0)
    body += "<g transform=\"translate(0 \(Markup.px(y)))\">\(other.body)</g>"
    width = max(width, other.width)
    height = y + other.height
  }

  /// Puts a part to the right of this one.
  mutating func append(_ other: SVGBlock, gap: Double) {
    let x = width + (width > 0 ? gap : 0)
    body += "<g transform=\"translate(\(Markup.px(x)) 0)\">\(other.body)</g>"
    width = x + other.width
    height = max(height, other.height)
  }
}

// MARK: - Lines of text

extension SVGRenderer {
  private static let line = 20.0

  /// The width of a column; every text is stretched to it, whatever font there is.
  private static let column = 8.4

  private func lines(_ figure: Figure) -> SVGBlock {
    let terminal = TerminalRenderer(width: Self.columns, depth: .none, language: language)
    return block(terminal.lines(figure))
  }

  private func block(_ lines: [StyledLine]) -> SVGBlock {
    var block = SVGBlock()
    for (number, line) in lines.enumerated() {
      var column = 0
      for (text, style) in line.runs {
        let width = DisplayWidth.of(text)
        defer { column += width }
        guard !text.allSatisfy(\.isWhitespace) else { continue }
        let (x, y) = (Double(column) * Self.column, Double(number) * Self.line)
        switch style {
        case .role(let role): block.body += self.text(text, x: x, y: y + 15, role)
        case .cell(let part, let scale):
          let color = Palette.color(part, scale)
          block.body += "<rect x=\"\(Markup.px(x))\" y=\"\(Markup.px(y + 1))\""
          block.body += " width=\"\(Markup.px(Double(width) * Self.column))\" height=\"18\""
          block.body += " fill=\"\(color.hex)\"/>"
          block.body += self.text(text, x: x, y: y + 15, .plain, fill: color.ink)
        }
      }
      block.width = max(block.width, Double(column) * Self.column)
    }
    block.height = Double(lines.count) * Self.line
    return block
  }

  private func text(
    _ text: String,
    x: Double,
    y: Double,
    _ role: TextRole,
    fill: Color? = nil
  ) -> String {
    // Blanks at the ends would be lost, and with them the place of what follows.
    let start = text.prefix { $0 == " " }.count
    let trimmed = text.trimmed
    let width = Double(DisplayWidth.of(trimmed)) * Self.column
    let weight = role == .heading || role == .emphasis ? " font-weight=\"bold\"" : ""
    return "<text x=\"\(Markup.px(x + Double(start) * Self.column))\" y=\"\(Markup.px(y))\""
      + " textLength=\"\(Markup.px(width))\" lengthAdjust=\"spacingAndGlyphs\""
      + " fill=\"\((fill ?? theme.color(role)).hex)\"\(weight) xml:space=\"preserve\">"
      + "\(Markup.escaped(trimmed))</text>"
  }

  private func notes(_ notes: [Bilingual]) -> SVGBlock {
    lines(.text(TextFigure(notes.map { TextFigure.Paragraph([Run($0, .dim)]) })))
  }

  private func heading(_ title: Bilingual, _ remark: String? = nil) -> SVGBlock {
    var line = StyledLine(title[language].visible, .heading)
    if let remark { line.append("  \(remark)", .role(.dim)) }
    return block([line])
  }
}

// MARK: - Numbers

extension SVGRenderer {
  private func matrix(_ matrix: MatrixFigure) -> SVGBlock {
    let format = CellFormat(for: matrix)
    var block = heading(matrix.title, format.remark)
    block.stack(grid(matrix, format), gap: 4)
    if !matrix.notes.isEmpty { block.stack(notes(matrix.notes), gap: 4) }
    return block
  }

  private func grid(_ matrix: MatrixFigure, _ format: CellFormat) -> SVGBlock {
    func columns(_ texts: [String], limit: Int) -> Int {
      min(texts.map { DisplayWidth.of($0.visible) }.max() ?? 0, limit)
    }
    let labels = columns(matrix.rows.labels, limit: 16)
    let names = columns(matrix.columns.labels, limit: 8)
    let widest = max(columns(matrix.cells.map { format.text($0) }, limit: 12), names, 4)
    let cell = (width: Double(widest + 1) * Self.column, height: 22.0)
    let left = Double(labels + 1) * Self.column
    var block = SVGBlock()
    func put(_ text: String, _ row: Int, _ column: Int, _ role: TextRole, fill: Color? = nil) {
      let shown = text.visible.truncated(to: widest)
      let free = cell.width - Double(DisplayWidth.of(shown)) * Self.column
      let x = left + Double(column) * cell.width + free - Self.column / 2
      let y = Double(row + 1) * cell.height + 15
      block.body += self.text(shown, x: x, y: y, role, fill: fill)
    }
    for (column, name) in matrix.columns.labels.enumerated() { put(name, -1, column, .dim) }
    for (row, label) in matrix.rows.labels.enumerated() {
      let y = Double(row + 1) * cell.height + 15
      block.body += text(label.visible.truncated(to: 16), x: 0, y: y, .dim)
      for column in matrix.columns.labels.indices {
        let content = matrix.cell(row, column)
        guard let part = content.finiteNumber.flatMap(matrix.shades.part) else {
          put(format.text(content), row, column, content.isStrange ? .bad : .dim)
          continue
        }
        let color = Palette.color(part, matrix.scale)
        block.body += "<rect x=\"\(Markup.px(left + Double(column) * cell.width))\""
        block.body += " y=\"\(Markup.px(Double(row + 1) * cell.height))\""
        block.body += " width=\"\(Markup.px(cell.width - 1))\" height=\"\(cell.height - 1)\""
        block.body += " fill=\"\(color.hex)\"/>"
        put(format.text(content), row, column, .plain, fill: color.ink)
      }
    }
    block.width = left + Double(matrix.columns.labels.count) * cell.width
    block.height = Double(matrix.rows.labels.count + 1) * cell.height
    return block
  }

  private func bars(_ figure: BarsFigure) -> SVGBlock {
    let format = figure.format
    let labels = figure.bars.map { $0.label.visible.truncated(to: 24) }
    let names = figure.series.map { $0[language].visible }
    let numbers = figure.bars.map { $0.values.map { format.text(.number($0)) } }
    func column(_ texts: [String], after x: Double) -> Double {
      let widest = texts.map { DisplayWidth.of($0) }.max() ?? 0
      return texts.isEmpty ? x : x + Double(widest + 2) * Self.column
    }
    let first = column(labels, after: 0)
    let second = column(names, after: first)
    let third = column(numbers.flatMap(\.self), after: second)
    let room = 320.0
    var block = SVGBlock()
    for (index, bar) in figure.bars.enumerated() {
      block.body += text(labels[index], x: 0, y: block.height + 15, .plain)
      for (series, value) in bar.values.enumerated() {
        let number = numbers[index][series]
        let x = third - Double(number.count + 2) * Self.column
        if series < names.count {
          block.body += text(names[series], x: first, y: block.height + 15, .dim)
        }
        block.body += text(number, x: x, y: block.height + 15, .plain)
        block.body += self.bar(third, block.height + 3, figure.part(value) * room, series)
        block.height += 22
      }
    }
    block.width = third + room
    var whole = heading(figure.title, format.remark)
    whole.stack(block, gap: 4)
    if !figure.notes.isEmpty { whole.stack(notes(figure.notes), gap: 4) }
    return whole
  }

  /// Full for the first series, hollow for the others.
  private func bar(_ x: Double, _ y: Double, _ width: Double, _ series: Int) -> String {
    let fill = series == 0 ? theme.code.hex : "none"
    return "<rect x=\"\(Markup.px(x))\" y=\"\(Markup.px(y))\" height=\"15\""
      + " width=\"\(Markup.px(width))\" fill=\"\(fill)\" stroke=\"\(theme.code.hex)\"/>"
  }

  private func curve(_ curve: CurveFigure) -> SVGBlock {
    picture(
      curve.title,
      CurvePicture(curve, language: language).body,
      (CurvePicture.width, CurvePicture.height),
      [Bilingual(same: CurveSentence(curve)[language])]
    )
  }

  private func multiples(_ figure: MultiplesFigure) -> SVGBlock {
    let (cell, perLine) = (MultiplePicture.side + 16, 12)
    var drawn = SVGBlock()
    for (index, item) in figure.items.enumerated() {
      let (row, column) = index.quotientAndRemainder(dividingBy: perLine)
      let place = "\(Markup.px(Double(column) * cell)) \(Markup.px(Double(row) * (cell + 8)))"
      drawn.body += "<g transform=\"translate(\(place))\">"
      drawn.body += text(item.name, x: 0, y: 12, .dim)
      drawn.body +=
        "<g transform=\"translate(0 18)\">\(MultiplePicture(item, figure.scale).body)</g></g>"
    }
    let lines = (figure.items.count + perLine - 1) / perLine
    return picture(
      figure.title,
      drawn.body,
      (Double(min(figure.items.count, perLine)) * cell, Double(lines) * (cell + 8)),
      figure.notes
    )
  }

  private func arcs(_ arcs: ArcsFigure) -> SVGBlock {
    let drawn = ArcsPicture(arcs)
    return picture(arcs.title, drawn.body, (drawn.width, drawn.height), arcs.notes)
  }

  private func picture(
    _ title: Bilingual,
    _ body: String,
    _ size: (width: Double, height: Double),
    _ remarks: [Bilingual]
  ) -> SVGBlock {
    var block = heading(title)
    block.stack(SVGBlock(body: body, width: size.width, height: size.height), gap: 4)
    if !remarks.isEmpty { block.stack(notes(remarks), gap: 4) }
    return block
  }

  /// Matrices stand side by side, as many as a page is wide.
  private func group(_ title: Bilingual, _ figures: [Figure]) -> SVGBlock {
    var whole = heading(title)
    var row = SVGBlock()
    for figure in figures {
      let part = block(figure)
      if row.width > 0, row.width + part.width > 1_000 {
        whole.stack(row, gap: 12)
        row = SVGBlock()
      }
      row.append(part, gap: 28)
    }
    whole.stack(row, gap: 12)
    return whole
  }
}

extension String {
  /// Without blanks and line ends at both ends.
  fileprivate var trimmed: String {
    var text = self[...]
    while let last = text.last, last.isWhitespace { text.removeLast() }
    return String(text.drop { $0.isWhitespace })
  }
}
