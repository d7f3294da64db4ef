// SPDX-License-Identifier: MIT

import PassoEngine
import PassoRuntime
import PassoSession

/// The sessions before the last changes, so that `:undo` can bring them back.
package struct UndoStack {
  /// All that a change may change.
  struct State {
    let session: Session

    /// The lesson, at its place; nil if none is open.
    let lesson: Course.Current?
  }

  /// The lines that made changes, each with what was before it.
  private var entries: [(line: String, state: State)] = []

  /// Changes that were made and not taken back, those included that are too long ago for `pop`.
  package private(set) var depth = 0

  /// Bytes of values that may be held; the last change of all stays beyond it.
  private static let budget = 512 << 20
  private static let mostEntries = 100

  /// Keeps what was before a line.
  mutating func push(_ state: State, before line: String) {
    depth += 1
    entries.append((line, state))
    var bytes = entries.reduce(0) { $0 + $1.state.session.timeline.byteCount.values }
    // What is small about a run asks nobody for its memory: the reserve has to stay.
    while entries.count > Self.mostEntries
      || entries.count > 1 && (bytes > Self.budget || !MemoryRoom.hasReserve)
    {
      bytes -= entries.removeFirst().state.session.timeline.byteCount.values
    }
  }

  mutating func pop() -> (line: String, state: State)? {
    guard let entry = entries.popLast() else { return nil }
    depth -= 1
    return entry
  }
}
