// SPDX-License-Identifier: MIT

/// Filters of lists.
enum TemplateListFilters {
  static func apply(
    _ name: String,
    _ value: TemplateValue,
    _ call: TemplateCall,
    _ renderer: inout TemplateRenderer
  ) throws(TemplateFault) -> TemplateValue {
    guard known.contains(name) else { throw renderer.unsupported("| \(name)") }
    guard let values = try renderer.elements(of: value) else {
      throw renderer.operation("\(value.kind) | \(name)")
    }
    try renderer.work(values.count)
    switch name {
    case "first": return values.first ?? .undefined
    case "last":
      guard value.kind != "generator" else { throw renderer.operation("generator | last") }
      return values.last ?? .undefined
    case "list": return try renderer.made(values)
    case "reverse":
      if case .string(let text) = value {
        return try renderer.made(String(String.UnicodeScalarView(text.unicodeScalars.reversed())))
      }
      return try renderer.made(values.reversed(), value.kind == "generator" ? .list : .iterator)
    case "join": return try join(values, call, &renderer)
    case "sum":
      var sum = call.argument(1, "start") ?? .integer(0)
      for each in try attributes(values, call.argument(0, "attribute"), &renderer) {
        sum = try TemplateOperators.binary("+", sum, each, &renderer)
      }
      return sum
    case "min", "max", "sort", "unique": return try ordered(name, values, call, &renderer)
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
    _ renderer: inout TemplateRenderer
  ) throws(TemplateFault) -> [TemplateValue] {
    guard let name else { return values }
    guard case .string(let path) = name else {
      throw renderer.unsupported("attribute=\(try renderer.written(name))")
    }
    try renderer.readLetters(path)
    let parts = TemplateText.split(path, ".")
    var all: [TemplateValue] = []
    for var value in values {
      // Every part is looked up anew.
      try renderer.work(parts.count + path.utf8.count >> 6)
      for part in parts {
        if case .mapping(let mapping) = value {
          value = mapping[part] ?? .undefined
        } else {
          value = try renderer.member(value, part)
        }
      }
      all.append(try renderer.checked(value))
    }
    return all
  }

  private static func join(
    _ values: [TemplateValue],
    _ call: TemplateCall,
    _ renderer: inout TemplateRenderer
  ) throws(TemplateFault) -> TemplateValue {
    let separator = try call.argument(0, "d").map { (it) throws(TemplateFault) in
      try renderer.written(it)
    }
    let texts = try renderer.written(attributes(values, call.argument(1, "attribute"), &renderer))
    return try TemplateMethods.joined(texts, separator ?? "", &renderer)
  }

  // MARK: Order

  private static func ordered(
    _ name: String,
    _ values: [TemplateValue],
    _ call: TemplateCall,
    _ renderer: inout TemplateRenderer
  ) throws(TemplateFault) -> TemplateValue {
    let named = call.named.first { $0.name == "attribute" }?.value
    guard call.positional.isEmpty, call.named.count == (named == nil ? 0 : 1) else {
      throw renderer.unsupported("| \(name)(...)")
    }
    let keys = try folded(attributes(values, named, &renderer), &renderer)
    switch name {
    case "unique": return try renderer.made(firsts(keys, &renderer).map { values[$0] }, .iterator)
    case "sort": return try renderer.made(sorted(keys, &renderer).map { values[$0] })
    default:
      // Of equal ones the first.
      guard var best = values.indices.first else { return .undefined }
      for place in values.indices.dropFirst() {
        let (one, other) = name == "min" ? (place, best) : (best, place)
        if try isBefore(keys[one], keys[other], &renderer) { best = place }
      }
      return values[best]
    }
  }

  /// Values by which others are put in order: capital letters count as small ones.
  static func folded(
    _ values: [TemplateValue],
    _ renderer: inout TemplateRenderer
  ) throws(TemplateFault) -> [TemplateValue] {
    var (keys, bytes) = ([TemplateValue](), 0)
    for value in values {
      guard case .string(let text) = value else {
        keys.append(value)
        continue
      }
      try renderer.readLetters(text)
      keys.append(try renderer.made(text.lowercased()))
      bytes += text.utf8.count
      try renderer.check(bytes: bytes)
    }
    return keys
  }

  /// The places of those that are equal to none before them.
  private static func firsts(
    _ keys: [TemplateValue],
    _ renderer: inout TemplateRenderer
  ) throws(TemplateFault) -> [Int] {
    var (seen, places) = (Set<TemplateKey>(), [Int]())
    for (place, key) in keys.enumerated() {
      guard key.isKey else { throw renderer.operation("[\(key.kind)] | unique") }
      try renderer.walk(key)
      if seen.insert(TemplateKey(key)).inserted { places.append(place) }
    }
    return places
  }

  /// The places of some keys from the first to the last; of equal ones in their order.
  static func sorted(
    _ keys: [TemplateValue],
    _ renderer: inout TemplateRenderer
  ) throws(TemplateFault) -> [Int] {
    // Halves that are in order, put together: each comparison is counted.
    var (places, width) = (Array(keys.indices), 1)
    while width < places.count {
      var merged: [Int] = []
      for start in stride(from: 0, to: places.count, by: 2 * width) {
        var left = places[start..<min(start + width, places.count)]
        var right = places[left.endIndex..<min(left.endIndex + width, places.count)]
        while let one = left.first, let other = right.first {
          if try isBefore(keys[other], keys[one], &renderer) {
            merged.append(other)
            right = right.dropFirst()
          } else {
            merged.append(one)
            left = left.dropFirst()
          }
        }
        merged += left + right
      }
      (places, width) = (merged, 2 * width)
    }
    return places
  }

  private static func isBefore(
    _ one: TemplateValue,
    _ other: TemplateValue,
    _ renderer: inout TemplateRenderer
  ) throws(TemplateFault) -> Bool {
    guard let isLess = try renderer.isLess(one, other) else {
      throw renderer.operation("\(one.kind) < \(other.kind)")
    }
    return isLess
  }

  // MARK: One by one

  private static func map(
    _ values: [TemplateValue],
    _ call: TemplateCall,
    _ renderer: inout TemplateRenderer
  ) throws(TemplateFault) -> TemplateValue {
    if let attribute = call.named.first(where: { $0.name == "attribute" })?.value {
      let standard = call.named.first { $0.name == "default" }?.value
      let members = try attributes(values, attribute, &renderer)
      return try renderer.made(
        members.map { if case .undefined = $0 { standard ?? $0 } else { $0 } },
        .iterator
      )
    }
    guard case .string(let filter)? = call.positional.first else {
      throw renderer.operation("| map(...)")
    }
    let arguments = TemplateCall(positional: Array(call.positional.dropFirst()), named: call.named)
    var all: [TemplateValue] = []
    for value in values {
      try renderer.work(call.named.count)
      let made = try TemplateFilters.apply(filter, value, arguments, &renderer)
      all.append(try renderer.checked(made))
    }
    return try renderer.made(all, .iterator)
  }

  private static func select(
    _ name: String,
    _ values: [TemplateValue],
    _ call: TemplateCall,
    _ renderer: inout TemplateRenderer
  ) throws(TemplateFault) -> TemplateValue {
    let byMember = name.hasSuffix("attr")
    var arguments = call.positional[...]
    let subjects = try byMember ? attributes(values, arguments.popFirst(), &renderer) : values
    let test = try arguments.popFirst().map { (it) throws(TemplateFault) in
      try renderer.written(it)
    }
    var kept: [TemplateValue] = []
    for (value, subject) in zip(values, subjects) {
      let holds: Bool
      if let test {
        holds = try TemplateTests.holds(test, subject, Array(arguments), &renderer)
      } else {
        holds = subject.isTrue
      }
      if holds == name.hasPrefix("select") { kept.append(value) }
    }
    return try renderer.made(kept, .iterator)
  }
}
