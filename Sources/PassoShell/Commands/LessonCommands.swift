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
    arguments: "NAME [restart] | N | DIR | goto [BLOCK]",
    it: "apre una lezione, per nome, per numero o dalla sua cartella",
    en: "opens a lesson, by name, by number or from its folder",
    details: Bilingual(
      it: "Le righe da eseguire aspettano nel prompt: Invio le esegue. Ogni altro comando resta a"
        + " disposizione: quel che cambia, lo cambia in una copia, e :continue torna alla lezione."
        + " Al terminale una lezione lasciata a metà si riapre dov'era; con restart ricomincia."
        + " goto va a un blocco della lezione aperta, per esempio r3: salta le domande, senza"
        + " punti; senza nome elenca i blocchi.",
      en: "The lines to run wait in the prompt: Enter runs them. Every other command stays at hand:"
        + " what it changes, it changes in a copy, and :continue returns to the lesson. At a"
        + " terminal a lesson that was left goes on where it was; with restart it begins anew. goto"
        + " goes to a block of the open lesson, as r3: questions are passed over and give nothing;"
        + " without a name it lists the blocks."
    ),
    examples: [
      ":lesson 1", ":lesson 06-mask", ":lesson goto", ":lesson goto r2", ":lesson 2 restart",
    ],
    completion: .lesson
  )
  .steer { shell, arguments in
    try arguments.expect(atMost: 2)
    let word = try arguments.first(it: "una lezione", en: "a lesson")
    let second = arguments.words.count > 1 ? arguments.words[1] : nil
    let depth = shell.undoStack.depth
    let before: UndoStack.State
    if word.text == "goto", !word.isQuoted {
      guard let second else { return try shell.showBlocks() }
      before = try arguments.placing(second) {
        try shell.atomically { try shell.goTo(block: second.text) }
      }
    } else {
      let isNew = try second.map { try arguments.choice($0, of: ["restart"]) } != nil
      before = try arguments.placing(word) {
        try shell.atomically {
          try shell.take(shell.course.lesson(word.text, shell.console.language), anew: isNew)
        }
      }
    }
    // A lesson that goes on has the changes that were made in it.
    if shell.undoStack.depth == depth { shell.undoStack.push(before, before: arguments.line) }
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
