// SPDX-License-Identifier: MIT

import ArgumentParser
import PassoData
import PassoFiles
import PassoModel
import PassoShell
import PassoText
import PassoView

/// A lesson or a recorded session as one page.
struct ExportCommand: LocalizedCommand {
  static let configuration = CommandConfiguration(
    "export",
    it: "Scrive una lezione svolta o una sessione registrata come una pagina HTML.",
    en: "Write a lesson run or a recorded session as one HTML page.",
    discussion: Bilingual(
      it: """
        La pagina non ha bisogno di rete né di altri file. Contiene ogni passo nelle due lingue, \
        con un cursore, per la tastiera, su carta, in chiaro e in scuro.
        """,
      en: """
        The page needs no network and no other file. It holds every step in both languages, with a \
        slider, for the keyboard, on paper, in light and dark.
        """
    )
  )

  @Option(help: .lesson)
  var lesson: String?

  @Option(help: .recording)
  var session: String?

  @Option(help: ArgumentHelp(it: "Il file HTML da scrivere.", en: "The HTML file to write."))
  var out: String

  @OptionGroup var speech: SpeechOptions

  func validate() throws {
    if (lesson == nil) == (session == nil) {
      throw UsageProblem(
        "passo export",
        needsOneOf: ("--lesson", "--session"),
        gotBoth: lesson != nil,
        hint: LessonCommand.missingHint
      )
    }
    guard !out.hasSuffix(".html") else { return }
    throw UsageProblem(
      "--out",
      needs: Bilingual(it: "un nome che finisce con .html", en: "a name that ends in .html"),
      got: out
    )
  }

  func run() throws {
    let front = FrontEnd(speech)
    Interrupt.watch(unanswered: .ends)
    let reservation = try AtomicFile.Reservation(out)
    defer { withExtendedLifetime(reservation) {} }
    let line = ProgressLine(front.console(), patience: .zero)
    // A lesson has its own words in each language, so it is taken once in each.
    let runs = try Language.allCases.map { language in
      line.show(isRare: true) { Bilingual(same: "\(out): \(language.rawValue)") }
      let shell = try front.shell(quiet: true)
      // What Enter would do is nothing for a page.
      shell.console.showsHints = true
      try shell.take(lesson: lesson, session: session, in: language)
      return (language, shell.console.transcript)
    }
    line.end()
    if Interrupt.isPending { throw ExitCode(130) }
    let title = try lesson.map { try front.title(ofLesson: $0) } ?? Bilingual(same: session ?? "")
    let page = Page(title: Bilingual(same: "Passo: ") + title, parts: Transcript.parts(of: runs))
    try TextFile.write(page.html(opening: front.language), to: out)
    let place = Bilingual.quoted(out)
    let count = page.parts.count
    print(
      Bilingual(it: "\(count) passi in \(place.it)", en: "\(count) steps in \(place.en)")[
        front.language
      ]
    )
  }
}

extension FrontEnd {
  /// The title of a lesson in both languages.
  fileprivate func title(ofLesson typed: String) throws -> Bilingual {
    let course = try shell(quiet: true).course
    return Bilingual(
      it: try course.lesson(typed, .it).header.title,
      en: try course.lesson(typed, .en).header.title
    )
  }
}

extension Shell {
  /// Takes a lesson or repeats a session in a language, without a person.
  fileprivate func take(lesson: String?, session: String?, in language: Language) throws {
    console.language = language
    if let session {
      try replay(session)
      return
    }
    guard let lesson else { return }
    try SimulatedLearner(self, .right).take(course.lesson(lesson, language))
  }
}
