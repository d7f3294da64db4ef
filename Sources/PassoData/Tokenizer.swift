// SPDX-License-Identifier: MIT

/// Turns a text into token ids and back.
package protocol Tokenizer: Sendable {
  /// The number of tokens it knows.
  var vocabularySize: Int { get }

  /// The id of `<start>`, if it has one.
  var start: TokenID? { get }

  /// The ids of a text, without special tokens; at least one.
  func encode(_ text: String) throws(DataProblem) -> [TokenID]

  /// The text of the ids; special tokens stand for no text.
  func decode(_ ids: [TokenID]) throws(DataProblem) -> String

  /// How one token is written in tables and figures, or nil if no token has this id.
  func token(of id: TokenID) -> String?
}
