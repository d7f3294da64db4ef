// SPDX-License-Identifier: MIT

/// What operators do with values, as in Python.
enum TemplateOperators {
  static func unary(
    _ symbol: String,
    _ value: TemplateValue,
    _ renderer: TemplateRenderer
  ) throws(TemplateFault) -> TemplateValue {
    if symbol == "not" { return .boolean(!value.isTrue) }
    if let whole = value.whole {
      let (negative, overflows) = 0.subtractingReportingOverflow(whole)
      guard !overflows else { throw renderer.operation("-\(whole)") }
      return .integer(symbol == "-" ? negative : whole)
    }
    guard let number = value.numeric else {
      throw renderer.operation("\(symbol) \(value.kind)")
    }
    return .number(symbol == "-" ? -number : number)
  }

  static func binary(
    _ symbol: String,
    _ left: TemplateValue,
    _ right: TemplateValue,
    _ renderer: inout TemplateRenderer
  ) throws(TemplateFault) -> TemplateValue {
    switch (symbol, left, right) {
    case ("+", .string(let one), .string(let other)): return try renderer.made(one + other)
    case ("+", .sequence(let one), .sequence(let other))
    where one.form == other.form && isJoinable(one):
      return try renderer.made(one.values + other.values, one.form)
    case ("*", .string(let text), _), ("*", _, .string(let text)):
      guard let count = left.whole ?? right.whole else { break }
      let (bytes, overflows) = text.utf8.count.multipliedReportingOverflow(by: max(0, count))
      guard !overflows, bytes <= 1 << 20 else { throw .tooLarge(line: renderer.line) }
      return try renderer.made(String(repeating: text, count: text.isEmpty ? 0 : max(0, count)))
    case ("*", .sequence(let list), _) where isJoinable(list),
      ("*", _, .sequence(let list)) where isJoinable(list):
      guard let count = left.whole ?? right.whole else { break }
      let (total, overflows) = list.values.count.multipliedReportingOverflow(by: max(0, count))
      guard !overflows, total <= 1 << 16 else { throw .tooLarge(line: renderer.line) }
      // Of nothing there may be as many as there are numbers.
      let times = list.values.isEmpty ? 0 : max(0, count)
      return try renderer.made((0..<times).flatMap { _ in list.values }, list.form)
    case ("%", .string, _): throw renderer.unsupported("'...' % ...")
    default: break
    }
    if let one = left.whole, let other = right.whole {
      if let value = try whole(symbol, one, other, renderer) { return value }
    }
    if let one = left.numeric, let other = right.numeric {
      return try number(symbol, one, other, renderer)
    }
    throw renderer.operation("\(left.kind) \(symbol) \(right.kind)")
  }

  private static func isJoinable(_ list: TemplateList) -> Bool {
    list.form == .list || list.form == .tuple
  }

  /// Nil where whole numbers give one that is not.
  private static func whole(
    _ symbol: String,
    _ one: Int,
    _ other: Int,
    _ renderer: TemplateRenderer
  ) throws(TemplateFault) -> TemplateValue? {
    let result: (partialValue: Int, overflow: Bool)
    switch symbol {
    case "+": result = one.addingReportingOverflow(other)
    case "-": result = one.subtractingReportingOverflow(other)
    case "*": result = one.multipliedReportingOverflow(by: other)
    case "//", "%":
      guard other != 0, other != -1 || one != .min else {
        throw renderer.operation("\(one) \(symbol) \(other)")
      }
      // Towards the smaller number, as in Python.
      let rest = one % other
      let isBelow = rest != 0 && (rest < 0) != (other < 0)
      if symbol == "%" { return .integer(isBelow ? rest + other : rest) }
      return .integer(one / other - (isBelow ? 1 : 0))
    default: return nil
    }
    guard !result.overflow else { throw renderer.operation("\(one) \(symbol) \(other)") }
    return .integer(result.partialValue)
  }

  private static func number(
    _ symbol: String,
    _ one: Double,
    _ other: Double,
    _ renderer: TemplateRenderer
  ) throws(TemplateFault) -> TemplateValue {
    switch symbol {
    case "+": return .number(one + other)
    case "-": return .number(one - other)
    case "*": return .number(one * other)
    default:
      guard other != 0 else { throw renderer.operation("\(one) \(symbol) 0") }
      if symbol == "/" { return .number(one / other) }
      let whole = (one / other).rounded(.down)
      if symbol == "//" { return .number(whole) }
      let rest = one - whole * other
      // Nothing left has the sign of the divisor.
      return .number(rest == 0 ? Double(signOf: other, magnitudeOf: 0) : rest)
    }
  }

  static func holds(
    _ symbol: String,
    _ left: TemplateValue,
    _ right: TemplateValue,
    _ renderer: inout TemplateRenderer
  ) throws(TemplateFault) -> Bool {
    switch symbol {
    case "==": return try renderer.areEqual(left, right)
    case "!=": return try !renderer.areEqual(left, right)
    case "in": return try contains(right, left, &renderer)
    case "not in": return try !contains(right, left, &renderer)
    default: break
    }
    guard let isLess = try renderer.isLess(left, right),
      let isGreater = try renderer.isLess(right, left)
    else { throw renderer.operation("\(left.kind) \(symbol) \(right.kind)") }
    switch symbol {
    case "<": return isLess
    case ">": return isGreater
    case "<=": return try isLess ? true : renderer.areEqual(left, right)
    default: return try isGreater ? true : renderer.areEqual(left, right)
    }
  }

  static func contains(
    _ container: TemplateValue,
    _ value: TemplateValue,
    _ renderer: inout TemplateRenderer
  ) throws(TemplateFault) -> Bool {
    switch (container, value) {
    case (.string(let text), .string(let part)):
      try renderer.read(text)
      return TemplateText.find(part, in: text) != nil
    case (.mapping(let mapping), _):
      guard value.isKey else { throw renderer.operation("\(value.kind) in mapping") }
      return try renderer.value(of: value, in: mapping) != nil
    case (.string, _): throw renderer.operation("\(value.kind) in string")
    default:
      guard let values = try renderer.elements(of: container) else {
        throw renderer.operation("... in \(container.kind)")
      }
      for each in values where try renderer.areEqual(each, value) { return true }
      return false
    }
  }
}
