// SPDX-License-Identifier: MIT

import PassoText
import Testing

@testable import PassoView

/// Figures in which every text comes from a stranger, or every number from the ends of what a
/// number can be.
struct HostileFigureTests {
  private static let hostile = "\u{1B}[2J\u{7}\u{202E}a\u{200B}b"
  private static let text = Bilingual(same: hostile)
  private static let extremes = [
    1e308, -1e308, Double.greatestFiniteMagnitude, -Double.greatestFiniteMagnitude,
    Double.leastNonzeroMagnitude, -Double.leastNonzeroMagnitude, 0,
  ]

  /// Every figure that has such texts and numbers.
  private static func figures(_ numbers: [Double]) -> [Figure] {
    var table = TableFigure(title: text, columns: [.init(text), .init(text, .right)], rows: [])
    table = TableFigure(title: text, columns: table.columns, rows: [[text, text], [text, text]])
    table.markedRow = 0
    table.notes = [text]
    let names = numbers.indices.map { "\(hostile)\($0)" }
    let bars = BarsFigure(
      title: text,
      series: [text, text],
      bars: numbers.map { .init(hostile, $0, $0) },
      notes: [text]
    )
    return [
      .text(TextFigure([.init([Run(text, .code), Run(text)], indent: 2, marker: hostile)])),
      .table(table),
      .matrix(
        MatrixFigure(
          title: text,
          rows: .init(hostile, [hostile]),
          columns: .init(hostile, names),
          cells: numbers.map { .number($0) },
          scale: .signed,
          notes: [text]
        )
      ),
      .bars(bars),
      .curve(
        CurveFigure(
          title: text,
          horizontal: text,
          start: 0,
          values: numbers,
          references: numbers.filter(\.isFinite).map { .init(text, $0) }
        )
      ),
      .curve(
        CurveFigure(
          title: text,
          horizontal: text,
          start: 0,
          series: [.init(text, numbers), .init(text, numbers.reversed())]
        )
      ),
      .multiples(
        MultiplesFigure(
          title: text,
          items: [.init(name: hostile, sentence: text, rows: [numbers.map(Float.init)])],
          scale: .signed,
          notes: [text]
        )
      ),
      .graph(
        GraphFigure(
          title: text,
          nodes: [
            .init(name: hostile, work: hostile, inputs: []),
            .init(name: hostile, work: hostile, inputs: [0]),
          ],
          current: 1,
          notes: [text]
        )
      ),
      .arcs(
        ArcsFigure(
          title: text,
          words: [hostile, hostile],
          arcs: [.init(from: 1, to: 0, weight: 0.5), .init(from: 0, to: 0, weight: .nan)],
          notes: [text]
        )
      ),
      .points(
        PointsFigure(
          title: text,
          points: zip(numbers, numbers.reversed()).map { .init(hostile, x: $0, y: $1) },
          notes: [text]
        )
      ),
      .marked(
        MarkedFigure(title: text, words: numbers.map { .init(hostile, $0) }, notes: [text])
      ),
      .group(title: text, [.text(TextFigure([.init([Run(text)])]))]),
      Stats(numbers).figure(of: hostile),
    ]
  }

  private static let numbers: [[Double]] = [
    extremes, [1e308, -1e308], [1e308, 1e308], [Double.leastNonzeroMagnitude, 0],
    [.nan, .infinity, -.infinity],
    [.nan], [1.79e308], [],
  ]

  private static func forms(of figure: Figure) -> [String] {
    Language.allCases.flatMap { language in
      [
        TerminalRenderer(width: 60, depth: .none, language: language).render(figure),
        PlainRenderer(language: language).render(figure),
        HTMLRenderer(language: language).render(figure),
        SVGRenderer(theme: .light, language: language).render(figure),
      ]
    }
  }

