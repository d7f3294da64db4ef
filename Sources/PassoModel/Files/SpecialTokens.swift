// SPDX-License-Identifier: MIT

/// The tokens that begin and end a text, as a configuration says.
package struct SpecialTokens: Hashable, Sendable {
  /// The id of the token that begins a text, if the model has one.
  package var start: Int?

  /// The ids of the tokens that end a text.
  package var ends: [Int]

  package init(start: Int? = nil, ends: [Int] = []) {
    self.start = start
    self.ends = ends
  }

  /// Those that the vocabulary has; the others are noted.
  func known(in vocabularySize: Int, _ notes: inout [ConfigNote]) -> SpecialTokens {
    func isKnown(_ key: String, _ id: Int) -> Bool {
      if (0..<vocabularySize).contains(id) { return true }
      notes.append(.tokenOutside(key: key, id: id, vocabularySize: vocabularySize))
      return false
    }
    return SpecialTokens(
      start: start.flatMap { isKnown("bos_token_id", $0) ? $0 : nil },
      ends: ends.filter { isKnown("eos_token_id", $0) }
    )
  }
}

extension JSONReader {
  /// Reads null, a whole number, or a list of them.
  mutating func oneOrMore() throws(JSONFault) -> [Int] {
    if try null() { return [] }
    return found == "[" ? try integers() : [try integer()]
  }
}
