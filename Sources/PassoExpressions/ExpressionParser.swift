// SPDX-License-Identifier: MIT

import PassoText

/// Reads expressions: precedence climbing over a list of tokens.
package struct ExpressionParser {
  private let line: String
  private let tokens: [ExpressionToken]
  private var next = 0
  private var depth = 0

  /// More brackets inside each other than this would exhaust the stack before any reader.
  private static let maxDepth = 100

  /// Reads a whole line.
  ///
  /// - Throws: A placed `ExpressionProblem`.
  package static func parse(_ line: String) throws -> Statement {
    var parser = ExpressionParser(line: line, tokens: try ExpressionLexer.tokens(of: line))
    let name = try parser.letName()
    let expression = try parser.expression(minimum: 1)
    if let extra = parser.peek { throw parser.problem(.unexpected(extra.text), extra.span) }
    return Statement(name: name, expression: expression)
  }

  /// Reads a part of a line, which stands behind as many blanks as there are characters before it.
  ///
  /// - Throws: A placed `ExpressionProblem`, which shows the whole line.
  package static func parse(_ part: String, of line: String) throws -> Statement {
    do {
      return try parse(part)
    } catch let placed as Placed {
      throw placed.moved(to: line)
    }
  }

  private mutating func letName() throws -> String? {
    guard accept(Statement.keyword) else { return nil }
    let name = try take { $0.kind == .name }
    guard !name.text.contains(".") else { throw problem(.unexpected(name.text), name.span) }
    _ = try take("=")
    return name.text
  }

  private mutating func expression(minimum: Int) throws -> Expression {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.maxDepth else { throw problem(.tooDeep, peek?.span ?? end) }
    let first = try unary()
    var links: [Expression.Link] = []
    while let token = peek, token.kind == .symbol,
      let operation = Expression.Operator(rawValue: token.text), operation != .power,
      operation.precedence >= minimum
    {
      next += 1
      let right = try expression(minimum: operation.precedence + 1)
      links.append(Expression.Link(operation: operation, operand: right))
    }
    guard let last = links.last else { return first }
    return .chain(first, links, first.span.lowerBound..<last.operand.span.upperBound)
  }

  /// A sign binds less than a power, as in Python: `-2**2` is -4.
  private mutating func unary() throws -> Expression {
    guard let token = peek, token.kind == .symbol, token.text == "-" || token.text == "+" else {
      return try power()
    }
    next += 1
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.maxDepth else { throw problem(.tooDeep, token.span) }
    let operand = try unary()
    if token.text == "+" { return operand }
    return .negation(operand, token.span.lowerBound..<operand.span.upperBound)
  }

  /// Powers group from the right: `2**3**2` is 2 to the ninth.
  private mutating func power() throws -> Expression {
    let base = try postfix()
    guard accept(Expression.Operator.power.rawValue) else { return base }
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.maxDepth else { throw problem(.tooDeep, peek?.span ?? end) }
    let exponent = try unary()
    return .power(base, exponent, base.span.lowerBound..<exponent.span.upperBound)
  }

  private mutating func postfix() throws -> Expression {
    var value = try primary()
    var brackets = 0
    while let open = peek, accept("[") {
      brackets += 1
      guard brackets <= Self.maxDepth else { throw problem(.tooDeep, open.span) }
      let items = try sliceItems()
      let close = try take("]")
      value = .slice(value, items, value.span.lowerBound..<close.span.upperBound)
    }
    return value
  }

  private mutating func primary() throws -> Expression {
    let token = try take { _ in true }
    switch token.kind {
    case .number:
      guard let number = Self.number(token.text) else {
        throw problem(.unexpected(token.text), token.span)
      }
      return .number(number, token.span)
    case .name:
      return isNext("(") ? try call(token) : .name(token.text, token.span)
    case .quotation:
      throw problem(.unexpected("\"\(token.text)\""), token.span)
    case .symbol:
      if token.text == "(" {
        let inner = try expression(minimum: 1)
        _ = try take(")")
        return inner
      }
      if token.text == "[" { return try list(from: token) }
      throw problem(.unexpected(token.text), token.span)
    }
  }

  private mutating func list(from open: ExpressionToken) throws -> Expression {
    var items: [Expression] = []
    while !isNext("]") {
      items.append(try expression(minimum: 1))
      if !accept(",") { break }
    }
    let close = try take("]")
    let span = open.span.lowerBound..<close.span.upperBound
    guard !items.isEmpty else { throw problem(.unexpected("]"), close.span) }
    return .list(items, span)
  }

  private mutating func call(_ name: ExpressionToken) throws -> Expression {
    _ = try take("(")
    var arguments: [Expression] = []
    var keywords: [Expression.Keyword] = []
    while !isNext(")") {
      if let keyword = try keyword() {
        keywords.append(keyword)
      } else {
        arguments.append(try expression(minimum: 1))
      }
      if !accept(",") { break }
    }
    let close = try take(")")
    let span = name.span.lowerBound..<close.span.upperBound
    return .call(name.text, arguments, keywords: keywords, span)
  }

  private mutating func keyword() throws -> Expression.Keyword? {
    // As elsewhere, a keyword may have an equals sign behind it.
    guard next + 1 < tokens.count, tokens[next].kind == .name, tokens[next + 1].kind == .symbol,
      [":", "="].contains(tokens[next + 1].text)
    else { return nil }
    let name = tokens[next]
    next += 2
    let sign = isNext("-") ? try take("-").text : ""
    let value = try take { $0.kind != .symbol && $0.kind != .quotation }
    return Expression.Keyword(
      // PyTorch calls an axis so.
      name: name.text == "dim" ? "axis" : name.text,
      value: sign + value.text,
      span: name.span.lowerBound..<value.span.upperBound
    )
  }
}

