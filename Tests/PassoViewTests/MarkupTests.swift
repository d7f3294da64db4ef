// SPDX-License-Identifier: MIT

import Foundation
import FoundationXML
import PassoText
import Testing

@testable import PassoView

/// Pages and pictures: well formed, complete, and deaf to what strangers' texts ask for.
struct MarkupTests {
  private static let hostile = "<script>alert(1)</script> & \"x\" ' \u{1B}[2J \u{202E}abc"

  static let figures: [Figure] = [
    .text(
      TextFigure([
        .init(
          [Run("Il ", .plain), Run("gatto", .code), Run(hostile, .dim)],
          indent: 2,
          marker: "- "
        )
      ])
    ),
    .table(
      {
        var table = TableFigure(
          title: Bilingual(it: "tabella", en: "table"),
          columns: [
            .init(Bilingual(it: "dopo", en: "after")), .init(Bilingual(same: "p"), .right),
          ],
          rows: [
            [Bilingual(same: hostile), Bilingual(same: "0.5")],
            [Bilingual(same: "sul"), Bilingual(same: "0.25")],
          ]
        )
        table.markedRow = 1
        table.notes = [Bilingual(it: "nota", en: "note")]
        return table
      }()
    ),
    .matrix(RendererTests.pattern),
    .matrix(
      MatrixFigure(
        title: Bilingual(it: "strani", en: "odd"),
        rows: .init("", [""]),
        columns: .init("key", [hostile, "b", "c", "d"]),
        cells: [.number(.nan), .number(.infinity), .number(-1.25e-9), .number(0)],
        scale: .signed
      )
    ),
    .bars(
      BarsFigure(
        title: Bilingual(it: "prossimo token", en: "next token"),
        bars: [.init(hostile, 0.75), .init("dorme", 0.25), .init("zero", 0)]
      )
    ),
    .curve(
      CurveFigure(
        title: Bilingual(it: "loss", en: "loss"),
        horizontal: Bilingual(it: "passo", en: "step"),
        start: 0,
        values: [4, 3, .nan, 2, 1.5],
        references: [.init(Bilingual(it: "pavimento", en: "floor"), 1.449)]
      )
    ),
    .curve(
      CurveFigure(
        title: Bilingual(it: "vuota", en: "empty"),
        horizontal: Bilingual(it: "passo", en: "step"),
        start: 0,
        values: []
      )
    ),
    .group(title: Bilingual(it: "gruppo", en: "group"), [.matrix(RendererTests.pattern)]),
    .arcs(
      ArcsFigure(
        title: Bilingual(it: "archi", en: "arcs"),
        words: ["Il", hostile, "dorme"],
        arcs: [.init(from: 1, to: 0, weight: 0.75), .init(from: 2, to: 2, weight: 0.5)]
      )
    ),
    .points(
      PointsFigure(
        title: Bilingual(it: "piano", en: "plane"),
        points: [.init(hostile, x: 0.5, y: -1), .init("b", x: .nan, y: 0), .init("c", x: 2, y: 2)]
      )
    ),
    .marked(
      MarkedFigure(
        title: Bilingual(it: "sorpresa", en: "surprise"),
        words: [.init(hostile, 2.5), .init("dorme", nil), .init("sul", .infinity)]
      )
    ),
    .multiples(
      MultiplesFigure(
        title: Bilingual(it: "teste", en: "heads"),
        items: (0..<30).map {
          .init(
            name: "0.\($0)",
            sentence: Bilingual(it: "sé stessa", en: "itself"),
            rows: [[1, 0, 0], [0.5, 0.5, 0], [.nan, 0.25, 0.75]]
          )
        }
      )
    ),
    .graph(
      GraphFigure(
        title: Bilingual(it: "grafo", en: "graph"),
        nodes: [
          .init(name: "a", work: hostile, inputs: []),
          .init(name: "b", work: "linear", inputs: [0]),
          .init(name: "c", work: "add", inputs: [0, 1]),
        ],
        current: 1
      )
    ),
  ]

