// SPDX-License-Identifier: MIT

import PassoData
import PassoSession
import PassoText
import PassoView

extension MergeWatch {
  /// Pairs that one screen has room for.
  private static let mostPairs = 5

  /// The text as it is before the first merge.
  package var start: Figure {
    .group(
      title: Bilingual(
        it: "coppie di byte: \(NumberText.count(trainer.tokenCount)) token",
        en: "byte pairs: \(NumberText.count(trainer.tokenCount)) tokens"
      ),
      [counts, text]
    )
  }

  /// Does so many merges and shows the last one: the counts before it, itself, the text after it.
  package mutating func advance(_ count: Int, unless shouldStop: () -> Bool) -> Figure {
    for _ in 0..<count - 1 where !shouldStop() { _ = trainer.step() }
    let before = counts
    guard let merge = trainer.step() else {
      return .group(
        title: Bilingual(
          it: "nessuna coppia è rimasta: ogni pezzo del testo è un token",
          en: "no pair is left: every piece of the text is a token"
        ),
        [text]
      )
    }
    return .group(title: title(merge), [before, text])
  }

  private func title(_ merge: BytePairTrainer.Merge) -> Bilingual {
    let (left, right) = (name(merge.pair.left), name(merge.pair.right))
    let new = name(merge.token)
    let number = trainer.merges.count
    let times =
      merge.count == 1
      ? Bilingual(it: "una volta", en: "once")
      : Bilingual(it: "\(merge.count) volte", en: "\(merge.count) times")
    let (old, now) = (NumberText.count(merge.tokensBefore), NumberText.count(merge.tokensAfter))
    return Bilingual(
      it: "fusione \(number): \(left) + \(right) → \(new), \(times.it); da \(old) a \(now) token",
      en: "merge \(number): \(left) + \(right) → \(new), \(times.en); from \(old) to \(now) tokens"
    )
  }

  private func name(_ id: TokenID) -> String { trainer.token(of: id) ?? String(id) }

  /// The most frequent pairs, the next to merge first.
  private var counts: Figure {
    .bars(
      BarsFigure(
        title: Bilingual(it: "coppie più frequenti, prima", en: "most frequent pairs, before"),
        bars: trainer.counts(top: Self.mostPairs).map { count in
          let (left, right) = (count.pair.left, count.pair.right)
          return .init("\(name(left)) \(name(right))", Double(count.count))
        }
      )
    )
  }

  private var text: Figure {
    let tokens = trainer.encode(sample).map(name)
    let shown = TokenizerView.joined(tokens) + (isWhole ? "" : " …")
    return .line(Run(shown, .emphasis))
  }
}
