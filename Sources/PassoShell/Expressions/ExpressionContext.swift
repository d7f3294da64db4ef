// SPDX-License-Identifier: MIT

import PassoEngine

/// What the names of an expression stand for, and how their values came about.
struct ExpressionContext {
  /// The program that computes the values.
  let program: Program

  /// The value of a name as it is now; it throws if there is none, or none yet.
  var lookup: (String) throws -> Tensor

  /// The place of a name in the program; nil for what `let` has named.
  var place: (String) throws -> ValueID?

  /// What tokens name on the axes of values.
  let labels: AxisLabels

  /// A value of the program as it is now; nil if it is not computed.
  var held: (ValueID) -> Tensor?

  init(_ session: Session) {
    self.init(session, session.timeline.execution)
    lookup = { try session.tensor($0) }
  }

  /// The values of an execution, which need not be where the session stands: the numbers of values
  /// are those of its program.
  init(_ session: Session, _ execution: Execution) {
    let program = execution.program
    self.program = program
    labels = AxisLabels(session)
    lookup = { try session.latest($0, in: execution) }
    held = { execution.tensor($0) }
    place = { name in
      guard session.bindings[name] == nil, session.forkedValue(name) == nil else { return nil }
      return program.id(of: try Session.fullName(name, in: program))
    }
  }
}
