// SPDX-License-Identifier: MIT

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
    case .mapping(let mapping): return try self.mapping(mapping, name, call, &renderer)
    case .sequence(let list): return try ofList(list.values, name, call, &renderer)
    default: throw renderer.operation("\(value.kind).\(name)(...)")
    }
  }

  private static func mapping(
    _ mapping: TemplateMapping,
    _ name: String,
    _ call: TemplateCall,
    _ renderer: inout TemplateRenderer
  ) throws(TemplateFault) -> TemplateValue {
    try renderer.work()
    switch name {
    case "items":
      try renderer.work(mapping.entries.count)
      let pairs = mapping.entries.map { TemplateValue.tuple([$0.key, $0.value]) }
      return try renderer.made(pairs, .view("dict_items"))
    case "keys": return try renderer.made(mapping.entries.map(\.key), .view("dict_keys"))
    case "values": return try renderer.made(mapping.entries.map(\.value), .view("dict_values"))
    case "cycle":
      guard !call.positional.isEmpty, let index = mapping["index0"]?.whole else { return .none }
      return call.positional[index % call.positional.count]
    default:
      guard let key = call.positional.first else { throw renderer.operation("mapping.get()") }
      guard key.isKey else { throw renderer.operation("mapping.get(\(key.kind))") }
      return try renderer.value(of: key, in: mapping) ?? call.argument(1, "default") ?? .none
    }
  }

  private static func ofList(
    _ values: [TemplateValue],
    _ name: String,
    _ call: TemplateCall,
    _ renderer: inout TemplateRenderer
  ) throws(TemplateFault) -> TemplateValue {
    guard call.positional.count == 1, let wanted = call.positional.first else {
      throw renderer.operation("list.\(name)(...)")
    }
    var count = 0
    for (place, value) in values.enumerated() where try renderer.areEqual(value, wanted) {
      if name == "index" { return .integer(place) }
      count += 1
    }
    guard name == "count" else { throw renderer.operation("list.index(...)") }
    return .integer(count)
  }

  // MARK: Texts

  private static func ofText(
    _ text: String,
    _ name: String,
    _ call: TemplateCall,
    _ renderer: inout TemplateRenderer
  ) throws(TemplateFault) -> TemplateValue {
    try renderer.readLetters(text)
    switch name {
    case "split", "rsplit": return try split(text, name, call, &renderer)
    case "splitlines": return try renderer.made(TemplateText.lines(text).map { .string($0) })
    case "replace":
      for part in call.positional.prefix(2) where part.kind != "string" {
        throw renderer.operation("string.replace(\(part.kind))")
      }
      return try replaced(text, call, &renderer)
    case "join": return try join(call.positional.first, text, &renderer)
    case "startswith", "endswith": return try .boolean(touches(text, name, call, &renderer))
    case "find", "rfind", "count", "removeprefix", "removesuffix":
      return try with(part(name, call, renderer), name, text, &renderer)
    case "strip", "lstrip", "rstrip", "upper", "lower", "title", "capitalize":
      return try renderer.made(changed(text, name, call, &renderer))
    default:
      try renderer.readKinds(text)
      return .boolean(isAll(text, name))
    }
  }

  private static func changed(
    _ text: String,
    _ name: String,
    _ call: TemplateCall,
    _ renderer: inout TemplateRenderer
  ) throws(TemplateFault) -> String {
    switch name {
    case "upper": return text.uppercased()
    case "lower": return text.lowercased()
    case "title":
      try renderer.readKinds(text)
      return TemplateText.titled(text)
    case "capitalize": return TemplateText.capitalized(text)
    default:
      var characters: String?
      if case .string(let set)? = call.positional.first {
        characters = set
        try renderer.readLetters(set)
      }
      let (left, right) = (name != "rstrip", name != "lstrip")
      return TemplateText.stripped(text, characters, left: left, right: right)
    }
  }

  /// The text that a method of texts needs, and nothing besides.
  private static func part(
    _ name: String,
    _ call: TemplateCall,
    _ renderer: TemplateRenderer
  ) throws(TemplateFault) -> String {
    guard call.positional.count < 2, call.named.isEmpty else {
      throw renderer.unsupported("string.\(name)(..., ...)")
    }
    guard case .string(let part)? = call.positional.first else {
      throw renderer.operation("string.\(name)(...)")
    }
    return part
  }

  /// What a part says of a text.
  private static func with(
    _ part: String,
    _ name: String,
    _ text: String,
    _ renderer: inout TemplateRenderer
  ) throws(TemplateFault) -> TemplateValue {
    switch name {
    case "find": return .integer(TemplateText.find(part, in: text) ?? -1)
    case "rfind": return .integer(TemplateText.find(part, in: text, fromRight: true) ?? -1)
    case "count": return .integer(TemplateText.count(part, in: text))
    case "removeprefix":
      guard TemplateText.begins(text, part) else { return .string(text) }
      return try renderer.made(TemplateText.string(text.utf8.dropFirst(part.utf8.count)))
    default:
      guard TemplateText.ends(text, part) else { return .string(text) }
      return try renderer.made(TemplateText.string(text.utf8.dropLast(part.utf8.count)))
    }
  }

  /// Whether a text begins, or ends, with a part or with one of several.
  private static func touches(
    _ text: String,
    _ name: String,
    _ call: TemplateCall,
    _ renderer: inout TemplateRenderer
  ) throws(TemplateFault) -> Bool {
    var parts = call.positional
    if parts.count == 1, case .sequence(let list) = parts[0], list.form == .tuple {
      parts = list.values
    } else {
      parts = [.string(try part(name, call, renderer))]
    }
    for part in parts {
      guard case .string(let part) = part else {
        throw renderer.operation("string.\(name)([\(part.kind)])")
      }
      try renderer.work(1 + min(text.utf8.count, part.utf8.count) >> 6)
      if name == "startswith" ? TemplateText.begins(text, part) : TemplateText.ends(text, part) {
        return true
      }
    }
    return false
  }

  private static func join(
    _ list: TemplateValue?,
    _ separator: String,
    _ renderer: inout TemplateRenderer
  ) throws(TemplateFault) -> TemplateValue {
    guard let list, let values = try renderer.elements(of: list) else {
      throw renderer.operation("string.join(...)")
    }
    try renderer.work(values.count)
    if let other = values.first(where: { $0.kind != "string" }) {
      throw renderer.operation("string.join([\(other.kind)])")
    }
    return try joined(renderer.written(values), separator, &renderer)
  }

  /// Texts in a row, once it is known that they are not too long.
  static func joined(
    _ texts: [String],
    _ separator: String,
    _ renderer: inout TemplateRenderer
  ) throws(TemplateFault) -> TemplateValue {
    try renderer.check(joined: texts, separator: separator)
    return try renderer.made(texts.joined(separator: separator))
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
    _ call: TemplateCall,
    _ renderer: inout TemplateRenderer
  ) throws(TemplateFault) -> TemplateValue {
    let limit = call.argument(1, "maxsplit")?.whole ?? -1
    let most = limit < 0 ? Int.max : limit
    guard case .string(let separator)? = call.argument(0, "sep") else {
      guard name == "split" || most == .max else { throw renderer.unsupported("rsplit(None, n)") }
      try renderer.readKinds(text)
      return try renderer.made(TemplateText.words(text, most: most).map { .string($0) })
    }
    guard !separator.isEmpty else { throw renderer.operation("\(name)('')") }
    let parts = TemplateText.split(text, separator, most: most, fromRight: name == "rsplit")
    return try renderer.made(parts.map { .string($0) })
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
    let (part, other) = (try renderer.written(old), try renderer.written(new))
    let most = count < 0 ? Int.max : count
    let places = min(most, TemplateText.count(part, in: text))
    // Texts are at most as long as the whole may be, and so are the numbers of their parts.
    try renderer.check(
      bytes: text.utf8.count + places * (other.utf8.count - min(part.utf8.count, other.utf8.count))
    )
    try renderer.work(places)
    return try renderer.made(TemplateText.replaced(text, part, by: other, most: most))
  }
}
