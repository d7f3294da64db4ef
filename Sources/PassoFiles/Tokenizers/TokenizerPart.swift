// SPDX-License-Identifier: MIT
import PassoText

/// A small part of a `tokenizer.json` with its path, so that what is wrong with it can be named.
struct TokenizerPart {
  let value: JSONValue

  /// As in `pre_tokenizer.pretokenizers[0]`.
  let path: String

  /// Whether it is null, or was not there.
  var isNone: Bool { value == .null }

  // MARK: Parts of it

  /// The member of an object that must have it.
  func member(_ key: String) throws(TokenizerFault) -> TokenizerPart {
    guard let member = try optional(key) else { throw .missing(key: "\(path).\(key)") }
    return member
  }

  /// The member of an object, or nil if it has none of this name.
  func optional(_ key: String) throws(TokenizerFault) -> TokenizerPart? {
    guard case .object(let members) = value else { throw wrong(.object) }
    return members[key].map { TokenizerPart(value: $0, path: "\(path).\(key)") }
  }

  /// The elements of an array.
  func elements() throws(TokenizerFault) -> [TokenizerPart] {
    guard case .array(let elements) = value else { throw wrong(.array) }
    return elements.enumerated().map {
      TokenizerPart(value: $0.element, path: "\(path)[\($0.offset)]")
    }
  }

  /// The part itself, or the parts of a `Sequence` of them and of those in it.
  func flattened(_ key: String) throws(TokenizerFault) -> [TokenizerPart] {
    guard try type() == "Sequence" else { return [self] }
    var parts: [TokenizerPart] = []
    for element in try member(key).elements() { parts += try element.flattened(key) }
    return parts
  }

  /// Where a `Sequence` of this part of the file keeps its parts.
  var sequenceKey: String {
    switch path {
    case "normalizer": "normalizers"
    case "pre_tokenizer": "pretokenizers"
    case "post_processor": "processors"
    default: "decoders"
    }
  }

  /// What an object says it is.
  func type() throws(TokenizerFault) -> String { try member("type").text() }

  // MARK: Values

  func text() throws(TokenizerFault) -> String {
    guard case .string(let text) = value else { throw wrong(.string) }
    return text
  }

  func flag() throws(TokenizerFault) -> Bool {
    guard case .boolean(let flag) = value else { throw wrong(.boolean) }
    return flag
  }

  func integer() throws(TokenizerFault) -> Int {
    guard case .integer(let number) = value else { throw wrong(.integer) }
    return number
  }

  // MARK: Faults

  func wrong(_ needed: JSONKind) -> TokenizerFault {
    .wrong(key: path, needed: needed, found: value.beginning)
  }

  /// It does what Passo does not do.
  func unsupported(_ known: Bilingual) -> TokenizerFault {
    let found = value["type"]?.text ?? value.text ?? JSONText.value(value)
    return .unsupported(key: path, found: found, known: known)
  }
}
