// SPDX-License-Identifier: MIT

/// An expression of a template, with the line on which it begins.
struct TemplateExpression: Sendable {
  indirect enum Kind: Sendable {
    case value(TemplateValue)
    case name(String)
    case list([TemplateExpression], TemplateListForm)
    case mapping([(key: TemplateExpression, value: TemplateExpression)])
    case unary(String, TemplateExpression)
    case binary(String, TemplateExpression, TemplateExpression)

    /// Texts of all parts, one after the other: `~`.
    case joined([TemplateExpression])

    /// `a < b < c`
    case comparison(TemplateExpression, [(symbol: String, value: TemplateExpression)])
    case choice(TemplateExpression, if: TemplateExpression, else: TemplateExpression?)
    case attribute(TemplateExpression, String)
    case item(TemplateExpression, TemplateExpression)
    case slice(TemplateExpression, [TemplateExpression?])
    case call(TemplateExpression, TemplateArguments)
    case filter(TemplateExpression, String, TemplateArguments)
    case test(TemplateExpression, String, TemplateArguments, isNegated: Bool)
  }

  let kind: Kind
  let line: Int

  /// Expressions in one another, this one counted: what is worked out, and let go of, in as many
  /// calls.
  let height: Int

  init(kind: Kind, line: Int) {
    (self.kind, self.line) = (kind, line)
    height = 1 + kind.parts.reduce(0) { max($0, $1.height) }
  }
}

extension TemplateExpression.Kind {
  /// The expressions right in it.
  fileprivate var parts: [TemplateExpression] {
    switch self {
    case .value, .name: []
    case .list(let elements, _), .joined(let elements): elements
    case .mapping(let entries): entries.flatMap { [$0.key, $0.value] }
    case .unary(_, let operand), .attribute(let operand, _): [operand]
    case .binary(_, let left, let right), .item(let left, let right): [left, right]
    case .comparison(let first, let others): [first] + others.map(\.value)
    case .choice(let yes, if: let test, else: let no): [yes, test] + [no].compactMap(\.self)
    case .slice(let object, let bounds): [object] + bounds.compactMap(\.self)
    case .call(let value, let arguments), .filter(let value, _, let arguments),
      .test(let value, _, let arguments, _):
      [value] + arguments.positional + arguments.named.map(\.value)
    }
  }
}

/// What stands in the brackets of a call.
struct TemplateArguments: Sendable {
  var positional: [TemplateExpression] = []
  var named: [(name: String, value: TemplateExpression)] = []

  var count: Int { positional.count + named.count }
}

/// A statement of a template.
indirect enum TemplateStatement: Sendable {
  case text(String)
  case output(TemplateExpression)
  case condition([(test: TemplateExpression?, body: [TemplateStatement])])
  case loop(TemplateLoop)
  case set([TemplateTarget], TemplateExpression, line: Int)

  /// `{% set x %}...{% endset %}`, with filters in between.
  case capture(TemplateTarget, [TemplateStatement], line: Int)
  case macro(Int)
  case leave(isBreak: Bool)
}

struct TemplateLoop: Sendable {
  let targets: [String]
  let sequence: TemplateExpression
  let test: TemplateExpression?
  let body: [TemplateStatement]
  let otherwise: [TemplateStatement]
  let line: Int
}

/// What is set: a name, or the member of a namespace.
enum TemplateTarget: Sendable {
  case name(String)
  case member(String, String)
}

struct TemplateMacro: Sendable {
  let name: String
  let parameters: [(name: String, standard: TemplateExpression?)]
  let body: [TemplateStatement]
}
