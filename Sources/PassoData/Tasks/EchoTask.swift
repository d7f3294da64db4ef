// SPDX-License-Identifier: MIT

import PassoText

/// A word of random letters, a mark, and the same word again.
///
///     <start> k d d a q <sep> k d d a q <end>
///
/// The first word cannot be known, the second not be missed: between them lies how much a model
/// has understood.
package struct EchoTask: RowTask {
  package static let name = "eco"
  package static let explanation = Bilingual(
    it: """
      Una parola di lettere a caso, <sep>, e la stessa parola ancora. La prima volta nessuno può \
      indovinarla, la seconda è già scritta: basta ritrovarla.
      """,
    en: """
      A word of random letters, <sep>, and the same word again. The first time nobody can guess \
      it, the second time it stands there already: it only has to be found again.
      """
  )
  package static let parameters =
    [TaskParameter.symbols(usual: 26)]
    + TaskParameter.lengths(it: ("la parola più corta", "la parola più lunga"), en: "word")
  package static let learning = TaskLearning(rows: 16, rate: 1e-2, decay: 0.01, clip: 1)

  package let tokenizer: WordTokenizer
  private let symbols: Int
  private let lengths: ClosedRange<Int>
  private let firstSymbol: TokenID

  package init(_ values: TaskValues) throws(TaskProblem) {
    (symbols, lengths) = (values.count("symbols"), try values.lengths())
    let specials: [SpecialToken] = [.pad, .start, .end]
    tokenizer = WordTokenizer(
      task: specials,
      marks: ["<sep>"],
      symbols: TaskSymbols.letters(symbols)
    )
    firstSymbol = TokenID(specials.count + 1)
  }

  package var positions: Int { 2 * lengths.upperBound + 2 }

  package func row(_ number: Int, of part: TaskPart, seed: UInt64) -> TaskRow {
    var random = random(number, of: part, seed: seed)
    let length = Int.random(in: lengths, using: &random)
    let word = (0..<length).map { _ in
      firstSymbol + TokenID(Int.random(in: 0..<symbols, using: &random))
    }
    let tokens: [TokenID] = [1] + word + [3] + word + [2]
    // Of the first word only its greatest length tells that it ends.
    let first = (0...length).map { $0 == length && length == lengths.upperBound }
    return TaskRow(
      tokens,
      counts: Array(repeating: true, count: tokens.count - 1),
      isDetermined: first + Array(repeating: true, count: length + 1)
    )
  }

  /// By the chain rule the surprise of a row is -ln of its probability: whoever knows the rule pays
  /// ln(symbols) for each letter of the first word and, spread over the places where it may end,
  /// the entropy of its length, which is uniform; the second word and `<end>` are free. A row of
  /// length L has 2 L + 2 answers, and the mean over many rows is that of sums:
  ///
  ///     floor = (E[L] ln symbols + ln(number of lengths)) / (2 E[L] + 2)
  package var floor: Double {
    let mean = Double(lengths.lowerBound + lengths.upperBound) / 2
    let nats =
      mean * Double.logarithm(Double(symbols)) + Double.logarithm(Double(lengths.count))
    return nats / (2 * mean + 2)
  }
}
