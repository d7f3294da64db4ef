// SPDX-License-Identifier: MIT

import PassoText
import Testing

@testable import PassoView

/// Pictures say what they show: scales, axes, names that do not cover each other.
struct PictureTests {
  private static func heads(_ rows: [[Float]], limit: Float = 1) -> MultiplesFigure {
    MultiplesFigure(
      title: Bilingual(it: "teste", en: "heads"),
      items: [.init(name: "0.0", sentence: Bilingual(same: "s"), rows: rows)],
      limit: limit,
      limitName: Bilingual(it: "fuori dalla prima colonna", en: "outside the first column")
    )
  }

  private static func forms(_ figure: Figure) -> (screen: String, html: String, svg: String) {
    (
      TerminalRenderer(width: 100, depth: .none, language: .en).render(figure),
      HTMLRenderer(language: .en).render(figure),
      SVGRenderer(theme: .light, language: .en).render(figure)
    )
  }

  /// Without the `title` elements and the description, which nobody sees.
  private static func seen(_ markup: String) -> String {
    markup.replacing(/<title>[^<]*<\/title>|<desc>[^<]*<\/desc>/, with: "")
  }

  /// The words that are written, one after the other.
  private static func words(_ text: String) -> String {
    let bare = seen(text).replacing(/<[^>]*>/, with: " ")
    return bare.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }

  @Test func aHeadThatIsNoNumberDoesNotLookLikeZero() {
    let broken = Self.forms(.multiples(Self.heads([[.nan, 0], [.infinity, 1]])))
    #expect(broken.screen.contains("\n?") && Self.words(broken.screen).contains("'?' is no finite"))
    for markup in [broken.html, broken.svg] {
      #expect(markup.contains("M0 0l1 1m0 -1l-1 1") && markup.contains("M0 1l1 1m0 -1l-1 1"))
      #expect(Self.words(markup).contains("a cross is no finite number"))
    }
    let whole = Self.forms(.multiples(Self.heads([[1, 0], [0.5, 0.5]])))
    #expect(!whole.screen.contains("?") && !whole.svg.contains("l1 1m0"))
    // Cells that stand for several keep what is no number.
    var large = [[Float]](repeating: [Float](repeating: 0.5, count: 64), count: 64)
    large[63][62] = .nan
    #expect(MultiplesFigure.reduced(large, to: (8, 8))[7][7].isNaN)
  }

  @Test func shadesGoUpToTheLimitAndEveryFormSaysSo() {
    let rows: [[Float]] = [[1, 0, 0], [0.9, 0.1, 0], [0.8, 0.05, 0.15]]
    let forms = Self.forms(.multiples(Self.heads(rows, limit: 0.15)))
    #expect(forms.screen.contains("@-@"), "0.05 of 0.15 is a third of the way")
    for form in [forms.screen, forms.html, forms.svg] {
      let words = Self.words(form)
      #expect(words.contains("from 0 to 0.15"))
      #expect(words.contains("outside the first"))
    }
    #expect(forms.html.matches(of: /<i style="background:#/).count == 11)
    #expect(Self.heads(rows, limit: 0.15).part(1) == 1)
  }

  @Test func arcsHaveArrowsSentencesAndNumbersApart() throws {
    let words = (0..<20).map { "w\($0)" }
    let figure = ArcsFigure(
      title: Bilingual(same: "arcs"),
      words: words,
      arcs: words.indices.map { .init(from: $0, to: 0, weight: 0.25) }
    )
    let svg = Self.seen(SVGRenderer(theme: .light, language: .en).render(.arcs(figure)))
    #expect(svg.matches(of: /class="tip"/).count == words.count)
    #expect(Self.words(svg).contains("w7 → w0 0.25"))
    let numbers = svg.matches(of: /x="([0-9.]+)" y="([-0-9.]+)" font-size="11"/).compactMap {
      if let x = Double(String($0.1)), let y = Double(String($0.2)) { (x, y) } else { nil }
    }
    #expect(numbers.count == words.count)
    for (index, one) in numbers.enumerated() {
      #expect(one.1 > 0)
      for other in numbers[..<index] {
        #expect(abs(one.0 - other.0) >= 29.8 || abs(one.1 - other.1) >= 11.8)
      }
    }
  }

  private static let plane = PointsFigure(
    title: Bilingual(same: "plane"),
    points: (0..<70).map { index in
      let angle = Double(index)
      return .init(
        "parola\(index)",
        // Half of them in a heap.
        x: index < 35 ? angle / 400 : angle / 20,
        y: index < 35 ? angle / 2_000 : 1 - angle / 140
      )
    },
    horizontal: Bilingual(it: "prima", en: "first"),
    vertical: Bilingual(it: "seconda", en: "second")
  )

  @Test func namesOfPointsDoNotCoverEachOther() {
    let svg = SVGRenderer(theme: .light, language: .en).render(.points(Self.plane))
    let pattern = /x="([-0-9.]+)" y="([-0-9.]+)" text-anchor="start" [^>]*textLength="([0-9.]+)"/
    let boxes = svg.matches(of: pattern).compactMap { match -> (Double, Double, Double)? in
      guard let x = Double(String(match.1)), let y = Double(String(match.2)),
        let width = Double(String(match.3))
      else { return nil }
      return (x, y, width)
    }
    #expect(boxes.count > 15)
    for (index, one) in boxes.enumerated() {
      for other in boxes[..<index] {
        let isApart = one.0 + one.2 <= other.0 + 0.2 || other.0 + other.2 <= one.0 + 0.2
        #expect(isApart || abs(one.1 - other.1) >= 11.8)
      }
    }
    // Names that found no place are in the list below, by number.
    let drawn = (0..<70).filter { svg.contains(">parola\($0)<") }
    #expect(drawn.count < 70 && drawn.count > 5)
    let words = Self.words(svg)
    for index in 0..<70 where !drawn.contains(index) {
      #expect(words.contains("parola\(index):"), "\(index)")
    }
  }

  @Test func aPlaneHasAxesOfOneUnit() throws {
    let forms = Self.forms(.points(Self.plane))
    #expect(forms.svg.contains(">first</text>") && forms.svg.contains(">second</text>"))
    #expect(
      forms.screen.contains("first, from 0 to ") && forms.screen.contains("second, from 0 to ")
    )
    func place(_ name: String, _ x: Double, _ y: Double) throws -> (Double, Double) {
      let figure = PointsFigure(
        title: Bilingual(same: ""),
        points: [.init("a", x: 0, y: 0), .init("b", x: 4, y: 1), .init("c", x: x, y: y)]
      )
      let body = PointsPicture(figure, language: .en).element("curve").markup
      let dot = try #require(body.matches(of: /cx="([0-9.]+)" cy="([0-9.]+)"/).last)
      return (try #require(Double(String(dot.1))), try #require(Double(String(dot.2))))
    }
    let (origin, right, up) = (try place("c", 1, 0), try place("c", 2, 0), try place("c", 1, 1))
    #expect(abs((right.0 - origin.0) - (origin.1 - up.1)) < 0.5)
  }

  @Test func aGraphHasAName() {
    let graph = GraphFigure(
      title: Bilingual(same: "g"),
      nodes: [.init(name: "a", work: "w", inputs: []), .init(name: "b", work: "v", inputs: [0])],
      current: 1
    )
    let html = HTMLRenderer(language: .en).render(.graph(graph))
    #expect(html.contains("aria-label=\"2 steps; here: 1 b = v (0 a)\""))
  }
}
