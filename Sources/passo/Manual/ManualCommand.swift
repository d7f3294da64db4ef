// SPDX-License-Identifier: MIT

import ArgumentParser
import PassoText

/// The manual page, on standard output.
struct ManualCommand: LocalizedCommand {
  static let configuration = CommandConfiguration(
    "manual",
    it: "Scrive la pagina di manuale di Passo.",
    en: "Write the manual page of Passo.",
    discussion: Bilingual(
      it: """
        Esce sullo standard output nella lingua di --lang, come la vuole man: \
        passo manual > passo.1 && man ./passo.1
        """,
      en: """
        It goes to standard output in the language of --lang, as man wants it: \
        passo manual > passo.1 && man ./passo.1
        """
    )
  )

  @OptionGroup var speech: SpeechOptions

  func run() throws {
    print(Manual(try CommandTree.whole(), speech.chosenLanguage).text, terminator: "")
  }
}
