// SPDX-License-Identifier: MIT

import PassoText

extension Command {
  static let skip = CommandDescription(
    name: "skip",
    group: .lesson,
    arguments: "[n]",
    it: "salta la domanda, l'esercizio o la riga pronta, o n cose di fila",
    en: "passes over the question, the exercise or the prepared line, or n things in a row",
    details: Bilingual(
      it: "Ciò che si salta non dà punti; dopo un esercizio la lezione torna com'era prima.",
      en: "What is passed over gives no points; after an exercise the lesson is as it was before."
    ),
    examples: [":lesson 1", ":skip", ":skip 2"]
  )
  .steer { shell, arguments in
    let count = try arguments.count()
    try shell.goingOn(by: arguments.line) { try shell.skip(count) }
  }

  static let solution = CommandDescription(
    name: "solution",
    group: .lesson,
    it: "mostra la soluzione dell'esercizio e la esegue",
    en: "shows the solution of the exercise and carries it out",
    details: Bilingual(
      it: "L'esercizio allora non dà punti. Prima ci sono gli aiuti di :hint, che ne costano uno"
        + " ciascuno. Di un esercizio a vuoti completa la riga aperta.",
      en: "The exercise then gives no points. Before there are the hints of :hint, which cost one"
        + " each. Of an exercise with blanks it completes the open line."
    ),
    examples: [":lesson 1", ":skip 8", ":solution"]
  )
  .steer { shell, arguments in
    try shell.goingOn(by: arguments.line) { try shell.showSolution() }
  }
}
