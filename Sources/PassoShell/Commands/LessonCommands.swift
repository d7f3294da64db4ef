// SPDX-License-Identifier: MIT

import PassoText

extension Command {
  static let lessons = CommandDescription(
    name: "lessons",
    group: .lesson,
    it: "elenca le lezioni",
    en: "lists the lessons",
    examples: [":lessons"]
  )
  .show { _, _, context in
    let library = try context.course.library
    context.show(
      LessonView.list(
        try library.folders.map { try context.course.lesson(in: $0, context.console.language) }
      )
    )
  }

  static let lesson = CommandDescription(
    name: "lesson",
    alias: "l",
    group: .lesson,
    arguments: "NAME | N | DIR",
    it: "apre una lezione, per nome, per numero o dalla sua cartella",
    en: "opens a lesson, by name, by number or from its folder",
    details: Bilingual(
      it: "La lezione ricomincia da una sessione nuova. Le righe da eseguire aspettano nel prompt:"
        + " Invio le esegue. Ogni altro comando resta a disposizione: quel che cambia, lo cambia in"
        + " una copia, e :continue torna alla lezione.",
      en: "The lesson begins with a new session. The lines to run wait in the prompt: Enter runs"
        + " them. Every other command stays at hand: what it changes, it changes in a copy, and"
        + " :continue returns to the lesson."
    ),
    examples: [":lesson 1", ":lesson 06-mask"],
    completion: .lesson
  )
  .steer { shell, arguments in
    let word = try arguments.only(it: "una lezione", en: "a lesson")
    let before = try arguments.placing(word) {
      try shell.atomically {
        try shell.open(shell.course.lesson(word.text, shell.console.language))
      }
    }
    shell.undoStack.push(before, before: arguments.line)
  }

  static let `continue` = CommandDescription(
    name: "continue",
    alias: "c",
    group: .lesson,
    it: "va avanti nella lezione: esegue la riga pronta",
    en: "goes on with the lesson: runs the prepared line",
    examples: [":lesson 1", ":continue"]
  )
  .steer { shell, _ in
    try shell.continueLesson()
  }

  static let answer = CommandDescription(
    name: "answer",
    alias: "a",
    group: .lesson,
    arguments: "TEXT",
    it: "risponde alla domanda aperta",
    en: "answers the question that is open",
    details: Bilingual(
      it: "Una lettera, un numero o un segno bastano anche senza «:answer».",
      en: "A letter, a number or a sign is enough, even without ':answer'."
    ),
    examples: [":lesson 1", ":answer 1389"],
    takesText: true
  )
  .steer { shell, arguments in
    let word = try arguments.first(it: "una risposta", en: "an answer")
    try arguments.placing(word) { try shell.answer(arguments.rest) }
  }
}
