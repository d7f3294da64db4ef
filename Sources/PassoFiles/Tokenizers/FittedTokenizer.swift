// SPDX-License-Identifier: MIT
import PassoData

/// A tokenizer with more tokens than its model knows, as some folders have: those beyond count as
/// if they were not there, and a text that uses one is refused by name.
package struct FittedTokenizer: Tokenizer {
  package let whole: any Tokenizer

  /// Tokens that the model knows.
  package let vocabularySize: Int

  /// A tokenizer for a model that knows so many tokens; the same one if it has no more.
  package static func fit(_ tokenizer: any Tokenizer, to room: Int) -> any Tokenizer {
    guard tokenizer.vocabularySize > room else { return tokenizer }
    return FittedTokenizer(whole: tokenizer, vocabularySize: room)
  }

  package var kind: TokenizerKind { whole.kind }

  package var cuts: TextCuts { whole.cuts }

  /// What stands around a text, without what the model does not know.
  package var template: TextTemplate {
    var template = whole.template
    template.prefix.removeAll { known($0) == nil }
    template.suffix.removeAll { known($0) == nil }
    return template
  }

  package func id(of token: SpecialToken) -> TokenID? { whole.id(of: token).flatMap(known) }

  package func encode(_ text: String) throws(DataProblem) -> [TokenID] {
    let ids = try whole.encode(text)
    try check(ids[...])
    return ids
  }

  package func encode(
    _ text: UnsafeBufferPointer<UInt8>,
    into ids: inout [TokenID]
  ) throws(DataProblem) {
    let start = ids.count
    try whole.encode(text, into: &ids)
    try check(ids[start...])
  }

  package func encode(
    continuing text: UnsafeBufferPointer<UInt8>,
    into ids: inout [TokenID]
  ) throws(DataProblem) {
    let start = ids.count
    try whole.encode(continuing: text, into: &ids)
    try check(ids[start...])
  }

  package func decode(
    _ ids: [TokenID],
    keepingSpecials: Bool
  ) throws(DataProblem) -> String {
    try whole.decode(ids, keepingSpecials: keepingSpecials)
  }

  package var readingSpecialsAsText: any Tokenizer {
    FittedTokenizer(whole: whole.readingSpecialsAsText, vocabularySize: vocabularySize)
  }

  package func token(of id: TokenID) -> String? { known(id).flatMap { whole.token(of: $0) } }

  private func known(_ id: TokenID) -> TokenID? { Int(id) < vocabularySize ? id : nil }

  private func check(_ ids: ArraySlice<TokenID>) throws(DataProblem) {
    guard let id = ids.first(where: { Int($0) >= vocabularySize }) else { return }
    throw .beyondModel(whole.token(of: id) ?? "", id: Int(id), known: vocabularySize)
  }
}
