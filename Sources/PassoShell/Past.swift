// SPDX-License-Identifier: MIT

/// The sessions before the last changes, so that `:undo` can bring them back.
struct Past {
  private var entries: [(line: String, session: Session)] = []

  /// Bytes of values that may be held; the last change of all stays beyond it.
  private static let budget = 512 << 20
  private static let mostEntries = 100

  mutating func add(_ line: String, _ session: Session) {
    entries.append((line, session))
    var bytes = entries.reduce(0) { $0 + $1.session.timeline.byteCount.values }
    while entries.count > Self.mostEntries || bytes > Self.budget && entries.count > 1 {
      bytes -= entries.removeFirst().session.timeline.byteCount.values
    }
  }

  mutating func takeLast() -> (line: String, session: Session)? { entries.popLast() }
}
