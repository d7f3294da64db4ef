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
}

/// What stands in the brackets of a call.
struct TemplateArguments: Sendable {
  var positional: [TemplateExpression] = []
  var named: [(name: String, value: TemplateExpression)] = []
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
