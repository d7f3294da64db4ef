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

  /// Pixels that a page has room for.
  static let widest = 1_000.0

  /// A whole SVG document.
  package func render(_ figure: Figure) -> String { picture(of: figure).markup }

  /// A whole SVG document, with its size in pixels.
  package func picture(of figure: Figure) -> (markup: String, width: Double, height: Double) {
    let block = block(figure)
    let size = (block.width + 2 * Self.margin, block.height + 2 * Self.margin)
    // Line by line: a line end is no control character here.
    let words = PlainRenderer(language: language).render(figure).trimmed
      .split(separator: "\n").flatMap { [String($0), Verbatim("\n")] as [any Markup] }.dropLast()
    let picture = Element(
      "svg",
      [
        "xmlns": "http://www.w3.org/2000/svg", "width": size.0, "height": size.1,
        "viewBox": "0 0 \(size.0.px) \(size.1.px)", "role": "img", "lang": language.rawValue,
        "font-family": Self.font, "font-size": 14, "color": theme.ink,
      ],
      Element(name: "desc", children: Array(words)),
      Element("rect", ["width": "100%", "height": "100%", "fill": theme.background]),
      Element.moved(Self.margin, Self.margin, block.body)
    )
    return (picture.markup + "\n", size.0, size.1)
  }

  private static let font = "ui-monospace, DejaVu Sans Mono, Menlo, Consolas, monospace"

  private func block(_ figure: Figure) -> SVGBlock {
    switch figure {
    case .text, .table, .marked: lines(figure)
    case .matrix(let matrix): self.matrix(matrix.elided())
    case .bars(let bars): self.bars(bars)
    case .curve(let curve):
      picture(
        curve.title,
        CurvePicture(curve, language: language),
        [Bilingual(same: CurveSentence(curve)[language])]
      )
    case .multiples(let multiples): self.multiples(multiples)
    case .graph(let graph):
      picture(graph.title, GraphPicture(graph, language: language), graph.notes)
    case .arcs(let arcs):
      picture(
        arcs.title,
        ArcsPicture(arcs, language: language),
        arcs.arcs.map { arcs.sentence($0) } + arcs.notes
      )
    case .points(let points): self.points(points)
    case .group(let title, let figures): group(title, figures)
    }
  }
}

/// A drawn part: what it shows, from its upper left corner on, and its size in pixels.
struct SVGBlock {
  var body: [Element] = []
  var width = 0.0
  var height = 0.0

  /// Puts a part below this one.
  mutating func stack(_ other: SVGBlock, gap: Double = 0) {
    let y = height + (height > 0 ? gap : 0)
    body.append(.moved(0, y, other.body))
    width = max(width, other.width)
    height = y + other.height
  }

  /// Puts a part to the right of this one.
  mutating func append(_ other: SVGBlock, gap: Double) {
    let x = width + (width > 0 ? gap : 0)
    body.append(.moved(x, 0, other.body))
    width = x + other.width
    height = max(height, other.height)
  }
}

// MARK: - Lines of text

extension SVGRenderer {
  static let line = 20.0

  /// The width of a column; every text is stretched to it, whatever font there is.
  static let column = 8.4

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
        case .role(let role): block.body.append(self.text(text, x: x, y: y + 15, role))
        case .cell(let part, let scale):
          let color = Palette.color(part, scale)
          let width = Double(width) * Self.column
          block.body += [
            .rect(x, y + 1, width, 18, color),
            self.text(text, x: x, y: y + 15, .plain, fill: color.ink),
          ]
        }
      }
      block.width = max(block.width, Double(column) * Self.column)
    }
    block.height = Double(lines.count) * Self.line
    return block
  }

  func text(
    _ text: String,
    x: Double,
    y: Double,
    _ role: TextRole,
    fill: Color? = nil
  ) -> Element {
    // Blanks at the ends would be lost, and with them the place of what follows.
    let start = text.prefix { $0 == " " }.count
    let trimmed = text.trimmed
    let isBold = role == .heading || role == .emphasis
    return Element(
      "text",
      [
        "x": x + Double(start) * Self.column, "y": y,
        "textLength": Double(DisplayWidth.of(trimmed)) * Self.column,
        "lengthAdjust": "spacingAndGlyphs", "fill": fill ?? theme.color(role),
        "font-weight": isBold ? "bold" : nil, "xml:space": "preserve",
      ],
      trimmed
    )
  }

  private func heading(_ title: Bilingual, _ remark: String? = nil) -> SVGBlock {
    var line = StyledLine(title[language].visible, .heading)
    if let remark { line.append("  \(remark)", .role(.dim)) }
    return block([line])
  }

  /// A heading, drawn parts below it, and notes below these.
  private func whole(
    _ title: Bilingual,
    remark: String? = nil,
    _ parts: [SVGBlock],
    gap: Double = 4,
    _ notes: [Bilingual]
  ) -> SVGBlock {
    var block = heading(title, remark)
    for part in parts { block.stack(part, gap: gap) }
    guard !notes.isEmpty else { return block }
    let lines = lines(.text(TextFigure(notes.map { TextFigure.Paragraph([Run($0, .dim)]) })))
    block.stack(lines, gap: 4)
    return block
  }

  private func picture(
    _ title: Bilingual,
    _ picture: some Picture,
    _ notes: [Bilingual]
  ) -> SVGBlock {
    let (width, height) = (picture.width, picture.height)
    return whole(title, [SVGBlock(body: picture.body, width: width, height: height)], notes)
  }
}

