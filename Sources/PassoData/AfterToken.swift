// SPDX-License-Identifier: MIT
import PassoText

/// The token after whose first place in a row targets count.
package struct AfterToken: Hashable, Sendable {
  /// As a person wrote it.
  package let text: String

  package let id: TokenID

  /// Looks it up; nil if none was chosen.
  ///
  /// - Throws: `DataProblem.noSuchToken`.
  init?(_ options: ObjectiveOptions, _ tokenizer: any Tokenizer) throws(DataProblem) {
    guard let text = options.after else { return nil }
    let special = SpecialToken(rawValue: text).flatMap { tokenizer.id(of: $0) }
    // In quotation marks a number is a text: `after 7` means the token that is written 7.
    let written = WrittenToken(text, isQuoted: true)
    guard let id = special ?? (try? written.id(tokenizer, known: tokenizer.vocabularySize)),
      id != tokenizer.id(of: .unknown)
    else {
      let tokens = tokenizer.vocabularySize <= 1 << 16 ? tokenizer.tokens : []
      throw .noSuchToken(
        text,
        known: tokenizer.vocabularySize,
        closest: Suggestion.closest(to: text, among: tokens)
      )
    }
    (self.text, self.id) = (text, id)
  }

  /// The places of a row behind the token.
  ///
  /// - Throws: `DataProblem.nothingAfter` if there are none.
  func places(in row: [TokenID]) throws(DataProblem) -> Range<Int> {
    guard let place = row.firstIndex(of: id) else { throw .nothingAfter(text, isThere: false) }
    guard place + 1 < row.count else { throw .nothingAfter(text, isThere: true) }
    return place + 1..<row.count
  }
}

extension Oracle {
  /// Checks that something follows a token in every sentence of the language.
  ///
  /// Walks through the states by the tokens that are not it, as far as a row goes: a sentence that
  /// ends on the way, or goes on beyond the row, has none.
  ///
  /// - Parameters:
  ///   - token: What has to come.
  ///   - hasEnd: Whether `<end>` can be what follows.
  /// - Throws: `DataProblem.nothingAfter`.
  func expect(_ token: AfterToken, hasEnd: Bool) throws(DataProblem) {
    let states = language.automaton.states
    var before: Set<Int> = [0]
    for place in 1...rowLength {
      var next: Set<Int> = []
      for way in before.sorted().flatMap({ states[$0] }) {
        if way.token != token.id {
          guard !states[way.next].isEmpty else { throw .nothingAfter(token.text, isThere: false) }
          next.insert(way.next)
          continue
        }
        let follows = states[way.next].filter { hasEnd || !states[$0.next].isEmpty }
        let endsThere = follows.count < states[way.next].count || follows.isEmpty
        guard place < rowLength - (hasEnd ? 0 : 1), !endsThere else {
          throw .nothingAfter(token.text, isThere: true)
        }
      }
      if next.isEmpty { return }
      before = next
    }
    throw .nothingAfter(token.text, isThere: false)
  }
}
