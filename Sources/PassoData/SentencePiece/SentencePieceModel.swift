// SPDX-License-Identifier: MIT

/// What a model of sentencepiece holds.
package struct SentencePieceModel: Sendable {
  /// How a text is cut.
  package enum Kind: Int, Sendable {
    case unigram = 1
    case bytePairs, words, characters
  }

  package enum PieceKind: Int, Sendable {
    case normal = 1
    case unknown, control, userDefined, unused, byte

    /// Whether a text can hold it.
    var isText: Bool { [.normal, .userDefined, .unused].contains(self) }
  }

  package struct Piece: Sendable {
    package var text: [UInt8]
    package var score: Float
    package var kind: PieceKind

    package init(text: [UInt8], score: Float, kind: PieceKind) {
      (self.text, self.score, self.kind) = (text, score, kind)
    }
  }

  package var kind = Kind.unigram

  /// By id.
  package var pieces: [Piece] = []

  /// Whether what no piece writes is spelled in bytes.
  package var fallsBack = false

  /// What the unknown piece is in a text.
  package var unknownText = Array(" \u{2047} ".utf8)
  package var cleaning = SentencePieceCleaning()

  package init() {}
}

/// What sentencepiece does to a text before it is cut.
package struct SentencePieceCleaning: Sendable {
  /// What is replaced by what; nil for nothing.
  package var map: PrecompiledMap?

  /// Whether a blank is put where words begin, at the start of the text or at its end.
  package var addsBlank = true

  /// Whether that blank stands at the end, since marks end words.
  package var endsWithMark = false

  /// Whether blanks at both ends go, and several become one.
  package var removesBlanks = true

  /// Whether a blank is written as a mark, `▁`.
  package var marksBlanks = true

  package init() {}

  static let mark = Array("\u{2581}".utf8)
}

extension SentencePieceCleaning {
  typealias Text = UnsafeBufferPointer<UInt8>

  /// The cleaned text.
  ///
  /// - Parameters:
  ///   - text: Well-formed UTF-8.
  ///   - symbols: Pieces that stay as they are.
  /// - Returns: Well-formed UTF-8.
  func cleaned(_ text: Text, keeping symbols: SymbolMatcher) -> [UInt8] {
    guard let map else { return cleaned(text, nil, Text(start: nil, count: 0), symbols) }
    return map.texts.withUnsafeBufferPointer { cleaned(text, map, $0, symbols) }
  }

  private func cleaned(
    _ text: Text,
    _ map: PrecompiledMap?,
    _ others: Text,
    _ symbols: SymbolMatcher
  ) -> [UInt8] {
    /// What stands for the next characters, and where those after them begin.
    func next(_ place: Int) -> (part: Text, end: Int) {
      if let end = symbols.end(of: text, from: place) {
        return (Text(rebasing: text[place..<end]), end)
      }
      if let (other, end) = map?.longest(in: text, from: place) {
        return (Text(rebasing: others[other]), end)
      }
      let end = min(text.count, place + UTF8.width(ofLead: text[place]))
      return (Text(rebasing: text[place..<end]), end)
    }
    var place = 0
    if removesBlanks {
      while place < text.count {
        let (part, end) = next(place)
        guard part.count == 1, part[0] == 0x20 else { break }
        place = end
      }
    }
    if place == text.count { return [] }
    let blank = marksBlanks ? Self.mark : [0x20]
    var all: [UInt8] = []
    all.reserveCapacity(text.count + text.count / 2)
    if addsBlank, !endsWithMark { all += blank }
    var isAfterBlank = removesBlanks
    while place < text.count {
      let (part, end) = next(place)
      let rest = isAfterBlank ? Text(rebasing: part.drop { $0 == 0x20 }) : part
      for byte in rest {
        if byte == 0x20 { all += blank } else { all.append(byte) }
      }
      if let last = rest.last { isAfterBlank = removesBlanks && last == 0x20 }
      place = end
    }
    if removesBlanks {
      while all.suffix(blank.count).elementsEqual(blank) { all.removeLast(blank.count) }
    }
    if addsBlank, endsWithMark { all += blank }
    return all
  }
}

/// Finds pieces that are never cut nor changed: the longest one that begins at a place.
struct SymbolMatcher: Sendable {
  private let trie: TokenTrie?

  init(_ symbols: [[UInt8]]) { trie = symbols.isEmpty ? nil : TokenTrie(symbols) }

  var isEmpty: Bool { trie == nil }

  @inline(__always)
  func end(of text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
    guard let trie else { return nil }
    var longest: Int?
    trie.prefixes(of: text, from: start) { longest = $1 }
    return longest
  }
}
