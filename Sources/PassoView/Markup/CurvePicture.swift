// SPDX-License-Identifier: MIT

import PassoText

/// Curves as vectors: the lines, the levels that they are measured against, two scales.
///
/// Levels differ by their names; several curves by marks, and by how their lines are broken.
struct CurvePicture: Picture {
  let width = 640.0
  private static let plane = 260.0
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
    let finite = curve.heights
    let low = min(0, finite.min() ?? 0)
    range = low...max(finite.max() ?? 1, low + 1e-9)
  }

  var name: String { CurveSentence(curve)[language] }

  /// Names of several curves stand below the plane.
  var height: Double {
    let rows = (curve.series.count + Self.perRow - 1) / Self.perRow
    return Self.plane + Double(rows) * Self.legendLine
  }

  var body: [Element] {
    let lines = curve.curves.indices.map { line($0) }
    return frame + levels + lines + curve.series.indices.flatMap { marks(of: $0) } + legend
  }

  private func x(_ index: Int) -> Double {
    let room = width - Self.left - Self.right
    return Self.left + room * Double(index) / Double(max(1, curve.count - 1))
  }

  private func y(_ value: Double) -> Double {
    Self.plane - Self.bottom - range.part(value) * (Self.plane - Self.top - Self.bottom)
  }

  private func line(_ number: Int) -> Element {
    let values = curve.curves[number]
    let count = values.count
    let stride = max(1, count / Self.mostPoints)
    // Every point that is drawn is a value; the last one always is.
    let indices = Array(Swift.stride(from: 0, to: count, by: stride)) + [count - 1]
    var path = ""
    var isOpen = false
    for index in indices where values.indices.contains(index) {
      guard values[index].isFinite else {
        isOpen = false
        continue
      }
      path += "\(isOpen ? "L" : "M")\(x(index).px) \(y(values[index]).px)"
      isOpen = true
    }
    return .stroke(path, width: 1.6, dashes: Self.dashes(number))
  }

  /// How a line is broken; that of the first curve is whole.
  private static func dashes(_ number: Int) -> String? {
    [nil, "9 3", "2 3", "9 3 2 3"][number % 4]
  }

  /// Marks on a curve, each curve's at other points so that none hides another.
  private static let marksPerCurve = 6

  private func marks(of number: Int) -> [Element] {
    let values = curve.curves[number]
    let parts = Double(Self.marksPerCurve * curve.series.count)
    let points = (0..<Self.marksPerCurve).map { mark in
      let part = Double(mark * curve.series.count + number) / max(1, parts - 1)
      return Int((part * Double(values.count - 1)).rounded())
    }
    return Set(points).sorted().filter { values.indices.contains($0) && values[$0].isFinite }.map {
      Self.mark(number, x($0), y(values[$0]))
    }
  }

  private static func mark(_ number: Int, _ x: Double, _ y: Double) -> Element {
    .text(String(CurveFigure.mark(number)), x, y + 5, anchor: "middle", size: 15)
  }

  private static let perRow = 3
  private static let legendLine = 20.0

  private var legend: [Element] {
    let column = (width - Self.left) / Double(Self.perRow)
    return curve.series.enumerated().flatMap { number, series in
      let (row, place) = number.quotientAndRemainder(dividingBy: Self.perRow)
      let x = Self.left + Double(place) * column
      let y = Self.plane + Double(row) * Self.legendLine + 6
      let name = series.name[language].visible.truncated(to: Self.longestName)
      let sample = "M\(x.px) \(y.px)L\((x + 32).px) \(y.px)"
      return [
        .stroke(sample, width: 1.6, dashes: Self.dashes(number)),
        Self.mark(number, x + 16, y), .text(name, x + 40, y + 4, anchor: "start"),
      ]
    }
  }

  /// Columns that a name has room for.
  private static let longestName = 20

  private var frame: [Element] {
    let (left, bottom) = (Self.left, Self.plane - Self.bottom)
    let end = width - Self.right
    let numbers = [0, 0.5, 1].map { part in
      let value = range.number(at: part)
      let digits = NumberText.general(value, digits: 3)[language]
      return Element.text(digits, left - 6, y(value) + 4, anchor: "end")
    }
    let first = "\(curve.horizontal[language]) \(curve.start)"
    let last = String(curve.start + curve.count - 1)
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
