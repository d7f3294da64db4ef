// SPDX-License-Identifier: MIT
import PassoText

/// A value of the template language, as Python has them.
indirect enum TemplateValue: Sendable {
  /// What a name or a key has no value for.
  case undefined
  case none
  case boolean(Bool)
  case integer(Int)
  case number(Double)
  case string(String)
  case list([TemplateValue], TemplateListForm)
  case mapping(TemplateMapping)

  /// A place with members that can be set from inside a loop, by its number.
  case namespace(Int)
  case macro(Int)

  /// A function of the language, by its name.
  case function(String)

  /// A method with the value whose it is.
  case method(TemplateValue, String)

  static func list(_ values: [TemplateValue]) -> TemplateValue { .list(values, .list) }

  static func tuple(_ values: [TemplateValue]) -> TemplateValue { .list(values, .tuple) }

  static func iterator(_ values: [TemplateValue]) -> TemplateValue { .list(values, .iterator) }
}

/// What kind of thing elements come from: Python writes each in its own way, and joins only some.
enum TemplateListForm: Hashable, Sendable {
  case list, tuple
  case range(start: Int, end: Int, step: Int)

  /// The keys, values or items of a mapping.
  case view(String)

  /// What filters make, one element after the other: it has no length, and nobody writes it.
  case iterator

  /// Whether two with the same elements are equal.
  func equals(_ other: TemplateListForm) -> Bool {
    switch (self, other) {
    case (.range, .range): true
    case (.view("dict_values"), _), (.iterator, _): false
    default: self == other
    }
  }

  /// Whether it can be changed, so that it is no key.
  var isChangeable: Bool { self == .list }

  var name: String {
    switch self {
    case .list: "list"
    case .tuple: "tuple"
    case .range: "range"
    case .view(let name): name
    case .iterator: "generator"
    }
  }

  /// How Python writes elements that are written already.
  func written(_ parts: [String]) -> String {
    let joined = parts.joined(separator: ", ")
    switch self {
    case .list: return "[\(joined)]"
    case .tuple: return "(\(joined)\(parts.count == 1 ? "," : ""))"
    case .range(let start, let end, let step):
      return "range(\(start), \(end)\(step == 1 ? "" : ", \(step)"))"
    case .view(let name): return "\(name)([\(joined)])"
    case .iterator: return "<generator>"
    }
  }
}

/// Keys with values, in the order of their arrival.
struct TemplateMapping: Sendable {
  private(set) var entries: [(key: TemplateValue, value: TemplateValue)] = []
  private var places: [String: Int] = [:]

  init(_ entries: [(key: TemplateValue, value: TemplateValue)] = []) {
    for (key, value) in entries { set(key, value) }
  }

  init(texts: [(String, TemplateValue)]) { self.init(texts.map { (.string($0.0), $0.1) }) }

  subscript(key: TemplateValue) -> TemplateValue? {
    places[Self.name(key)].map { entries[$0].value }
  }

  subscript(text: String) -> TemplateValue? { self[.string(text)] }

  mutating func set(_ key: TemplateValue, _ value: TemplateValue) {
    let name = Self.name(key)
    if let place = places[name] {
      entries[place].value = value
    } else {
      places[name] = entries.count
      entries.append((key, value))
    }
  }

  /// Tells keys apart: by bytes, and 1 from "1".
  private static func name(_ key: TemplateValue) -> String {
    if case .string(let text) = key {
      // Swift takes accents in two ways for the same, Python does not.
      return "s" + text.unicodeScalars.map { String($0.value, radix: 36) }.joined(separator: " ")
    }
    return "r" + key.representation
  }
}

extension TemplateValue {
  /// Whether Python writes it as it is here: not what has no text but an address.
  var isWritable: Bool {
    switch self {
    case .list(let values, let form): form != .iterator && values.allSatisfy(\.isWritable)
    default: true
    }
  }

  /// Whether it can be told apart from others by a key.
  var isKey: Bool {
    switch self {
    case .list(let values, let form): !form.isChangeable && values.allSatisfy(\.isKey)
    case .mapping: false
    default: true
    }
  }

  /// Whether it counts as true.
  var isTrue: Bool {
    switch self {
    case .undefined, .none: false
    case .boolean(let flag): flag
    case .integer(let number): number != 0
    case .number(let number): number != 0
    case .string(let text): !text.isEmpty
    case .list(let values, let form): form == .iterator || !values.isEmpty
    case .mapping(let mapping): !mapping.entries.isEmpty
    case .namespace, .macro, .function, .method: true
    }
  }

  /// How it is written into the text.
  var text: String {
    switch self {
    case .undefined: ""
    case .string(let text): text
    default: representation
    }
  }

  /// How Python writes it.
  var representation: String {
    switch self {
    case .undefined: "Undefined"
    case .none: "None"
    case .boolean(let flag): flag ? "True" : "False"
    case .integer(let number): String(number)
    case .number(let number): PythonText.number(number)
    case .string(let text): PythonText.quoted(text)
    case .list(let values, let form): form.written(values.map(\.representation))
    case .mapping(let mapping):
      "{"
        + mapping.entries.map { $0.key.representation + ": " + $0.value.representation }
        .joined(separator: ", ") + "}"
    case .namespace: "<Namespace>"
    case .macro, .function, .method: "<function>"
    }
  }

  /// What kind it is, for a person.
  var kind: String {
    switch self {
    case .undefined: "undefined"
    case .none: "none"
    case .boolean: "boolean"
    case .integer, .number: "number"
    case .string: "string"
    case .list(_, let form): form.name
    case .mapping: "mapping"
    case .namespace: "namespace"
    case .macro, .function, .method: "function"
    }
  }

