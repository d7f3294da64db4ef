// SPDX-License-Identifier: MIT

import PassoText

/// A number as it develops, or several side by side, beside numbers that they can be measured
/// against.
package struct CurveFigure: Sendable, Hashable {
  package struct Reference: Sendable, Hashable {
    package let name: Bilingual
    package let value: Double

    package init(_ name: Bilingual, _ value: Double) {
      self.name = name
      self.value = value
    }
  }

  /// One of several curves; what tells it from the others is its mark, never a colour.
  package struct Series: Sendable, Hashable {
    package let name: Bilingual
    package let values: [Double]

    package init(_ name: Bilingual, _ values: [Double]) {
      self.name = name
      self.values = values
    }
  }

  package let title: Bilingual

  /// What is counted from left to right.
  package let horizontal: Bilingual

  /// The count of the first point.
  package let start: Int

  /// The curves that have names; none if there is only one, which needs no name.
  package let series: [Series]

  package let references: [Reference]

  /// The values of each curve.
  let curves: [[Double]]

  package init(
    title: Bilingual,
    horizontal: Bilingual,
    start: Int,
    values: [Double],
    references: [Reference] = []
  ) {
    (self.title, self.horizontal, self.start) = (title, horizontal, start)
    (series, curves, self.references) = ([], [values], references)
  }

  /// Several curves over the same count.
  package init(
    title: Bilingual,
    horizontal: Bilingual,
    start: Int,
    series: [Series],
    references: [Reference] = []
  ) {
    (self.title, self.horizontal, self.start) = (title, horizontal, start)
    (self.series, curves, self.references) = (series, series.map(\.values), references)
  }
}

extension CurveFigure {
  /// What curves are drawn with, in their order.
  static let marks: [Character] = ["*", "o", "+", "x", "#", "@", "%", "&"]

  /// What stands where curves lie on one another.
  static let sharedMark: Character = "="

  static func mark(_ index: Int) -> Character { marks[index % marks.count] }

  /// Points from left to right, those of the longest curve.
  var count: Int { curves.map(\.count).max() ?? 0 }

  /// Everything that has a height.
  var heights: [Double] { curves.joined().filter(\.isFinite) + references.map(\.value) }

  /// The value of a curve at a point; not a number where it has none.
  func value(_ curve: Int, _ point: Int) -> Double {
    curves[curve].indices.contains(point) ? curves[curve][point] : .nan
  }

  /// What each curve is drawn with, and what it is called; empty if there is only one.
  var legend: [Bilingual] {
    series.enumerated().map { Bilingual(same: "\(Self.mark($0)) ") + $1.name }
  }

  /// Points of which the linear form tells the numbers.
  private static let mostRows = 10

  /// All values of several curves, or as many as can be read, evenly, with the last.
  func rows(_ language: Language) -> [String] {
    let shown = min(count, Self.mostRows)
    let points = (0..<shown).map { shown == 1 ? 0 : $0 * (count - 1) / (shown - 1) }
    let levels = references.map { reference in
      (reference.name + Bilingual(same: ": ") + NumberText.general(reference.value, digits: 5))[
        language
      ].visible
    }
    return points.map { row($0, language) } + levels
  }

  private func row(_ point: Int, _ language: Language) -> String {
    let numbers = series.indices.filter { series[$0].values.indices.contains(point) }.map { index in
      let number = NumberText.general(value(index, point), digits: 5)[language]
      return "\(series[index].name[language].visible) \(number)"
    }
    return "\(horizontal[language].visible) \(start + point): "
      + numbers.joined(separator: language == .it ? "; " : ", ")
  }
}
