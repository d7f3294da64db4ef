// SPDX-License-Identifier: MIT

import PassoEngine
import PassoRuntime
import PassoText

/// The rows of a matrix as vectors: which are alike, and what they look like from two sides.
package struct Embeddings: Sendable {
  /// [row][component].
  private let rows: [[Double]]

  /// The rows of a matrix, as `W_E`.
  package init(_ matrix: Tensor) {
    let width = max(1, matrix.shape.lastSize)
    let numbers = matrix.doubles
    rows = stride(from: 0, to: numbers.count, by: width).map { Array(numbers[$0..<$0 + width]) }
  }

  /// The cosine of the angle between a row and every other, the greatest first.
  ///
  /// A row of zeros has no direction: it is left out.
  package func nearest(to row: Int) -> [(row: Int, cosine: Double)] {
    let norms = rows.map { Self.dot($0, $0).squareRoot() }
    return rows.indices.filter { $0 != row && norms[$0] > 0 && norms[row] > 0 }
      .map { ($0, Self.dot(rows[row], rows[$0]) / (norms[row] * norms[$0])) }
      .sorted { $0.1 == $1.1 ? $0.0 < $1.0 : $0.1 > $1.1 }
  }

  /// The rows seen from the two directions in which they differ most.
  ///
  /// Source: Pearson 1901, doi 10.1080/14786440109462720; directions by power iteration.
  ///
  /// - Returns: Two coordinates for each row, and the part of all variance that they show.
  /// - Throws: `Interrupted` if a stop was requested.
  package func mainPlane() throws(Interrupted) -> (points: [(x: Double, y: Double)], shown: Double)
  {
    guard let width = rows.first?.count, rows.count > 1 else {
      return (rows.map { _ in (0, 0) }, 0)
    }
    let mean = (0..<width).map { i in rows.reduce(0) { $0 + $1[i] } / Double(rows.count) }
    var left = rows.map { row in zip(row, mean).map { $0 - $1 } }
    let all = left.reduce(0) { $0 + Self.dot($1, $1) }
    var coordinates: [[Double]] = []
    for _ in 0..<2 {
      let direction = try Self.mainDirection(left)
      let places = left.map { Self.dot($0, direction) }
      coordinates.append(places)
      left = zip(left, places).map { row, place in
        zip(row, direction).map { $0 - place * $1 }
      }
    }
    let shown = coordinates.joined().reduce(0) { $0 + $1 * $1 }
    return (Array(zip(coordinates[0], coordinates[1])), all > 0 ? shown / all : 0)
  }

  /// A unit vector along which the rows vary most; its largest component is positive.
  private static func mainDirection(_ rows: [[Double]]) throws(Interrupted) -> [Double] {
    let width = rows[0].count
    // From the longest row on: it cannot be at a right angle to every direction that matters.
    var direction = rows.max { dot($0, $0) < dot($1, $1) } ?? []
    guard dot(direction, direction) > 0 else { return Array(repeating: 0, count: width) }
    for _ in 0..<300 {
      var next = Array(repeating: 0.0, count: width)
      for (index, row) in rows.enumerated() {
        if index.isMultiple(of: 1_024) { try Interruption.check() }
        let place = dot(row, direction)
        for i in 0..<width { next[i] += place * row[i] }
      }
      let norm = dot(next, next).squareRoot()
      guard norm > 0 else { break }
      next = next.map { $0 / norm }
      let change = zip(next, direction).reduce(0) { max($0, abs($1.0 - $1.1)) }
      direction = next
      if change < 1e-12 { break }
    }
    let largest = direction.max { abs($0) < abs($1) } ?? 0
    return largest < 0 ? direction.map { -$0 } : direction
  }

  private static func dot(_ left: [Double], _ right: [Double]) -> Double {
    var sum = 0.0
    for i in left.indices { sum += left[i] * right[i] }
    return sum
  }
}
