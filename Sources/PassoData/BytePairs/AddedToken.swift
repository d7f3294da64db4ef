// SPDX-License-Identifier: MIT

import Glibc

/// A token that is found in a text as it stands, before anything is cut.
package struct AddedToken: Hashable, Sendable {
  /// How it is written, in UTF-8; equal only if every byte is.
  package let bytes: [UInt8]

  /// Its number.
  package private(set) var id: TokenID

  /// Whether it stands for no text.
  package var isSpecial: Bool

  /// Whether it is one only where no letter or digit is beside it.
  package var isSingleWord = false

  /// Whether it swallows the white space before it.
  package var stripsLeft = false

  /// Whether it swallows the white space after it.
  package var stripsRight = false

  /// Whether it is looked for in the normalized text, after the others.
  package var isNormalized = false

  package init(_ content: String, id: TokenID, isSpecial: Bool) {
    bytes = Array(content.utf8)
    self.id = id
    self.isSpecial = isSpecial
  }

  /// The same token with another number.
  package func numbered(_ id: TokenID) -> AddedToken {
    var token = self
    token.id = id
    return token
  }

  /// How it is written.
  package var content: String { String(decoding: bytes, as: UTF8.self) }
}

/// Finds added tokens as `tokenizers` does: from the left, the longest of those that begin there.
struct AddedTokenFinder: Sendable {
  typealias Text = UnsafeBufferPointer<UInt8>

  enum Part {
    case text(Range<Int>)
    case token(TokenID)
  }

  private let tokens: [AddedToken]

  // The numbers of the tokens; of two that are written alike, the later one counts.
  private let trie: TokenTrie

  // By first byte, whether a token begins with it.
  private let begins: [Bool]
  private let onlyFirst: UInt8?
  let isEmpty: Bool

  /// Whether a text may be cut before white space, as `TextCuts` says, and the parts be looked
  /// through one by one.
  let allowsCuts: Bool

  /// - Parameters:
  ///   - tokens: What is looked for.
  ///   - spelling: What normalizing makes of the spelling of each.
  init(_ tokens: [AddedToken], spelling: (AddedToken) -> [UInt8] = { $0.bytes }) {
    let spellings = tokens.map(spelling)
    var begins = Array(repeating: false, count: 256)
    for case let first? in spellings.map(\.first) { begins[Int(first)] = true }
    let firsts = begins.indices.filter { begins[$0] }
    (self.tokens, self.begins) = (tokens, begins)
    trie = TokenTrie(spellings)
    onlyFirst = firsts.count == 1 ? UInt8(firsts[0]) : nil
    isEmpty = tokens.isEmpty
    allowsCuts = tokens.allSatisfy {
      !$0.stripsRight && !$0.content.unicodeScalars.contains(where: \.properties.isWhitespace)
    }
  }

  /// The parts of a text, in order; parts without text are left out.
  func parts<Fault: Error>(
    of text: Text,
    _ use: (Part) throws(Fault) -> Void
  ) throws(Fault) {
    var (at, open) = (0, 0)
    // White space that was looked at already: matches may lie in it, one after the other.
    var space = 0..<0
    while let (number, range) = next(in: text, from: at) {
      at = range.upperBound
      let token = tokens[Int(number)]
      var (begin, end) = (range.lowerBound, at)
      if token.isSingleWord, !Self.standsAlone(text, range) { continue }
      if token.stripsLeft { begin = Self.spaceStart(text, before: begin, after: open) }
      if token.stripsRight {
        if !space.contains(end) { space = end..<Self.spaceEnd(text, from: end) }
        end = max(end, space.upperBound)
      }
      if open < begin { try use(.text(open..<begin)) }
      // The token before may have swallowed all of this one with the space after it.
      if begin < end { try use(.token(token.id)) }
      open = end
    }
    if open < text.count { try use(.text(open..<text.count)) }
  }

  /// The next token, by its number, and where it stands.
  private func next(in text: Text, from start: Int) -> (number: TokenID, range: Range<Int>)? {
    if isEmpty { return nil }
    var at = start
    while at < text.count {
      if let onlyFirst {
        guard let found = Self.first(onlyFirst, in: text, from: at) else { return nil }
        at = found
      }
      if begins[Int(text[at])], let (number, end) = trie.longest(of: text, from: at) {
        return (number, at..<end)
      }
      at &+= 1
    }
    return nil
  }

  // MARK: What stands beside

  private static func standsAlone(_ text: Text, _ range: Range<Int>) -> Bool {
    let before = scalar(text, endingAt: range.lowerBound)
    let after = scalar(text, startingAt: range.upperBound)
    return !(before.map(isWord) ?? false) && !(after.map(isWord) ?? false)
  }

  /// Where the white space before a place begins, or the limit, which may lie after the place.
  private static func spaceStart(_ text: Text, before end: Int, after limit: Int) -> Int {
    var start = end
    while start > limit, let scalar = scalar(text, endingAt: start),
      scalar.properties.isWhitespace
    {
      start -= UTF8.width(scalar)
    }
    return max(start, limit)
  }

  private static func spaceEnd(_ text: Text, from start: Int) -> Int {
    var end = start
    while let scalar = scalar(text, startingAt: end), scalar.properties.isWhitespace {
      end += UTF8.width(scalar)
    }
    return end
  }

  private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
    ScalarClass.isWord(scalar) || scalar.properties.isJoinControl
  }

  private static func scalar(_ text: Text, startingAt start: Int) -> Unicode.Scalar? {
    guard start < text.count else { return nil }
    return String(decoding: text[start..<min(start + 4, text.count)], as: UTF8.self)
      .unicodeScalars.first
  }

  private static func scalar(_ text: Text, endingAt end: Int) -> Unicode.Scalar? {
    var start = end - 1
    while start > 0, text[start] & 0xC0 == 0x80 { start -= 1 }
    return start < 0 ? nil : scalar(text, startingAt: start)
  }
}

extension AddedTokenFinder {
  /// Where a byte comes next; the C library looks at many at once.
  private static func first(_ byte: UInt8, in text: Text, from start: Int) -> Int? {
    guard let base = text.baseAddress else { return nil }
    let found = memchr(base + start, Int32(byte), text.count - start)
    return found.map { UnsafeRawPointer($0) - UnsafeRawPointer(base) }
  }
}
