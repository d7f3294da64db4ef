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

  /// That it is needed again.
  var needed: Bilingual {
    let source =
      TextInputs.isStandardInput(name)
      ? Bilingual(it: "dallo standard input", en: "standard input")
      : Bilingual(
        it: "da \(it: name), che non c'è più",
        en: "\(en: name), which is no longer there"
      )
    let mark = fingerprint.map { " (\(String($0, radix: 16)))" } ?? ""
    return Bilingual(
      it:
        "questo addestramento impara da un testo letto \(source.it): per continuare serve di nuovo"
        + " lo stesso testo\(mark)",
      en:
        "this training learns from a text that was read from \(source.en): to go on, the same text"
        + " is needed again\(mark)"
    )
  }
}
