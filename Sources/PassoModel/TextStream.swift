// SPDX-License-Identifier: MIT

import PassoData

/// Text that grows token by token; gives what each token adds.
package struct TextStream {
  private let tokenizer: (any Tokenizer)?
  private var tokens: [Int32]
  private var text: String

  /// Begins after tokens that need not be shown again.
  ///
  /// Without a tokenizer the text is the ids, with blanks between them.
  package init(_ tokenizer: (any Tokenizer)?, after tokens: [Int32] = []) {
    self.tokenizer = tokenizer
    self.tokens = tokens
    text = Self.text(tokens, tokenizer)
  }

  /// What a token adds; nothing for one that stands for no text.
  package mutating func append(_ token: Int32) -> String {
    tokens.append(token)
    let whole = Self.text(tokens, tokenizer)
    defer { text = whole }
    return whole.hasPrefix(text) ? String(whole.dropFirst(text.count)) : whole
  }

  private static func text(_ tokens: [Int32], _ tokenizer: (any Tokenizer)?) -> String {
    guard let tokenizer else { return tokens.map(String.init).joined(separator: " ") }
    return (try? tokenizer.decode(tokens)) ?? ""
  }
}
