// SPDX-License-Identifier: MIT

import PassoEngine
import PassoExpressions
import PassoSession
import PassoText

/// What `:set NAME[slice] = EXPR` asks for.
struct Assignment {
  /// The full name.
  let name: String

  /// What was written on the left.
  let target: String

  /// The new numbers, by row-major position.
  let slots: [Int: Double]

  /// Reads and computes both sides.
  ///
  /// - Throws: A placed problem.
  init(_ arguments: Arguments, _ session: Session) throws {
    let (left, right) = try Self.sides(of: arguments)
    let places = try AssignedPlaces(left, arguments, session, orElse: Self.missing())
    (name, target) = (places.name, places.typed)
    let value = try Self.value(right, arguments, session)
    let start = right.prefix { $0 == " " }.unicodeScalars.count
    let span = start..<max(start + 1, right.unicodeScalars.count)
    let numbers = try Placed.problems(
      of: {
        guard value.count == 1 || value.count == places.slots.count else {
          throw AssignmentProblem.doesNotFit(needs: places.shape, found: value.shape)
        }
        return value.doubles
      },
      source: arguments.line,
      span: span
    )
    slots = Dictionary(
      uniqueKeysWithValues: places.slots.enumerated().map { index, place in
        (place, numbers.count == 1 ? numbers[0] : numbers[index])
      }
    )
  }

  /// Both sides, each where it stands in the line.
  private static func sides(of arguments: Arguments) throws -> (left: String, right: String) {
    let scalars = Array(arguments.line.unicodeScalars)
    var depth = 0
    for index in arguments.words[0].span.lowerBound..<scalars.count {
      if scalars[index] == "[" || scalars[index] == "(" { depth += 1 }
      if scalars[index] == "]" || scalars[index] == ")" { depth -= 1 }
      guard depth == 0, scalars[index] == "=" else { continue }
      func text(_ range: Range<Int>) -> String {
        String(repeating: " ", count: range.lowerBound)
          + String(String.UnicodeScalarView(scalars[range]))
      }
      return (
        text(arguments.words[0].span.lowerBound..<index), text(index + 1..<scalars.count)
      )
    }
    let words = arguments.words
    let example = words.count == 2 ? ":set \(words[0].text) = \(words[1].text)" : nil
    throw Placed(missing(example), source: arguments.line, span: words[0].span)
  }

  private static func missing(_ example: String? = nil) -> CommandProblem {
    .missingArgument(
      command: "set",
      needs: Bilingual(it: "NOME[fetta] = numero", en: "NAME[slice] = number"),
      example: example ?? ":set W_E[2, 0] = 0.5"
    )
  }

  /// The right side: an expression, or a word of the vocabulary in quotation marks.
  private static func value(
    _ text: String,
    _ arguments: Arguments,
    _ session: Session
  ) throws -> Tensor {
    if let word = arguments.words.last, word.isQuoted {
      let ids = try arguments.placing(word) { try session.tokenizer.encode(word.text) }
      return Tensor(Shape((.item, ids.count)), ids.map(Double.init))
    }
    let expression = try ExpressionParser.parse(text, of: arguments.line).expression
    return try ExpressionRecorder.evaluate(
      expression,
      line: arguments.line,
      context: ExpressionContext(session)
    ).tensor
  }
}

/// The places of a value that other numbers are put into: `NAME`, or a slice of it.
struct AssignedPlaces {
  /// The full name.
  let name: String

  /// What was written.
  let typed: String

  /// Row-major places, in the order of the slice.
  let slots: [Int]

  /// That of the slice.
  let shape: Shape

  /// Reads a name or a slice.
  ///
  /// - Parameters:
  ///   - text: What was written, with blanks for the line before it.
  ///   - arguments: The line.
  ///   - session: Where the value is.
  ///   - problem: What is wrong with an expression that is neither.
  /// - Throws: A placed problem.
  init(
    _ text: String,
    _ arguments: Arguments,
    _ session: Session,
    orElse problem: CommandProblem
  ) throws {
    let expression = try ExpressionParser.parse(text, of: arguments.line).expression
    typed = String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    guard let short = Self.name(expression) else {
      throw Placed(problem, source: arguments.line, span: expression.span)
    }
    func placed<T>(_ body: () throws -> T) throws -> T {
      try Placed.problems(of: body, source: arguments.line, span: expression.span)
    }
    let full = try placed { try session.fullName(short) }
    name = full
    let whole = try placed { try session.tensor(full) }
    // The slice of a tensor that counts its own places says which places are meant.
    var context = ExpressionContext(session)
    context.lookup = { _ in Tensor(whole.shape, (0..<whole.count).map(Double.init)) }
    let places = try ExpressionRecorder.evaluate(
      expression,
      line: arguments.line,
      context: context
    ).tensor
    (slots, shape) = (places.doubles.map { Int($0) }, places.shape)
  }

  private static func name(_ expression: Expression) -> String? {
    switch expression {
    case .name(let name, _): name
    case .slice(.name(let name, _), _, _): name
    default: nil
    }
  }
}