// MARK: - Slices

extension ExpressionParser {
  private mutating func sliceItems() throws -> [Expression.SliceItem] {
    var items = [try sliceItem()]
    while accept(",") { items.append(try sliceItem()) }
    return items
  }

  private mutating func sliceItem() throws -> Expression.SliceItem {
    let start = peek?.span.lowerBound ?? end.lowerBound
    if accept("...") { return .ellipsis(start..<start + 3) }
    if let token = peek, token.kind == .quotation {
      next += 1
      return .label(token.text, token.span)
    }
    let first = try wholeNumber()
    guard accept(":") else {
      if let first { return .index(first, start..<tokens[next - 1].span.upperBound) }
      guard let token = peek else { throw problem(.unfinished, end) }
      let isName = token.kind == .name
      throw problem(isName ? .bareLabel(token.text) : .unexpected(token.text), token.span)
    }
    let last = try wholeNumber()
    let step = accept(":") ? try wholeNumber() : nil
    let span = start..<tokens[next - 1].span.upperBound
    if step == 0 { throw problem(.zeroStep, span) }
    return .range(start: first, end: last, step: step, span)
  }

  private mutating func wholeNumber() throws -> Int? {
    let isNegative = isNext("-")
    let index = isNegative ? next + 1 : next
    guard index < tokens.count, tokens[index].kind == .number else { return nil }
    let token = tokens[index]
    guard let number = Int(token.text.replacing("_", with: "")) else {
      throw problem(.notAWholeNumber(token.text), token.span)
    }
    next = index + 1
    return isNegative ? -number : number
  }

  private static func number(_ text: String) -> Double? {
    Double(text.replacing("_", with: ""))
  }
}

// MARK: - Tokens

extension ExpressionParser {
  private var peek: ExpressionToken? { next < tokens.count ? tokens[next] : nil }

  /// Whether a sign or a word comes next, outside quotation marks.
  private func isNext(_ text: String) -> Bool {
    peek.map { $0.kind != .quotation && $0.text == text } ?? false
  }

  /// Takes a sign or a word, if it comes next.
  private mutating func accept(_ text: String) -> Bool {
    guard isNext(text) else { return false }
    next += 1
    return true
  }

  private var end: Range<Int> {
    let count = line.unicodeScalars.count
    return count..<count + 1
  }

  private mutating func take(_ text: String) throws -> ExpressionToken {
    guard let token = peek, accept(text) else {
      throw problem(.missing(text), peek?.span ?? end)
    }
    return token
  }

  private mutating func take(where fits: (ExpressionToken) -> Bool) throws -> ExpressionToken {
    guard let token = peek else { throw problem(.unfinished, end) }
    guard fits(token) else { throw problem(.unexpected(token.text), token.span) }
    next += 1
    return token
  }

  private func problem(_ problem: ExpressionProblem, _ span: Range<Int>) -> Placed {
    problem.placed(span, in: line)
  }
}
