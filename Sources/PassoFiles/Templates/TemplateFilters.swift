// SPDX-License-Identifier: MIT

/// The filters of the language.
enum TemplateFilters {
  static func apply(
    _ name: String,
    _ value: TemplateValue,
    _ call: TemplateCall,
    _ renderer: inout TemplateRenderer
  ) throws(TemplateFault) -> TemplateValue {
    if case .undefined = value, ["int", "float", "indent", "abs"].contains(name) {
      throw renderer.operation("undefined | \(name)")
    }
    switch name {
    case "default", "d":
      let other = call.argument(0, "default_value") ?? .string("")
      let isLoose = call.argument(1, "boolean")?.isTrue ?? false
      if case .undefined = value { return other }
      return isLoose && !value.isTrue ? other : value
    case "tojson": return try json(value, call, &renderer)
    case "length", "count":
      guard value.kind != "generator", let values = renderer.iterated(value) else {
        throw renderer.operation("\(value.kind) | \(name)")
      }
      return .integer(values.count)
    case "string": return try renderer.made(renderer.written(value))
    case "int": return integer(value, call)
    case "float":
      if case .string(let text) = value {
        return Double(TemplateText.stripped(text, nil, left: true, right: true))
          .map { .number($0) } ?? call.argument(0, "default") ?? .number(0)
      }
      return .number(value.numeric ?? 0)
    case "abs":
      guard let number = value.numeric else { throw renderer.operation("\(value.kind) | abs") }
      if number < 0 { return try TemplateOperators.unary("-", value, renderer) }
      return value.whole.map { .integer($0) } ?? value
    case "safe": return value
    case "items":
      if case .undefined = value { return .iterator([]) }
      guard case .mapping(let mapping) = value else {
        throw renderer.operation("\(value.kind) | items")
      }
      return .iterator(mapping.entries.map { .tuple([$0.key, $0.value]) })
    case "dictsort": return try sortedMapping(value, renderer)
    case "trim", "upper", "lower", "title", "capitalize", "replace", "indent":
      return try text(name, value, call, &renderer)
    default: return try TemplateListFilters.apply(name, value, call, &renderer)
    }
  }

  private static func text(
    _ name: String,
    _ value: TemplateValue,
    _ call: TemplateCall,
    _ renderer: inout TemplateRenderer
  ) throws(TemplateFault) -> TemplateValue {
    let text = value.text
    switch name {
    case "trim":
      let characters = call.argument(0, "chars").flatMap { value -> String? in
        if case .string(let text) = value { text } else { nil }
      }
      return .string(TemplateText.stripped(text, characters, left: true, right: true))
    case "upper": return .string(text.uppercased())
    case "lower": return .string(text.lowercased())
    case "title": return .string(title(text))
    case "capitalize": return .string(TemplateText.capitalized(text))
    case "replace": return try TemplateMethods.replaced(text, call, &renderer)
    default: return try indent(text, call, &renderer)
    }
  }

  /// Words of the filter begin after white space and after some brackets, unlike those of Python.
  private static func title(_ text: String) -> String {
    var (all, isStart) = ("", true)
    for scalar in text.unicodeScalars {
      all += isStart ? scalar.properties.uppercaseMapping : scalar.properties.lowercaseMapping
      isStart = PythonSpace.contains(scalar) || "-({[<".unicodeScalars.contains(scalar)
    }
    return all
  }

  private static func indent(
    _ text: String,
    _ call: TemplateCall,
    _ renderer: inout TemplateRenderer
  ) throws(TemplateFault) -> TemplateValue {
    var blank = "    "
    switch call.argument(0, "width") {
    case .string(let text)?: blank = text
    case let width?: blank = String(repeating: " ", count: min(1_000, max(0, width.whole ?? 4)))
    case nil: break
    }
    let isFirst = call.argument(1, "first")?.isTrue ?? false
    let isBlank = call.argument(2, "blank")?.isTrue ?? false
    let lines = TemplateText.lines(text + "\n")
    try renderer.work(lines.count)
    let size = lines.count.multipliedReportingOverflow(by: blank.utf8.count)
    guard !size.overflow, size.partialValue <= 4 << 20 else { throw .tooLarge(line: renderer.line) }
    let indented = lines.enumerated().map { place, line in
      (place == 0 ? isFirst : isBlank || !line.isEmpty) ? blank + line : line
    }
    return try renderer.made(indented.joined(separator: "\n"))
  }

