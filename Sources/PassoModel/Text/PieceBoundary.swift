// SPDX-License-Identifier: MIT

/// Where a long text can be cut so that the tokens of its pieces are the tokens of the text.
///
/// Safe is the place between a scalar that is not white space and a blank after it:
///
/// - Words end at white space, whatever follows, so a tokenizer of words sees the same words.
/// - In GPT-2's pattern a match is either white space alone or has white space as its first scalar
///   only. No match therefore holds a scalar that is not white space and a blank after it: some
///   match ends here. The one look-ahead belongs to matches of white space alone, and those before
///   the cut end before its last scalar, so they look at the same scalar as in the whole text. The
///   pattern never looks back. Later patterns of this family take line ends after punctuation into
///   a match, but blanks never: blanks come first, other white space where there are none.
/// - A blank composes with nothing before it, so the normal form NFC is that of the pieces.
/// - Tokens of single scalars, or of bytes, do not care.
///
/// Where a whole piece has no such place it is cut between two scalars, and a token may be cut.
enum PieceBoundary {
  /// Where to cut a text longer than `limit` bytes.
  ///
  /// - Parameters:
  ///   - bytes: Well-formed UTF-8.
  ///   - limit: The greatest place that is wanted; at least 4, less than all bytes.
  /// - Returns: A place from 1 to `limit`, and whether it is safe.
  static func cut(
    _ bytes: UnsafeBufferPointer<UInt8>,
    limit: Int
  ) -> (place: Int, isSafe: Bool) {
    precondition(4 <= limit && limit < bytes.count, "a cut outside the text")
    var other: Int?
    for place in stride(from: limit, to: 0, by: -1) {
      guard isSpace(bytes[place]) else { continue }
      let isBlank = bytes[place] == UInt8(ascii: " ")
      guard isBlank || other == nil, !endsInSpace(bytes, place) else { continue }
      if isBlank { return (place, true) }
      other = place
    }
    if let other { return (other, true) }
    var place = limit
    while bytes[place] & 0xC0 == 0x80 { place -= 1 }
    return (place, false)
  }

  /// Whether a text has nothing but white space.
  static func isBlank(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    for index in bytes.indices where !isSpace(bytes[index]) {
      guard bytes[index] >= 0x80 else { return false }
      let rest = UnsafeBufferPointer(rebasing: bytes[index...])
      return String(decoding: rest, as: UTF8.self).unicodeScalars
        .allSatisfy(\.properties.isWhitespace)
    }
    return true
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || (0x09...0x0D).contains(byte)
  }

  /// Whether the scalar before a place is white space.
  private static func endsInSpace(_ bytes: UnsafeBufferPointer<UInt8>, _ place: Int) -> Bool {
    var start = place - 1
    guard bytes[start] >= 0x80 else { return isSpace(bytes[start]) }
    while start > 0, bytes[start] & 0xC0 == 0x80 { start -= 1 }
    let last = String(decoding: bytes[start..<place], as: UTF8.self)
    return last.unicodeScalars.allSatisfy(\.properties.isWhitespace)
  }
}
