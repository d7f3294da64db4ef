// SPDX-License-Identifier: MIT

/// An expression over values, as it was written; every part knows where it stands.
package indirect enum Expression: Sendable {
  case number(Double, Range<Int>)
  case name(String, Range<Int>)
  case list([Expression], Range<Int>)
  case negation(Expression, Range<Int>)
  /// Operands from left to right: a list, however long, is no deep tree.
  case chain(Expression, [Link], Range<Int>)
  /// A base and its exponent.
  case power(Expression, Expression, Range<Int>)
  case call(String, [Expression], keywords: [Keyword], Range<Int>)
  case slice(Expression, [SliceItem], Range<Int>)

  /// An operator, and what stands to its right.
  package struct Link: Sendable {
    let operation: Operator
    let operand: Expression
  }

  /// A keyword argument: `axis: key`.
  package struct Keyword: Sendable {
    let name: String
    let value: String
    let span: Range<Int>
  }

  /// What a slice asks for along one axis, before the size of the axis is known.
  package enum SliceItem: Sendable, Hashable {
    case index(Int, Range<Int>)
    /// The place that has a label: a token.
    case label(String, Range<Int>)
    case range(start: Int?, end: Int?, step: Int?, Range<Int>)
    /// As many whole axes as are missing.
    case ellipsis(Range<Int>)
  }

  /// The operators, weakest first.
  package enum Operator: String, Sendable, CaseIterable {
    case equal = "=="
    case unequal = "!="
    case lessOrEqual = "<="
    case greaterOrEqual = ">="
    case less = "<"
    case greater = ">"
    case plus = "+"
    case minus = "-"
    case times = "*"
    case over = "/"
    case contraction = "@"
    case power = "**"

    /// That of a power: its base is no sum, product or negation.
    static let powerPrecedence = 4

    /// How tightly it binds; `@` as `*` and `/`, as in Python.
    var precedence: Int {
      switch self {
      case .equal, .unequal, .lessOrEqual, .greaterOrEqual, .less, .greater: 1
      case .plus, .minus: 2
      case .times, .over, .contraction: 3
      case .power: Self.powerPrecedence
      }
    }
  }

  /// Where it stands in the line, in scalars.
  package var span: Range<Int> {
    switch self {
    case .number(_, let span), .name(_, let span), .list(_, let span), .negation(_, let span),
      .chain(_, _, let span), .power(_, _, let span), .call(_, _, _, let span),
      .slice(_, _, let span):
      span
    }
  }
}

/// A line that is no command: an expression, perhaps with a name for its value.
package struct Statement: Sendable {
  /// What a line begins with whose value gets a name.
  package static let keyword = "let"

  /// The name after the keyword.
  package let name: String?
  package let expression: Expression
}

extension Expression {
  /// Every name in it.
  package var names: [String] {
    switch self {
    case .number: []
    case .name(let name, _): [name]
    case .list(let items, _): items.flatMap(\.names)
    case .negation(let operand, _): operand.names
    case .chain(let first, let links, _): first.names + links.flatMap(\.operand.names)
    case .power(let base, let exponent, _): base.names + exponent.names
    case .call(_, let arguments, _, _): arguments.flatMap(\.names)
    case .slice(let whole, _, _): whole.names
    }
  }
}
