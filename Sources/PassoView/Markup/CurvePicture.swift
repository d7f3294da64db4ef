// SPDX-License-Identifier: MIT

import PassoText

/// A curve as vectors: the line, the levels that it is measured against, two scales.
///
/// Colours are those of the text around it (`currentColor`); levels differ by their names.
struct CurvePicture {
  static let width = 640.0
  static let height = 260.0
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

  /// A whole `svg` element.
  func element(class name: String) -> String {
    let size = "\(Markup.px(Self.width)) \(Markup.px(Self.height))"
    return "<svg class=\"\(name)\" viewBox=\"0 0 \(size)\" role=\"img\" aria-label=\"\(label)\">"
      + body + "</svg>"
  }

  private var label: String { Markup.escaped(CurveSentence(curve)[language]) }

  /// Lines and texts, from the upper left corner on.
  var body: String { frame + levels + line }

  private func x(_ index: Int) -> Double {
    let room = Self.width - Self.left - Self.right
    return Self.left + room * Double(index) / Double(max(1, curve.values.count - 1))
  }

  private func y(_ value: Double) -> Double {
    Self.height - Self.bottom - range.part(value) * (Self.height - Self.top - Self.bottom)
  }

  private var line: String {
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
      path += "\(isOpen ? "L" : "M")\(Markup.px(x(index))) \(Markup.px(y(curve.values[index])))"
      isOpen = true
    }
    return "<path d=\"\(path)\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"1.6\"/>"
  }

  private var frame: String {
    let (left, bottom) = (Self.left, Self.height - Self.bottom)
    let end = Self.width - Self.right
    var body = rule(left, Self.top, left, bottom) + rule(left, bottom, end, bottom)
    for part in [0, 0.5, 1] {
      let value = range.number(at: part)
      body += text(left - 6, y(value) + 4, NumberText.general(value, digits: 3), anchor: "end")
    }
    let first = "\(curve.horizontal[language]) \(curve.start)"
    let last = String(curve.start + curve.values.count - 1)
    body += text(left, bottom + 18, first, anchor: "start")
    return body + text(end, bottom + 18, last, anchor: "end")
  }

  /// Levels with their names; names that would cover each other move apart.
  private var levels: String {
    var body = ""
    var lowest = -Double.infinity
    for level in curve.references.sorted(by: { $0.value > $1.value }) {
      let place = y(level.value)
      let end = Self.width - Self.right
      body += "<line x1=\"\(Markup.px(Self.left))\" y1=\"\(Markup.px(place))\""
      body += " x2=\"\(Markup.px(end))\" y2=\"\(Markup.px(place))\" stroke=\"currentColor\""
      body += " stroke-width=\"1\" stroke-dasharray=\"5 4\" opacity=\"0.7\"/>"
      lowest = max(place + 4, lowest + 15)
      let name = "\(level.name[language]) \(NumberText.general(level.value, digits: 5))"
      body += text(end + 6, lowest, name, anchor: "start")
    }
    return body
  }

  private func rule(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double) -> String {
    "<line x1=\"\(Markup.px(x1))\" y1=\"\(Markup.px(y1))\" x2=\"\(Markup.px(x2))\""
      + " y2=\"\(Markup.px(y2))\" stroke=\"currentColor\" opacity=\"0.5\"/>"
  }

  private func text(_ x: Double, _ y: Double, _ text: String, anchor: String) -> String {
    "<text x=\"\(Markup.px(x))\" y=\"\(Markup.px(y))\" text-anchor=\"\(anchor)\""
      + " font-size=\"12\" fill=\"currentColor\">\(Markup.escaped(text))</text>"
  }
}