  @Test(arguments: numbers)
  func nothingIsObeyed(numbers: [Double]) {
    for (index, figure) in Self.figures(numbers).enumerated() {
      for (form, text) in Self.forms(of: figure).enumerated() {
        for character: Character in ["\u{1B}", "\u{7}", "\u{202E}", "\u{200B}"] {
          #expect(
            !text.unicodeScalars.contains { character.unicodeScalars.contains($0) },
            "figure \(index), form \(form)"
          )
        }
        let broken = text.firstMatch(
          of: /\ (x|y|cx|cy|d|width|height|style|stroke-width)="[^"]*(NaN|inf)/
        )
        #expect(broken == nil, "figure \(index), form \(form)")
      }
    }
  }

  /// Signs that take no room of their own stay with the one before them.
  @Test(arguments: ["\u{301}", "a\u{301}", "\u{E9}\u{301}\u{301}", "\u{94D}", "\u{3164}", ""])
  func aNameWithoutWidthIsNoTrap(name: String) {
    let points = (0..<30).map { index in
      PointsFigure.Point(name + "\(index)" + name, x: Double(index % 7), y: Double(index % 11))
    }
    let figure = PointsFigure(
      title: Bilingual(same: ""),
      points: points + [.init(name, x: 6, y: 0)]
    )
    for width in [20, 40, 80] {
      for line in PointsLayout(figure: figure, text: TextLayout(width: width, language: .en)).lines
      {
        #expect(line.width <= width)
      }
    }
  }

  @Test func numbersAtTheEndsOfTheirRangeAreSummedUp() {
    let stats = Stats([1e308, -1e308, 0, 5e307])
    #expect(stats.bins == [1, 0, 0, 0, 0, 1, 0, 1, 0, 1])
    #expect(stats.mean == 1.25e307)
    #expect(abs(stats.norm / 1.5e308 - 1) < 1e-15)
    #expect(stats.deviation.isFinite && stats.deviation > 7e307)
    #expect(Stats([3e-200, 4e-200]).norm == 5e-200)
    #expect(Stats([Double.leastNonzeroMagnitude, 0]).bins.reduce(0, +) == 2)
  }
}

/// A terminal's curve: what stands on the left is what the stars beside it mean.
struct CurveLayoutTests {
  private func lines(_ references: [CurveFigure.Reference], _ values: [Double]) -> [String] {
    let curve = CurveFigure(
      title: Bilingual(same: "loss"),
      horizontal: Bilingual(it: "passo", en: "step"),
      start: 0,
      values: values,
      references: references
    )
    return CurveLayout(curve: curve, text: TextLayout(width: 80, language: .en)).lines.map {
      $0.text(.none)
    }
  }

  private static let references: [CurveFigure.Reference] = [
    .init(Bilingual(same: "uniform"), 4), .init(Bilingual(same: "floor"), 1.45),
    .init(Bilingual(same: "by heart"), 1.40),
  ]

  @Test func everyLevelIsNamedInTheRowNearestToIt() throws {
    let rows = lines(Self.references, [4.5, 3, 2, 1.5, 1.46]).dropFirst().prefix(10)
    for reference in Self.references {
      let name = "\(reference.name.en) \(NumberText.code(reference.value, decimals: 4))"
      let row = try #require(rows.first { $0.contains(name) }, "\(name)")
      let label = String(row.prefix(7).filter { $0 != " " })
      let level = try #require(Double(label))
      #expect(abs(level - reference.value) <= 4.5 / 9 / 2 + 0.005, "\(row)")
    }
    #expect(rows.first?.hasPrefix("   4.50 │*") == true)
    #expect(rows.last?.hasPrefix("   0.00 │") == true)
  }

  @Test func namesWithoutRoomForTheirNumbersStayNames() {
    let many = (0..<4).map {
      CurveFigure.Reference(Bilingual(same: "level \($0)"), 1.1 + Double($0) / 1_000)
    }
    let drawn = lines(many, [2, 1, 1])
    #expect(drawn.contains { $0.hasSuffix("level 0, level 1, level 2, level 3") })
    #expect(drawn.allSatisfy { DisplayWidth.of($0) <= 80 })
  }

  @Test func valuesThatAreNotFiniteAreSaidToBeThere() {
    #expect(
      lines([], [.nan, .infinity, .nan])[1] == "none of the 3 values is finite: 2 NaN, 1 +inf"
    )
    #expect(lines([], [.nan])[1] == "the only value is not finite: 1 NaN")
    #expect(lines([], [])[1] == "no values yet")
  }
}
