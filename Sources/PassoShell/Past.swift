// SPDX-License-Identifier: MIT

/// The sessions before the last changes, so that `:undo` can bring them back.
struct Past {
  /// All that a change may have changed.
  struct Entry {
    /// The line that made the change.
    let line: String
    let session: Session

    /// The lesson, at its place; nil if none was open.
    let lesson: Course.Current?
  }

  private var entries: [Entry] = []

  /// Bytes of values that may be held; the last change of all stays beyond it.
  private static let budget = 512 << 20
  private static let mostEntries = 100

  mutating func add(_ entry: Entry) {
    entries.append(entry)
    var bytes = entries.reduce(0) { $0 + $1.session.timeline.byteCount.values }
    while entries.count > Self.mostEntries || bytes > Self.budget && entries.count > 1 {
      bytes -= entries.removeFirst().session.timeline.byteCount.values
    }
  }

  mutating func takeLast() -> Entry? { entries.popLast() }
}
