// SPDX-License-Identifier: MIT

import PassoEngine
import PassoExpressions
import PassoSession
import PassoSessionViews
import PassoText

/// Expressions in the REPL: lines that are no command.
enum ExpressionCommand {
  /// The names that completion offers.
  static let functionNames = ExpressionFunction.names

  /// Computes a line, keeps its value if it begins with `let`, and shows it.
  static func run(
    _ line: String,
    _ draft: inout SessionDraft,
    _ context: CommandContext
  ) throws {
    let session = draft.session
    if let problem = OtherNames.problem(withCallIn: line) { throw problem }
    let statement = try parse(line, session)
    if case .name(let name, let span) = statement.expression, statement.name == nil {
      try refuseBareCommand(name, line: line, span: span, session)
    }
    let result = try ExpressionRecorder.evaluate(
      statement.expression,
      line: line,
      context: ExpressionContext(session)
    )
    if let name = statement.name {
      guard session.timeline.plan.program.id(of: name) == nil else {
        throw ExpressionProblem.takenName(name)
      }
      draft.session.bindings[name] = result.tensor
    }
    let name = fullName(statement.expression, session)
    context.show(
      TensorFigure(draft.session).figure(
        result.tensor,
        title: statement.name ?? line,
        name: name,
        origin: session.origin(of: line)
      )
    )
    let isMasked = name.flatMap { session.timeline.plan.program.id(of: $0) }
      .map { session.timeline.plan.program.masks($0) }
    let remark = NotFinite(result.tensor, allowsMask: isMasked ?? false).remark
    // Only who writes decimals with a comma can have meant one.
    let comma = context.console.language == .it ? DecimalComma(in: line)?.note : nil
    for note in result.notes + [remark, comma].compactMap({ $0 }) { context.say(note) }
  }

  /// Reads a line; `lesson 1` is no expression, but a command without its colon.
  private static func parse(_ line: String, _ session: Session) throws -> Statement {
    do {
      return try ExpressionParser.parse(line)
    } catch {
      let first = try? Arguments.split(line).first
      if let word = first, !word.isQuoted, word.text != Statement.keyword {
        try refuseBareCommand(word.text, line: line, span: word.span, session)
      }
      throw error
    }
  }

  /// `step` without its colon is a slip, not a value.
  private static func refuseBareCommand(
    _ name: String,
    line: String,
    span: Range<Int>,
    _ session: Session
  ) throws {
    guard (try? session.tensor(name)) == nil, (try? session.fullName(name)) == nil else { return }
    let command = try? CommandTable.find(name)
    let hint =
      command.map { BareCommand.hint($0.name) }
      ?? (name.count > 1 || name == "?" ? OtherNames.hint(for: name) : nil)
      ?? closestCommand(name, session)
    guard let hint else { return }
    throw Placed(BareCommand(typed: name, hint: hint), source: line, span: span)
  }

  /// A command with a slip in its name, unless a value is as close.
  private static func closestCommand(_ name: String, _ session: Session) -> Bilingual? {
    let values = session.timeline.plan.program.allNames
    guard Suggestion.closest(to: name, among: values) == nil else { return nil }
    let close = Suggestion.closest(to: name, among: CommandTable.all.map(\.name))
    return name.count < 3 ? nil : close.map(BareCommand.hint)
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
  let typed: String
  let hint: Bilingual?

  var message: Bilingual {
    Bilingual(it: "nessun valore si chiama \(it: typed)", en: "no value is called \(en: typed)")
  }

  static func hint(_ command: String) -> Bilingual {
    Bilingual(
      it: "i comandi cominciano con i due punti: \(it: ":\(command)")?",
      en: "commands begin with a colon: \(en: ":\(command)")?"
    )
  }
}

/// The numbers of a result that are none.
private struct NotFinite {
  private let shape: Shape
  private let numbers: [Double]

  /// How many there are, and where the first is; no list, because all may be.
  private var count = 0
  private var first: Int?

  /// Minus infinity is no accident where the mask wrote it.
  init(_ tensor: Tensor, allowsMask: Bool) {
    shape = tensor.shape
    numbers = tensor.element == .real ? tensor.doubles : []
    for index in numbers.indices
    where !numbers[index].isFinite && !(allowsMask && numbers[index] == -.infinity) {
      count += 1
      first = first ?? index
    }
  }

  var remark: Bilingual? {
    guard let first else { return nil }
    let text = NumberText.code(numbers[first])
    if shape.rank == 0 {
      return Bilingual(
        it: "il risultato è \(text), non un numero finito",
        en: "the result is \(text), no finite number"
      )
    }
    // A matrix that is shown whole says it below itself.
    if shape.rank <= 2, !TensorFigure.isLarge(shape) { return nil }
    let indices = zip(shape.strides, shape.sizes).map { String(first / $0 % $1) }
    let place = "[\(indices.joined(separator: ", "))]"
    let (count, all) = (NumberText.count(count), NumberText.count(numbers.count))
    return Bilingual(
      it: "non finiti (NaN o infinito): \(count) su \(all); il primo, \(text), è in \(place)",
      en: "not finite (NaN or infinite): \(count) of \(all); the first, \(text), is at \(place)"
    )
  }
}
