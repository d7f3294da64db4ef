// SPDX-License-Identifier: MIT
import CLibedit

/// Ctrl-C as a question that long work asks, not as the end of the process.
///
/// Someone has to answer: the third Ctrl-C that nobody clears ends the process with status 130.
package enum Interrupt {
  /// Watches Ctrl-C from now on.
  ///
  /// - Parameter endings: Whether SIGTERM and SIGHUP are answered in the same way, so that work can
  ///   be saved. Then the second signal, of whichever kind, ends the process.
  package static func watch(endings: Bool = false) {
    le_watch_interrupts()
    if endings { le_watch_endings() }
  }

  /// The exit status that says which signal has stopped the work: 130, 143 or 129.
  package static var status: Int32 { le_interrupt_status() }

  /// Whether Ctrl-C was pressed since the last ``clear()``; any thread may ask.
  package static var isPending: Bool { le_interrupt_pending() }

  /// Says that the last Ctrl-C has been answered.
  package static func clear() {
    le_interrupt_clear()
  }
}
