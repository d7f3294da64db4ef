// SPDX-License-Identifier: MIT

/// The tests of the language: `x is defined`.
enum TemplateTests {
  static func holds(
    _ name: String,
    _ value: TemplateValue,
    _ arguments: [TemplateValue],
    _ renderer: inout TemplateRenderer
  ) throws(TemplateFault) -> Bool {
    switch name {
    case "defined": return value.kind != "undefined"
    case "undefined", "none", "string", "mapping", "boolean": return value.kind == name
    case "true": return value.kind == "boolean" && value.isTrue
    case "false": return value.kind == "boolean" && !value.isTrue
    case "integer": return value.kind == "number" && value.whole != nil
    case "float": return value.kind == "number" && value.whole == nil
    case "number": return value.numeric != nil
    case "iterable": return value.isIterable
    case "sequence":
      if case .sequence(let list) = value { return list.form.hasPlaces }
      return value.isIterable
    case "callable":
      switch value {
      case .macro, .function, .method: return true
      default: return false
      }
    default: return try compared(name, value, arguments, &renderer)
    }
  }

  private static let comparisons = [
    "eq": "==", "equalto": "==", "==": "==", "ne": "!=", "!=": "!=", "lt": "<", "lessthan": "<",
    "<": "<", "le": "<=", "<=": "<=", "gt": ">", "greaterthan": ">", ">": ">", "ge": ">=",
    ">=": ">=", "in": "in",
  ]

  private static func compared(
    _ name: String,
    _ value: TemplateValue,
    _ arguments: [TemplateValue],
    _ renderer: inout TemplateRenderer
  ) throws(TemplateFault) -> Bool {
    if let symbol = comparisons[name] {
      guard let other = arguments.first else { throw renderer.operation("is \(name)") }
      return try TemplateOperators.holds(symbol, value, other, &renderer)
    }
    switch name {
    case "odd", "even", "divisibleby":
      guard let divisor = name == "divisibleby" ? arguments.first : .integer(2),
        divisor.numeric != nil, value.numeric != nil
      else { throw renderer.operation("\(value.kind) is \(name)") }
      let rest = try TemplateOperators.binary("%", value, divisor, &renderer)
      return rest.numeric == (name == "odd" ? 1 : 0)
    case "lower", "upper":
      let text = try renderer.written(value)
      try renderer.readLetters(text)
      let changed = name == "lower" ? text.lowercased() : text.uppercased()
      return changed.utf8.elementsEqual(text.utf8) && hasCase(text)
    default: throw renderer.unsupported("is \(name)")
    }
  }

  private static func hasCase(_ text: String) -> Bool {
    text.unicodeScalars.contains(where: \.properties.isCased)
  }
}
