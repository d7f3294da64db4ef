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
    case ("+", .list(let one, let form), .list(let other, let otherForm))
    where form == otherForm && (form == .list || form == .tuple):
      try renderer.work(one.count + other.count)
      return .list(one + other, form)
    case ("*", .string(let text), _), ("*", _, .string(let text)):
      guard let count = left.whole ?? right.whole else { break }
      let (bytes, overflows) = text.utf8.count.multipliedReportingOverflow(by: max(0, count))
      guard !overflows, bytes <= 1 << 20 else { throw .tooLarge(line: renderer.line) }
      return try renderer.made(String(repeating: text, count: max(0, count)))
    case ("*", .list(let values, let form), _), ("*", _, .list(let values, let form)):
      guard form == .list || form == .tuple, let count = left.whole ?? right.whole else { break }
      let (total, overflows) = values.count.multipliedReportingOverflow(by: max(0, count))
      guard !overflows, total <= 1 << 16 else { throw .tooLarge(line: renderer.line) }
      try renderer.work(total)
      return .list((0..<max(0, count)).flatMap { _ in values }, form)
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
    _ renderer: TemplateRenderer
  ) throws(TemplateFault) -> Bool {
    switch symbol {
    case "==": return TemplateValue.isEqual(left, right)
    case "!=": return !TemplateValue.isEqual(left, right)
    case "in": return try contains(right, left, renderer)
    case "not in": return try !contains(right, left, renderer)
    default: break
    }
    guard let isLess = TemplateValue.isLess(left, right),
      let isGreater = TemplateValue.isLess(right, left)
    else { throw renderer.operation("\(left.kind) \(symbol) \(right.kind)") }
    switch symbol {
    case "<": return isLess
    case ">": return isGreater
    case "<=": return isLess || TemplateValue.isEqual(left, right)
    default: return isGreater || TemplateValue.isEqual(left, right)
    }
  }

  static func contains(
    _ container: TemplateValue,
    _ value: TemplateValue,
    _ renderer: TemplateRenderer
  ) throws(TemplateFault) -> Bool {
    switch (container, value) {
    case (.string(let text), .string(let part)):
      return part.isEmpty || TemplateText.find(part, in: text) != nil
    case (.mapping(let mapping), _): return mapping[value] != nil
    case (.string, _): throw renderer.operation("\(value.kind) in string")
    default:
      guard let values = renderer.iterated(container) else {
        throw renderer.operation("... in \(container.kind)")
      }
      return values.contains { TemplateValue.isEqual($0, value) }
    }
  }
}
