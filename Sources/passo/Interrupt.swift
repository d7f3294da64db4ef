// SPDX-License-Identifier: MIT
import CLibedit

/// Ctrl-C as a question that long work asks, not as the end of the process.
///
/// Someone has to answer: the third Ctrl-C that nobody clears ends the process with status 130.
package enum Interrupt {
  /// Watches Ctrl-C from now on.
  package static func watch() {
    le_watch_interrupts()
  }

  /// Whether Ctrl-C was pressed since the last ``clear()``; any thread may ask.
  package static var isPending: Bool { le_interrupt_pending() }

  /// Says that the last Ctrl-C has been answered.
  package static func clear() {
    le_interrupt_clear()
  }
}
