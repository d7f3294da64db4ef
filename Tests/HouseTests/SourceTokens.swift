// SPDX-License-Identifier: MIT

/// A piece of Swift source: comments and blanks are left out.
struct SourceToken {
  enum Kind {
    case word
    case text
    case mark
  }

  let kind: Kind

  /// The word or mark; of a string literal what stands between its quotes.
  let text: String

  /// From 1.
  let line: Int

  /// Whether it follows the token before it without a blank.
  let isJoined: Bool
}

/// Cuts Swift source into tokens.
///
/// Code in string literals follows behind all other tokens, so that literals stay whole.
struct SourceLexer {
  private let bytes: [UInt8]
  private var place = 0
  private var line = 1
  private var tokens: [SourceToken] = []
  private var interpolated: [SourceToken] = []
  private var end = 0

  static func tokens(of source: String) -> [SourceToken] {
    var lexer = SourceLexer(bytes: Array(source.utf8))
    lexer.readCode(closed: false)
    return lexer.tokens + lexer.interpolated
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  /// Reads to the end, or to the parenthesis that closes an interpolation.
  private mutating func readCode(closed: Bool) {
    var depth = 0
    while place < bytes.count {
      let byte = bytes[place]
      switch byte {
      case UInt8(ascii: "\n"): skip(1)
      case UInt8(ascii: " "): skip(1)
      case UInt8(ascii: "/") where has("//"):
        while place < bytes.count, bytes[place] != UInt8(ascii: "\n") { place += 1 }
      case UInt8(ascii: "\""): readText(hashes: 0)
      case UInt8(ascii: "#") where beginsRawText: readText(hashes: hashes)
      case _ where Self.isWord(byte):
        let start = place
        while place < bytes.count, Self.isWord(bytes[place]) { place += 1 }
        add(.word, start..<place)
      default:
        if byte == UInt8(ascii: "(") { depth += 1 }
        if byte == UInt8(ascii: ")") { depth -= 1 }
        place += 1
        if closed, depth < 0 { return }
        add(.mark, place - 1..<place)
      }
    }
  }

  /// Reads a string literal with its quotes, on one line or on several.
  private mutating func readText(hashes: Int) {
    let first = place
    let startLine = line
    place += hashes
    let isLong = has("\"\"\"")
    let raw = String(repeating: "#", count: hashes)
    let close = (isLong ? "\"\"\"" : "\"") + raw
    place += isLong ? 3 : 1
    let start = place
    let marks: Set = [UInt8(ascii: "\""), UInt8(ascii: "\\")]
    while place < bytes.count, !marks.contains(bytes[place]) || !has(close) {
      if !marks.contains(bytes[place]) {
        skip(1)
      } else if has("\\" + raw + "(") {
        place += hashes + 2
        let outer = tokens.count
        readCode(closed: true)
        interpolated += tokens[outer...]
        tokens.removeSubrange(outer...)
      } else {
        skip(has("\\" + raw) ? hashes + 2 : 1)
      }
    }
    let text = String(decoding: bytes[start..<min(place, bytes.count)], as: UTF8.self)
    place += close.utf8.count
    tokens.append(SourceToken(kind: .text, text: text, line: startLine, isJoined: first == end))
    end = place
  }

  private mutating func add(_ kind: SourceToken.Kind, _ range: Range<Int>) {
    let text = String(decoding: bytes[range], as: UTF8.self)
    let isJoined = range.lowerBound == end
    tokens.append(SourceToken(kind: kind, text: text, line: line, isJoined: isJoined))
    end = range.upperBound
  }

  private mutating func skip(_ count: Int) {
    for _ in 0..<count where place < bytes.count {
      if bytes[place] == UInt8(ascii: "\n") { line += 1 }
      place += 1
    }
  }

  private func has(_ text: String) -> Bool { bytes[place...].starts(with: text.utf8) }

  private var hashes: Int { bytes[place...].prefix { $0 == UInt8(ascii: "#") }.count }

  private var beginsRawText: Bool {
    bytes[place...].dropFirst(hashes).first == UInt8(ascii: "\"")
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), 0x80...:
      true
    default: false
    }
  }
}
