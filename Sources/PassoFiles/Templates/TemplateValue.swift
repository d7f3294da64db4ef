// SPDX-License-Identifier: MIT

/// A value of the template language, as Python has them.
indirect enum TemplateValue: Sendable {
  /// What a name or a key has no value for.
  case undefined
  case none
  case boolean(Bool)
  case integer(Int)
  case number(Double)
  case string(String)
  case sequence(TemplateList)
  case mapping(TemplateMapping)

  /// A place with members that can be set from inside a loop, by its number.
  case namespace(Int)
  case macro(Int)

  /// A function of the language, by its name.
  case function(String)

  /// A method with the value whose it is.
  case method(TemplateValue, String)

  static func list(_ values: [TemplateValue], _ form: TemplateListForm = .list) -> TemplateValue {
    .sequence(TemplateList(values, form))
  }

  static func tuple(_ values: [TemplateValue]) -> TemplateValue { .list(values, .tuple) }
}

extension TemplateValue {
  /// How large it is, without a walk through it.
  var extent: TemplateExtent {
    switch self {
    case .string(let text): TemplateExtent(bytes: text.utf8.count)
    case .sequence(let list): list.extent
    case .mapping(let mapping): mapping.extent
    case .method(let value, _): TemplateExtent(around: value.extent)
    default: TemplateExtent(bytes: 0)
    }
  }

  /// Whether it can be told apart from others by a key.
  var isKey: Bool {
    switch self {
    case .sequence(let list): list.extent.isKey
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
    case .sequence(let list): list.form == .iterator || !list.values.isEmpty
    case .mapping(let mapping): !mapping.entries.isEmpty
    case .namespace, .macro, .function, .method: true
    }
  }

  /// Whether it has elements that a loop goes through.
  var isIterable: Bool {
    switch self {
    case .undefined, .string, .sequence, .mapping: true
    default: false
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
    case .sequence(let list): list.form.name
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

  // MARK: Walks, whose work the renderer counts before them

  /// How Python writes it.
  var representation: String {
    var text = ""
    writeRepresentation(into: &text)
    return text
  }

  private func writeRepresentation(into text: inout String) {
    switch self {
    case .undefined: text += "Undefined"
    case .none: text += "None"
    case .boolean(let flag): text += flag ? "True" : "False"
    case .integer(let number): text += String(number)
    case .number(let number): text += PythonText.number(number)
    case .string(let string): text += PythonText.quoted(string)
    case .sequence(let list):
      let (before, after) = list.form.edges(count: list.values.count)
      text += before
      for (place, value) in list.values.enumerated() where list.form.showsElements {
        if place > 0 { text += ", " }
        value.writeRepresentation(into: &text)
      }
      text += after
    case .mapping(let mapping):
      text += "{"
      for (place, entry) in mapping.entries.enumerated() {
        if place > 0 { text += ", " }
        entry.key.writeRepresentation(into: &text)
        text += ": "
        entry.value.writeRepresentation(into: &text)
      }
      text += "}"
    case .namespace: text += "<Namespace>"
    case .macro, .function, .method: text += "<function>"
    }
  }

  static func isEqual(_ left: TemplateValue, _ right: TemplateValue) -> Bool {
    switch (left, right) {
    case (.undefined, .undefined), (.none, .none): return true
    case (.string(let one), .string(let other)):
      return one.utf8.count == other.utf8.count && one.utf8.elementsEqual(other.utf8)
    case (.sequence(let one), .sequence(let other)):
      return one.form.equals(other.form) && one.values.count == other.values.count
        && zip(one.values, other.values).allSatisfy(isEqual)
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
    case (.sequence(let one), .sequence(let other)):
      guard one.form == other.form, one.form == .list || one.form == .tuple else { return nil }
      for (a, b) in zip(one.values, other.values) where !isEqual(a, b) { return isLess(a, b) }
      return one.values.count < other.values.count
    default:
      guard let one = left.numeric, let other = right.numeric else { return nil }
      return one < other
    }
  }
}
