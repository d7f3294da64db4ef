// SPDX-License-Identifier: MIT

import Glibc
import PassoText

/// A question to the person at the terminal, with yes or no for an answer.
enum TerminalQuestion {
  /// Asks, and waits; anything but a yes is a no.
  ///
  /// What was typed or pasted before the question was seen is no answer to it.
  static func agrees(_ question: String, _ language: Language) -> Bool {
    let choices = Bilingual(it: " [s/N] ", en: " [y/N] ")[language]
    print(question + choices, terminator: "")
    fflush(nil)
    tcflush(STDIN_FILENO, TCIFLUSH)
    guard let answer = InputLines().next() else {
      print("")
      return false
    }
    return isYes(answer)
  }

  /// Whether an answer says yes, in any of the languages.
  static func isYes(_ answer: String) -> Bool {
    let word = answer.lowercased().filter { !$0.isWhitespace }
    return ["s", "sì", "si", "y", "yes"].contains(word)
  }
}
