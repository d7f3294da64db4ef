// SPDX-License-Identifier: MIT

/// The tokens that begin, end and fill up a text, as a configuration says.
package struct SpecialTokens: Hashable, Sendable {
  /// The id of the token that begins a text, if the model has one.
  package var start: Int?

  /// The ids of the tokens that end a text.
  package var ends: [Int]

  /// The id of the token that fills up short rows, if the model has one.
  package var padding: Int?

  package init(start: Int? = nil, ends: [Int] = [], padding: Int? = nil) {
    self.start = start
    self.ends = ends
    self.padding = padding
  }

  /// Those that the vocabulary has; the others are noted.
  package func known(in vocabularySize: Int, _ notes: inout [ConfigNote]) -> SpecialTokens {
    func isKnown(_ key: String, _ id: Int) -> Bool {
      if (0..<vocabularySize).contains(id) { return true }
      notes.append(.tokenOutside(key: key, id: id, vocabularySize: vocabularySize))
      return false
    }
    return SpecialTokens(
      start: start.flatMap { isKnown("bos_token_id", $0) ? $0 : nil },
      ends: ends.filter { isKnown("eos_token_id", $0) },
      // Many files say -1 for none.
      padding: padding.flatMap { (0..<vocabularySize).contains($0) ? $0 : nil }
    )
  }

  /// Reads the key of a special token, or answers false.
  package mutating func read(_ key: String, _ reader: inout JSONReader) throws(JSONFault) -> Bool {
    switch key {
    case "bos_token_id": start = try reader.oneOrMore().first
    case "eos_token_id": ends = try reader.oneOrMore()
    case "pad_token_id": padding = try reader.oneOrMore().first
    default: return false
    }
    return true
  }

  /// The tokens of the family for keys that a configuration does not have at all; null is none.
  package func completed(
    by standard: SpecialTokens,
    unless keys: Set<String>,
    in vocabularySize: Int
  ) -> SpecialTokens {
    var all = self
    let known = 0..<vocabularySize
    if !keys.contains("bos_token_id") {
      all.start = standard.start.flatMap { known.contains($0) ? $0 : nil }
    }
    if !keys.contains("eos_token_id") { all.ends = standard.ends.filter(known.contains) }
    return all
  }

  /// What another file says where this one says nothing.
  package func completed(by other: SpecialTokens) -> SpecialTokens {
    SpecialTokens(
      start: start ?? other.start,
      ends: ends.isEmpty ? other.ends : ends,
      padding: padding ?? other.padding
    )
  }
}

extension JSONReader {
  /// Reads null, a whole number, or a list of them.
  package mutating func oneOrMore() throws(JSONFault) -> [Int] {
    if try null() { return [] }
    return found == "[" ? try integers() : [try integer()]
  }
}
