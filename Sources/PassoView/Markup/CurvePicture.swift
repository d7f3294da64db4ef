// SPDX-License-Identifier: MIT

import PassoText

/// A curve as vectors: the line, the levels that it is measured against, two scales.
///
/// Levels differ by their names.
struct CurvePicture: Picture {
  let width = 640.0
  let height = 260.0
  private static let left = 56.0
  private static let right = 150.0
  private static let top = 12.0
  private static let bottom = 34.0

  /// A point for every pixel is more than can be seen.
  private static let mostPoints = 640

  private let curve: CurveFigure
  private let language: Language
  private let range: ClosedRange<Double>

  init(_ curve: CurveFigure, language: Language) {
    self.curve = curve
    self.language = language
    let finite = curve.values.filter(\.isFinite) + curve.references.map(\.value)
    let low = min(0, finite.min() ?? 0)
    range = low...max(finite.max() ?? 1, low + 1e-9)
  }

  var name: String { CurveSentence(curve)[language] }
  var body: [Element] { frame + levels + [line] }

  private func x(_ index: Int) -> Double {
    let room = width - Self.left - Self.right
    return Self.left + room * Double(index) / Double(max(1, curve.values.count - 1))
  }

  private func y(_ value: Double) -> Double {
    height - Self.bottom - range.part(value) * (height - Self.top - Self.bottom)
  }

  private var line: Element {
    let count = curve.values.count
    let stride = max(1, count / Self.mostPoints)
    // Every point that is drawn is a value; the last one always is.
    let indices = Array(Swift.stride(from: 0, to: count, by: stride)) + [count - 1]
    var path = ""
    var isOpen = false
    for index in indices where curve.values.indices.contains(index) {
      guard curve.values[index].isFinite else {
        isOpen = false
        continue
      }
      path += "\(isOpen ? "L" : "M")\(x(index).px) \(y(curve.values[index]).px)"
      isOpen = true
    }
    return .stroke(path, width: 1.6)
  }

  private var frame: [Element] {
    let (left, bottom) = (Self.left, height - Self.bottom)
    let end = width - Self.right
    let numbers = [0, 0.5, 1].map { part in
      let value = range.number(at: part)
      let digits = NumberText.general(value, digits: 3)[language]
      return Element.text(digits, left - 6, y(value) + 4, anchor: "end")
    }
    let first = "\(curve.horizontal[language]) \(curve.start)"
    let last = String(curve.start + curve.values.count - 1)
    return [Self.rule(left, Self.top, left, bottom), Self.rule(left, bottom, end, bottom)]
      + numbers + [
        .text(first, left, bottom + 18, anchor: "start"),
        .text(last, end, bottom + 18, anchor: "end"),
      ]
  }

  /// Levels with their names; names that would cover each other move apart.
  private var levels: [Element] {
    var lowest = -Double.infinity
    return curve.references.sorted { $0.value > $1.value }.flatMap { level in
      let place = y(level.value)
      let end = width - Self.right
      lowest = max(place + 4, lowest + 15)
      let name = "\(level.name[language]) \(NumberText.general(level.value, digits: 5)[language])"
      return [
        Self.rule(Self.left, place, end, place, width: 1, dashes: "5 4", opacity: "0.7"),
        .text(name, end + 6, lowest, anchor: "start"),
      ]
    }
  }

  private static func rule(
    _ x1: Double,
    _ y1: Double,
    _ x2: Double,
    _ y2: Double,
    width: Double? = nil,
    dashes: String? = nil,
    opacity: String = "0.5"
  ) -> Element {
    Element(
      "line",
      [
        "x1": x1, "y1": y1, "x2": x2, "y2": y2, "stroke": "currentColor", "stroke-width": width,
        "stroke-dasharray": dashes, "opacity": opacity,
      ]
    )
  }
}
