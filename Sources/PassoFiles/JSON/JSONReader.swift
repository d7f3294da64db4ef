// SPDX-License-Identifier: MIT

import PassoText

/// Reads JSON strictly and in one pass, one value after the other, in the order of the text.
///
/// Foundation's decoder keeps one of two equal keys without a word, and forgets where a number was
/// that does not fit. Here every fault knows its path and line, and no tree is built: hostile bytes
/// cost no more memory than honest ones. Grammar: RFC 8259.
package struct JSONReader {
  /// Deeper than any file of ours, and far from the end of the stack.
  package static let deepest = 64

  private enum Step {
    case key(String)
    case index(Int)
  }

  private let bytes: [UInt8]
  private let replacesHalves: Bool
  private var position = 0
  private var path: [Step] = []

  /// Starts at the first value.
  ///
  /// - Parameters:
  ///   - bytes: The text.
  ///   - replacesHalves: Whether an escape for half a character, as `\ud83d` alone, stands for
  ///     U+FFFD, as bytes do that are not UTF-8; it is a fault otherwise.
  package init(_ bytes: [UInt8], replacesHalves: Bool = false) {
    self.bytes = bytes
    self.replacesHalves = replacesHalves
    position = bytes.starts(with: ByteOrderMark.utf8) ? ByteOrderMark.utf8.count : 0
    skipSpace()
  }

  /// Reads a file that holds one value and nothing else.
  ///
  /// - Parameters:
  ///   - bytes: All of the file.
  ///   - file: The name of the file in problems.
  ///   - needed: What the file should be.
  ///   - value: Reads the value.
  /// - Returns: The value.
  /// - Throws: `FileProblem` that says what the bytes are instead, or what is wrong with them.
  package static func read<Value>(
    _ bytes: [UInt8],
    file: String,
    needed: ForeignFormat.Needed = .json,
    _ value: (inout JSONReader) throws(JSONFault) -> Value
  ) throws(FileProblem) -> Value {
    do throws(JSONFault) {
      var reader = JSONReader(bytes)
      let found = try value(&reader)
      try reader.end()
      return found
    } catch {
      throw .notJSON(error, bytes, file: file, needed: needed)
    }
  }

  /// Reads an object: the closure must read, or skip, the value of the key that it is given.
  package mutating func object(
    _ member: (String, inout JSONReader) throws(JSONFault) -> Void
  ) throws(JSONFault) {
    try open("{", .object)
    // By bytes: two spellings of one accent are two keys.
    var seen: Set<[UInt8]> = []
    while try !closes("}", first: seen.isEmpty) {
      guard let key = try text() else { throw syntax(.text("\"")) }
      path.append(.key(key))
      guard seen.insert(Array(key.utf8)).inserted else {
        throw .duplicateKey(path: pathText, line: line)
      }
      try skip(":")
      try member(key, &self)
      path.removeLast()
    }
  }

  /// Reads an array: the closure must read, or skip, the element at the index that it is given.
  package mutating func array(
    _ element: (Int, inout JSONReader) throws(JSONFault) -> Void
  ) throws(JSONFault) {
    try open("[", .array)
    var index = 0
    while try !closes("]", first: index == 0) {
      path.append(.index(index))
      try element(index, &self)
      path.removeLast()
      index += 1
    }
  }

  /// Reads a string.
  package mutating func string() throws(JSONFault) -> String {
    guard let text = try text() else { throw wrong(.string) }
    return text
  }

  /// Reads a whole number, written without a point or an exponent.
  package mutating func integer() throws(JSONFault) -> Int {
    guard let value = try wholeNumber() else { throw wrong(.integer) }
    return value
  }

  /// Reads a whole number, or leaves everything as it is and answers nil.
  package mutating func wholeNumber() throws(JSONFault) -> Int? {
    let start = position
    // Other readers take -0 for a number that is not whole.
    if let numeral = try numeral(), numeral != "-0", let value = Int(numeral) { return value }
    position = start
    return nil
  }

  /// Reads a number that a `Double` can hold.
  package mutating func number() throws(JSONFault) -> Double {
    let start = position
    if let numeral = try numeral(), let value = Double(numeral), value.isFinite { return value }
    position = start
    throw wrong(.number)
  }

  /// Reads true or false.
  package mutating func boolean() throws(JSONFault) -> Bool {
    if try literal("true") { return true }
    if try literal("false") { return false }
    throw wrong(.boolean)
  }

  /// Reads a list of whole numbers.
  package mutating func integers() throws(JSONFault) -> [Int] {
    try list { (reader) throws(JSONFault) in try reader.integer() }
  }

  /// Reads a list of texts.
  package mutating func strings() throws(JSONFault) -> [String] {
    try list { (reader) throws(JSONFault) in try reader.string() }
  }

  /// Reads a list, each element in the same way.
  package mutating func list<Element>(
    _ element: (inout JSONReader) throws(JSONFault) -> Element
  ) throws(JSONFault) -> [Element] {
    var elements: [Element] = []
    try array { (_, reader) throws(JSONFault) in elements.append(try element(&reader)) }
    return elements
  }

  /// Reads null, or leaves everything as it is and answers false.
  package mutating func null() throws(JSONFault) -> Bool {
    try literal("null")
  }

  /// Reads any value, and forgets it.
  package mutating func skip() throws(JSONFault) {
    switch next {
    case "{": try object { (_, reader) throws(JSONFault) in try reader.skip() }
    case "[": try array { (_, reader) throws(JSONFault) in try reader.skip() }
    case "\"": _ = try string()
    case "t", "f": _ = try boolean()
    case "n": if try !null() { throw syntax(.text("null")) }
    default: if try numeral() == nil { throw syntax(.value) }
    }
  }

  /// What the value that comes next begins like; a number if it begins like nothing else.
  package enum Beginning { case object, array, string, boolean, null, number }

  /// The kind of the value that comes next.
  package var kind: Beginning {
    switch next {
    case "{": .object
    case "[": .array
    case "\"": .string
    case "t", "f": .boolean
    case "n": .null
    default: .number
    }
  }

  /// Where in the bytes the value that comes next begins.
  var place: Int { position }

  /// Checks that nothing follows.
  package func end() throws(JSONFault) {
    guard position == bytes.count else { throw syntax(.end) }
  }

  /// How the value that comes next is written: all of a short scalar, the bracket of the others.
  package var found: String? {
    guard let next else { return nil }
    var end = position + 1
    let stops: Set<UInt8> = Set(",]}: \n\r\t".utf8)
    if next == "\"" {
      while end < bytes.count, bytes[end] != UInt8(ascii: "\""), end < position + 80 { end += 1 }
      end = min(end + 1, bytes.count)
    } else if next != "{" && next != "[" {
      while end < bytes.count, !stops.contains(bytes[end]), end < position + 80 { end += 1 }
    }
    return String(decoding: bytes[position..<end], as: UTF8.self)
  }
}