  private static func integer(_ value: TemplateValue, _ call: TemplateCall) -> TemplateValue {
    let standard = call.argument(0, "default") ?? .integer(0)
    switch value {
    case .string(let text):
      let digits = TemplateText.stripped(text, nil, left: true, right: true)
      if let whole = Int(digits) { return .integer(whole) }
      return Double(digits).flatMap { Int(exactly: $0.rounded(.towardZero)) }
        .map { .integer($0) } ?? standard
    case .number(let number):
      return Int(exactly: number.rounded(.towardZero)).map { .integer($0) } ?? standard
    default: return value.whole.map { .integer($0) } ?? standard
    }
  }

  private static func json(
    _ value: TemplateValue,
    _ call: TemplateCall,
    _ renderer: inout TemplateRenderer
  ) throws(TemplateFault) -> TemplateValue {
    for (name, value) in call.named where name != "indent" && name != "ensure_ascii" {
      if case .none = value { continue }
      throw renderer.unsupported("tojson(\(name)=...)")
    }
    if call.named.contains(where: { $0.name == "ensure_ascii" && $0.value.isTrue }) {
      throw renderer.unsupported("tojson(ensure_ascii=true)")
    }
    let indent = call.named.first { $0.name == "indent" }?.value.whole
    guard let text = PythonText.json(value, indent: indent.map { min(100, max(0, $0)) }) else {
      throw renderer.operation("\(value.kind) | tojson")
    }
    return try renderer.made(text)
  }

  private static func sortedMapping(
    _ value: TemplateValue,
    _ renderer: TemplateRenderer
  ) throws(TemplateFault) -> TemplateValue {
    guard case .mapping(let mapping) = value else {
      throw renderer.operation("\(value.kind) | dictsort")
    }
    let pairs = mapping.entries.enumerated().sorted { one, other in
      let (a, b) = (one.element.key.text.lowercased(), other.element.key.text.lowercased())
      return TemplateValue.isEqual(.string(a), .string(b))
        ? one.offset < other.offset : a.unicodeScalars.lexicographicallyPrecedes(b.unicodeScalars)
    }
    return .list(pairs.map { .tuple([$0.element.key, $0.element.value]) })
  }
}

/// Filters of lists.
enum TemplateListFilters {
  static func apply(
    _ name: String,
    _ value: TemplateValue,
    _ call: TemplateCall,
    _ renderer: inout TemplateRenderer
  ) throws(TemplateFault) -> TemplateValue {
    guard known.contains(name) else { throw renderer.unsupported("| \(name)") }
    guard let values = renderer.iterated(value) else {
      throw renderer.operation("\(value.kind) | \(name)")
    }
    try renderer.work(values.count)
    switch name {
    case "first": return values.first ?? .undefined
    case "last":
      guard value.kind != "generator" else { throw renderer.operation("generator | last") }
      return values.last ?? .undefined
    case "list": return .list(values)
    case "reverse":
      if case .string(let text) = value {
        return .string(String(String.UnicodeScalarView(text.unicodeScalars.reversed())))
      }
      return .list(values.reversed(), value.kind == "generator" ? .list : .iterator)
    case "join": return try join(values, call, &renderer)
    case "sum":
      var sum = call.argument(1, "start") ?? .integer(0)
      for each in try attributes(values, call.argument(0, "attribute"), renderer) {
        sum = try TemplateOperators.binary("+", sum, each, &renderer)
      }
      return sum
    case "min", "max", "sort", "unique": return try ordered(name, values, call, renderer)
    case "map": return try map(values, call, &renderer)
    default: return try select(name, values, call, &renderer)
    }
  }

  private static let known: Set<String> = [
    "first", "last", "list", "reverse", "join", "sum", "min", "max", "sort", "unique", "map",
    "select", "reject", "selectattr", "rejectattr",
  ]

  /// Each value's member, by a name with points in it.
  private static func attributes(
    _ values: [TemplateValue],
    _ name: TemplateValue?,
    _ renderer: TemplateRenderer
  ) throws(TemplateFault) -> [TemplateValue] {
    guard let name else { return values }
    guard case .string(let path) = name else {
      throw renderer.unsupported("attribute=\(name.text)")
    }
    var all: [TemplateValue] = []
    for var value in values {
      for part in TemplateText.split(path, ".") {
        if case .mapping(let mapping) = value {
          value = mapping[part] ?? .undefined
        } else {
          value = try renderer.member(value, part)
        }
      }
      all.append(value)
    }
    return all
  }

