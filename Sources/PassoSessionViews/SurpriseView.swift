// SPDX-License-Identifier: MIT

import PassoData
import PassoEvaluation
import PassoModel
import PassoText
import PassoView

/// Shows which words of a text a model did not expect.
package struct SurpriseView {
  private let surprise: Surprise
  private let tokenizer: any Tokenizer

  /// Prepares to show what was measured, in the tokens of the model.
  package init(_ surprise: Surprise, _ tokenizer: any Tokenizer) {
    (self.surprise, self.tokenizer) = (surprise, tokenizer)
  }

  private func word(_ token: Int32) -> String { tokenizer.label(of: token) }

  /// What the text costs in the mean, in one sentence.
  package var summary: Bilingual {
    let (count, loss) = (NumberText.count(surprise.count), NumberText.fixed(surprise.loss, 4))
    let perplexity = PerplexityText(ofLoss: surprise.loss).words
    return Bilingual(
      it: "\(count) token, loss \(loss.it) nat per token, \(perplexity.it): è come scegliere fra"
        + " altrettanti token",
      en: "\(count) tokens, loss \(loss.en) nats per token, \(perplexity.en): like choosing among"
        + " that many tokens"
    )
  }

  /// A short text, each token with what it costs.
  ///
  /// - Parameter tokens: The whole text, with the first token, which nobody is asked about.
  /// - Returns: The text with numbers.
  package func text(_ tokens: [TokenID]) -> Figure {
    let values: [Double?] = [nil] + surprise.losses
    return .marked(
      MarkedFigure(
        title: Bilingual(
          it: "sorpresa di ogni token, in nat",
          en: "surprise of each token, in nats"
        ),
        words: zip(tokens, values).map { MarkedFigure.Word(word($0), $1) }
      )
    )
  }

  /// The tokens that surprised most, each with what came before it and what was expected instead.
  package var moments: Figure {
    .table(
      TableFigure(
        title: Bilingual(it: "le sorprese più grandi", en: "the greatest surprises"),
        columns: [
          .init(it: "nat", en: "nats", .right), .init(it: "prima", en: "before", .right),
          .init(same: "token"), .init(same: "p", .right),
          .init(it: "atteso", en: "expected"), .init(same: "p", .right),
        ],
        rows: surprise.moments.map(row)
      )
    )
  }

  private func row(_ moment: Surprise.Moment) -> [Bilingual] {
    let before = moment.before.suffix(3).map(word).joined(separator: " ")
    return [NumberText.fixed(moment.loss, 3)] + .same([before, word(moment.token)])
      + [NumberText.general(moment.probability, digits: 2)] + .same([word(moment.expected)])
      + [NumberText.general(moment.expectedProbability, digits: 2)]
  }
}
