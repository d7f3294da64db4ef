// SPDX-License-Identifier: MIT

import PassoText
import Synchronization

/// How long something has computed again what memory did not keep.
///
/// Who waits for a line is told why: nothing that it shows says so.
package final class Recomputation: Sendable {
  @TaskLocal private static var watch: Recomputation?

  private let spent = Mutex(Duration.zero)

  package init() {}

  /// The time so far, of all threads that have worked for it.
  package var duration: Duration { spent.withLock { $0 } }

  /// Does something whose recomputations are counted, also on the threads that are waited for.
  package func counting<Result>(_ body: () throws -> Result) rethrows -> Result {
    try Self.$watch.withValue(self, operation: body)
  }

  /// Who counts on this thread, to count on another one too.
  static var current: Recomputation? { watch }

  /// Computes something again.
  package static func timed<Value, Failure: Error>(
    _ body: () throws(Failure) -> Value
  ) throws(Failure) -> Value {
    let start = ContinuousClock.now
    defer { watch?.add(ContinuousClock.now - start) }
    return try body()
  }

  private func add(_ duration: Duration) { spent.withLock { $0 += duration } }

  /// What whoever has waited should know; nil if nobody has noticed.
  package var note: Bilingual? { Self.note(on: duration) }

  static func note(on duration: Duration) -> Bilingual? {
    let seconds = duration / .seconds(1)
    guard seconds > 1 else { return nil }
    return Bilingual(
      it: "alcuni valori non erano più in memoria: ricalcolarli ha richiesto ",
      en: "some values were no longer in memory: computing them again took "
    ) + NumberText.fixed(seconds, 1) + Bilingual(same: " s")
  }
}
