// SPDX-License-Identifier: MIT

/// Readable steps that are one pass over memory, or few, with the steps that their gradient rules
/// appended.
///
/// Found by what steps compute and how they hang together, never by their names.
protocol Fusion: Sendable {
  /// Finds the pattern at a step of the forward pass, the one that it is known by.
  static func find(at index: Int, in graph: StepGraph) -> Self?

  /// The steps of the forward pass or the loss; their work is done in the place of the last.
  var steps: [Int] { get }

  /// The value that others may read; what else its steps compute is never in memory for them.
  var output: ValueID { get }

  /// Products that it begins with.
  var projections: Projections? { get }

  /// Steps of the backward pass whose work is done with that of the gradient rules.
  var sums: [Int] { get }

  /// Parameters that lie side by side.
  var parameters: [ParameterGroup] { get }

  /// Writes the fast steps of the forward pass or the loss.
  mutating func writeForward(_ lowering: inout Lowering)

  /// Writes the fast steps of the backward pass, from the gradient of the output.
  func writeBackward(_ lowering: inout Lowering, from gradient: ValueID)
}

extension Fusion {
  var projections: Projections? { nil }
  var sums: [Int] { projections?.sum.map { [$0] } ?? [] }
  var parameters: [ParameterGroup] { projections?.parameters ?? [] }
  func writeBackward(_ lowering: inout Lowering, from gradient: ValueID) {}
}

/// Parameters that are used together: their columns lie side by side.
struct ParameterGroup {
  let ids: [ValueID]
  let rows: Int
}
