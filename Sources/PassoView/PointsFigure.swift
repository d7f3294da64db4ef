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

  /// What the axes are.
  package let horizontal: Bilingual
  package let vertical: Bilingual

  /// Lines below the plane.
  package let notes: [Bilingual]

  package init(
    title: Bilingual,
    points: [Point],
    horizontal: Bilingual = Bilingual(same: "x"),
    vertical: Bilingual = Bilingual(same: "y"),
    notes: [Bilingual] = []
  ) {
    self.title = title
    self.horizontal = horizontal
    self.vertical = vertical
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

  /// The axes with the numbers at their ends.
  var scale: Bilingual {
    func ends(_ range: ClosedRange<Double>) -> (Bilingual, Bilingual) {
      let (low, high) = (range.lowerBound, range.upperBound)
      return (NumberText.general(low, digits: 3), NumberText.general(high, digits: 3))
    }
    let (x, y) = (ends(bounds.x), ends(bounds.y))
    return Bilingual(
      it: "da sinistra a destra: \(horizontal.it), da \(x.0.it) a \(x.1.it);"
        + " dal basso in alto: \(vertical.it), da \(y.0.it) a \(y.1.it)",
      en: "from left to right: \(horizontal.en), from \(x.0.en) to \(x.1.en);"
        + " upwards: \(vertical.en), from \(y.0.en) to \(y.1.en)"
    )
  }

  /// The names without a place, in one line.
  static func remarks(_ left: [Bilingual]) -> [Bilingual] {
    guard !left.isEmpty else { return [] }
    return [
      Bilingual(it: "senza posto: ", en: "without room: ")
        + left.joined(separator: "; ")
    ]
  }

  func sentence(_ point: Point) -> Bilingual {
    Bilingual(same: "\(point.name.visible): x ") + NumberText.general(point.x, digits: 4)
      + Bilingual(same: ", y ") + NumberText.general(point.y, digits: 4)
  }
}

/// Writes the names where their points are; a name without room becomes a sentence below.
struct PointsLayout {
  private static let height = 18

  let figure: PointsFigure
  let text: TextLayout

  var lines: [StyledLine] {
    let width = text.width
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
        for filler in place + 1..<next { rows[row][filler] = "" }
        place = next
      }
    }
    return text.heading(figure.title) + rows.map { StyledLine($0.joined()) }
      + text.notes(PointsFigure.remarks(left.map(figure.sentence)))
      + (figure.points.isEmpty ? [] : text.notes([figure.scale]))
  }
}
