// SPDX-License-Identifier: MIT

import PassoEngine
import PassoText

/// Turns a slice as it was written into one that fits a shape.
package struct SliceResolver {
  let line: String
  let shape: Shape

  /// Finds the places that tokens name.
  let labels: any AxisLabels

  package init(line: String, shape: Shape, labels: any AxisLabels) {
    (self.line, self.shape, self.labels) = (line, shape, labels)
  }

  /// One item for each axis: what is not mentioned is taken whole.
  ///
  /// - Throws: A placed `ExpressionProblem`.
  package func resolve(_ items: [Expression.SliceItem], span: Range<Int>) throws -> [AxisSlice] {
    let ellipses = items.indices.filter { if case .ellipsis = items[$0] { true } else { false } }
    let given = items.count - ellipses.count
    guard given <= shape.rank, ellipses.count <= 1 else {
      throw ExpressionProblem.tooManyIndices(given, shape: shape).placed(span, in: line)
    }
    let gap = ellipses.first ?? items.count
    let missing = shape.rank - given
    var slices: [AxisSlice] = []
    for (index, item) in items.enumerated() where index != gap {
      if index > gap, slices.count == gap { slices += whole(slices.count, missing) }
      slices.append(try resolve(item, after: slices))
    }
    return slices + whole(slices.count, shape.rank - slices.count)
  }

  private func whole(_ start: Int, _ count: Int) -> [AxisSlice] {
    (start..<start + count).map { .range(start: 0, count: shape.sizes[$0], step: 1) }
  }

  private func resolve(
    _ item: Expression.SliceItem,
    after slices: [AxisSlice]
  ) throws -> AxisSlice {
    let axis = slices.count
    let size = shape.sizes[axis]
    switch item {
    case .index(let index, let span):
      let counted = index < 0 ? index + size : index
      guard (0..<size).contains(counted) else {
        throw ExpressionProblem.indexOutside(index, axis: shape.axes[axis], size: size).placed(
          span,
          in: line
        )
      }
      return .index(counted)
    case .label(let label, let span):
      let row = shape.axes.first == .batch ? slices.first?.position(0) ?? 0 : 0
      do {
        return .index(try labels.place(of: label, on: shape.axes[axis], size: size, row: row))
      } catch let problem as any Problem {
        throw Placed(problem, source: line, span: span)
      }
    case .range(let start, let end, let step, let span):
      let slice = Self.range(start: start, end: end, step: step ?? 1, size: size)
      guard slice.count > 0 else {
        throw ExpressionProblem.emptySlice(axis: shape.axes[axis], size: size).placed(
          span,
          in: line
        )
      }
      return slice
    case .ellipsis: return .range(start: 0, count: size, step: 1)
    }
  }

  /// A range as Python reads it: negative from the end, half-open, cut to the size.
  private static func range(start: Int?, end: Int?, step: Int, size: Int) -> AxisSlice {
    func counted(_ index: Int, _ low: Int, _ high: Int) -> Int {
      let fromStart = index < 0 ? max(index, -size - 1) + size : index
      return min(max(fromStart, low), high)
    }
    if step > 0 {
      let first = counted(start ?? 0, 0, size)
      let last = counted(end ?? size, 0, size)
      let count = last > first ? (last - first - 1) / step + 1 : 0
      return .range(start: first, count: count, step: min(step, size))
    }
    let first = counted(start ?? size - 1, -1, size - 1)
    let last = end.map { counted($0, -1, size - 1) } ?? -1
    let stride = step.magnitude > UInt(size) ? size : -step
    let count = first > last ? (first - last - 1) / stride + 1 : 0
    return .range(start: first, count: count, step: -stride)
  }
}
