// SPDX-License-Identifier: MIT

import PassoText

/// A random segment, repeated until the row is full.
///
///     <start> k d d a q k d d a q k d …
///
/// Only what the repetition determines counts. Source of the task: Olsson et al. 2022,
/// In-context Learning and Induction Heads, arXiv:2209.11895, repeated random tokens.
package struct SegmentTask: RowTask {
  package static let name = "segmenti"
  package static let explanation = Bilingual(
    it: """
      Un segmento di lettere a caso, ripetuto fino in fondo alla riga. Contano solo le risposte \
      che la ripetizione determina: dopo la lettera di adesso viene ciò che le è già venuto dietro.
      """,
    en: """
      A segment of random letters, repeated to the end of the row. Only the answers that the \
      repetition determines count: after the letter of now comes what came after it before.
      """
  )
  package static let parameters =
    [TaskParameter.symbols(usual: 27)]
    + TaskParameter.lengths(it: ("il segmento più corto", "il segmento più lungo"), en: "segment")
    + [
      .whole(
        "positions",
        3...1_024,
        usual: 32,
        it: "le posizioni di una riga",
        en: "the positions of a row"
      ),
      .flag(
        "repeats",
        usual: true,
        it: "se una lettera può stare più volte in un segmento",
        en: "whether a letter may stand in a segment more than once"
      ),
    ]
  package static let learning = TaskLearning(rows: 16, rate: 1e-2, decay: 0.01, clip: 1)

  package let tokenizer: WordTokenizer
  package let positions: Int
  private let symbols: Int
  private let lengths: ClosedRange<Int>
  private let repeats: Bool

  package init(_ values: TaskValues) throws(TaskProblem) {
    lengths = try values.lengths()
    let longest = lengths.upperBound
    (symbols, repeats) = (values.count("symbols"), values.flag("repeats"))
    guard repeats || symbols >= longest else { throw .tooFewSymbols(symbols, needed: longest) }
    positions = values.count("positions")
    // The segment, the first letter of its repetition, and a letter that follows from that.
    guard positions >= longest + 2 else {
      throw .rowTooShort(positions: positions, needed: longest + 2, longest: longest)
    }
    tokenizer = WordTokenizer(task: [.start], symbols: TaskSymbols.letters(symbols))
  }

  package func row(_ number: Int, of part: TaskPart, seed: UInt64) -> TaskRow {
    var random = random(number, of: part, seed: seed)
    let length = Int.random(in: lengths, using: &random)
    var left = Array(0..<symbols)
    let segment = (0..<length).map { _ in
      let place = Int.random(in: 0..<left.count, using: &random)
      return TokenID(1 + (repeats ? left[place] : left.remove(at: place)))
    }
    let letters = (0..<positions).map { segment[$0 % length] }
    let isDetermined = determined(letters, length)
    return TaskRow([0] + letters, counts: isDetermined, isDetermined: isDetermined)
  }

  /// Which letters follow from those before them.
  ///
  /// A letter does if the segment has been seen to repeat, and every length of a segment with
  /// which the letters before it agree gives the same next letter: then whoever knows the rule is
  /// never wrong, and the floor is exactly 0.
  private func determined(_ letters: [TokenID], _ length: Int) -> [Bool] {
    var open = Set(lengths)
    return letters.indices.map { place in
      // A length is seen as soon as one letter is repeated.
      let seen = open.filter { place > $0 }
      let answers = Set(seen.map { letters[place - $0] })
      let isDetermined = seen.contains(length) && answers.count == 1
      open = open.filter { place < $0 || letters[place] == letters[place - $0] }
      return isDetermined
    }
  }

  package let floor = 0.0
}
