// SPDX-License-Identifier: MIT

import PassoEngine
import PassoRuntime
import PassoText
import PassoView
import Testing

struct RendererTests {
  static let pattern = MatrixFigure(
    title: Bilingual(it: "pesi", en: "weights"),
    rows: .init("query", ["<start>", "Il", "perch\u{E9}"]),
    columns: .init("key", ["<start>", "Il", "perch\u{E9}"]),
    cells: [
      .number(1), .masked, .masked, .number(0.5), .number(0.5), .masked, .number(0.25),
      .number(0.001), .number(0),
    ],
    scale: .sequential
  )

  private func plain(_ figure: Figure, _ language: Language = .it) -> String {
    PlainRenderer(language: language).render(figure)
  }

  private func drawn(
    _ figure: Figure,
    width: Int = 80,
    depth: ColorDepth = .none
  ) -> String {
    TerminalRenderer(width: width, depth: depth, language: .en).render(figure)
  }

  @Test func aMatrixHasLabelsNumbersAndMarks() {
    #expect(
      drawn(.matrix(Self.pattern)) == """
        weights
        query\\key <start>      Il  perché
        <start>      1.00       ×       ×
        Il           0.50    0.50       ×
        perché       0.25    0.00       0

        """
    )
  }

  @Test func thePlainFormIsReadRowByRow() {
    #expect(
      plain(.matrix(Self.pattern)) == """
        pesi
        righe: query, colonne: key
        riga 0 "<start>": <start> 1; mascherati: Il, perché
        riga 1 "Il": <start> 0.5, Il 0.5; mascherati: perché
        riga 2 "perché": <start> 0.25, Il 0.001, perché 0

        """
    )
  }

  @Test func coloursCarryTheNumberTheyStandBehind() {
    let text = drawn(.matrix(Self.pattern), depth: .trueColor)
    #expect(text.contains("\u{1B}[48;2;254;232;56;38;2;0;0;0m    1.00\u{1B}[0m"))
    #expect(text.replacing(/\u{1B}\[[0-9;]*m/, with: "") == drawn(.matrix(Self.pattern)))
  }

  @Test(arguments: [80, 60, 30])
  func noLineIsWiderThanTheTerminal(width: Int) {
    let labels = (0..<37).map { "token\($0)" }
    let wide = MatrixFigure(
      title: Bilingual(same: "x"),
      rows: .init("query", labels),
      columns: .init("key", labels),
      cells: (0..<37 * 37).map { .number(Double($0) / 100) },
      scale: .signed
    )
    for line in drawn(.matrix(wide), width: width).split(separator: "\n") {
      #expect(DisplayWidth.of(line) <= width)
    }
  }

  @Test func aLargeMatrixIsSummarised() {
    let labels = (0..<200).map(String.init)
    let large = Figure.matrix(
      MatrixFigure(
        title: Bilingual(same: "x"),
        rows: .init("row", labels),
        columns: .init("column", labels),
        cells: (0..<40_000).map { .number(Double($0)) },
        scale: .sequential
      )
    )
    #expect(drawn(large).count < 8000)
    #expect(drawn(large).contains("matrix of 200 × 200"))
    #expect(plain(large, .en).contains("matrix of 200 × 200"))
  }

  @Test func smallNumbersShareAPowerOfTen() {
    let small = MatrixFigure(
      title: Bilingual(same: "grad"),
      rows: .init("", [""]),
      columns: .init("item", ["0", "1"]),
      cells: [.number(0.000_12), .number(-0.000_034)],
      scale: .signed
    )
    #expect(drawn(.matrix(small)).contains("grad  ×10⁻⁶"))
    #expect(drawn(.matrix(small)).contains("120.0"))
  }

  @Test func infinitiesAndNaNAreShownAsSuch() {
    let odd = MatrixFigure(
      title: Bilingual(same: "odd"),
      rows: .init("", [""]),
      columns: .init("item", ["0", "1", "2"]),
      cells: [.number(.nan), .number(-.infinity), .number(.infinity)],
      scale: .signed
    )
    for text in [drawn(.matrix(odd)), plain(.matrix(odd))] {
      #expect(text.contains("NaN") && text.contains("-inf") && text.contains("+inf"))
    }
  }

  @Test func controlCharactersInLabelsAreShownNotObeyed() {
    let hostile = MatrixFigure(
      title: Bilingual(same: "a\u{1B}[2Jb"),
      rows: .init("", ["\u{7}\n"]),
      columns: .init("item", ["\u{202E}x"]),
      cells: [.number(1)],
      scale: .signed
    )
    for text in [drawn(.matrix(hostile)), plain(.matrix(hostile))] {
      #expect(!text.contains("\u{1B}") && !text.contains("\u{7}") && !text.contains("\u{202E}"))
      #expect(text.contains("\\x1b[2J"))
    }
  }

  @Test func thePlainTextRebuildsTheNumbers() throws {
    var random = RandomSource(seed: 11)
    for _ in 0..<200 {
      let rows = Int.random(in: 1...6, using: &random)
      let columns = Int.random(in: 1...6, using: &random)
      let numbers = (0..<rows * columns).map { _ in
        random.normal() * [1e-6, 1, 1e6].randomElement(using: &random)!  // never empty
      }
      let figure = MatrixFigure(
        title: Bilingual(same: "m"),
        rows: .init("row", (0..<rows).map { "r\($0)" }),
        columns: .init("column", (0..<columns).map { "c\($0)" }),
        cells: numbers.map { .number($0) },
        scale: .signed
      )
      let rebuilt = plain(.matrix(figure), .en).matches(of: /c\d+ ([-+.e0-9]+)/)
        .compactMap { Double($0.output.1) }
      #expect(rebuilt.count == numbers.count)
      for (found, expected) in zip(rebuilt, numbers) {
        #expect(abs(found - expected) <= 1e-5 * abs(expected))
      }
    }
  }

  @Test func matricesOfAGroupStandSideBySide() {
    let group = Figure.group(
      title: Bilingual(same: "both"),
      [.matrix(Self.pattern), .matrix(Self.pattern)]
    )
    #expect(drawn(group).contains("weights                     weights"))
    #expect(drawn(group, width: 40).split(separator: "\n").count == 11)
  }

  @Test func aTableGivesWayWhereItIsTooWide() {
    var table = TableFigure(
      columns: [.init(Bilingual(it: "nome", en: "name")), .init(Bilingual(same: "n"), .right)],
      rows: [
        [Bilingual(same: "blocks.0.attn.pattern"), Bilingual(same: "12")],
        [Bilingual(same: "loss"), Bilingual(same: "3")],
      ]
    )
    #expect(
      drawn(.table(table)) == """
        name                    n
        blocks.0.attn.pattern  12
        loss                    3

        """
    )
    table.markedRow = 1
    #expect(drawn(.table(table)).contains("▶ loss"))
    #expect(drawn(.table(table), width: 20).contains("▶ loss"))
    #expect(plain(.table(table)) == "nome blocks.0.attn.pattern; n 12\nqui: nome loss; n 3\n")
  }

  @Test func textIsWrappedBetweenWordsAndCodeIsNot() {
    let text = Figure.text(
      TextFigure([
        .init([Run("uno due tre quattro "), Run("a = b(c, d)", .code), Run(", poi")], indent: 2)
      ])
    )
    #expect(drawn(text, width: 24) == "  uno due tre quattro\n  a = b(c, d), poi\n")
  }

  @Test func curvesAndBarsSayTheirNumbersInPlainText() {
    let curve = Figure.curve(
      CurveFigure(
        title: Bilingual(same: "loss"),
        horizontal: Bilingual(it: "passo", en: "step"),
        start: 0,
        values: [2, 1, 1.5],
        references: [.init(Bilingual(it: "a caso", en: "uniform"), 1.79)]
      )
    )
    #expect(plain(curve) == "loss\nda 2 (passo 0) a 1,5 (passo 2), minimo 1; a caso 1,79\n")
    #expect(drawn(curve).contains("uniform 1.7900"))
    let bars = Figure.bars(
      BarsFigure(
        title: Bilingual(same: "p"),
        bars: [.init("Il", 0.75), .init("gatto", 0.25)]
      )
    )
    #expect(plain(bars) == "p\nIl: 0,75\ngatto: 0,25\n")
    #expect(drawn(bars, width: 30).contains("Il     0.75  ███"))
  }
}

