// SPDX-License-Identifier: MIT
import Glibc

/// The functions that a template may call.
enum TemplateFunctions {
  static let globals: Set<String> = [
    "range", "namespace", "dict", "raise_exception", "strftime_now",
  ]

  private static let longestRange = 100_000

  static func call(
    _ function: TemplateValue,
    _ call: TemplateCall,
    _ renderer: inout TemplateRenderer
  ) throws(TemplateFault) -> TemplateValue {
    switch function {
    case .macro(let number):
      return try renderer.call(renderer.macros[number], call.positional, call.named)
    case .method(let value, let name):
      return try TemplateMethods.call(value, name, call, &renderer)
    case .function("range"): return try range(call, renderer)
    case .function("namespace"), .function("dict"):
      var mapping = TemplateMapping()
      if case .mapping(let first)? = call.positional.first { mapping = first }
      for (name, value) in call.named { mapping.set(.string(name), value) }
      if case .function("dict") = function { return .mapping(mapping) }
      let members = mapping.entries.map { ($0.key.text, $0.value) }
      return renderer.makeNamespace(Dictionary(members) { $1 })
    case .function("raise_exception"): throw .raised(call.positional.first?.text ?? "")
    case .function("strftime_now"): return .string(time(call.positional.first?.text ?? ""))
    default: throw renderer.operation("\(function.kind)(...)")
    }
  }

  private static func range(
    _ call: TemplateCall,
    _ renderer: TemplateRenderer
  ) throws(TemplateFault) -> TemplateValue {
    let bounds = call.positional.compactMap(\.whole)
    guard bounds.count == call.positional.count, (1...3).contains(bounds.count) else {
      throw renderer.operation("range(...)")
    }
    let (start, end) = bounds.count == 1 ? (0, bounds[0]) : (bounds[0], bounds[1])
    let step = bounds.count == 3 ? bounds[2] : 1
    guard step != 0 else { throw renderer.operation("range(..., 0)") }
    let values = stride(from: start, to: end, by: step).prefix(longestRange + 1)
    var all: [TemplateValue] = []
    for value in values { all.append(.integer(value)) }
    guard all.count <= longestRange else { throw .tooLarge(line: renderer.line) }
    return .list(all, .range(start: start, end: end, step: step))
  }

  /// The time now, here, as `strftime` writes it.
  private static func time(_ format: String) -> String {
    var (now, parts) = (Glibc.time(nil), tm())
    guard localtime_r(&now, &parts) != nil, !format.isEmpty, format.utf8.count < 200 else {
      return ""
    }
    var buffer = [CChar](repeating: 0, count: 4_096)
    let count = strftime(&buffer, buffer.count, format, &parts)
    return String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}

/// The methods of texts, lists and mappings.
enum TemplateMethods {
  static let ofTexts: Set<String> = [
    "strip", "lstrip", "rstrip", "split", "rsplit", "splitlines", "startswith", "endswith", "upper",
    "lower", "title", "capitalize", "replace", "find", "rfind", "count", "join", "isdigit",
    "isspace", "isalpha", "isupper", "islower", "removeprefix", "removesuffix",
  ]
  static let ofMappings: Set<String> = ["items", "keys", "values", "get"]
  static let ofLists: Set<String> = ["index", "count"]

  static func call(
    _ value: TemplateValue,
    _ name: String,
    _ call: TemplateCall,
    _ renderer: inout TemplateRenderer
  ) throws(TemplateFault) -> TemplateValue {
    switch value {
    case .string(let text): return try ofText(text, name, call, &renderer)
    case .mapping(let mapping): return try self.mapping(mapping, name, call, renderer)
    case .list(let values, _):
      guard let wanted = call.positional.first else { throw renderer.operation("list.\(name)()") }
      let places = values.indices.filter { TemplateValue.isEqual(values[$0], wanted) }
      if name == "count" { return .integer(places.count) }
      guard let place = places.first else { throw renderer.operation("list.index(...)") }
      return .integer(place)
    default: throw renderer.operation("\(value.kind).\(name)(...)")
    }
  }

  private static func mapping(
    _ mapping: TemplateMapping,
    _ name: String,
    _ call: TemplateCall,
    _ renderer: TemplateRenderer
  ) throws(TemplateFault) -> TemplateValue {
    switch name {
    case "items":
      return .list(mapping.entries.map { .tuple([$0.key, $0.value]) }, .view("dict_items"))
    case "keys": return .list(mapping.entries.map(\.key), .view("dict_keys"))
    case "values": return .list(mapping.entries.map(\.value), .view("dict_values"))
    case "cycle":
      guard !call.positional.isEmpty, let index = mapping["index0"]?.whole else { return .none }
      return call.positional[index % call.positional.count]
    default:
      guard let key = call.positional.first else { throw renderer.operation("mapping.get()") }
      return mapping[key] ?? call.argument(1, "default") ?? .none
    }
  }

