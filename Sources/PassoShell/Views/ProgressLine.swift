// SPDX-License-Identifier: MIT

import PassoText

/// How far something long is, on one line that is written over.
///
/// Only where lines can be written over, and only for who has waited a while: it says nothing that
/// is not said again at the end.
package final class ProgressLine {
  private let console: Console
  private let clock = ContinuousClock()
  private let start: ContinuousClock.Instant
  private var last: ContinuousClock.Instant?

  private let patience: Duration
  private static let interval = Duration.milliseconds(100)

  /// Begins to wait.
  ///
  /// - Parameters:
  ///   - console: Where to say it.
  ///   - patience: Who waits less than that wonders about nothing; zero for what always takes long.
  package init(_ console: Console, patience: Duration = .milliseconds(400)) {
    (self.console, self.patience, start) = (console, patience, clock.now)
  }

  /// Says how far it is, ten times a second at most.
  ///
  /// - Parameters:
  ///   - isRare: Whether it comes once, and must not be lost among what comes often.
  ///   - text: What to say; not asked for if nothing is said.
  package func show(isRare: Bool = false, _ text: () -> Bilingual) {
    let now = clock.now
    guard console.rewritesLines, now - start >= patience else { return }
    if !isRare, let last, now - last < Self.interval { return }
    last = now
    console.showProgress(text()[console.language])
  }

  /// Clears the line.
  package func end() {
    if last != nil { console.clearProgress() }
  }
}
