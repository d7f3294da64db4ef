// SPDX-License-Identifier: MIT

/// A JSON value as a tree, for small files whose parts have to be compared as a whole.
package indirect enum JSONValue: Hashable, Sendable {
  case null
  case boolean(Bool)
  /// A number that is written without a point and an exponent, and fits.
  case integer(Int)
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object([String: JSONValue])

  /// The member of an object; nil for anything else.
  package subscript(key: String) -> JSONValue? {
    if case .object(let members) = self { members[key] } else { nil }
  }

  /// The text of a string; nil for anything else.
  package var text: String? {
    if case .string(let text) = self { text } else { nil }
  }

  /// How it is written: all of a short scalar, the brackets of the others.
  package var beginning: String {
    switch self {
    case .array: "[...]"
    case .object: "{...}"
    default: JSONText.value(self)
    }
  }

  /// The value of bytes that are known to be JSON, as ours are.
  package static func literal(_ json: String) -> JSONValue {
    var reader = JSONReader(Array(json.utf8))
    guard let value = try? reader.value() else { preconditionFailure("not JSON: \(json)") }
    return value
  }
}

extension JSONReader {
  /// Reads any value, and keeps it.
  package mutating func value() throws(JSONFault) -> JSONValue {
    switch kind {
    case .object:
      var members: [String: JSONValue] = [:]
      try object { (key, reader) throws(JSONFault) in members[key] = try reader.value() }
      return .object(members)
    case .array:
      return .array(try list { (reader) throws(JSONFault) in try reader.value() })
    case .string: return .string(try string())
    case .boolean: return .boolean(try boolean())
    case .null:
      guard try null() else { return .number(try number()) }
      return .null
    default:
      // Not by a fault: where it lies is counted from the beginning of the file.
      if let whole = try wholeNumber() { return .integer(whole) }
      return .number(try number())
    }
  }
}