  private static func ofText(
    _ text: String,
    _ name: String,
    _ call: TemplateCall,
    _ renderer: inout TemplateRenderer
  ) throws(TemplateFault) -> TemplateValue {
    let first: String? = if case .string(let text)? = call.positional.first { text } else { nil }
    try renderer.work(1 + text.utf8.count >> 6)
    func needed() throws(TemplateFault) -> String {
      guard let first else { throw renderer.operation("string.\(name)(...)") }
      return first
    }
    switch name {
    case "strip", "lstrip", "rstrip":
      return .string(
        TemplateText.stripped(text, first, left: name != "rstrip", right: name != "lstrip")
      )
    case "split", "rsplit": return try split(text, name, first, call, renderer)
    case "splitlines": return .list(TemplateText.lines(text).map { .string($0) })
    case "startswith", "endswith":
      let parts = call.positional.first.flatMap { value -> [TemplateValue]? in
        if case .list(let values, .tuple) = value { values } else { nil }
      }
      let wanted: [String]
      if let parts { wanted = parts.map(\.text) } else { wanted = [try needed()] }
      return .boolean(
        wanted.contains {
          name == "startswith" ? TemplateText.begins(text, $0) : TemplateText.ends(text, $0)
        }
      )
    case "upper": return .string(text.uppercased())
    case "lower": return .string(text.lowercased())
    case "title": return .string(TemplateText.titled(text))
    case "capitalize": return .string(TemplateText.capitalized(text))
    case "replace":
      for part in call.positional.prefix(2) where part.kind != "string" {
        throw renderer.operation("string.replace(\(part.kind))")
      }
      return try replaced(text, call, &renderer)
    case "find": return .integer(TemplateText.find(try needed(), in: text) ?? -1)
    case "rfind":
      let parts = TemplateText.splitFromRight(text, try needed(), most: 1)
      return .integer(parts.count > 1 ? parts[0].unicodeScalars.count : -1)
    case "count": return .integer(TemplateText.split(text, try needed()).count - 1)
    case "join": return try join(call.positional.first, text, &renderer)
    case "removeprefix":
      let part = try needed()
      return .string(TemplateText.begins(text, part) ? Self.dropping(part, text, true) : text)
    case "removesuffix":
      let part = try needed()
      return .string(TemplateText.ends(text, part) ? Self.dropping(part, text, false) : text)
    default: return .boolean(isAll(text, name))
    }
  }

  private static func join(
    _ list: TemplateValue?,
    _ separator: String,
    _ renderer: inout TemplateRenderer
  ) throws(TemplateFault) -> TemplateValue {
    guard let values = list.flatMap(renderer.iterated) else {
      throw renderer.operation("string.join(...)")
    }
    if let other = values.first(where: { $0.kind != "string" }) {
      throw renderer.operation("string.join([\(other.kind)])")
    }
    return try renderer.made(values.map(\.text).joined(separator: separator))
  }

  private static func dropping(_ part: String, _ text: String, _ fromLeft: Bool) -> String {
    let count = part.unicodeScalars.count
    let rest =
      fromLeft ? text.unicodeScalars.dropFirst(count) : text.unicodeScalars.dropLast(count)
    return String(rest)
  }

  private static func isAll(_ text: String, _ name: String) -> Bool {
    let scalars = text.unicodeScalars
    switch name {
    case "isupper":
      return scalars.contains(where: \.properties.isUppercase)
        && !scalars.contains(where: \.properties.isLowercase)
    case "islower":
      return scalars.contains(where: \.properties.isLowercase)
        && !scalars.contains(where: \.properties.isUppercase)
    default: break
    }
    return !scalars.isEmpty
      && scalars.allSatisfy { scalar in
        switch name {
        case "isdigit": [.decimal, .digit].contains(scalar.properties.numericType)
        case "isspace": PythonSpace.contains(scalar)
        default:
          [.uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter]
            .contains(scalar.properties.generalCategory)
        }
      }
  }

  private static func split(
    _ text: String,
    _ name: String,
    _ separator: String?,
    _ call: TemplateCall,
    _ renderer: TemplateRenderer
  ) throws(TemplateFault) -> TemplateValue {
    let limit = call.argument(1, "maxsplit")?.whole ?? -1
    let most = limit < 0 ? Int.max : limit
    guard let separator else {
      guard name == "split" || most == .max else { throw renderer.unsupported("rsplit(None, n)") }
      return .list(TemplateText.words(text, most: most).map { .string($0) })
    }
    guard !separator.isEmpty else { throw renderer.operation("split('')") }
    let parts =
      name == "split"
      ? TemplateText.split(text, separator, most: most)
      : TemplateText.splitFromRight(text, separator, most: most)
    return .list(parts.map { .string($0) })
  }

  /// `replace(old, new, count)`, of texts and as a filter.
  static func replaced(
    _ text: String,
    _ call: TemplateCall,
    _ renderer: inout TemplateRenderer
  ) throws(TemplateFault) -> TemplateValue {
    guard let old = call.argument(0, "old"), let new = call.argument(1, "new") else {
      throw renderer.operation("replace(...)")
    }
    let count = call.argument(2, "count")?.whole ?? -1
    // No more than the longest text with the other one at each place.
    let size = (text.utf8.count + 1).multipliedReportingOverflow(by: new.text.utf8.count + 1)
    guard !size.overflow, size.partialValue <= 64 << 20 else {
      throw .tooLarge(line: renderer.line)
    }
    return try renderer.made(
      TemplateText.replaced(text, old.text, by: new.text, most: count < 0 ? .max : count)
    )
  }
}
