// SPDX-License-Identifier: MIT

import PassoData
import PassoModel
import PassoSession
import PassoText
import PassoView

/// Draws what a model expects next, beside what is true where that is known.
package struct PredictionView {
  private let session: Session
  private let tokens: [TokenID]
  private let most: Int

  package init(_ session: Session, after tokens: [TokenID], most: Int) {
    (self.session, self.tokens, self.most) = (session, tokens, most)
  }

  /// Probabilities of tokens; where both are known, the true one and what a model expects.
  static func bars(
    title: Bilingual,
    isCompared: Bool,
    _ tokens: [(name: String, probability: Double, expected: Double?)],
    notes: [Bilingual]
  ) -> Figure {
    let (truth, model) = (
      Bilingual(it: "probabilità vera", en: "truly"), Bilingual(it: "modello", en: "the model")
    )
    return .bars(
      BarsFigure(
        title: title,
        series: isCompared ? [truth, model] : [],
        bars: tokens.map { name, probability, expected in
          expected.map { .init(name, probability, $0) } ?? BarsFigure.Bar(name, probability)
        },
        decimals: 4,
        notes: notes
      )
    )
  }

  package func figure(_ expected: [Double]) -> Figure {
    let order = expected.indices.sorted { (-expected[$0], $0) < (-expected[$1], $1) }.prefix(most)
    let truth = truth
    return Self.bars(
      title: title,
      isCompared: truth != nil,
      order.map { id in
        let label = session.label(TokenID(id))
        guard let truth else { return (label, expected[id], nil) }
        return (label, truth[TokenID(id)] ?? 0, expected[id])
      },
      notes: expected.allSatisfy(\.isFinite)
        ? [rest(expected, shown: Array(order)), entropy(expected)] : [Self.broken(expected)]
    )
  }

  private var title: Bilingual {
    let words = tokens.suffix(12).map { session.label($0) }
    let text = (tokens.count > 12 ? "… " : "") + words.joined(separator: " ")
    return Bilingual(it: "dopo \(it: text)", en: "after \(en: text)")
  }

  /// The true probabilities, if the text is the beginning of a sentence of a known language.
  private var truth: [TokenID: Double]? {
    guard let language = session.experiment.language else { return nil }
    let opening = session.tokenizer.opening
    let words = tokens.starts(with: opening) ? Array(tokens.dropFirst(opening.count)) : tokens
    guard let ways = try? Oracle(language).distribution(after: words) else { return nil }
    return Dictionary(uniqueKeysWithValues: ways.map { ($0.token, $0.probability) })
  }

  private func rest(_ expected: [Double], shown: [Int]) -> Bilingual {
    let left = expected.count - shown.count
    guard left > 0 else { return Bilingual(it: "sono tutti i token", en: "these are all tokens") }
    let share = NumberText.fixed(max(0, 1 - shown.reduce(0) { $0 + expected[$1] }), 4)
    return Bilingual(
      it: "gli altri \(NumberText.count(left)) token insieme: \(share.it)",
      en: "the other \(NumberText.count(left)) tokens together: \(share.en)"
    )
  }

  /// What has no sum has no rest and no entropy.
  private static func broken(_ expected: [Double]) -> Bilingual {
    let count = expected.count { !$0.isFinite }
    return Bilingual(
      it: "probabilità non finite: \(count) su \(expected.count); non c'è un'entropia",
      en: "\(count) of \(expected.count) probabilities are not finite: there is no entropy"
    )
  }

  private func entropy(_ expected: [Double]) -> Bilingual {
    let entropy = expected.reduce(0) { $1 > 0 ? $0 - $1 * .logarithm($1) : $0 }
    let many = NumberText.general(.exponential(entropy), digits: 4)
    let nats = NumberText.fixed(entropy, 4)
    return Bilingual(
      it: "entropia \(nats.it) nat: come scegliere fra \(many.it) token",
      en: "entropy \(nats.en) nats: like choosing among \(many.en) tokens"
    )
  }
}