// Where the reader is.
extension JSONReader {
  private var next: Unicode.Scalar? {
    position < bytes.count ? Unicode.Scalar(bytes[position]) : nil
  }

  private var line: Int {
    bytes[..<position].count { $0 == UInt8(ascii: "\n") } + 1
  }

  /// As in `targets[2][5]`; of the whole text, nothing.
  private var pathText: String {
    var text = ""
    for step in path {
      switch step {
      case .key(let key): text += text.isEmpty ? key : "." + key
      case .index(let index): text += "[\(index)]"
      }
    }
    return text
  }

  private func syntax(_ needed: JSONPiece) -> JSONFault {
    .syntax(needed: needed, found: found, line: line)
  }

  private func wrong(_ needed: JSONKind) -> JSONFault {
    guard let found else { return .syntax(needed: .value, found: nil, line: line) }
    return .wrong(path: pathText, needed: needed, found: found, line: line)
  }
}

// Brackets and space.
extension JSONReader {
  private mutating func skipSpace() {
    while let next, next == " " || next == "\n" || next == "\r" || next == "\t" { position += 1 }
  }

  private mutating func skip(_ mark: Unicode.Scalar) throws(JSONFault) {
    guard next == mark else { throw syntax(.text(String(mark))) }
    position += 1
    skipSpace()
  }

