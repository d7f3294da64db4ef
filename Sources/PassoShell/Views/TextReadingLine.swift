// SPDX-License-Identifier: MIT

import PassoModel
import PassoText

/// How far the reading of a long text is, on one line that is written over.
package final class TextReadingLine {
  private let console: Console
  private let clock = ContinuousClock()
  private let start: ContinuousClock.Instant
  private var last: ContinuousClock.Instant?

  /// Begins to wait.
  package init(_ console: Console) {
    (self.console, start) = (console, clock.now)
  }

  /// Shows how far it is, if somebody has waited for a while.
  package func show(_ progress: ShardProgress) {
    let now = clock.now
    // Who waits less than that wonders about nothing.
    guard console.rewritesLines, now - start > .milliseconds(400) else { return }
    // What comes once must not be lost among what comes often.
    if progress != .comparing, let last, now - last < .milliseconds(100) { return }
    last = now
    console.showProgress(Self.text(progress)[console.language])
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

  /// Clears the line.
  package func end() {
    if last != nil { console.clearProgress() }
  }
}
