// SPDX-License-Identifier: MIT

/// Reads the expressions of a template, with the precedences of Jinja.
struct TemplateExpressionParser {
  private let tokens: [TemplateToken]
  private let firstLine: Int
  private var at = 0
  private var depth = 0

  /// The name of the tag that ended a block.
  private(set) var ending = ""

  /// Brackets in one another, expressions in one another, and arguments of one call; more is no
  /// honest template.
  private static let (deepest, highest, mostArguments) = (100, 200, 200)

  init(_ tokens: [TemplateToken], line: Int) {
    (self.tokens, firstLine) = (tokens, line)
  }

  /// The same reader, behind the name of a tag.
  func after(_ name: String) -> TemplateExpressionParser {
    var reader = self
    reader.ending = name
    return reader
  }

  var line: Int { at < tokens.count ? tokens[at].line : tokens.last?.line ?? firstLine }

  var isAtEnd: Bool { at >= tokens.count }

  /// What is wrong with the next token.
  func wrong() -> TemplateFault {
    .syntax(found: at < tokens.count ? tokens[at].text : "%}", line: line)
  }

  /// Takes a symbol or a name, if it is next.
  mutating func take(_ text: String) -> Bool {
    guard at < tokens.count else { return false }
    let (kind, symbol) = (tokens[at].kind, TemplateToken.Kind.symbol(text))
    guard kind == symbol || kind == .name(text) else { return false }
    at += 1
    return true
  }

  private func isNext(_ text: String) -> Bool {
    at < tokens.count && (tokens[at].kind == .symbol(text) || tokens[at].kind == .name(text))
  }

  mutating func name() throws(TemplateFault) -> String {
    guard at < tokens.count, case .name(let name) = tokens[at].kind else { throw wrong() }
    at += 1
    return name
  }

  /// An expression of parts that were read; chains are trees as high as they are long.
  private func made(
    _ kind: TemplateExpression.Kind,
    _ line: Int
  ) throws(TemplateFault) -> TemplateExpression {
    let expression = TemplateExpression(kind: kind, line: line)
    guard expression.height <= Self.highest else { throw .tooLarge(line: line) }
    return expression
  }

  /// Goes one bracket, or one sign before a value, deeper.
  private mutating func enter() throws(TemplateFault) {
    depth += 1
    guard depth <= Self.deepest else { throw .tooLarge(line: line) }
  }

  /// Checks that nothing is left.
  func end() throws(TemplateFault) {
    guard isAtEnd else { throw wrong() }
  }

  /// Names, in brackets or not: `key, value`.
  mutating func targets() throws(TemplateFault) -> [String] {
    let isBracketed = take("(")
    var names = [try name()]
    while take(",") { names.append(try name()) }
    if isBracketed, !take(")") { throw wrong() }
    return names
  }

  /// All of what is left.
  mutating func whole(allowsTuple: Bool = true) throws(TemplateFault) -> TemplateExpression {
    let start = line
    let first = try expression()
    guard allowsTuple, isNext(",") else {
      try end()
      return first
    }
    var elements = [first]
    while take(",") { if !isAtEnd { elements.append(try expression()) } }
    try end()
    return try made(.list(elements, .tuple), start)
  }

  // MARK: Precedences

  mutating func expression(allowsChoice: Bool = true) throws(TemplateFault) -> TemplateExpression {
    try enter()
    let start = line
    var value = try either()
    while allowsChoice, take("if") {
      let test = try either()
      let other: TemplateExpression? = take("else") ? try expression() : nil
      value = try made(.choice(value, if: test, else: other), start)
    }
    depth -= 1
    return value
  }

  private mutating func either() throws(TemplateFault) -> TemplateExpression {
    let start = line
    var left = try both()
    while take("or") {
      left = try made(.binary("or", left, try both()), start)
    }
    return left
  }

  private mutating func both() throws(TemplateFault) -> TemplateExpression {
    let start = line
    var left = try negation()
    while take("and") {
      left = try made(.binary("and", left, try negation()), start)
    }
    return left
  }

  private mutating func negation() throws(TemplateFault) -> TemplateExpression {
    let start = line
    guard take("not") else { return try comparison() }
    try enter()
    defer { depth -= 1 }
    return try made(.unary("not", try negation()), start)
  }

  private mutating func comparison() throws(TemplateFault) -> TemplateExpression {
    let start = line
    let left = try sum()
    var others: [(String, TemplateExpression)] = []
    while true {
      if let symbol = ["==", "!=", "<=", ">=", "<", ">", "in"].first(where: isNext) {
        at += 1
        others.append((symbol, try sum()))
      } else if isNext("not"), at + 1 < tokens.count, tokens[at + 1].kind == .name("in") {
        at += 2
        others.append(("not in", try sum()))
      } else {
        break
      }
    }
    return others.isEmpty ? left : try made(.comparison(left, others), start)
  }

  private mutating func sum() throws(TemplateFault) -> TemplateExpression {
    let start = line
    var left = try concatenation()
    while let symbol = ["+", "-"].first(where: isNext) {
      at += 1
      left = try made(.binary(symbol, left, try concatenation()), start)
    }
    return left
  }

  private mutating func concatenation() throws(TemplateFault) -> TemplateExpression {
    let start = line
    var parts = [try product()]
    while take("~") { parts.append(try product()) }
    return parts.count == 1 ? parts[0] : try made(.joined(parts), start)
  }

  private mutating func product() throws(TemplateFault) -> TemplateExpression {
    let start = line
    var left = try unary()
    while let symbol = ["*", "/", "//", "%"].first(where: isNext) {
      at += 1
      left = try made(.binary(symbol, left, try unary()), start)
    }
    if isNext("**") { throw .unsupported("**", line: line) }
    return left
  }

