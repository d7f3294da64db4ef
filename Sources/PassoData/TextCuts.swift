// SPDX-License-Identifier: MIT

/// Where a text may be cut so that the ids of its parts, one after the other, are its own.
///
/// A part that is not the first continues the text: see `Tokenizer.encode(continuing:into:)`.
///
/// - Words end at white space, whatever follows.
/// - In GPT-2's pattern a match is either white space alone or has white space as its first scalar
///   only, so one begins where white space follows something else. The look-ahead belongs to
///   matches of white space alone, and those before the cut end before its last scalar. The pattern
///   never looks back.
/// - The patterns of Llama 3 and Qwen2 take line ends after punctuation into a match, but blanks
///   never; and after a letter or a digit no match goes on with white space.
/// - White space composes with nothing before it, so the normal form NFC is that of the parts.
/// - An added token that neither holds white space nor swallows what follows lies on one side.
package enum TextCuts: Hashable, Sendable {
  /// Nowhere.
  case nowhere

  /// Before a blank after what is no white space, and before a tab or a line end after an ASCII
  /// letter or digit.
  case beforeBlanks

  /// Before ASCII white space after what is no white space.
  case beforeSpace

  package typealias Text = UnsafeBufferPointer<UInt8>

  /// The last place up to a limit, which lies inside the text.
  package func last(in text: Text, upTo limit: Int) -> Int? {
    guard self != .nowhere else { return nil }
    return stride(from: limit, to: 0, by: -1).first { allows(text, at: $0) }
  }

  /// The first place of some of the text.
  package func first(in text: Text, of places: Range<Int>) -> Int? {
    guard self != .nowhere else { return nil }
    return places.first { $0 > 0 && allows(text, at: $0) }
  }

  /// The first place after each `size` bytes.
  package func places(in text: Text, every size: Int) -> [Int] {
    var places: [Int] = []
    while let next = first(in: text, of: min((places.last ?? 0) + size, text.count)..<text.count) {
      places.append(next)
    }
    return places
  }

  private func allows(_ text: Text, at place: Int) -> Bool {
    guard Self.isSpace(text[place]) else { return false }
    if self == .beforeSpace || text[place] == UInt8(ascii: " ") {
      return !Self.endsInSpace(text, place)
    }
    return Self.isWord(text[place - 1])
  }

  /// Whether a byte is white space of ASCII.
  package static func isSpace(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || (0x09...0x0D).contains(byte)
  }

  /// Whether a byte is a letter or a digit of ASCII.
  package static func isWord(_ byte: UInt8) -> Bool {
    (0x61...0x7A).contains(byte | 0x20) && byte < 0x80 || (0x30...0x39).contains(byte)
  }

  /// Whether a byte is a letter of ASCII.
  static func isLetter(_ byte: UInt8) -> Bool { byte < 0x80 && (0x61...0x7A).contains(byte | 0x20) }

  /// Whether the scalar before a place is white space.
  private static func endsInSpace(_ text: Text, _ place: Int) -> Bool {
    var start = place - 1
    guard text[start] >= 0x80 else { return isSpace(text[start]) }
    while start > 0, text[start] & 0xC0 == 0x80 { start -= 1 }
    let last = String(decoding: text[start..<place], as: UTF8.self)
    return last.unicodeScalars.allSatisfy(\.properties.isWhitespace)
  }
}