  private mutating func open(_ bracket: Unicode.Scalar, _ kind: JSONKind) throws(JSONFault) {
    guard next == bracket else { throw wrong(kind) }
    guard path.count < Self.deepest else { throw .tooDeep(limit: Self.deepest, line: line) }
    try skip(bracket)
  }

  /// Takes the bracket, or the comma before the next member.
  private mutating func closes(_ bracket: Unicode.Scalar, first: Bool) throws(JSONFault) -> Bool {
    if next == bracket {
      try skip(bracket)
      return true
    }
    if first { return false }
    guard next == "," else { throw syntax(.text(", \(bracket)")) }
    try skip(",")
    return false
  }

  private mutating func literal(_ word: String) throws(JSONFault) -> Bool {
    guard bytes[position...].starts(with: word.utf8) else { return false }
    position += word.utf8.count
    skipSpace()
    return true
  }
}

// Numbers and strings.
extension JSONReader {
  /// The characters of a number, checked against the grammar; nil where none begins.
  private mutating func numeral() throws(JSONFault) -> String? {
    guard let next, next == "-" || isDigit(next) else { return nil }
    let start = position
    if next == "-" { position += 1 }
    if self.next == "0" { position += 1 } else { try digits() }
    if self.next == "." {
      position += 1
      try digits()
    }
    if self.next == "e" || self.next == "E" {
      position += 1
      if self.next == "+" || self.next == "-" { position += 1 }
      try digits()
    }
    defer { skipSpace() }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  private mutating func digits() throws(JSONFault) {
    guard let next, isDigit(next) else { throw syntax(.digit) }
    while let next = self.next, isDigit(next) { position += 1 }
  }

  private func isDigit(_ scalar: Unicode.Scalar) -> Bool {
    "0" <= scalar && scalar <= "9"
  }

  /// The characters of a string, without quotes and backslashes; nil where none begins.
  private mutating func text() throws(JSONFault) -> String? {
    guard next == "\"" else { return nil }
    position += 1
    var utf8: [UInt8] = []
    while let next, next != "\"" {
      guard next.value >= 0x20 else { throw syntax(.character) }
      if next == "\\" {
        utf8 += try Array(String(escaped()).utf8)
      } else {
        utf8.append(bytes[position])
        position += 1
      }
    }
    // Wrong bytes are replaced when decoding; only then do the two differ.
    let text = String(decoding: utf8, as: UTF8.self)
    guard text.utf8.elementsEqual(utf8) else { throw .notUTF8(line: line) }
    try skip("\"")
    return text
  }

  private mutating func escaped() throws(JSONFault) -> Unicode.Scalar {
    let start = position
    position += 1
    if let scalar = escape() { return scalar }
    position = start
    throw syntax(.escape)
  }

  /// The scalar that the letter after a backslash stands for.
  private mutating func escape() -> Unicode.Scalar? {
    guard let next else { return nil }
    position += 1
    switch next {
    case "\"", "\\", "/": return next
    case "b": return "\u{8}"
    case "f": return "\u{C}"
    case "n": return "\n"
    case "r": return "\r"
    case "t": return "\t"
    case "u": return unicode()
    default: return nil
    }
  }

  /// The scalar of `XXXX` or, outside the basic plane, of `XXXX\uXXXX`.
  private mutating func unicode() -> Unicode.Scalar? {
    guard let high = hexadecimal() else { return nil }
    if let scalar = Unicode.Scalar(high) { return scalar }
    let half: Unicode.Scalar? = replacesHalves ? "\u{FFFD}" : nil
    guard high < 0xDC00, bytes[position...].starts(with: "\\u".utf8) else { return half }
    let start = position
    position += 2
    guard let low = hexadecimal() else { return nil }
    guard (0xDC00...0xDFFF).contains(low) else {
      position = start
      return half
    }
    return Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00))
  }

  private mutating func hexadecimal() -> UInt32? {
    var value: UInt32 = 0
    for byte in bytes[position...].prefix(4) {
      guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { return nil }
      value = value << 4 | UInt32(digit)
    }
    guard bytes.count - position >= 4 else { return nil }
    position += 4
    return value
  }
}
