// SPDX-License-Identifier: MIT

import PassoEngine
import PassoRuntime
import PassoText

/// The rows of a matrix as vectors: which are alike, and what they look like from two sides.
package struct Embeddings: Sendable {
  /// Row after row.
  private let numbers: [Double]
  private let width: Int
  private let count: Int

  /// The rows of a matrix, as `W_E`.
  package init(_ matrix: Tensor) {
    width = max(1, matrix.shape.lastSize)
    numbers = matrix.doubles
    count = numbers.count / width
  }

  /// The cosine of the angle between a row and every other, the greatest first.
  ///
  /// A row of zeros has no direction: it is left out.
  package func nearest(to row: Int) -> [(row: Int, cosine: Double)] {
    let norms = lengths(numbers)
    return (0..<count).filter { $0 != row && norms[$0] > 0 && norms[row] > 0 }
      .map { ($0, dot(numbers, row, numbers, $0) / (norms[row] * norms[$0])) }
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
    guard count > 1 else { return ((0..<count).map { _ in (0, 0) }, 0) }
    var left = fromTheirMean
    let all = (0..<count).reduce(0) { $0 + dot(left, $1, left, $1) }
    var coordinates: [[Double]] = []
    for _ in 0..<2 {
      let direction = try mainDirection(left)
      let places = (0..<count).map { dot(left, $0, direction, 0) }
      coordinates.append(places)
      for row in 0..<count {
        for i in 0..<width { left[row * width + i] -= places[row] * direction[i] }
      }
    }
    let shown = coordinates.joined().reduce(0) { $0 + $1 * $1 }
    return (Array(zip(coordinates[0], coordinates[1])), all > 0 ? shown / all : 0)
  }

  /// The rows less their mean.
  private var fromTheirMean: [Double] {
    var mean = Array(repeating: 0.0, count: width)
    for row in 0..<count {
      for i in 0..<width { mean[i] += numbers[row * width + i] }
    }
    for i in 0..<width { mean[i] /= Double(count) }
    var left = numbers
    for row in 0..<count {
      for i in 0..<width { left[row * width + i] -= mean[i] }
    }
    return left
  }

  /// A unit vector along which the rows vary most; its largest component is positive.
  private func mainDirection(_ rows: [Double]) throws(Interrupted) -> [Double] {
    // From the longest row on: it cannot be at a right angle to every direction that matters.
    let squares = (0..<count).map { dot(rows, $0, rows, $0) }
    let longest = squares.indices.max { squares[$0] < squares[$1] } ?? 0
    guard squares[longest] > 0 else { return Array(repeating: 0, count: width) }
    var direction = Array(rows[longest * width..<(longest + 1) * width])
    for _ in 0..<300 {
      var next = Array(repeating: 0.0, count: width)
      for row in 0..<count {
        if row.isMultiple(of: 1_024) { try Interruption.check() }
        add(rows, row, times: dot(rows, row, direction, 0), to: &next)
      }
      let norm = dot(next, 0, next, 0).squareRoot()
      guard norm > 0 else { break }
      next = next.map { $0 / norm }
      let change = zip(next, direction).reduce(0) { max($0, abs($1.0 - $1.1)) }
      direction = next
      if change < 1e-12 { break }
    }
    let largest = direction.max { abs($0) < abs($1) } ?? 0
    return largest < 0 ? direction.map { -$0 } : direction
  }

  private func lengths(_ rows: [Double]) -> [Double] {
    (0..<count).map { dot(rows, $0, rows, $0).squareRoot() }
  }

  private typealias Lanes = SIMD8<Double>

  /// The product of two rows: each lane takes every eighth component, and then the lanes are added.
  private func dot(_ left: [Double], _ row: Int, _ right: [Double], _ other: Int) -> Double {
    let (first, second) = (row * width, other * width)
    let whole = width / Lanes.scalarCount * Lanes.scalarCount
    var sum = left.withUnsafeBytes { left in
      right.withUnsafeBytes { right in
        var sums = Lanes.zero
        for i in stride(from: 0, to: whole, by: Lanes.scalarCount) {
          sums += Self.lanes(left, first + i) * Self.lanes(right, second + i)
        }
        return sums.sum()
      }
    }
    for i in whole..<width { sum += left[first + i] * right[second + i] }
    return sum
  }

  private static func lanes(_ bytes: UnsafeRawBufferPointer, _ place: Int) -> Lanes {
    bytes.loadUnaligned(fromByteOffset: place * MemoryLayout<Double>.stride, as: Lanes.self)
  }

  /// Adds a multiple of a row to a vector.
  private func add(_ rows: [Double], _ row: Int, times factor: Double, to sum: inout [Double]) {
    rows.withUnsafeBufferPointer { rows in
      sum.withUnsafeMutableBufferPointer { sum in
        for i in 0..<width { sum[i] += factor * rows[row * width + i] }
      }
    }
  }
}
