// SPDX-License-Identifier: MIT

import PassoLesson
import PassoText
import PassoView

extension Command {
  static let play = CommandDescription(
    name: "play",
    group: .lesson,
    it: "mette in pausa la lezione per provare liberamente; :resume riprende",
    en: "pauses the lesson to try things freely; :resume takes it up again",
    details: Bilingual(
      it:
        "La lezione ricorda testo, modello e posizione: si può cambiare tutto, e al ritorno è come"
        + " prima. Intanto le lettere e i numeri sono espressioni, non risposte.",
      en: "The lesson remembers text, model and position: everything may be changed, and afterwards"
        + " it is as before. Meanwhile letters and numbers are expressions, not answers."
    ),
    examples: [":lesson 1", ":play", ":text \"La luna sale\"", ":resume"]
  )
  .steer { shell, _ in
    try shell.pauseLesson()
    shell.console.say(
      it: "la lezione aspetta: prova quello che vuoi, :resume riprende",
      en: "the lesson waits: try what you like, :resume takes it up again"
    )
  }

  static let resume = CommandDescription(
    name: "resume",
    group: .lesson,
    it: "torna alla lezione, com'era a :play",
    en: "returns to the lesson, as it was at :play",
    examples: [":lesson 1", ":play", ":step 3", ":resume"]
  )
  .steer { shell, arguments in
    let depth = shell.course.current?.excursion?.depth
    let before = try shell.atomically { try shell.resumeLesson() }
    // Where nothing was changed there is nothing to come back to.
    if depth != shell.undoStack.depth { shell.undoStack.push(before, before: arguments.line) }
  }

  static let hint = CommandDescription(
    name: "hint",
    group: .lesson,
    it: "un aiuto per la domanda aperta, o che cosa fa la riga pronta",
    en: "help with the question that is open, or what the prepared line does",
    details: Bilingual(
      it: "Gli aiuti di una domanda arrivano uno per volta, il più leggero per primo.",
      en: "The hints of a question come one at a time, the lightest first."
    ),
    examples: [":lesson 1", ":hint", ":answer 1389", ":hint"]
  )
  .steer { shell, _ in
    try shell.showHint()
  }

  static let progress = CommandDescription(
    name: "progress",
    group: .lesson,
    it: "le lezioni finite, e dove sei in quella aperta",
    en: "the lessons that are finished, and where you are in the open one",
    details: Bilingual(
      it: "Una lezione finita al terminale è annotata in un piccolo file di testo,"
        + " passo/progress in $XDG_STATE_HOME o in ~/.local/state.",
      en: "A lesson that is finished at a terminal is noted in a small text file, passo/progress in"
        + " $XDG_STATE_HOME or in ~/.local/state."
    ),
    examples: [":progress", ":lesson 1", ":progress"]
  )
  .show { _, _, context in
    context.show(LessonView.progress(try context.course.report(context.console.language)))
  }
}

extension Shell {
  /// Says what helps with what is waited for.
  fileprivate func showHint() throws {
    guard var current = course.current else { throw CourseProblem.noLesson }
    if course.excursion == .play { throw CourseProblem.playing }
    if let line = current.player.preparedCommand {
      return console.show(LessonView.explained(line.text, summary(of: line.text)))
    }
    let hint = current.player.takeHint()
    course.current = current
    if let hint { return console.show(LessonView.hint(hint)) }
    console.say(Self.noMoreHints(current.player))
  }

  private static func noMoreHints(_ player: LessonPlayer) -> Bilingual {
    if player.openExercise != nil {
      return Bilingual(
        it: "non ci sono altri aiuti: :solution mostra come si fa, :skip lascia l'esercizio",
        en: "there are no more hints: :solution shows how, :skip leaves the exercise"
      )
    }
    if player.openQuiz != nil {
      return Bilingual(
        it: "non ci sono altri aiuti: rispondi, chi sbaglia riceve una spiegazione e riprova",
        en: "there are no more hints: answer, a wrong answer is explained and can be mended"
      )
    }
    return Bilingual(
      it: "non ci sono altri aiuti: una previsione non è mai un errore, rispondi e poi guarda",
      en: "there are no more hints: a prediction is never a mistake, answer and then look"
    )
  }

  /// What a line will do, in a sentence.
  private func summary(of line: String) -> Bilingual {
    guard let word = try? Arguments.split(line).first?.text, word.hasPrefix(":"),
      let command = try? CommandTable.find(String(word.dropFirst()))
    else {
      return Bilingual(
        it: "calcola un'espressione con i valori attuali",
        en: "computes an expression with the current values"
      )
    }
    return command.summary
  }
}
