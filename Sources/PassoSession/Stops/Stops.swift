// SPDX-License-Identifier: MIT

import PassoEngine
import PassoExpressions
import PassoModel

/// What a move stops at.
package struct Stops: Sendable {
  package var breakpoints: [Breakpoint] = []
  package var watches: [Watch] = []

  /// Whether to stop where NaN or infinity comes up.
  package var stopsAtNotFinite = true

  /// What watched expressions were belongs to a run; with another one they begin anew, and one that
  /// failed there is asked again.
  mutating func forgetNumbers() {
    for index in watches.indices {
      watches[index].last = nil
      watches[index].isDisabled = false
    }
    for index in breakpoints.indices { breakpoints[index].isDisabled = false }
  }

  /// What watched expressions were later than a moment has not happened yet, there.
  mutating func forgetNumbers(after moment: Moment) {
    for index in watches.indices where watches[index].moment.map({ $0 > moment }) ?? false {
      watches[index].last = nil
    }
  }
}

/// Stops when a value has been computed.
package struct Breakpoint: Sendable {
  package let name: String

  /// Stops only where it is not 0.
  package let condition: WatchedExpression?

  /// How often the value was computed while the breakpoint was there.
  package var hits = 0

  /// A condition that failed is not asked again, and nothing stops here.
  package var isDisabled = false

  package init(name: String, condition: WatchedExpression?) {
    (self.name, self.condition) = (name, condition)
  }
}

/// Stops when an expression has another value than before.
package struct Watch: Sendable {
  package let expression: WatchedExpression

  /// What it was when it could last be computed.
  package var last: SameBits?

  /// When that was.
  package var moment: Moment?

  /// An expression that failed is not asked again.
  package var isDisabled = false

  package init(expression: WatchedExpression, last: SameBits?, moment: Moment?) {
    (self.expression, self.last, self.moment) = (expression, last, moment)
  }
}

/// An expression as it was typed, with its place in a line for messages.
package struct WatchedExpression: Sendable {
  /// The line, of which the expression is the end.
  let line: String
  package let text: String
  let expression: Expression

  /// Reads the end of a line as an expression.
  ///
  /// - Throws: A placed `ExpressionProblem`.
  package init(line: String, from start: Int) throws {
    let scalars = Array(line.unicodeScalars)
    let blanks = String(repeating: " ", count: start)
    text = String(String.UnicodeScalarView(scalars[start...]))
    self.line = line
    expression = try ExpressionParser.parse(blanks + text, of: line).expression
  }

  /// The value in a run.
  ///
  /// - Throws: A placed problem; `notComputed` where a value is missing.
  package func value(
    in execution: Execution,
    of session: Session,
    numbers: [String: Double] = [:]
  ) throws
    -> SameBits
  {
    var context = ExpressionContext(session, execution)
    let place = context.place
    context.place = { numbers[$0] == nil ? try place($0) : nil }
    context.lookup = { name in
      if let number = numbers[name] { return Tensor(scalar: number) }
      return try session.latest(name, in: execution)
    }
    let result = try ExpressionRecorder.evaluate(expression, line: line, context: context)
    return SameBits(tensor: result.tensor)
  }

  /// The names of the values that it reads.
  package func names(_ session: Session) -> Set<String> {
    var names: Set<String> = []
    for name in expression.names {
      guard let full = try? session.fullName(name) else { continue }
      names.formUnion([full, Derivation.next.name(of: full)])
    }
    return names
  }
}

/// A tensor that is equal to another if their bits are: NaN is equal to itself.
package struct SameBits: Sendable, Equatable {
  package let tensor: Tensor

  package static func == (left: SameBits, right: SameBits) -> Bool {
    left.tensor.shape == right.tensor.shape
      && zip(left.tensor.doubles, right.tensor.doubles).allSatisfy {
        $0.bitPattern == $1.bitPattern
      }
  }
}

extension Session {
  /// A value in an execution; of a parameter the newest numbers, as soon as the update has them.
  func latest(_ typed: String, in execution: Execution) throws -> Tensor {
    if let bound = bindings[typed] { return bound }
    if let (fork, name) = forkedValue(typed) { return try fork.tensor(name) }
    guard let name = try? Self.fullName(typed, in: execution.program) else {
      // A value of the program of now that the one of then has not.
      throw ValueProblem.notComputed(try fullName(typed))
    }
    for candidate in [Derivation.next.name(of: name), name] {
      if let id = execution.program.id(of: candidate), let tensor = try execution.tensor(id) {
        return tensor
      }
    }
    throw ValueProblem.notComputed(name)
  }
}
