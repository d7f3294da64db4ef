// SPDX-License-Identifier: MIT

import ArgumentParser
import PassoFiles
import PassoShell
import PassoText
import PassoView

/// A lesson on paper.
struct HandoutCommand: LocalizedCommand, AskingCommand {
  static let configuration = CommandConfiguration(
    "handout",
    it: "Scrive una lezione da stampare, con le risposte su fogli a parte.",
    en: "Write a lesson to print, with the answers on sheets of their own.",
    discussion: Bilingual(
      it: """
        Una pagina HTML in bianco e nero, nella lingua di --lang: i testi, le righe con ciò che \
        mostrano davvero, le domande con le caselle, lo spazio per gli esercizi. Si stampa dal \
        browser su fogli A4.
        """,
      en: """
        One HTML page in black on white, in the language of --lang: the texts, the lines with what \
        they really show, the questions with boxes, room for the exercises. A browser prints it on \
        A4 paper.
        """
    )
  )

  static var missingHint: Bilingual? { LessonCommand.missingHint }

  @Argument(help: .lesson)
  var name: String

  @Option(
    help: ArgumentHelp(
      it: "Il file HTML da scrivere; se manca, NOME-handout.html.",
      en: "The HTML file to write; without it NAME-handout.html."
    )
  )
  var out: String?

  @OptionGroup var speech: SpeechOptions

  func validate() throws {
    if let out { try ExportCommand.expectHTML(out) }
  }

  func run() throws {
    let front = FrontEnd(speech)
    Interrupt.watch(unanswered: .ends)
    let lesson = try front.shell(quiet: true).course.lesson(name, front.language)
    let out = out ?? "\(lesson.name)-handout.html"
    let reservation = try AtomicFile.Reservation(out)
    defer { withExtendedLifetime(reservation) {} }
    let line = ProgressLine(front.console(), patience: .zero)
    line.show(isRare: true) { Bilingual(same: out) }
    let handout: Handout
    do {
      defer { line.end() }
      handout = Handout(try front.run(lesson))
    }
    try TextFile.write(handout.html(lesson.header.language), to: out)
    let place = Bilingual.quoted(out)
    let said = Bilingual(
      it: "\(handout.taskCount) fra domande ed esercizi in \(place.it)",
      en: "\(handout.taskCount) questions and exercises in \(place.en)"
    )
    print(said[front.language])
  }
}
