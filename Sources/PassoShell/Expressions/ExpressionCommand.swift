// SPDX-License-Identifier: MIT

import PassoEngine
import PassoText

/// Expressions in the REPL: lines that are no command.
enum ExpressionCommand {
  /// The names that completion offers.
  static let functionNames = ExpressionFunction.names

  /// The value of an expression in a session.
  ///
  /// - Throws: A placed problem.
  static func evaluate(_ line: String, _ session: Session) throws -> Tensor {
    try evaluate(ExpressionParser.parse(line).expression, line: line, session)
  }

  private static func evaluate(
    _ expression: Expression,
    line: String,
    _ session: Session
  ) throws -> Tensor {
    try ExpressionRecorder.evaluate(expression, line: line) { try session.tensor($0) }
  }

  /// Computes a line, keeps its value if it begins with `let`, and shows it.
  static func run(_ line: String, shell: Shell) throws {
    let statement = try ExpressionParser.parse(line)
    if case .name(let name, let span) = statement.expression, statement.name == nil {
      try refuseBareCommand(name, line: line, span: span, shell.session)
    }
    let tensor = try evaluate(statement.expression, line: line, shell.session)
    if let name = statement.name {
      guard shell.session.timeline.plan.program.id(of: name) == nil else {
        throw ExpressionProblem.takenName(name)
      }
      shell.session.bindings[name] = tensor
    }
    shell.console.show(
      TensorFigure(shell.session).figure(
        tensor,
        title: statement.name ?? line,
        name: fullName(statement.expression, shell.session)
      )
    )
  }

  /// `step` without its colon is a slip, not a value.
  private static func refuseBareCommand(
    _ name: String,
    line: String,
    span: Range<Int>,
    _ session: Session
  ) throws {
    guard (try? session.tensor(name)) == nil, (try? session.fullName(name)) == nil,
      let command = try? CommandTable.find(name)
    else { return }
    throw Placed(BareCommand(name: command.name), source: line, span: span)
  }

  private static func fullName(_ expression: Expression, _ session: Session) -> String? {
    switch expression {
    case .name(let name, _): try? session.fullName(name)
    case .slice(let whole, _, _): fullName(whole, session)
    default: nil
    }
  }
}

/// A command's name where a value was expected.
private struct BareCommand: Problem {
  let name: String

  var message: Bilingual {
    Bilingual(
      it: "nessun valore si chiama «\(name)»",
      en: "no value is called '\(name)'"
    )
  }

  var hint: Bilingual? {
    Bilingual(it: "forse «:\(name)»?", en: "did you mean ':\(name)'?")
  }
}
