// SPDX-License-Identifier: MIT

import PassoData
import PassoText

/// Text that grows token by token; gives what each token adds.
///
/// Only the last tokens are decoded again: what a token adds depends on those just before it.
package struct TextStream {
  /// Tokens that are kept, so that a token knows what it clings to.
  private static let kept = 16

  private let tokenizer: (any Tokenizer)?

  // The last tokens, and how much of their text was shown. In UTF-8: a token may add an accent to
  // the character before it.
  private var tokens: [Int32]
  private var shown: Int

  private let marksUnknown: Bool

  /// How many ids stood for no token at all, as those do that only round a vocabulary up.
  package private(set) var unknownCount = 0

  /// Begins after tokens that need not be shown again.
  ///
  /// Without a tokenizer the text is the ids, with blanks between them.
  ///
  /// - Parameters:
  ///   - tokenizer: From ids to text, if it is known.
  ///   - tokens: What comes before.
  ///   - marksUnknown: Whether an id without a token is shown as an id; else it adds nothing.
  package init(
    _ tokenizer: (any Tokenizer)?,
    after tokens: [Int32] = [],
    marksUnknown: Bool = true
  ) {
    self.tokenizer = tokenizer
    self.tokens = tokens
    self.marksUnknown = marksUnknown
    shown = Self.text(tokens, tokenizer).utf8.count
  }

  /// What is good to know of a text with ids that have no token.
  package var remark: Bilingual {
    Bilingual(
      it: unknownCount == 1
        ? "un id generato non ha un token nel tokenizer"
        : "\(unknownCount) id generati non hanno un token nel tokenizer",
      en: unknownCount == 1
        ? "one of the ids made has no token in the tokenizer"
        : "\(unknownCount) of the ids made have no token in the tokenizer"
    )
  }

  /// What a token adds; nothing for one that stands for no text, or for a part of a character.
  package mutating func append(_ token: Int32) -> String {
    if let tokenizer, tokenizer.token(of: token) == nil {
      unknownCount += 1
      return marksUnknown ? "⟨\(tokenizer.label(of: token))⟩" : ""
    }
    tokens.append(token)
    let text = Self.text(tokens, tokenizer)
    var scalars = text.unicodeScalars[...]
    // A character of four bytes may be four tokens; what is no text yet may become some.
    for _ in 0..<3 where scalars.last == "\u{FFFD}" { scalars.removeLast() }
    let whole = String(scalars)
    guard whole.utf8.count > shown else { return "" }
    let added = String(decoding: whole.utf8.dropFirst(shown), as: UTF8.self)
    shown = whole.utf8.count
    if tokens.count > 2 * Self.kept { forget(text) }
    return added
  }

  /// Lets go of tokens whose text was shown; what stays has to hold text, which the next clings to.
  private mutating func forget(_ text: String) {
    let last = Array(tokens.suffix(Self.kept))
    let end = Self.text(last, tokenizer)
    let shownOfEnd = end.utf8.count - (text.utf8.count - shown)
    // After a part of a character the same bytes are read as something else.
    guard shownOfEnd > 0, text.utf8.suffix(end.utf8.count).elementsEqual(end.utf8) else { return }
    (tokens, shown) = (last, shownOfEnd)
  }

  private static func text(_ tokens: [Int32], _ tokenizer: (any Tokenizer)?) -> String {
    guard let tokenizer else { return tokens.map(String.init).joined(separator: " ") }
    // A prompt of ids may hold some that are no tokens.
    return (try? tokenizer.decode(tokens.filter { tokenizer.token(of: $0) != nil })) ?? ""
  }
}