struct PaletteTests {
  @Test(arguments: [MatrixFigure.Scale.sequential, .signed])
  func everyNumberCanBeReadOnItsColour(scale: MatrixFigure.Scale) {
    for level in -255...255 {
      let color = Palette.color(Double(level) / 255, scale)
      #expect(color.contrast(with: color.ink) >= 4.5)
    }
  }

  @Test(arguments: [MatrixFigure.Scale.sequential, .signed])
  func everyNumberCanBeReadAmong256Colours(scale: MatrixFigure.Scale) {
    for level in -255...255 {
      let color = ColorDepth.cubeColor(ColorDepth.index256(Double(level) / 255, scale))
      #expect(color.contrast(with: color.ink) >= 4.5)
    }
  }

  @Test func theSequentialScaleGrowsLighter() {
    let lights = (0...255).map { Palette.color(Double($0) / 255, .sequential).luminance }
    #expect(lights == lights.sorted())
  }
}

struct ColorDepthTests {
  @Test(arguments: [
    (["TERM": "xterm-256color"], true, ColorDepth.ansi256),
    (["TERM": "xterm-256color", "COLORTERM": "truecolor"], true, .trueColor),
    (["TERM": "xterm"], true, .ansi16),
    (["TERM": "dumb"], true, .none),
    ([:], true, .none),
    (["TERM": "xterm", "NO_COLOR": "1"], true, .none),
    (["TERM": "xterm", "NO_COLOR": ""], true, .ansi16),
    (["TERM": "xterm-256color"], false, .none),
  ])
  func theEnvironmentDecides(
    environment: [String: String],
    isTerminal: Bool,
    expected: ColorDepth
  ) {
    #expect(ColorDepth(environment: environment, isTerminal: isTerminal) == expected)
  }
}

struct StatsTests {
  @Test func numbersAreSummedUp() {
    let stats = Stats([1, 2, 3, 4, .nan, 0])
    #expect(stats.count == 6 && stats.zeros == 1)
    #expect(stats.nan == 1 && stats.firstNonFinite == 4)
    #expect(stats.mean == 2 && stats.least == 0 && stats.greatest == 4)
    #expect(stats.deviation == 2.0.squareRoot())
    #expect(stats.norm == 30.0.squareRoot())
    #expect(stats.bins.reduce(0, +) == 5)
  }

  @Test func largeNumbersKeepTheirDeviation() {
    #expect(abs(Stats([1e9, 1e9 + 1, 1e9 + 2]).deviation - 0.816_496_580_927_726) < 1e-9)
  }

  @Test func nothingAndOneValueAreNoTrap() {
    #expect(Stats([]).mean.isNaN && Stats([]).bins.isEmpty)
    #expect(Stats([7]).bins == [1] && Stats([7]).deviation == 0)
    #expect(Stats([.infinity]).positive == 1)
  }
}
