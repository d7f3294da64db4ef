// SPDX-License-Identifier: MIT

/// A tokenizer for a model that has rows for its first tokens only, as when tokens were added to
/// the file and the embedding was not made larger.
///
/// A text that has one of the others is refused: there is nothing that the model could read.
package struct BoundedTokenizer: Tokenizer {
  /// The tokenizer as its file says it.
  package let inner: any Tokenizer

  /// How many tokens the model knows.
  package let vocabularySize: Int

  package init(_ inner: any Tokenizer, vocabularySize: Int) {
    (self.inner, self.vocabularySize) = (inner, vocabularySize)
  }

  package var kind: TokenizerKind { inner.kind }

  package var cuts: TextCuts { inner.cuts }

  package var template: TextTemplate {
    var template = inner.template
    template.prefix.removeAll { !isKnown($0) }
    template.suffix.removeAll { !isKnown($0) }
    return template
  }

  package var readingSpecialsAsText: any Tokenizer {
    BoundedTokenizer(inner.readingSpecialsAsText, vocabularySize: vocabularySize)
  }

  package func id(of token: SpecialToken) -> TokenID? {
    inner.id(of: token).flatMap { isKnown($0) ? $0 : nil }
  }

  package func token(of id: TokenID) -> String? { isKnown(id) ? inner.token(of: id) : nil }

  package func encode(_ text: String) throws(DataProblem) -> [TokenID] {
    let ids = try inner.encode(text)
    try check(ids[...])
    return ids
  }

  package func encode(
    _ text: UnsafeBufferPointer<UInt8>,
    into ids: inout [TokenID]
  ) throws(DataProblem) {
    let start = ids.count
    try inner.encode(text, into: &ids)
    try check(ids[start...])
  }

  package func encode(
    continuing text: UnsafeBufferPointer<UInt8>,
    into ids: inout [TokenID]
  ) throws(DataProblem) {
    let start = ids.count
    try inner.encode(continuing: text, into: &ids)
    try check(ids[start...])
  }

  package func decode(
    _ ids: [TokenID],
    keepingSpecials: Bool
  ) throws(DataProblem) -> String {
    try inner.decode(ids, keepingSpecials: keepingSpecials)
  }

  private func isKnown(_ id: TokenID) -> Bool { (0..<vocabularySize).contains(Int(id)) }

  private func check(_ ids: ArraySlice<TokenID>) throws(DataProblem) {
    guard let id = ids.first(where: { !isKnown($0) }) else { return }
    throw .tokenWithoutRow(inner.label(of: id), known: vocabularySize)
  }
}
