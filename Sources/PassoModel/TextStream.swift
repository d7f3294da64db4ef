// SPDX-License-Identifier: MIT

import PassoData

/// Text that grows token by token; gives what each token adds.
package struct TextStream {
  private let tokenizer: (any Tokenizer)?
  private var tokens: [Int32]

  // In UTF-8: a token may add an accent to the character before it.
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
    var scalars = Self.text(tokens, tokenizer).unicodeScalars[...]
    // A character of four bytes may be four tokens; what is no text yet may become some.
    for _ in 0..<3 where scalars.last == "\u{FFFD}" { scalars.removeLast() }
    let whole = String(scalars)
    guard whole.utf8.count > shown else { return "" }
    defer { shown = whole.utf8.count }
    return String(decoding: whole.utf8.dropFirst(shown), as: UTF8.self)
  }

  private static func text(_ tokens: [Int32], _ tokenizer: (any Tokenizer)?) -> String {
    guard let tokenizer else { return tokens.map(String.init).joined(separator: " ") }
    return (try? tokenizer.decode(tokens)) ?? ""
  }
}
