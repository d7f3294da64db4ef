// SPDX-License-Identifier: MIT

import PassoText
import Testing

@testable import PassoView

/// Cells that nobody should overlook are told apart in every form, without colours too.
struct HeatMapTests {
  /// Ordinary numbers with one that is huge, one NaN, both infinities and a masked cell.
  private static let odd: MatrixFigure = {
    var cells = (0..<20).map { MatrixFigure.Cell.number(0.25 + Double($0) / 100) }
    cells[3] = .number(-64)
    cells[7] = .number(.nan)
    cells[11] = .number(.infinity)
    cells[13] = .number(-.infinity)
    cells[17] = .masked
    return MatrixFigure(
      title: Bilingual(it: "strani", en: "odd"),
      rows: .init("row", ["a", "b", "c", "d"]),
      columns: .init("column", ["p", "q", "r", "s", "t"]),
      cells: cells,
      scale: .signed
    )
  }()

  static let oddFigures = [Figure.matrix(odd)]

  private static let notes = [
    "1 outlier (!): [0, 3] -64", "1 NaN: [1, 2]", "1 +inf: [2, 1]", "1 -inf: [2, 3]",
  ]

  @Test(arguments: ColorDepth.allCases)
  func onATerminal(depth: ColorDepth) {
    let renderer = TerminalRenderer(width: 80, depth: depth, language: .en)
    let text = renderer.render(.matrix(Self.odd)).replacing(/\u{1B}\[[0-9;]*m/, with: "")
    for mark in ["-64!", " NaN", "+inf", "-inf", " ×"] { #expect(text.contains(mark)) }
    for note in Self.notes { #expect(text.contains(note)) }
    #expect(text.contains("0.25") && text.contains("0.44"), "ordinary numbers keep their digits")
  }

  @Test func asLinearText() {
    let text = PlainRenderer(language: .en).render(.matrix(Self.odd))
    #expect(text.contains("s -64 (!)") && text.contains("; masked: r"))
    for note in Self.notes { #expect(text.contains(note + "\n")) }
  }

  @Test func asMarkup() {
    let html = HTMLRenderer(language: .en).render(.matrix(Self.odd))
    #expect(html.contains("class=\"outlier\"") && html.contains(">-64!<"))
    #expect(html.contains("<td class=\"odd\">NaN<") && html.contains("<td class=\"odd\">+inf<"))
    #expect(html.contains("class=\"masked\""))
    let svg = SVGRenderer(theme: .light, language: .en).render(.matrix(Self.odd))
    for mark in [">-64!<", ">NaN<", ">+inf<", ">-inf<", ">×<"] { #expect(svg.contains(mark)) }
    for note in Self.notes { #expect(html.contains(note) && svg.contains(note)) }
  }

  /// Shades end at the largest number that is no outlier, so that the others differ.
  @Test func oneHugeNumberDoesNotFlattenTheOthers() {
    #expect(Self.odd.shades.limit == 0.44)
    #expect(Self.odd.shades.part(-64) == -1 && Self.odd.shades.part(0.22) == 0.5)
    #expect(Self.odd.shades.part(.nan) == nil)
  }

  private static let ordinary: [[Double]] = [
    // Attention that looks at one place: all or nothing is no oddity.
    Array(repeating: 0.0, count: 24) + [1],
    // Numbers of one size, however spread.
    (0..<40).map { Double($0 * $0) },
    // Only a few numbers: they can be read.
    [1, 2, 3, 400],
    // Nothing but one number: there is nothing it could be larger than.
    Array(repeating: 0.0, count: 24) + [7],
  ]

  @Test(arguments: ordinary)
  func ordinaryNumbersAreNoOutliers(numbers: [Double]) {
    let shades = MatrixScale(numbers, .sequential)
    #expect(numbers.allSatisfy { !shades.isOutlier($0) })
    #expect(shades.limit == numbers.max())
  }

  @Test func atMostOneNumberInFiftyIsAnOutlier() {
    let many = Array(repeating: 1.0, count: 98)
    let two = MatrixScale(many + [900, 70], .sequential)
    #expect(two.isOutlier(900) && two.isOutlier(70) && !two.isOutlier(1))
    let three = MatrixScale(many + [900, 70, 60], .sequential)
    #expect(!three.isOutlier(60) && !three.isOutlier(1))
  }

  @Test func theSameCellsAreOddInALargeMatrixThatIsCut() {
    var cells = (0..<10_000).map { MatrixFigure.Cell.number(Double($0 % 7)) }
    cells[5_050] = .number(1e6)
    let labels = (0..<100).map(String.init)
    let matrix = MatrixFigure(
      title: Bilingual(same: "x"),
      rows: .init("row", labels),
      columns: .init("column", labels),
      cells: cells,
      scale: .sequential
    )
    let text = PlainRenderer(language: .en).render(.matrix(matrix))
    #expect(text.contains("1 outlier (!): [50, 50] 1e+06"))
    #expect(text.contains("matrix of 100 × 100") && text.utf8.count < 40_000)
    #expect(matrix.elided(maxRows: 8, maxColumns: 8).shades.limit == 6)
  }

  /// The heads of a large model: a screenful or two, not a megabyte.
  @Test func manyHeadsStaySmall() {
    let rows = (0..<64).map { row in (0..<64).map { Float($0 <= row ? 1 : 0) / Float(row + 1) } }
    let heads = Figure.multiples(
      MultiplesFigure(
        title: Bilingual(same: "heads"),
        items: (0..<144).map {
          .init(name: "\($0 / 12).\($0 % 12)", sentence: Bilingual(same: "itself 0.1"), rows: rows)
        }
      )
    )
    let drawn = TerminalRenderer(width: 80, depth: .trueColor, language: .en).render(heads)
    #expect(drawn.utf8.count < 400_000 && drawn.split(separator: "\n").count < 250)
    #expect(PlainRenderer(language: .en).render(heads).utf8.count < 10_000)
    #expect(HTMLRenderer(language: .en).render(heads).utf8.count < 1_000_000)
  }

  /// The last row of a classroom reads eight numbers in a row, with air between the lines.
  @Test func aProjectorShowsFewLargeCells() {
    let labels = (0..<12).map(String.init)
    let matrix = MatrixFigure(
      title: Bilingual(same: "x"),
      rows: .init("row", labels),
      columns: .init("column", labels),
      cells: (0..<144).map { .number(Double($0)) },
      scale: .sequential
    )
    func lines(_ theme: Theme?) -> [Substring] {
      TerminalRenderer(width: 80, depth: .none, language: .en, theme: theme)
        .render(.matrix(matrix)).split(separator: "\n", omittingEmptySubsequences: false)
    }
    let projected = lines(.projector)
    #expect(projected[1].split(separator: " ").count == 9, "a corner and eight columns")
    #expect(projected.count { $0.isEmpty } >= 7 && projected.count < 24)
    #expect(projected.contains { $0.contains("12 × 12") })
    #expect(lines(nil).count { $0.isEmpty } == 1, "the last line ends")
  }

  /// From the linear text alone: labels, numbers, what is masked, what is not finite.
  @Test func aParserRebuildsTheMatrix() throws {
    let text = PlainRenderer(language: .en).render(.matrix(Self.odd))
    let rebuilt = try #require(LinearMatrix(text))
    #expect(rebuilt.rows.map(\.label) == Self.odd.rows.labels)
    #expect(rebuilt.rows.map(\.index) == [0, 1, 2, 3])
    for row in Self.odd.rows.labels.indices {
      for column in Self.odd.columns.labels.indices {
        expect(rebuilt, has: Self.odd, row, column)
      }
    }
  }

  /// Of a matrix that is cut, every row that is there says where it stands, and holds its numbers.
  @Test func aParserRebuildsWhatIsLeftOfALargeMatrix() throws {
    let large = MatrixFigure(
      title: Bilingual(same: "x"),
      rows: .init("row", (0..<50).map { "r\($0)" }),
      columns: .init("column", (0..<100).map { "c\($0)" }),
      cells: (0..<5_000).map { .number(Double($0) - 2_500.25) },
      scale: .signed
    )
    let text = PlainRenderer(language: .en).render(.matrix(large))
    let rebuilt = try #require(LinearMatrix(text))
    #expect(rebuilt.rows.map(\.index) == Array(0..<23) + Array(42..<50))
    for (label, index) in rebuilt.rows {
      #expect(label == "r\(index)")
      for column in Array(0..<47) + Array(84..<100) { expect(rebuilt, has: large, index, column) }
    }
    #expect(rebuilt.cells.count == 31 * 63)
  }

  private func expect(_ rebuilt: LinearMatrix, has figure: MatrixFigure, _ row: Int, _ column: Int)
  {
    let names = [figure.rows.labels[row], figure.columns.labels[column]]
    switch (figure.cell(row, column), rebuilt.cells[names]) {
    case (.masked, .masked): break
    case (.number(let number), .number(let read)):
      let isNear = abs(read - number) <= 1e-5 * abs(number)
      #expect(read == number || read.isNaN && number.isNaN || isNear, "\(names)")
    default: Issue.record("\(names) is missing")
    }
  }
}

/// A matrix read back from its linear text.
private struct LinearMatrix {
  var rows: [(label: String, index: Int)] = []
  var cells: [[String]: MatrixFigure.Cell] = [:]

  init?(_ text: String) {
    for line in text.split(separator: "\n") {
      guard let match = line.wholeMatch(of: /row (\d+) "(.*)": (.*?)(?:; masked: (.*))?/)
      else { continue }
      guard let index = Int(match.1) else { return nil }
      let row = String(match.2)
      rows.append((row, index))
      for part in match.3.split(separator: ", ") where part != "\u{2026}" {
        let words = part.split(separator: " ")
        guard words.count >= 2, let number = Double(words[1]) else { return nil }
        cells[[row, String(words[0])]] = .number(number)
      }
      for name in (match.4 ?? "").split(separator: ", ") { cells[[row, String(name)]] = .masked }
    }
  }
}