  private static func join(
    _ values: [TemplateValue],
    _ call: TemplateCall,
    _ renderer: inout TemplateRenderer
  ) throws(TemplateFault) -> TemplateValue {
    let separator = call.argument(0, "d")?.text ?? ""
    let texts = try attributes(values, call.argument(1, "attribute"), renderer).map(\.text)
    let bytes = texts.count.multipliedReportingOverflow(by: separator.utf8.count)
    guard !bytes.overflow, bytes.partialValue <= 16 << 20 else {
      throw .tooLarge(line: renderer.line)
    }
    return try renderer.made(texts.joined(separator: separator))
  }

  private static func ordered(
    _ name: String,
    _ values: [TemplateValue],
    _ call: TemplateCall,
    _ renderer: TemplateRenderer
  ) throws(TemplateFault) -> TemplateValue {
    let named = call.named.first { $0.name == "attribute" }?.value
    guard call.positional.isEmpty, call.named.count == (named == nil ? 0 : 1) else {
      throw renderer.unsupported("| \(name)(...)")
    }
    let keys = try attributes(values, named, renderer).map { value -> TemplateValue in
      // Capital letters count as small ones.
      if case .string(let text) = value { .string(text.lowercased()) } else { value }
    }
    if name == "unique" {
      if let other = keys.first(where: { !$0.isKey }) {
        throw renderer.operation("[\(other.kind)] | unique")
      }
      var kept: [Int] = []
      for place in keys.indices
      where !kept.contains(where: { TemplateValue.isEqual(keys[$0], keys[place]) }) {
        kept.append(place)
      }
      return .iterator(kept.map { values[$0] })
    }
    for (one, other) in zip(keys, keys.dropFirst()) where TemplateValue.isLess(one, other) == nil {
      throw renderer.operation("\(one.kind) < \(other.kind)")
    }
    let sorted = values.indices.sorted { one, other in
      if TemplateValue.isLess(keys[one], keys[other]) ?? false { return true }
      return !(TemplateValue.isLess(keys[other], keys[one]) ?? false) && one < other
    }
    switch name {
    case "min": return sorted.first.map { values[$0] } ?? .undefined
    case "max":
      // Of equal ones the first.
      let best = sorted.last.flatMap { last in
        sorted.first { !(TemplateValue.isLess(keys[$0], keys[last]) ?? true) }
      }
      return best.map { values[$0] } ?? .undefined
    default: return .list(sorted.map { values[$0] })
    }
  }

  private static func map(
    _ values: [TemplateValue],
    _ call: TemplateCall,
    _ renderer: inout TemplateRenderer
  ) throws(TemplateFault) -> TemplateValue {
    if let attribute = call.named.first(where: { $0.name == "attribute" })?.value {
      let standard = call.named.first { $0.name == "default" }?.value
      return .iterator(
        try attributes(values, attribute, renderer).map {
          if case .undefined = $0 { standard ?? $0 } else { $0 }
        }
      )
    }
    guard case .string(let filter)? = call.positional.first else {
      throw renderer.operation("| map(...)")
    }
    let arguments = TemplateCall(positional: Array(call.positional.dropFirst()), named: call.named)
    var all: [TemplateValue] = []
    for value in values {
      all.append(try TemplateFilters.apply(filter, value, arguments, &renderer))
    }
    return .iterator(all)
  }

  private static func select(
    _ name: String,
    _ values: [TemplateValue],
    _ call: TemplateCall,
    _ renderer: inout TemplateRenderer
  ) throws(TemplateFault) -> TemplateValue {
    let byMember = name.hasSuffix("attr")
    var arguments = call.positional[...]
    let subjects = try byMember ? attributes(values, arguments.popFirst(), renderer) : values
    let test = arguments.popFirst()
    var kept: [TemplateValue] = []
    for (value, subject) in zip(values, subjects) {
      let holds: Bool
      if let test {
        holds = try TemplateTests.holds(test.text, subject, Array(arguments), &renderer)
      } else {
        holds = subject.isTrue
      }
      if holds == name.hasPrefix("select") { kept.append(value) }
    }
    return .iterator(kept)
  }
}