  /// The number that it is; booleans are 0 and 1.
  var numeric: Double? {
    switch self {
    case .boolean(let flag): flag ? 1 : 0
    case .integer(let number): Double(number)
    case .number(let number): number
    default: nil
    }
  }

  var whole: Int? {
    switch self {
    case .boolean(let flag): flag ? 1 : 0
    case .integer(let number): number
    default: nil
    }
  }

  static func isEqual(_ left: TemplateValue, _ right: TemplateValue) -> Bool {
    switch (left, right) {
    case (.undefined, .undefined), (.none, .none): return true
    case (.string(let one), .string(let other)): return one.utf8.elementsEqual(other.utf8)
    case (.list(let one, let form), .list(let other, let otherForm)):
      return form.equals(otherForm) && one.count == other.count
        && zip(one, other).allSatisfy(isEqual)
    case (.mapping(let one), .mapping(let other)):
      return one.entries.count == other.entries.count
        && one.entries.allSatisfy { key, value in other[key].map { isEqual(value, $0) } ?? false }
    case (.namespace(let one), .namespace(let other)), (.macro(let one), .macro(let other)):
      return one == other
    default:
      if let one = left.whole, let other = right.whole { return one == other }
      if let one = left.numeric, let other = right.numeric { return one == other }
      return false
    }
  }

  /// Which of two comes first; nil if they cannot be compared.
  static func isLess(_ left: TemplateValue, _ right: TemplateValue) -> Bool? {
    switch (left, right) {
    case (.string(let one), .string(let other)):
      return one.unicodeScalars.lexicographicallyPrecedes(other.unicodeScalars)
    case (.list(let one, let form), .list(let other, let otherForm)):
      guard form == otherForm, form == .list || form == .tuple else { return nil }
      for (a, b) in zip(one, other) where !isEqual(a, b) { return isLess(a, b) }
      return one.count < other.count
    default:
      guard let one = left.numeric, let other = right.numeric else { return nil }
      return one < other
    }
  }
}

/// How Python and its JSON write numbers and texts.
enum PythonText {
  static func number(_ value: Double) -> String {
    if value.isNaN { return "nan" }
    if value.isInfinite { return value < 0 ? "-inf" : "inf" }
    let text = "\(value)"
    // Swift writes 1e+16 where Python does, but with ".0" in it.
    return text.replacing(".0e", with: "e")
  }

  static func quoted(_ text: String) -> String {
    let quote: Unicode.Scalar =
      text.unicodeScalars.contains("'") && !text.unicodeScalars.contains("\"") ? "\"" : "'"
    var all = String.UnicodeScalarView([quote])
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": all.append(contentsOf: "\\\\".unicodeScalars)
      case "\n": all.append(contentsOf: "\\n".unicodeScalars)
      case "\r": all.append(contentsOf: "\\r".unicodeScalars)
      case "\t": all.append(contentsOf: "\\t".unicodeScalars)
      case quote: all.append(contentsOf: ["\\", scalar])
      case _ where isPrintable(scalar): all.append(scalar)
      default: all.append(contentsOf: escaped(scalar).unicodeScalars)
      }
    }
    all.append(quote)
    return String(all)
  }

  private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII { return scalar.value >= 0x20 && scalar.value < 0x7F }
    switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
      .paragraphSeparator, .spaceSeparator:
      return false
    default: return true
    }
  }

  private static func escaped(_ scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16)
    let (mark, width) =
      scalar.value < 0x100 ? ("x", 2) : scalar.value < 0x10000 ? ("u", 4) : ("U", 8)
    return "\\" + mark + String(repeating: "0", count: width - digits.count) + digits
  }

  /// JSON as `json.dumps(value, ensure_ascii=False)` writes it; nil for what is no JSON.
  static func json(_ value: TemplateValue, indent: Int?, depth: Int = 0) -> String? {
    let inner = indent.map { "\n" + String(repeating: " ", count: $0 * (depth + 1)) } ?? ""
    let outer = indent.map { "\n" + String(repeating: " ", count: $0 * depth) } ?? ""
    let comma = indent == nil ? ", " : ","
    func wrapped(_ parts: [String?], _ open: String, _ close: String) -> String? {
      guard !parts.contains(where: { $0 == nil }) else { return nil }
      if parts.isEmpty { return open + close }
      let joined = parts.compactMap(\.self).joined(separator: comma + inner)
      return open + inner + joined + outer + close
    }
    switch value {
    case .none: return "null"
    case .boolean(let flag): return flag ? "true" : "false"
    case .integer(let whole): return String(whole)
    case .number(let number):
      if number.isFinite { return Self.number(number) }
      return number.isNaN ? "NaN" : number < 0 ? "-Infinity" : "Infinity"
    case .string(let text): return JSONText.string(text, as: .python)
    case .list(let values, let form):
      guard form == .list || form == .tuple else { return nil }
      return wrapped(values.map { json($0, indent: indent, depth: depth + 1) }, "[", "]")
    case .mapping(let mapping):
      let parts = mapping.entries.map { key, value -> String? in
        guard let value = json(value, indent: indent, depth: depth + 1) else { return nil }
        if case .string(let text) = key { return JSONText.string(text, as: .python) + ": " + value }
        return json(key, indent: nil).map { "\"\($0)\": " + value }
      }
      return wrapped(parts, "{", "}")
    case .undefined, .namespace, .macro, .function, .method: return nil
    }
  }
}