  private mutating func unary(filters: Bool = true) throws(TemplateFault) -> TemplateExpression {
    let start = line
    var value: TemplateExpression
    if let symbol = ["-", "+"].first(where: isNext) {
      at += 1
      try enter()
      value = try made(.unary(symbol, try unary(filters: false)), start)
      depth -= 1
    } else {
      value = try primary()
    }
    value = try postfix(value)
    return filters ? try filtered(value) : value
  }

  // MARK: Values

  private static let constants: [String: TemplateValue] = [
    "true": .boolean(true), "True": .boolean(true), "false": .boolean(false),
    "False": .boolean(false), "none": .none, "None": .none,
  ]

  private mutating func primary() throws(TemplateFault) -> TemplateExpression {
    guard at < tokens.count else { throw wrong() }
    let token = tokens[at]
    func made(_ kind: TemplateExpression.Kind) throws(TemplateFault) -> TemplateExpression {
      try self.made(kind, token.line)
    }
    at += 1
    switch token.kind {
    case .integer(let number): return try made(.value(.integer(number)))
    case .number(let number): return try made(.value(.number(number)))
    case .string(var text):
      while at < tokens.count, case .string(let more) = tokens[at].kind {
        text += more
        at += 1
      }
      return try made(.value(.string(text)))
    case .name(let name):
      return try made(Self.constants[name].map { .value($0) } ?? .name(name))
    case .symbol("("): return try made(bracketed())
    case .symbol("["):
      return try made(.list(try elements(until: "]"), .list))
    case .symbol("{"): return try made(mapping())
    case .symbol:
      at -= 1
      throw wrong()
    }
  }

  private mutating func bracketed() throws(TemplateFault) -> TemplateExpression.Kind {
    if take(")") { return .list([], .tuple) }
    let first = try expression()
    if take(")") { return first.kind }
    guard take(",") else { throw wrong() }
    return .list([first] + (try elements(until: ")")), .tuple)
  }

  private mutating func elements(until end: String) throws(TemplateFault) -> [TemplateExpression] {
    var elements: [TemplateExpression] = []
    while !take(end) {
      elements.append(try expression())
      guard take(",") || isNext(end) else { throw wrong() }
    }
    return elements
  }

  private mutating func mapping() throws(TemplateFault) -> TemplateExpression.Kind {
    var entries: [(TemplateExpression, TemplateExpression)] = []
    while !take("}") {
      let key = try expression()
      guard take(":") else { throw wrong() }
      entries.append((key, try expression()))
      guard take(",") || isNext("}") else { throw wrong() }
    }
    return .mapping(entries)
  }

  // MARK: What follows a value

  private mutating func postfix(
    _ value: TemplateExpression
  ) throws(TemplateFault) -> TemplateExpression {
    var value = value
    while true {
      let start = line
      if take(".") {
        if at < tokens.count, case .integer(let index) = tokens[at].kind {
          at += 1
          let index = try made(.value(.integer(index)), start)
          value = try made(.item(value, index), start)
        } else {
          value = try made(.attribute(value, try name()), start)
        }
      } else if take("[") {
        value = try made(item(of: value), start)
      } else if isNext("(") {
        value = try made(.call(value, try arguments()), start)
      } else {
        return value
      }
    }
  }

  private mutating func item(
    of value: TemplateExpression
  ) throws(TemplateFault) -> TemplateExpression.Kind {
    var parts: [TemplateExpression?] = []
    var isSlice = false
    while true {
      let isEmpty = isNext(":") || isNext("]")
      parts.append(isEmpty ? nil : try expression())
      if take("]") { break }
      guard take(":"), parts.count < 3 else { throw wrong() }
      isSlice = true
    }
    if isSlice { return .slice(value, parts) }
    guard let index = parts[0] else { throw wrong() }
    return .item(value, index)
  }

  private mutating func arguments() throws(TemplateFault) -> TemplateArguments {
    var arguments = TemplateArguments()
    guard take("(") else { return arguments }
    while !take(")") {
      if isNext("*") || isNext("**") { throw .unsupported("*", line: line) }
      if at + 1 < tokens.count, case .name(let name) = tokens[at].kind,
        tokens[at + 1].kind == .symbol("=")
      {
        at += 2
        arguments.named.append((name, try expression()))
      } else {
        guard arguments.named.isEmpty else { throw wrong() }
        arguments.positional.append(try expression())
      }
      guard arguments.count <= Self.mostArguments else { throw .tooLarge(line: line) }
      guard take(",") || isNext(")") else { throw wrong() }
    }
    return arguments
  }

  private mutating func filtered(
    _ value: TemplateExpression
  ) throws(TemplateFault) -> TemplateExpression {
    var value = value
    while true {
      let start = line
      if take("|") {
        let name = try name()
        value = try made(.filter(value, name, try arguments()), start)
      } else if take("is") {
        let isNegated = take("not")
        let name = try name()
        let arguments = isNext("(") ? try arguments() : try testArgument()
        let kind = TemplateExpression.Kind.test(value, name, arguments, isNegated: isNegated)
        value = try made(kind, start)
      } else if isNext("(") {
        value = try made(.call(value, try arguments()), start)
      } else {
        return value
      }
    }
  }

  /// The argument of a test may stand without brackets: `x is divisibleby 2`.
  private mutating func testArgument() throws(TemplateFault) -> TemplateArguments {
    guard at < tokens.count else { return TemplateArguments() }
    switch tokens[at].kind {
    case .name("else"), .name("or"), .name("and"), .name("is"), .name("if"), .name("in"),
      .name("not"):
      return TemplateArguments()
    case .symbol(let symbol) where symbol != "[" && symbol != "{": return TemplateArguments()
    default: return TemplateArguments(positional: [try postfix(try primary())])
    }
  }
}
