// SPDX-License-Identifier: MIT

import PassoData

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

  /// Begins after tokens that need not be shown again.
  ///
  /// Without a tokenizer the text is the ids, with blanks between them.
  package init(_ tokenizer: (any Tokenizer)?, after tokens: [Int32] = []) {
    self.tokenizer = tokenizer
    self.tokens = tokens
    shown = Self.text(tokens, tokenizer).utf8.count
  }

  /// What a token adds; nothing for one that stands for no text, or for a part of a character.
  package mutating func append(_ token: Int32) -> String {
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
    return (try? tokenizer.decode(tokens)) ?? ""
  }
}
