// SPDX-License-Identifier: MIT

import PassoRuntime
import PassoText

/// Write down the runs of tokens that were cut out of a text, each after the mark of its gap.
///
///     inputs   Il  <span_0>  sul  divano  <span_0>  gatto  dorme
///     targets  ·   ·         ·    ·       gatto     dorme  <span_1>
///     prefix   |--- all see these ----|
///
/// Gaps take 15 % of the text and are three tokens long on average. Here question and answer stand
/// in one row, since the model has a decoder only.
/// Source: Raffel et al. 2020, arXiv:1910.10683, section 3.1.4 and figure 2.
package struct SpanObjective: Objective {
  package static let name = "span"
  package static let specials: [SpecialToken] = [.start] + (0...Self.mostGaps).map { .span($0) }
  package static let predictsEnd = false
  package static let takesAfter = false

  // A token, the mark of a gap; the mark again and the token that was there.
  package static let shortestRow = 4

  package static let explanation = Bilingual(
    it: """
      Dal testo si tolgono alcuni tratti di circa tre token, il 15 % in tutto; al posto di ognuno \
      resta un segno: <span_0>, <span_1>, … Dopo il testo bucato il modello deve scrivere, dopo il \
      segno di ogni buco, quello che mancava. Contano nella loss solo le risposte.
      """,
    en: """
      Some runs of about three tokens, 15 % in all, are cut out of the text; each leaves a mark: \
      <span_0>, <span_1>, … After the text with gaps the model has to write, after the mark of \
      each gap, what is missing there. Only the answers count in the loss.
      """
  )

  /// The part of the tokens that is cut out.
  static let share = 0.15
  static let meanLength = 3.0

  /// The gaps of a new vocabulary; a longer text has longer gaps.
  static let mostGaps = 16

  package let padding: TokenID
  package var after: AfterToken?

  /// The marks, in order; one more than there may be gaps.
  private let marks: [TokenID]

  package init(_ tokenizer: any Tokenizer, _ options: ObjectiveOptions) throws(DataProblem) {
    padding = tokenizer.padding
    _ = try tokenizer.needed(.span(0), by: Self.name)
    _ = try tokenizer.needed(.span(1), by: Self.name)
    marks = (0...Self.mostGaps).lazy.map { tokenizer.id(of: .span($0)) }
      .prefix { $0 != nil }.compactMap(\.self)
  }

  package func textLength(ofRow length: Int) -> Int {
    // Each gap costs two marks, the end of the answers one; the last token is no input.
    var text = length
    while text > 2, text + 2 * gaps(in: text).count > length { text -= 1 }
    return text
  }

  package func example(
    from tokens: [TokenID],
    using random: inout some RandomNumberGenerator
  ) throws(DataProblem) -> Example {
    guard tokens.count >= 2 else { throw .tooFewTokens(needed: 2, found: tokens.count) }
    let (hidden, count) = gaps(in: tokens.count)
    let gapLengths = Self.parts(of: hidden, into: count, using: &random)
    // Between two gaps stands something; before the first and after the last there may be nothing.
    var textLengths = Self.parts(of: tokens.count - hidden + 2, into: count + 1, using: &random)
    textLengths[0] -= 1
    var question: [TokenID] = []
    var answer: [TokenID] = []
    var place = 0
    for (number, (text, gap)) in zip(textLengths, gapLengths).enumerated() {
      question += tokens[place..<place + text] + [marks[number]]
      answer += [marks[number]] + tokens[place + text..<place + text + gap]
      place += text + gap
    }
    question += tokens[place...]
    let row = question + answer + [marks[count]]
    let asked = question.count..<row.count - 1
    return Example(
      inputs: Array(row.dropLast()),
      targets: row.indices.dropLast().map {
        asked.contains($0) ? row[$0 + 1] : ignoredTarget
      },
      prefix: question.count
    )
  }

  /// How many tokens of a text are cut out, in how many gaps.
  private func gaps(in count: Int) -> (hidden: Int, count: Int) {
    Self.gaps(in: count, atMost: marks.count - 1)
  }

  /// The same with so many gaps at most.
  static func gaps(in count: Int, atMost most: Int) -> (hidden: Int, count: Int) {
    let hidden = min(max(1, Int((Double(count) * share).rounded())), count - 1)
    let wanted = max(1, Int((Double(hidden) / meanLength).rounded()))
    return (hidden, min(wanted, most, hidden, count - hidden))
  }

  /// Divides a number at random into so many parts, none of them 0.
  private static func parts(
    of total: Int,
    into count: Int,
    using random: inout some RandomNumberGenerator
  ) -> [Int] {
    let cuts = (1..<total).shuffled(using: &random).prefix(count - 1).sorted()
    return zip([0] + cuts, cuts + [total]).map { $1 - $0 }
  }
}
