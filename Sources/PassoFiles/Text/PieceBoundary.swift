// SPDX-License-Identifier: MIT
import PassoData

/// Where a long text is cut into pieces: where the tokenizer allows it, if there is such a place.
struct PieceBoundary {
  /// Where the tokens of the pieces are the tokens of the text.
  let cuts: TextCuts

  /// The bytes that a piece is to have at most; at least 4.
  let limit: Int

  /// The bytes that it may have where no other place is safe; not less than the limit.
  let bound: Int

  /// Where to cut.
  ///
  /// - Parameters:
  ///   - bytes: Well-formed UTF-8, more than the limit, and not more than one text.
  ///   - isWhole: Whether the text ends with the bytes.
  /// - Returns: A place from 1 to all bytes, and whether it is safe; nil if more bytes are needed
  ///   to know. Where a piece has no safe place it is cut between two scalars, and a token may be.
  func cut(
    _ bytes: UnsafeBufferPointer<UInt8>,
    isWhole: Bool
  ) -> (place: Int, isSafe: Bool)? {
    precondition(4 <= limit && limit < bytes.count, "a cut outside the text")
    if let place = cuts.last(in: bytes, upTo: limit) { return (place, true) }
    let end = min(bytes.count, bound + 1)
    if let place = cuts.first(in: bytes, of: limit + 1..<end) { return (place, true) }
    guard bytes.count > bound else { return isWhole ? (bytes.count, true) : nil }
    // White space is where most tokenizers would end a token.
    if let place = TextCuts.beforeSpace.last(in: bytes, upTo: bound) { return (place, false) }
    var place = bound
    while bytes[place] & 0xC0 == 0x80 { place -= 1 }
    return (place, false)
  }

  /// Whether a text has nothing but white space.
  static func isBlank(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    for index in bytes.indices where !TextCuts.isSpace(bytes[index]) {
      guard bytes[index] >= 0x80 else { return false }
      let rest = UnsafeBufferPointer(rebasing: bytes[index...])
      return String(decoding: rest, as: UTF8.self).unicodeScalars
        .allSatisfy(\.properties.isWhitespace)
    }
    return true
  }
}
