// SPDX-License-Identifier: MIT
import CLibedit
import PassoText

/// Ctrl-C as a question that long work asks, not as the end of the process.
///
/// Someone has to answer: the third Ctrl-C that nobody clears ends the process with status 130.
package enum Interrupt {
  /// Watches Ctrl-C from now on.
  ///
  /// - Parameters:
  ///   - endings: Whether SIGTERM and SIGHUP are answered in the same way, so that work can be
  ///     saved.
  ///     Then the second signal, of whichever kind, ends the process.
  ///   - unanswered: What becomes of signals that nobody answers; nil leaves what was chosen.
  package static func watch(endings: Bool = false, unanswered: Unanswered? = nil) {
    le_watch_interrupts()
    if endings { le_watch_endings() }
    if let unanswered { whenUnanswered(unanswered) }
  }

  /// What becomes of a signal that the work at hand does not answer within a tenth of a second.
  package enum Unanswered: Sendable {
    /// Nothing: someone waits for nothing else.
    case waits

    /// The process ends with the status of the signal, unless the work has asked and is about to
    /// end in good order: there is nothing to lose.
    case ends

    /// The person is told that it was heard, unless it is done by then.
    case says(Bilingual, Language)
  }

  /// Chooses what becomes of signals from now on.
  package static func whenUnanswered(_ what: Unanswered) {
    switch what {
    case .waits: le_when_unanswered(.waits, nil)
    case .ends: le_when_unanswered(.ends, nil)
    case .says(let text, let language):
      le_when_unanswered(.says, "\n" + text[language] + "\n")
    }
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