// MARK: - Numbers

extension SVGRenderer {
  private func matrix(_ matrix: MatrixFigure) -> SVGBlock {
    let format = CellFormat(for: matrix)
    return whole(matrix.title, remark: format.remark, grids(matrix, format), gap: 8, matrix.notes)
  }

  private func bars(_ figure: BarsFigure) -> SVGBlock {
    let format = figure.format
    let labels = figure.bars.map { $0.label[language].visible.truncated(to: 24) }
    let names = figure.series.map { $0[language].visible }
    let numbers = figure.bars.map { $0.values.map { format.said($0)[language] } }
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
      block.body.append(text(labels[index], x: 0, y: block.height + 15, .plain))
      for (series, value) in bar.values.enumerated() {
        let number = numbers[index][series]
        let x = third - Double(number.count + 2) * Self.column
        if series < names.count {
          block.body.append(text(names[series], x: first, y: block.height + 15, .dim))
        }
        block.body += [
          text(number, x: x, y: block.height + 15, .plain),
          self.bar(third, block.height + 3, figure.part(value) * room, series),
        ]
        block.height += 22
      }
    }
    block.width = third + room
    return whole(figure.title, remark: format.remark, [block], figure.notes)
  }

  /// Full for the first series, hollow for the others.
  private func bar(_ x: Double, _ y: Double, _ width: Double, _ series: Int) -> Element {
    let fill = series == 0 ? theme.code.hex : "none"
    return Element(
      "rect",
      ["x": x, "y": y, "height": 15, "width": width, "fill": fill, "stroke": theme.code]
    )
  }

  private func multiples(_ figure: MultiplesFigure) -> SVGBlock {
    let (cell, perLine) = (MultiplePicture.side + 16, 12)
    var drawn = SVGBlock()
    for (index, item) in figure.items.enumerated() {
      let (row, column) = index.quotientAndRemainder(dividingBy: perLine)
      drawn.body.append(
        .moved(
          Double(column) * cell,
          Double(row) * (cell + 8),
          text(item.name, x: 0, y: 12, .dim),
          .moved(0, 18, MultiplePicture(item, of: figure).body)
        )
      )
    }
    let lines = (figure.items.count + perLine - 1) / perLine
    drawn.width = Double(min(figure.items.count, perLine)) * cell
    drawn.height = Double(lines) * (cell + 8)
    drawn.stack(ramp(figure), gap: 6)
    return whole(figure.title, [drawn], [MultiplePicture.legend(figure)] + figure.notes)
  }

  private func ramp(_ figure: MultiplesFigure) -> SVGBlock {
    let (colors, bounds) = MultiplePicture.ramp(figure)
    let ends = (bounds.0[language], bounds.1[language])
    var block = SVGBlock(body: [text(ends.0, x: 0, y: 12, .dim)], width: 14, height: 16)
    for color in colors {
      block.body.append(.rect(block.width, 0, 20, 14, color))
      block.width += 20
    }
    block.body.append(text(ends.1, x: block.width + 6, y: 12, .dim))
    block.width += 6 + Double(ends.1.count) * Self.column
    return block
  }

  private func points(_ points: PointsFigure) -> SVGBlock {
    let drawn = PointsPicture(points, language: language)
    return picture(points.title, drawn, drawn.legend + points.notes)
  }

  /// Matrices stand side by side, as many as a page is wide; everything else stands alone.
  private func group(_ title: Bilingual, _ figures: [Figure]) -> SVGBlock {
    var whole = heading(title)
    var row = SVGBlock()
    var isOpen = false
    for figure in figures {
      let part = block(figure)
      let stands = if case .matrix = figure { true } else { false }
      if row.width > 0, !(isOpen && stands) || row.width + part.width > Self.widest {
        whole.stack(row, gap: 12)
        row = SVGBlock()
      }
      row.append(part, gap: 28)
      isOpen = stands
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
