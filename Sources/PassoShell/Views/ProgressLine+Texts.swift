// SPDX-License-Identifier: MIT

import PassoFiles
import PassoModel
import PassoText

extension ProgressLine {
  /// Says how far the reading of a long text is.
  package func show(_ progress: ShardProgress) {
    show(isRare: progress == .comparing) { Self.text(progress) }
  }

  private static func text(_ progress: ShardProgress) -> Bilingual {
    func percent(_ done: Int, _ total: Int) -> String { "\(100 * done / max(1, total)) %" }
    switch progress {
    case .looking(let done, let total):
      return Bilingual(it: "leggo il testo: ", en: "reading the text: ")
        + Bilingual(same: percent(done, total))
    case .encoding(let done, let total):
      return Bilingual(it: "divido in token: ", en: "making tokens: ")
        + Bilingual(same: percent(done, total))
    case .comparing:
      return Bilingual(
        it: "confronto con il testo tenuto da parte",
        en: "comparing with the text kept apart"
      )
    }
  }
}
