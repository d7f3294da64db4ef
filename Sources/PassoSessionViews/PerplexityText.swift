// SPDX-License-Identifier: MIT

import PassoEvaluation
import PassoText

/// The perplexity of a whole evaluation, as it is said beside its loss.
struct PerplexityText {
  /// The number alone.
  let number: Bilingual

  /// The number after its name.
  var words: Bilingual { Self.name + Bilingual(same: " ") + number }

  static let name = Bilingual(it: "perplessità", en: "perplexity")

  /// - Parameter loss: Nats per token.
  init(ofLoss loss: Double) {
    number = NumberText.general(Surprise.perplexity(ofLoss: loss), digits: 4)
  }
}
