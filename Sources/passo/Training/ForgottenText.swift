// SPDX-License-Identifier: MIT

import Glibc
import PassoFiles
import PassoModel
import PassoText

/// A text of a training that cannot be read again by its name: it came from standard input or from
/// a pipe, or is no longer there.
struct ForgottenText {
  let name: String
  let fingerprint: UInt64?
  let folder: String

  /// Whether a name says nothing of where a text is now.
  static func isForgotten(_ name: String) -> Bool {
    TextInputs.isStandardInput(name) || !TextFile.exists(name)
  }

  /// Whether somebody may be giving the text again, on standard input: nobody types one.
  var isPiped: Bool { TextInputs.isStandardInput(name) && isatty(STDIN_FILENO) == 0 }

  /// Whether reading failed since nobody gave it.
  func isEmpty(_ error: any Error) -> Bool {
    switch error {
    case TextProblem.noText(.nothing, _, _), FileProblem.system(.emptyText, _): true
    default: false
    }
  }

  var problem: TrainingProblem {
    .textNeeded(name, fingerprint: fingerprint, folder: folder)
  }
}
