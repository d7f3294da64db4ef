// SPDX-License-Identifier: MIT

/// Writes the little JSON that Passo's files and answers need.
package enum JSONText {
  /// Which characters of a string are written by their numbers.
  package enum StringForm {
    /// Those that a terminal would obey, or that change how a line looks without being seen: a
    /// reader of JSON gets the same text, and a person sees what is there.
    case visible

    /// As `json.dumps(text, ensure_ascii=False)` does.
    case python
  }

  /// A string in quotes, for readers and for persons.
  package static func string(_ text: String) -> String { string(text, as: .visible) }

  /// A string in quotes.
  package static func string(_ text: String, as form: StringForm) -> String {
    var json = "\""
    for scalar in text.unicodeScalars {
      switch (scalar, form) {
      case ("\"", _): json += "\\\""
      case ("\\", _): json += "\\\\"
      case ("\n", _): json += "\\n"
      case ("\r", .python): json += "\\r"
      case ("\t", .python): json += "\\t"
      case ("\u{8}", .python): json += "\\b"
      case ("\u{C}", .python): json += "\\f"
      case (_, .visible) where scalar.isObeyedOrHidden: json += numbers(of: scalar)
      case (_, .python) where scalar.value < 0x20: json += numbers(of: scalar)
      default: json.unicodeScalars.append(scalar)
      }
    }
    return json + "\""
  }

  private static func numbers(of scalar: Unicode.Scalar) -> String {
    String(scalar).utf16.map { unit in
      let digits = String(unit, radix: 16)
      return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    }.joined()
  }

  /// A number with all its digits; JSON has no infinities, they become null.
  package static func number(_ value: Double) -> String {
    guard value.isFinite else { return "null" }
    if value == value.rounded(), abs(value) < 1e15 { return "\(Int(value))" }
    return "\(value)"
  }

  /// Any value, the members of objects in the order of their keys.
  package static func value(_ value: JSONValue) -> String {
    switch value {
    case .null: "null"
    case .boolean(let flag): flag ? "true" : "false"
    case .integer(let value): "\(value)"
    case .number(let value): number(value)
    case .string(let text): string(text)
    case .array(let elements): list(elements.map(Self.value))
    case .object(let members):
      object(members.sorted { $0.key < $1.key }.map { ($0.key, Self.value($0.value)) })
    }
  }

  /// Any value over several lines, each level of brackets one blank further in, the members of
  /// objects in the order of their keys: as notebooks are written.
  package static func indented(_ value: JSONValue, depth: Int = 0) -> String {
    let indent = "\n" + String(repeating: " ", count: depth + 1)
    func lines(_ parts: [String], _ open: String, _ close: String) -> String {
      guard !parts.isEmpty else { return open + close }
      return open + indent + parts.joined(separator: "," + indent) + indent.dropLast() + close
    }
    switch value {
    case .array(let elements):
      return lines(elements.map { indented($0, depth: depth + 1) }, "[", "]")
    case .object(let members):
      let parts = members.sorted { $0.key < $1.key }.map {
        string($0.key) + ": " + indented($0.value, depth: depth + 1)
      }
      return lines(parts, "{", "}")
    default: return Self.value(value)
    }
  }

  /// An object with its members in the order given; the values are JSON already.
  package static func object(_ members: [(key: String, value: String)]) -> String {
    "{" + members.map { string($0.key) + ":" + $0.value }.joined(separator: ",") + "}"
  }

  /// A list of whole numbers.
  package static func array(_ numbers: [Int]) -> String { list(numbers.map(String.init)) }

  /// A list of values that are JSON already.
  package static func list(_ values: [String]) -> String {
    "[" + values.joined(separator: ",") + "]"
  }
}
