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
    let before = template.isEmpty ? opening.map { [$0] } ?? [] : template.prefix
    // White space is text for byte pairs alone.
    let isEmpty = kind == .bytePairs ? text.isEmpty : text.allSatisfy(\.isWhitespace)
    guard !isEmpty else { return before }
    return before + (try encode(text)) + template.suffix
  }

  /// The token before the first of a text: `<start>`, or the one that its own template puts there.
  package var opening: TokenID? { start ?? template.prefix.last }
}
