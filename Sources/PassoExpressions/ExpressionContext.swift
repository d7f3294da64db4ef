// SPDX-License-Identifier: MIT

import PassoEngine

/// What the names of an expression stand for, and how their values came about.
package struct ExpressionContext {
  /// The program that computes the values.
  let program: Program

  /// What tokens name on the axes of values.
  let labels: any AxisLabels

  /// The value of a name as it is now; it throws if there is none, or none yet.
  package var lookup: (String) throws -> Tensor

  /// The place of a name in the program; nil for what `let` has named.
  package var place: (String) throws -> ValueID?

  /// A value of the program as it is now; it throws if it is not computed.
  let held: (ValueID) throws -> Tensor

  package init(
    _ program: Program,
    labels: any AxisLabels,
    lookup: @escaping (String) throws -> Tensor,
    place: @escaping (String) throws -> ValueID?,
    held: @escaping (ValueID) throws -> Tensor
  ) {
    (self.program, self.labels) = (program, labels)
    (self.lookup, self.place, self.held) = (lookup, place, held)
  }
}
