// SPDX-License-Identifier: MIT

import PassoEngine

/// Where the entries of a slice are found in the value that it was cut from.
package struct SliceOrigin {
  /// Axes that are left, with their whole size and the entries that were taken.
  package let kept: [(size: Int, slice: AxisSlice)]

  /// The row of the batch that the slice begins with.
  package let row: Int

  package init(shape: Shape, slices: [AxisSlice]) {
    kept = zip(shape.sizes, slices).filter { pair in
      if case .range = pair.1 { true } else { false }
    }
    row = shape.axes.first == .batch ? slices.first?.position(0) ?? 0 : 0
  }
}
