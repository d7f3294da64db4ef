// SPDX-License-Identifier: MIT

import PassoEngine

/// Finds the places of axes that are named by what stands there, as positions by their tokens.
package protocol AxisLabels {
  /// The place that a label names.
  ///
  /// - Parameters:
  ///   - label: The label, as a person types it.
  ///   - axis: The axis.
  ///   - size: How many places the axis has.
  ///   - row: The row of the batch, on axes of positions.
  /// - Returns: The place, from 0.
  /// - Throws: `ExpressionProblem`, or a problem of what the labels are, if it names no place.
  func place(of label: String, on axis: Axis, size: Int, row: Int) throws -> Int
}
