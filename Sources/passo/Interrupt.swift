// SPDX-License-Identifier: MIT
import CLibedit

/// Ctrl-C as a question that long work asks, not as the end of the process.
///
/// Someone has to answer: the third Ctrl-C that nobody clears ends the process with status 130.
package enum Interrupt {
  /// How a blocked read ends when Ctrl-C comes.
  package enum BlockedRead {
    /// It goes on waiting: the line editor has its own way to notice.
    case goesOn

    /// It fails, so that a loop that reads a pipe can end.
    case fails
  }

  /// Watches Ctrl-C from now on.
  package static func watch(_ read: BlockedRead) {
    le_watch_interrupts(read == .goesOn)
  }

  /// Whether Ctrl-C was pressed since the last ``clear()``; any thread may ask.
  package static var isPending: Bool { le_interrupt_pending() }

  /// Says that the last Ctrl-C has been answered.
  package static func clear() {
    le_interrupt_clear()
  }
}
