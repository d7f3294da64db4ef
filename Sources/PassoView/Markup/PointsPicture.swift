// SPDX-License-Identifier: MIT

import PassoText

/// Dots with their names in a frame with two scales; both axes have the same unit, so that
/// distances are what they look like.
struct PointsPicture: Picture {
  let width = 760.0
  private static let left = 64.0
  private static let right = 24.0
  private static let top = 12.0
  private static let bottom = 52.0
  private static let column = 6.8

  private let figure: PointsFigure
  private let language: Language
  private let x: ClosedRange<Double>
  private let y: ClosedRange<Double>
  let height: Double

  /// Names that found no place of their own: their dots have the numbers of this list.
  private let remarks: [Bilingual]

  private let labels: [Label]

  /// A name or a number beside its dot.
  private struct Label {
    let text: String
    let x: Double
    let y: Double
    let width: Double

    func covers(_ other: Label) -> Bool {
      x < other.x + other.width && other.x < x + width && abs(y - other.y) < 12
    }

    func covers(dot: (x: Double, y: Double)) -> Bool {
      dot.x + 3 > x && dot.x - 3 < x + width && abs(dot.y - (y - 4)) < 8
    }
  }

  init(_ figure: PointsFigure, language: Language) {
    (self.figure, self.language) = (figure, language)
    let inner = width - Self.left - Self.right
    (x, y) = Self.padded(figure.bounds)
    // One unit is as long upwards as to the right, within what a page can show.
    let (wide, high) = (x.upperBound / 2 - x.lowerBound / 2, y.upperBound / 2 - y.lowerBound / 2)
    let ratio = wide > 0 && high > 0 ? high / wide : 0.6
    let drawn = inner * min(max(ratio, 0.2), 1.2)
    height = drawn + Self.top + Self.bottom
    (labels, remarks) = Self.labels(figure, x, y, (inner, drawn))
  }

  /// The bounds with a margin; a plane without extent gets one.
  private static func padded(
    _ bounds: (x: ClosedRange<Double>, y: ClosedRange<Double>)
  ) -> (ClosedRange<Double>, ClosedRange<Double>) {
    func half(_ range: ClosedRange<Double>) -> Double {
      range.upperBound / 2 - range.lowerBound / 2
    }
    let least = max(half(bounds.x), half(bounds.y), 1e-9)
    func padded(_ range: ClosedRange<Double>, least part: Double) -> ClosedRange<Double> {
      let margin = 0.08 * least
      let missing = max(0, part * least - half(range))
      let (low, high) = (range.lowerBound - margin - missing, range.upperBound + margin + missing)
      return low.isFinite && high.isFinite ? low...high : range
    }
    // A direction in which little differs is drawn shorter, but not to nothing; the page is wider
    // than it is high.
    return (padded(bounds.x, least: 0.85), padded(bounds.y, least: 0.2))
  }

  private static func labels(
    _ figure: PointsFigure,
    _ x: ClosedRange<Double>,
    _ y: ClosedRange<Double>,
    _ size: (width: Double, height: Double)
  ) -> ([Label], [Bilingual]) {
    let dots = figure.points.map {
      (left + x.part($0.x) * size.width, top + (1 - y.part($0.y)) * size.height)
    }
    var labels: [Label] = []
    var remarks: [Bilingual] = []
    func free(_ text: String, at dot: (x: Double, y: Double)) -> Label? {
      let wide = Double(DisplayWidth.of(text)) * column
      let places: [(Double, Double)] = [
        (6, 4), (-6 - wide, 4), (-wide / 2, -8), (-wide / 2, 16), (5, -6), (5, 14),
        (-5 - wide, -6), (-5 - wide, 14),
      ]
      return places.lazy.map { Label(text: text, x: dot.x + $0.0, y: dot.y + $0.1, width: wide) }
        .first { label in
          label.x >= left && label.x + wide <= left + size.width && label.y > top
            && label.y < top + size.height && !labels.contains(where: label.covers)
            && !dots.contains { label.covers(dot: $0) }
        }
    }
    for (index, (point, dot)) in zip(figure.points, dots).enumerated() {
      if let label = free(point.name.visible.truncated(to: 16), at: dot) {
        labels.append(label)
        continue
      }
      remarks.append(Bilingual(same: "\(index + 1) ") + figure.sentence(point))
      if let label = free("\(index + 1)", at: dot) { labels.append(label) }
    }
    return (labels, remarks)
  }

  /// The names without a place, in one line.
  var legend: [Bilingual] { PointsFigure.remarks(remarks) }

  var name: String { figure.points.map(figure.sentence).joined(separator: "; ")[language] }

  var body: [Element] {
    let (inner, drawn) = (width - Self.left - Self.right, height - Self.top - Self.bottom)
    let dots = figure.points.map { point in
      Element(
        "circle",
        [
          "cx": Self.left + x.part(point.x) * inner, "cy": Self.top + (1 - y.part(point.y)) * drawn,
          "r": 3, "fill": "currentColor",
        ]
      )
    }
    return frame(inner, drawn) + dots
      + labels.map { .text($0.text, $0.x, $0.y, anchor: "start", length: $0.width) }
  }

  private func frame(_ inner: Double, _ drawn: Double) -> [Element] {
    let bottom = Self.top + drawn
    let border = Element(
      "rect",
      [
        "x": Self.left, "y": Self.top, "width": inner, "height": drawn, "fill": "none",
        "stroke": "currentColor", "opacity": "0.5",
      ]
    )
    guard !figure.points.isEmpty else { return [border] }
    let scales = [0.0, 0.5, 1].flatMap { part in
      let across = NumberText.general(x.number(at: part), digits: 2)[language]
      let up = NumberText.general(y.number(at: part), digits: 2)[language]
      return [
        Element.text(across, Self.left + part * inner, bottom + 16, anchor: "middle"),
        .text(up, Self.left - 6, bottom - part * drawn + 4, anchor: "end"),
      ]
    }
    let (across, up) = (figure.horizontal[language], figure.vertical[language])
    let middle = Self.top + drawn / 2
    return [border] + scales + [
      .text(across, Self.left + inner / 2, bottom + 38, anchor: "middle"),
      Element(
        "g",
        ["transform": "rotate(-90 12 \(middle.px))"],
        Element.text(up, 12, middle, anchor: "middle")
      ),
    ]
  }
}
