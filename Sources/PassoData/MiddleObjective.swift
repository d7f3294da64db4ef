// SPDX-License-Identifier: MIT

import PassoRuntime
import PassoText

/// Fill in the middle: a run of tokens moves to the end of its row, where both sides are known.
///
///     inputs   <fim_prefix>  Il  <fim_suffix>  sul     divano        <fim_middle>  gatto  dorme
///     targets  Il  <fim_suffix>  sul           divano  <fim_middle>  gatto         dorme  <end>
///
/// The places a < b where the run begins and ends are drawn uniformly among the n (n + 1) / 2 of a
/// text of n tokens, so that it is never empty. The row is read in one direction and every target
/// counts, those of the known parts too, as in the paper.
/// Source: Bavarian et al. 2022, arXiv:2207.14255, sections 3 and 4.
package struct MiddleObjective: Objective {
  package static let name = "middle"
  package static let looksBack = true
  package static let predictsEnd = false
  package static let specials: [SpecialToken] = [.end, .fillPrefix, .fillSuffix, .fillMiddle]

  // Three marks and a token.
  package static let shortestRow = 4

  package static let explanation = Bilingual(
    it: """
      Un tratto preso a caso nel mezzo del testo passa in fondo alla riga: prima l'inizio, dopo \
      <fim_prefix>, poi la fine, dopo <fim_suffix>, e per ultimo il tratto, dopo <fim_middle>. Il \
      modello prevede sempre e solo il token che segue, ma quando arriva al tratto ha già letto \
      ciò che gli sta dai due lati: così impara a riempire un buco.
      """,
    en: """
      A run taken at random out of the middle of the text moves to the end of the row: first the \
      beginning, after <fim_prefix>, then the end, after <fim_suffix>, and last the run, after \
      <fim_middle>. The model still predicts nothing but the token that follows, yet when it comes \
      to the run it has read what stands on both sides: so it learns to fill a gap.
      """
  )

  package let padding: TokenID
  package var after: AfterToken?

  private let marks: (prefix: TokenID, suffix: TokenID, middle: TokenID, end: TokenID)

  package init(_ tokenizer: any Tokenizer, _ options: ObjectiveOptions) throws(DataProblem) {
    padding = tokenizer.padding
    marks = (
      try tokenizer.needed(.fillPrefix, by: Self.name),
      try tokenizer.needed(.fillSuffix, by: Self.name),
      try tokenizer.needed(.fillMiddle, by: Self.name),
      try tokenizer.needed(.end, by: Self.name)
    )
    after = try AfterToken(options, tokenizer)
  }

  package func expectAfter(in oracle: Oracle) throws(DataProblem) {
    guard let after, ![marks.prefix, marks.suffix, marks.middle].contains(after.id) else { return }
    try oracle.expect(after, hasEnd: true)
  }

  package func textLength(ofRow length: Int) -> Int { length - 3 }

  package func example(
    from tokens: [TokenID],
    using random: inout some RandomNumberGenerator
  ) throws(DataProblem) -> Example {
    guard !tokens.isEmpty else { throw .tooFewTokens(needed: 1, found: 0) }
    let middle = Self.run(in: tokens.count, using: &random)
    let row =
      [marks.prefix] + tokens[..<middle.lowerBound]
      + [marks.suffix] + tokens[middle.upperBound...]
      + [marks.middle] + tokens[middle] + [marks.end]
    let first = try askable(in: row).lowerBound
    return Example(
      inputs: Array(row.dropLast()),
      targets: row.indices.dropFirst().map { $0 < first ? ignoredTarget : row[$0] }
    )
  }

  /// A run of so many tokens that is not empty, each with the same probability.
  private static func run(
    in count: Int,
    using random: inout some RandomNumberGenerator
  ) -> Range<Int> {
    var number = Int.random(in: 0..<count * (count + 1) / 2, using: &random)
    var start = 0
    // So many runs begin at a place as there are tokens from it on.
    while number >= count - start {
      number -= count - start
      start += 1
    }
    return start..<start + number + 1
  }
}
