// SPDX-License-Identifier: MIT

/// Turns a text into token ids and back.
package protocol Tokenizer: Sendable {
  /// What a token is.
  var kind: TokenizerKind { get }

  /// The number of tokens it knows; ids lie below it.
  var vocabularySize: Int { get }

  /// The id of a special token, or nil if it has none.
  func id(of token: SpecialToken) -> TokenID?

  /// The ids of a text, without special tokens; none for a text without anything to number.
  func encode(_ text: String) throws(DataProblem) -> [TokenID]

  /// Appends the ids of a text in well-formed UTF-8, which is read inside the call only.
  func encode(_ text: UnsafeBufferPointer<UInt8>, into ids: inout [TokenID]) throws(DataProblem)

  /// The same of a text that goes on from another: what is done at the start of a text is not done.
  func encode(
    continuing text: UnsafeBufferPointer<UInt8>,
    into ids: inout [TokenID]
  ) throws(DataProblem)

  /// Where a text may be cut so that the ids of its parts are those of the text.
  var cuts: TextCuts { get }

  /// The text of the ids, with or without that of special tokens.
  func decode(_ ids: [TokenID], keepingSpecials: Bool) throws(DataProblem) -> String

  /// The same tokenizer, for which special tokens in a text are text as any other.
  var readingSpecialsAsText: any Tokenizer { get }

  /// What stands around a text that a model reads whole.
  var template: TextTemplate { get }

  /// How one token is written in tables and figures, or nil if no token has this id.
  func token(of id: TokenID) -> String?
}

extension Tokenizer {
  /// The id of `<start>`, if it has one.
  package var start: TokenID? { id(of: .start) }

  package var template: TextTemplate { TextTemplate() }

  /// The text of the ids; special tokens stand for no text.
  package func decode(_ ids: [TokenID]) throws(DataProblem) -> String {
    try decode(ids, keepingSpecials: false)
  }

  /// Makes sure that each id is one of a token, or of a gap between them.
  ///
  /// - Throws: `DataProblem.unknownID` for the first that is not.
  func check(_ ids: [TokenID]) throws(DataProblem) {
    let known = 0..<vocabularySize
    guard let position = ids.firstIndex(where: { !known.contains(Int($0)) }) else { return }
    throw .unknownID(Int(ids[position]), position: position, known: vocabularySize)
  }

  /// All tokens, in the order of their ids.
  package var tokens: [String] {
    (0..<vocabularySize).map { token(of: TokenID($0)) ?? "" }
  }

  package func encode(
    _ text: UnsafeBufferPointer<UInt8>,
    into ids: inout [TokenID]
  ) throws(DataProblem) {
    ids += try encode(String(decoding: text, as: UTF8.self))
  }

  package func encode(
    continuing text: UnsafeBufferPointer<UInt8>,
    into ids: inout [TokenID]
  ) throws(DataProblem) {
    try encode(text, into: &ids)
  }

  /// The ids of a text that a person wants to learn from: at least one.
  ///
  /// - Throws: `DataProblem.noWords` if there is nothing in the text.
  package func sequence(of text: String) throws(DataProblem) -> [TokenID] {
    let ids = try encode(text)
    guard !ids.isEmpty else { throw .noWords(scalars: text.unicodeScalars.count) }
    return ids
  }
}

/// What a tokenizer makes a token of.
package enum TokenizerKind: String, CaseIterable, Sendable {
  /// Those that can be learned from a text.
  package static let allCases: [TokenizerKind] = [.words, .characters, .bytePairs]

  /// Each word, and each mark of punctuation.
  case words

  /// Each Unicode scalar.
  case characters = "chars"

  /// Frequent runs of bytes, which byte pair encoding has found.
  case bytePairs = "bpe"

  /// Pieces of words, in another way than frequent runs of bytes.
  case pieces

  /// What a model knows by its number only: its own tokenizer is not there.
  case ids
}