  /// Whether a text is well-formed XML; what a page says without a closing tag is closed first.
  private func isWellFormed(_ text: String) -> Bool {
    let parser = XMLParser(data: Data(text.utf8))
    return parser.parse()
  }

  @Test(arguments: figures.indices, Language.allCases)
  func picturesAreWellFormed(index: Int, language: Language) {
    for theme in Theme.all {
      let svg = SVGRenderer(theme: theme, language: language).render(Self.figures[index])
      #expect(isWellFormed(svg))
      #expect(!svg.contains("<script") && !svg.contains("\u{1B}") && !svg.contains("\u{202E}"))
    }
  }

  @Test(arguments: figures.indices, Language.allCases)
  func pagesAreWellFormed(index: Int, language: Language) {
    let html = HTMLRenderer(language: language).render(Self.figures[index])
    #expect(isWellFormed("<div>\(html)</div>"))
    #expect(!html.contains("<script") && !html.contains("\u{1B}") && !html.contains("\u{202E}"))
  }

  /// Every form on a screen too: no control character, no line longer than the screen.
  @Test(arguments: figures.indices, [40, 60, 80, 132])
  func screensAreNeverWiderThanTheyAre(index: Int, width: Int) {
    let renderer = TerminalRenderer(width: width, depth: .none, language: .it)
    for line in renderer.render(Self.figures[index]).split(separator: "\n") {
      #expect(!line.contains("\u{1B}") && !line.contains("\u{202E}"))
      #expect(DisplayWidth.of(line) <= max(width, 62), "\(line)")
    }
    for line in PlainRenderer(language: .it).render(Self.figures[index]).split(separator: "\n") {
      #expect(!line.contains("\u{1B}") && !line.contains("\u{202E}"))
    }
  }

  @Test func lanesEndWhereAResultIsReadLast() {
    func node(_ inputs: Int...) -> GraphFigure.Node { .init(name: "n", work: "w", inputs: inputs) }
    let graph = GraphFigure(
      title: Bilingual(same: ""),
      nodes: [node(), node(0), node(0), node(1, 2), node(3)]
    )
    #expect(graph.lanes.map(\.lane) == [0, 1, 0, 0, 0])
  }

  @Test func aPageShowsTheNumbersOfTheTerminal() {
    let figure = Figure.matrix(RendererTests.pattern)
    let terminal = TerminalRenderer(width: 80, depth: .none, language: .en).render(figure)
    let html = HTMLRenderer(language: .en).render(figure)
    for word in terminal.split(whereSeparator: \.isWhitespace) {
      #expect(html.contains(String(word).markup), "\(word)")
    }
    #expect(html.contains("title=\"0.001\""))
  }

  @Test func aPageNeedsNothingElse() throws {
    let parts = Self.figures.map { Page.Part(line: Self.hostile, figures: [$0]) }
    let html = Page(title: Bilingual(same: Self.hostile), parts: parts).html(opening: .it)
    for word in ["http:", "https:", "//", "src=", "@import", "url("] {
      #expect(!html.contains(word), "\(word)")
    }
    #expect(html.contains("default-src 'none'"))
    #expect(html.matches(of: /<article id=/).count == parts.count)
    #expect(html.matches(of: /<div lang="it">/).count == parts.count)
    #expect(html.matches(of: /<div lang="en">/).count == parts.count)
    #expect(html.matches(of: /<script>/).count == 1)
  }

  @Test(arguments: Theme.all.map(\.name))
  func everyTextCanBeRead(name: String) throws {
    let theme = try #require(Theme.named(name))
    let needed = name == "projector" ? 7.0 : 4.5
    for role in [TextRole.plain, .heading, .emphasis, .code, .dim, .good, .bad] {
      let contrast = theme.color(role).contrast(with: theme.background)
      #expect(contrast >= needed, "\(role) in \(name): \(contrast)")
    }
  }

  @Test func numbersOnColoursCanBeRead() {
    for scale in [MatrixFigure.Scale.sequential, .signed] {
      for step in -50...50 {
        let color = Palette.color(Double(step) / 50, scale)
        #expect(color.ink.contrast(with: color) >= 4.5)
      }
    }
  }
}
