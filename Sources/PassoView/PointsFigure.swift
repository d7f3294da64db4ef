// SPDX-License-Identifier: MIT

import PassoText

/// Named places in a plane, as embeddings seen from their two main directions.
package struct PointsFigure: Sendable, Hashable {
  package struct Point: Sendable, Hashable {
    package let name: String
    package let x: Double
    package let y: Double

    package init(_ name: String, x: Double, y: Double) {
      self.name = name
      self.x = x
      self.y = y
    }
  }

  package let title: Bilingual

  /// Only finite ones can be placed.
  package let points: [Point]

  /// Lines below the plane.
  package var notes: [Bilingual] = []

  package init(title: Bilingual, points: [Point], notes: [Bilingual] = []) {
    self.title = title
    self.points = points.filter { $0.x.isFinite && $0.y.isFinite }
    self.notes = notes
  }

  /// The part of each axis that is in use.
  var bounds: (x: ClosedRange<Double>, y: ClosedRange<Double>) {
    func range(_ values: [Double]) -> ClosedRange<Double> {
      (values.min() ?? 0)...(values.max() ?? 1)
    }
    return (range(points.map(\.x)), range(points.map(\.y)))
  }

  func sentence(_ point: Point) -> String {
    "\(point.name.visible): x \(NumberText.general(point.x, digits: 4)),"
      + " y \(NumberText.general(point.y, digits: 4))"
  }
}

/// Writes the names where their points are; a name without room becomes a sentence below.
struct PointsLayout {
  private static let height = 18

  private let figure: PointsFigure
  private let width: Int
  private let language: Language

  init(_ figure: PointsFigure, width: Int, language: Language) {
    self.figure = figure
    self.width = width
    self.language = language
  }

  var lines: [StyledLine] {
    var rows = Array(repeating: Array(repeating: " ", count: width), count: Self.height)
    var left: [PointsFigure.Point] = []
    let bounds = figure.bounds
    for point in figure.points {
      let name = point.name.visible.truncated(to: 12)
      let wide = DisplayWidth.of(name)
      let column = Int(bounds.x.part(point.x) * Double(max(0, width - wide)))
      let row = Int((1 - bounds.y.part(point.y)) * Double(Self.height - 1))
      let cells = max(0, column - 1)..<min(width, column + wide + 1)
      guard rows[row][cells].allSatisfy({ $0 == " " }), column + wide <= width else {
        left.append(point)
        continue
      }
      var place = column
      for character in name {
        // What takes no room belongs to the sign before it.
        guard DisplayWidth.of(String(character)) > 0 else {
          if place > column { rows[row][place - 1] += String(character) }
          continue
        }
        rows[row][place] = String(character)
        // A wide character fills two places.
        let next = place + DisplayWidth.of(String(character))
        for filler in place + 1..<next {
          rows[row][filler] = ""
        }
        place = next
      }
    }
    return TextLayout.heading(figure.title, width: width, language: language)
      + rows.map { StyledLine($0.joined()) } + remarks(left)
  }

  private func remarks(_ left: [PointsFigure.Point]) -> [StyledLine] {
    guard !left.isEmpty else { return [] }
    let start = Bilingual(it: "senza posto: ", en: "without room: ")[language]
    let text = start + left.map(figure.sentence).joined(separator: "; ")
    return TextLayout.lines(.init([Run(text, .dim)]), width: width, language: language)
  }
}

/// Dots with their names.
struct PointsPicture {
  static let width = 640.0
  static let height = 420.0
  private static let margin = 40.0

  private let figure: PointsFigure

  init(_ figure: PointsFigure) { self.figure = figure }

  var element: String {
    let names = figure.points.map(figure.sentence).joined(separator: "; ")
    return "<svg class=\"curve\" viewBox=\"0 0 \(Markup.px(Self.width)) \(Markup.px(Self.height))\""
      + " role=\"img\" aria-label=\"\(Markup.escaped(names))\">\(body)</svg>"
  }

  var body: String {
    let bounds = figure.bounds
    return figure.points.map { point in
      let room = (Self.width - 3 * Self.margin, Self.height - 2 * Self.margin)
      let x = Self.margin + bounds.x.part(point.x) * room.0
      let y = Self.margin + (1 - bounds.y.part(point.y)) * room.1
      return "<circle cx=\"\(Markup.px(x))\" cy=\"\(Markup.px(y))\" r=\"3\" fill=\"currentColor\"/>"
        + "<text x=\"\(Markup.px(x + 6))\" y=\"\(Markup.px(y + 4))\" font-size=\"12\""
        + " fill=\"currentColor\">\(Markup.escaped(point.name))</text>"
    }.joined()
  }
}
