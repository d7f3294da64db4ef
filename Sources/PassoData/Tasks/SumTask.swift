// SPDX-License-Identifier: MIT

import PassoRuntime
import PassoText

/// Addition with carry thrown away: `a b =`, and then (a + b) mod p.
///
/// All rows are known, p times p. A model learns from a share of them; whether it has found the
/// rule or only kept its rows shows on the others. Source: Power et al. 2022, arXiv:2201.02177.
package struct SumTask: RowTask {
  package static let name = "somma"
  package static let explanation = Bilingual(
    it: """
      Righe «a b =»: la risposta è il resto di a + b diviso per p. Il modello impara da una parte \
      delle righe, sempre le stesse; sulle altre si vede se ha trovato la regola o tiene a memoria.
      """,
    en: """
      Rows 'a b =': the answer is the remainder of a + b divided by p. The model learns from a \
      share of the rows, always the same; the others show whether it has found the rule or knows \
      its rows by heart.
      """
  )
  package static let parameters = [
    TaskParameter.whole("p", 2...4_096, usual: 53, it: "il modulo", en: "the modulus"),
    .share(
      "share",
      usual: 0.3,
      it: "la parte delle righe da cui si impara",
      en: "the share of the rows to learn from"
    ),
    .whole(
      "split",
      0...1_000_000,
      usual: 1,
      it: "il seme che decide quali",
      en: "the seed that decides which"
    ),
  ]
  package static let learning = TaskLearning(rows: 256, rate: 3e-3, decay: 1, warmup: 10)

  package let tokenizer: WordTokenizer
  private let modulus: Int

  /// All rows in a random order: those at its beginning are learned from.
  private let order: Shuffle
  private let trainingCount: Int

  package init(_ values: TaskValues) throws(TaskProblem) {
    modulus = values.count("p")
    let all = modulus * modulus
    order = Shuffle(count: all, seed: UInt64(values.count("split")))
    // Each part has a row at least.
    let share = (values.number("share") * Double(all)).rounded()
    trainingCount = min(max(1, Int(share)), all - 1)
    tokenizer = WordTokenizer(
      task: [],
      marks: ["="],
      symbols: (0..<modulus).map { "\($0)" }
    )
  }

  package let positions = 3

  package func count(of part: TaskPart) -> Int? {
    part == .training ? trainingCount : modulus * modulus - trainingCount
  }

  package func row(_ number: Int, of part: TaskPart, seed: UInt64) -> TaskRow {
    let (a, b) = order[part == .training ? number : trainingCount + number]
      .quotientAndRemainder(dividingBy: modulus)
    func id(_ number: Int) -> TokenID { TokenID(1 + number) }
    return TaskRow(
      [id(a), id(b), 0, id((a + b) % modulus)],
      counts: [false, false, true],
      isDetermined: [false, false, true]
    )
  }

  /// Every answer that counts follows from its row.
  package let floor = 0.0
}
