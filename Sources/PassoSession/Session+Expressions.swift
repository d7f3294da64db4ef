// SPDX-License-Identifier: MIT

import PassoEngine
import PassoExpressions
import PassoText

extension ExpressionContext {
  /// The values of a session as they are now.
  package init(_ session: Session) {
    self.init(session, session.timeline.execution)
    lookup = { try session.tensor($0) }
  }

  /// The values of an execution, which need not be where the session stands: the numbers of values
  /// are those of its program.
  init(_ session: Session, _ execution: Execution) {
    let program = execution.program
    self.init(
      program,
      labels: SessionLabels(session),
      lookup: { try session.latest($0, in: execution) },
      place: { name in
        guard session.bindings[name] == nil, session.forkedValue(name) == nil else { return nil }
        return program.id(of: try Session.fullName(name, in: program))
      },
      held: { id in
        guard let tensor = try execution.tensor(id) else {
          throw ValueProblem.notComputed(program[id].name)
        }
        return tensor
      }
    )
  }
}

extension Session {
  /// The value of an expression.
  ///
  /// - Throws: A placed problem.
  package func tensor(of line: String) throws -> Tensor {
    try ExpressionRecorder.evaluate(
      ExpressionParser.parse(line).expression,
      line: line,
      context: ExpressionContext(self)
    ).tensor
  }

  /// Where the entries of a value are found in the value that it is a slice of.
  ///
  /// - Parameter line: An expression that can be computed.
  /// - Returns: The places of its entries; nil for no slice.
  package func origin(of line: String) -> SliceOrigin? {
    guard
      case .slice(.name(let name, _), let items, let span)? =
        try? ExpressionParser.parse(line).expression,
      let whole = try? tensor(name).shape,
      let slices = try? SliceResolver(line: line, shape: whole, labels: SessionLabels(self))
        .resolve(items, span: span)
    else { return nil }
    return SliceOrigin(shape: whole, slices: slices)
  }
}
