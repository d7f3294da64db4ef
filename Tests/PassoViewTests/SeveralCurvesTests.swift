// SPDX-License-Identifier: MIT

import PassoText
import Testing

@testable import PassoView

/// Several curves in one picture.
struct SeveralCurvesTests {
  private static func figure(_ series: [(String, [Double])]) -> CurveFigure {
    CurveFigure(
      title: Bilingual(same: "loss"),
      horizontal: Bilingual(it: "passo", en: "step"),
      start: 0,
      series: series.map { .init(Bilingual(same: $0.0), $0.1) },
      references: [.init(Bilingual(it: "pavimento", en: "floor"), 1)]
    )
  }

  private static let two = figure([("lane1 0.1", [4, 3, 2]), ("lane2 1", [4, 1.5, .nan])])

  private func drawn(_ curve: CurveFigure, width: Int = 60) -> [Substring] {
    TerminalRenderer(width: width, depth: .none, language: .en).render(.curve(curve))
      .split(separator: "\n")
  }

  @Test func eachCurveHasItsMark() {
    let lines = drawn(Self.two)
    // Both begin at the top, where one mark stands for both.
    #expect(lines[1].hasSuffix("│="))
    let plane = lines[1...10].joined()
    #expect(plane.filter { $0 == "*" }.count == 2)
    #expect(plane.filter { $0 == "o" }.count == 1 + "floor".filter { $0 == "o" }.count)
    #expect(lines.last == "* lane1 0.1, o lane2 1, = several curves")
  }

  @Test func theLinearFormHasEveryValue() {
    let plain = PlainRenderer(language: .en).render(.curve(Self.two))
    #expect(
      plain == """
        loss
        step 0: lane1 0.1 4, lane2 1 4
        step 1: lane1 0.1 3, lane2 1 1.5
        step 2: lane1 0.1 2, lane2 1 NaN
        floor: 1

        """
    )
  }

  @Test func aLongLinearFormHasItsEnds() {
    let values = (0..<1_000).map { Double($0) }
    let plain = PlainRenderer(language: .it)
      .render(.curve(Self.figure([("a", values), ("b", values.reversed())])))
    #expect(plain.contains("passo 0: a 0; b 999\n"))
    #expect(plain.contains("passo 999: a 999; b 0\n"))
    #expect(plain.split(separator: "\n").count == 12)
  }

  @Test func picturesTellCurvesApartWithoutColours() {
    let page = HTMLRenderer(language: .en).render(.curve(Self.two))
    let slide = SVGRenderer(theme: .light, language: .en).render(.curve(Self.two))
    for picture in [page, slide] {
      #expect(picture.contains(">lane1 0.1</text>"))
      #expect(picture.contains(">lane2 1</text>"))
      #expect(picture.contains("stroke-dasharray=\"9 3\""))
      #expect(picture.components(separatedBy: ">*</text>").count > 3)
      #expect(picture.components(separatedBy: ">o</text>").count > 2)
      #expect(!picture.contains("NaN\""))
    }
    #expect(page.contains("lane1 0.1: from 4 (step 0) to 2 (step 2), least 2; lane2 1: from 4"))
    #expect(page.contains("; floor 1<"))
  }

  @Test(arguments: [40, 60, 120])
  func eightCurvesFitOnAScreen(width: Int) {
    let series = (1...8).map { lane in
      ("lane\(lane) value-\(lane)", (0..<300).map { Double(lane) / Double($0 + 1) })
    }
    for line in drawn(Self.figure(series), width: width) {
      #expect(DisplayWidth.of(line) <= width, "\(line)")
    }
    let picture = CurvePicture(Self.figure(series), language: .en)
    // Three names in a row: three rows below the plane.
    #expect(picture.height == CurvePicture(Self.two, language: .en).height + 40)
  }

  @Test(arguments: [[], [[]], [[], [1]], [[.nan, .infinity], [.nan, .nan]]] as [[[Double]]])
  func whatHasNoPointsIsSaidAllTheSame(values: [[Double]]) {
    let figure = Self.figure(values.enumerated().map { ("c\($0)", $1) })
    #expect(!drawn(figure).isEmpty)
    #expect(!HTMLRenderer(language: .it).render(.curve(figure)).isEmpty)
    #expect(!PlainRenderer(language: .it).render(.curve(figure)).isEmpty)
  }
}
