// SPDX-License-Identifier: MIT

/// What the files beside a model of sentencepiece say of it.
package struct SentencePieceManner: Sendable {
  /// Which parts of a text, cut at added tokens, begin with the blank that the model puts there.
  package enum Blanks: Sendable {
    /// Each of them, as sentencepiece does.
    case each

    /// Each of them that does not begin with a blank.
    case missing

    /// The one with which the text begins, and only if it has no blank.
    case first
    case none
  }

  package var blanks = Blanks.each

  /// Whether a text is changed before it is cut, as the model says.
  package var cleans = true

  /// Tokens that are found in a text besides the pieces, or in place of the piece with their id.
  package var added: [AddedToken] = []

  /// What stands around a text.
  package var template = TextTemplate()

  package init() {}
}

/// Added tokens by their ids.
struct OtherPieces: Sendable {
  private let tokens: [TokenID: AddedToken]

  /// One more than the last id.
  let end: Int

  init(_ added: [AddedToken]) {
    tokens = Dictionary(added.map { ($0.id, $0) }) { $1 }
    end = (added.map { Int($0.id) }.max() ?? -1) + 1
  }

  var isEmpty: Bool { tokens.isEmpty }

  subscript(_ id: TokenID) -> AddedToken? { tokens[id] }
}

extension SentencePieceCleaning {
  /// Blanks become marks, and nothing else happens.
  static var none: SentencePieceCleaning {
    var cleaning = SentencePieceCleaning()
    cleaning.removesBlanks = false
    return cleaning
  }

  /// Whether that is all.
  var isNone: Bool { map == nil && !removesBlanks && addsBlank && marksBlanks && !endsWithMark }
}
