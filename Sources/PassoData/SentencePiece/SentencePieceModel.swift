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

/// Finds pieces that are never cut nor changed: the longest one that begins at a place.
struct SymbolMatcher: Sendable {
  private let trie: TokenTrie?

  init(_ symbols: [[UInt8]]) { trie = symbols.isEmpty ? nil : TokenTrie(symbols) }

  var isEmpty: Bool { trie == nil }

  @inline(__always)
  func end(of text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
    trie?.longest(of: text, from: start)?.end
  }
}
