// SPDX-License-Identifier: MIT

/// The filters of the language.
enum TemplateFilters {
  static func apply(
    _ name: String,
    _ value: TemplateValue,
    _ call: TemplateCall,
    _ renderer: inout TemplateRenderer
  ) throws(TemplateFault) -> TemplateValue {
    // A filter may be named to another one, and so on.
    try renderer.enter()
    defer { renderer.leave() }
    try renderer.work()
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
    case "length", "count": return try length(value, name, &renderer)
    case "string": return try renderer.made(renderer.written(value))
    case "int", "float", "abs": return try number(name, value, call, &renderer)
    case "safe": return value
    case "items", "dictsort": return try pairs(name, value, &renderer)
    case "trim", "upper", "lower", "title", "capitalize", "replace", "indent":
      return try text(name, renderer.written(value), call, &renderer)
    default: return try TemplateListFilters.apply(name, value, call, &renderer)
    }
  }

  private static func length(
    _ value: TemplateValue,
    _ name: String,
    _ renderer: inout TemplateRenderer
  ) throws(TemplateFault) -> TemplateValue {
    switch value {
    case .undefined: return .integer(0)
    case .mapping(let mapping): return .integer(mapping.entries.count)
    case .sequence(let list) where list.form != .iterator: return .integer(list.values.count)
    case .string(let text):
      try renderer.read(text)
      return .integer(text.unicodeScalars.count)
    default: throw renderer.operation("\(value.kind) | \(name)")
    }
  }

  // MARK: Numbers

  private static func number(
    _ name: String,
    _ value: TemplateValue,
    _ call: TemplateCall,
    _ renderer: inout TemplateRenderer
  ) throws(TemplateFault) -> TemplateValue {
    if case .string(let text) = value { try renderer.readLetters(text) }
    switch name {
    case "int": return integer(value, call)
    case "float":
      if case .string(let text) = value {
        return TemplateText.number(text).map { .number($0) } ?? call.argument(0, "default")
          ?? .number(0)
      }
      return .number(value.numeric ?? 0)
    default:
      guard let number = value.numeric else { throw renderer.operation("\(value.kind) | abs") }
      if number < 0 { return try TemplateOperators.unary("-", value, renderer) }
      return value.whole.map { .integer($0) } ?? value
    }
  }

  private static func integer(_ value: TemplateValue, _ call: TemplateCall) -> TemplateValue {
    let standard = call.argument(0, "default") ?? .integer(0)
    switch value {
    case .string(let text):
      if let whole = TemplateText.whole(text) { return .integer(whole) }
      return TemplateText.number(text).flatMap { Int(exactly: $0.rounded(.towardZero)) }
        .map { .integer($0) } ?? standard
    case .number(let number):
      return Int(exactly: number.rounded(.towardZero)).map { .integer($0) } ?? standard
    default: return value.whole.map { .integer($0) } ?? standard
    }
  }

  // MARK: Texts

  private static func text(
    _ name: String,
    _ text: String,
    _ call: TemplateCall,
    _ renderer: inout TemplateRenderer
  ) throws(TemplateFault) -> TemplateValue {
    try renderer.readLetters(text)
    switch name {
    case "trim":
      var characters: String?
      if case .string(let set)? = call.argument(0, "chars") {
        characters = set
        try renderer.readLetters(set)
      }
      return try renderer.made(TemplateText.stripped(text, characters, left: true, right: true))
    case "upper": return try renderer.made(text.uppercased())
    case "lower": return try renderer.made(text.lowercased())
    case "title":
      try renderer.readKinds(text)
      return try renderer.made(title(text))
    case "capitalize": return try renderer.made(TemplateText.capitalized(text))
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
    try renderer.check(bytes: text.utf8.count + lines.count * blank.utf8.count)
    let indented = lines.enumerated().map { place, line in
      (place == 0 ? isFirst : isBlank || !line.isEmpty) ? blank + line : line
    }
    return try renderer.made(indented.joined(separator: "\n"))
  }

  // MARK: Mappings

  private static func json(
    _ value: TemplateValue,
    _ call: TemplateCall,
    _ renderer: inout TemplateRenderer
  ) throws(TemplateFault) -> TemplateValue {
    for (name, value) in call.named where name != "indent" && name != "ensure_ascii" {
      if case .none = value { continue }
      throw renderer.unsupported("tojson(\(name)=...)")
    }
    if call.argument(0, "ensure_ascii")?.isTrue ?? false {
      throw renderer.unsupported("tojson(ensure_ascii=true)")
    }
    let indent = call.argument(1, "indent")?.whole.map { min(100, max(0, $0)) }
    try renderer.walk(value)
    // Each part stands on a line of its own, as far in as it is deep.
    let (size, depth) = (value.extent.size, value.extent.depth)
    try renderer.check(bytes: size + size / TemplateExtent.least * depth * (indent ?? 0))
    guard let text = PythonText.json(value, indent: indent) else {
      throw renderer.operation("\(value.kind) | tojson")
    }
    return try renderer.made(text)
  }

  private static func pairs(
    _ name: String,
    _ value: TemplateValue,
    _ renderer: inout TemplateRenderer
  ) throws(TemplateFault) -> TemplateValue {
    if case .undefined = value, name == "items" { return .list([], .iterator) }
    guard case .mapping(let mapping) = value else {
      throw renderer.operation("\(value.kind) | \(name)")
    }
    try renderer.work(mapping.entries.count)
    let pairs = mapping.entries.map { TemplateValue.tuple([$0.key, $0.value]) }
    guard name == "dictsort" else { return try renderer.made(pairs, .iterator) }
    let keys = try renderer.written(mapping.entries.map(\.key))
    let folded = try TemplateListFilters.folded(keys.map { .string($0) }, &renderer)
    return try renderer.made(TemplateListFilters.sorted(folded, &renderer).map { pairs[$0] })
  }
}
