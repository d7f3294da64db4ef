// SPDX-License-Identifier: MIT

extension Tokenizer {
  /// The ids with which a model begins to go on from a text.
  ///
  /// What the tokenizer's own template puts before a text stands before it, as `transformers` does;
  /// one of ours without a template puts its start token there. An empty text, or one of white space
  /// only, asks for a text from its beginning.
  ///
  /// - Throws: `DataProblem` if the text cannot be numbered.
  package func prompt(_ text: String) throws(DataProblem) -> [TokenID] {
    // White space is text for byte pairs alone.
    let isEmpty = kind == .bytePairs ? text.isEmpty : text.allSatisfy(\.isWhitespace)
    guard !isEmpty else { return opening }
    return opening + (try encode(text)) + template.suffix
  }

  /// The tokens before the first of a text: those that its own template puts there, else `<start>`
  /// if there is one.
  package var opening: [TokenID] {
    template.isEmpty ? start.map { [$0] } ?? [] : template.prefix
  }
}
