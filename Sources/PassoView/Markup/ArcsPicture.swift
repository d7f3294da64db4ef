// SPDX-License-Identifier: MIT

import PassoText

/// Draws the words in a line, and the arcs above them, each with an arrow at the word that is
/// looked at; the thicker, the greater the weight.
struct ArcsPicture: Picture {
  private let figure: ArcsFigure
  private let language: Language
  private let middles: [Double]
  private static let column = 8.4
  private static let gap = 18.0
  let width: Double
  let height: Double

  /// Where each number stands; none covers another.
  private let places: [(x: Double, y: Double)]

  init(_ figure: ArcsFigure, language: Language) {
    (self.figure, self.language) = (figure, language)
    var middles: [Double] = []
    var x = 0.0
    for word in figure.words {
      let wide = max(Double(DisplayWidth.of(word.visible)) * Self.column, 24)
      middles.append(x + wide / 2)
      x += wide + Self.gap
    }
    self.middles = middles
    width = max(x - Self.gap, 1)
    // Above the ground, upwards.
    var places: [(x: Double, y: Double)] = []
    for arc in figure.arcs {
      let span = abs(middles[arc.from] - middles[arc.to])
      var place = (
        x: (middles[arc.from] + middles[arc.to]) / 2,
        y: span == 0 ? 26 : 0.75 * Self.arcHeight(span) + 4
      )
      while places.contains(where: { abs($0.x - place.x) < 30 && abs($0.y - place.y) < 12 }) {
        place.y += 3
      }
      places.append(place)
    }
    self.places = places
    height = (places.map(\.y).max() ?? 0) + 14 + 24
  }

  private static func arcHeight(_ span: Double) -> Double { min(300, 22 + span * 0.32) }

  /// Where the words stand.
  private var ground: Double { height - 24 }

  var name: String { figure.arcs.map { figure.sentence($0) }.joined(separator: ", ")[language] }

  var body: [Element] {
    zip(figure.arcs, places).flatMap { path($0) + [number($0, $1)] }
      + zip(figure.words, middles).map { word, middle in
        let length = Double(DisplayWidth.of(word.visible)) * Self.column
        return .text(word, middle, ground + 18, anchor: "middle", size: 14, length: length)
      }
  }

  private func path(_ arc: ArcsFigure.Arc) -> [Element] {
    let (from, to) = (middles[arc.from], middles[arc.to])
    let span = abs(from - to)
    let (top, end) = (ground - Self.arcHeight(span), ground - 8)
    let weight = arc.weight.isFinite ? min(max(arc.weight, 0), 1) : 0
    let tip = span == 0 ? from + 6 : to
    let line =
      span == 0
      ? "M\((from - 6).px) \(ground.px) q-8 -22 6 -22 q12 0 6 14"
      : "M\(from.px) \(ground.px) C\(from.px) \(top.px) \(to.px) \(top.px) \(to.px) \(end.px)"
    return [
      .stroke(line, width: 0.6 + 4 * weight, opacity: "0.75"),
      Element(
        "path",
        ["class": "tip", "d": "M\(tip.px) \(ground.px) l-5 -9 h10 z", "fill": "currentColor"]
      ),
    ]
  }

  private func number(_ arc: ArcsFigure.Arc, _ place: (x: Double, y: Double)) -> Element {
    Element(
      "text",
      [
        "x": place.x, "y": ground - place.y, "font-size": 11, "text-anchor": "middle",
        "fill": "currentColor",
      ],
      ArcsFigure.number(arc.weight)[language]
    )
  }
}
