// SPDX-License-Identifier: MIT
import PassoText

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
  static func json(_ value: TemplateValue, indent: Int?) -> String? {
    var writer = PythonJSON(indent: indent)
    return writer.write(value, depth: 0) ? writer.text : nil
  }
}

/// Writes JSON as Python does, piece by piece into one text.
private struct PythonJSON {
  let indent: Int?
  var text = ""

  init(indent: Int?) { self.indent = indent }

  /// Writes a value; false for what is no JSON.
  mutating func write(_ value: TemplateValue, depth: Int) -> Bool {
    switch value {
    case .none: text += "null"
    case .boolean(let flag): text += flag ? "true" : "false"
    case .integer(let whole): text += String(whole)
    case .number(let number):
      text +=
        number.isFinite
        ? PythonText.number(number) : number.isNaN ? "NaN" : number < 0 ? "-Infinity" : "Infinity"
    case .string(let string): text += JSONText.string(string, as: .python)
    case .sequence(let list):
      guard list.form == .list || list.form == .tuple else { return false }
      return wrap("[", list.values, "]", depth) { $0.write($1, depth: depth + 1) }
    case .mapping(let mapping):
      return wrap("{", mapping.entries, "}", depth) { writer, entry in
        writer.write(key: entry.key) && writer.write(entry.value, depth: depth + 1)
      }
    case .undefined, .namespace, .macro, .function, .method: return false
    }
    return true
  }

  private mutating func write(key: TemplateValue) -> Bool {
    switch key {
    case .string(let string): text += JSONText.string(string, as: .python)
    case .none, .boolean, .integer, .number:
      text += "\""
      guard write(key, depth: 0) else { return false }
      text += "\""
    default: return false
    }
    text += ": "
    return true
  }

  private mutating func wrap<Element>(
    _ open: String,
    _ elements: [Element],
    _ close: String,
    _ depth: Int,
    _ element: (inout PythonJSON, Element) -> Bool
  ) -> Bool {
    text += open
    for (place, each) in elements.enumerated() {
      if place > 0 { text += indent == nil ? ", " : "," }
      startLine(depth + 1)
      guard element(&self, each) else { return false }
    }
    if !elements.isEmpty { startLine(depth) }
    text += close
    return true
  }

  private mutating func startLine(_ depth: Int) {
    if let indent { text += "\n" + String(repeating: " ", count: indent * depth) }
  }
}
