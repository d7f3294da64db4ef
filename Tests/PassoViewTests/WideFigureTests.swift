// SPDX-License-Identifier: MIT

import PassoText
import Testing

@testable import PassoView

/// What does not fit beside each other stands below each other, with nothing cut.
struct WideFigureTests {
  private static func lens(columns: Int, first: String = "dopo il blocco 0") -> TableFigure {
    var table = TableFigure(
      title: Bilingual(it: "lente", en: "lens"),
      columns: [.init(Bilingual(it: "dopo", en: "after"))]
        + (0..<columns).map { .init(Bilingual(same: "token\($0)")) },
      rows: (0..<3).map { row in
        [Bilingual(same: first)]
          + (0..<columns).map { Bilingual(same: "parola\($0) 0.\(row)\($0)") }
      }
    )
    table.markedRow = 1
    return table
  }

  @Test(arguments: [20, 40, 60, 80, 120, 200], [3, 5, 20])
  func aWideTableIsBrokenIntoPanels(width: Int, columns: Int) {
    let table = Self.lens(columns: columns)
    let lines = TableLayout(table, width: width, language: .it).lines.map { $0.text(.none) }
    #expect(lines.allSatisfy { DisplayWidth.of($0) <= width })
    let text = lines.joined(separator: "\n")
    for column in 1...columns where width >= 40 {
      #expect(text.contains("token\(column - 1)"))
      for row in table.rows { #expect(text.contains(row[column].it), "\(row[column].it)") }
    }
    // Every panel is as high as the table, and begins with its first column.
    #expect(lines.count.isMultiple(of: 4))
    for start in stride(from: 0, to: lines.count, by: 4) {
      #expect(lines[start].hasPrefix("  dopo"))
      #expect(lines[start + 2].hasPrefix("▶ dopo"))
    }
  }

  /// One long column gives way to the others, as before.
  @Test func aLongSentenceInATableIsCut() {
    let long = Bilingual(same: String(repeating: "parola ", count: 20))
    let table = TableFigure(
      columns: [
        .init(Bilingual(same: "a")), .init(Bilingual(same: "b")), .init(Bilingual(same: "c")),
      ],
      rows: [[Bilingual(same: "nome"), long, Bilingual(same: "12")]]
    )
    #expect(TableLayout(table, width: 60, language: .it).lines.count == 2)
  }

  private static func matrix(_ rows: Int, _ columns: Int) -> MatrixFigure {
    MatrixFigure(
      title: Bilingual(same: "m"),
      rows: .init("row", (0..<rows).map { "r\($0)" }),
      columns: .init("column", (0..<columns).map { "c\($0)" }),
      cells: (0..<rows * columns).map { .number(Double($0 % 97) / 97 + 0.001) },
      scale: .sequential
    )
  }

  /// However wide the terminal, the page has no number less.
  @Test(arguments: [(40, 100), (30, 70), (5, 300), (2, 65), (100, 3)])
  func aPageShowsAllColumnsOfAWideTerminal(rows: Int, columns: Int) {
    let figure = Figure.matrix(Self.matrix(rows, columns))
    let terminal = TerminalRenderer(width: 250, depth: .none, language: .en).render(figure)
    let html = HTMLRenderer(language: .en).render(figure)
    let svg = SVGRenderer(theme: .light, language: .en).render(figure)
    let plain = PlainRenderer(language: .en).render(figure)
    for word in terminal.split(whereSeparator: \.isWhitespace) where word.hasPrefix("c") {
      #expect(html.contains(">\(word)<"), "\(word)")
      #expect(svg.contains(">\(word)<"), "\(word)")
    }
    for word in terminal.split(whereSeparator: \.isWhitespace) where word.hasPrefix("r") {
      #expect(html.contains(">\(word)<") || word == "row\\column", "\(word)")
      #expect(plain.contains("\"\(word)\"") || word == "row\\column", "\(word)")
    }
  }

  @Test func theNumberOfARowIsItsPlaceInTheWhole() {
    let plain = PlainRenderer(language: .en).render(.matrix(Self.matrix(50, 2)))
    #expect(plain.contains("row 22 \"r22\": c0 ") && plain.contains("row 49 \"r49\": c0 "))
    #expect(plain.contains("\n\u{2026}\n") && !plain.contains("row 24 \"r4"))
  }

  @Test func aVectorIsOneLineOfNumbers() {
    let vector = MatrixFigure(
      title: Bilingual(same: "v"),
      rows: .init("", [""]),
      columns: .init("vocab", ["Il", "gatto"]),
      cells: [.number(0.25), .number(0.75)],
      scale: .sequential
    )
    #expect(
      PlainRenderer(language: .it).render(.matrix(vector))
        == "v\ncolonne: vocab\nIl 0.25, gatto 0.75\n"
    )
  }

  /// A picture is never wider than a page, and each of its panels names rows and axes.
  @Test func aWideMatrixIsBrokenIntoPanelsInPictures() throws {
    let svg = SVGRenderer(theme: .light, language: .en).render(.matrix(Self.matrix(3, 64)))
    let width = try #require(svg.firstMatch(of: /width="([0-9.]+)"/)?.1)
    #expect(try #require(Double(String(width))) <= 1_040)
    let panels = svg.matches(of: />row\\column</).count
    #expect(panels > 1 && svg.matches(of: />r2</).count == panels)
    let html = HTMLRenderer(language: .en).render(.matrix(Self.matrix(3, 64)))
    #expect(html.matches(of: /<table class="matrix">/).count == 7)
    #expect(html.matches(of: /<th scope="row">r2</).count == 7)
    #expect(html.contains("m, columns c10 … c19"))
  }

  @Test func aDescriptionHasLines() {
    let svg = SVGRenderer(theme: .light, language: .en).render(.matrix(Self.matrix(2, 2)))
    #expect(svg.contains("<desc>m\nrows: row, columns: column\nrow 0 ") && !svg.contains("\\n"))
  }

  @Test func aHistogramKeepsItsIntervalsOnANarrowScreen() {
    let figure = Stats((0..<100).map { Double($0) * -1.234_5e-5 }).figure(of: "x")
    let text = TerminalRenderer(width: 60, depth: .none, language: .it).render(figure)
    #expect(text.contains("-0,00122 … ") && !text.contains("-0,0…"))
    for line in text.split(separator: "\n") where line.contains("█") {
      #expect(line.contains(" … "), "\(line)")
    }
  }

  /// Prose never stands beside a picture; matrices do.
  @Test func inAGroupOnlyMatricesStandBesideEachOther() {
    let matrix = Figure.matrix(Self.matrix(2, 2))
    let text = Figure.text(TextFigure([.init([Run("words")])]))
    func places(_ figures: [Figure]) -> Int {
      SVGRenderer(theme: .light, language: .en)
        .render(.group(title: Bilingual(same: "g"), figures))
        .matches(of: /translate\([1-9][0-9.]* 0\)/).count
    }
    #expect(places([matrix, matrix]) == 1)
    #expect(places([text, matrix]) == 0 && places([matrix, text]) == 0)
  }

  /// An axis can be so long that the memory has no room for its labels.
  @Test func onlyTheLabelsThatAreKeptAreMade() {
    var made: [Int] = []
    let axis = MatrixFigure.Axis(Bilingual(same: "vocab"), kept: [0, nil, .max]) { place in
      made.append(place)
      return String(place)
    }
    #expect(made == [0, .max])
    #expect(axis.labels == ["0", MatrixFigure.ellipsis, String(Int.max)])
    #expect(axis.indices == [0, nil, .max])
  }
}
