// SPDX-License-Identifier: MIT

import ArgumentParser
import PassoData
import PassoFiles
import PassoLesson
import PassoModel
import PassoShell
import PassoText
import PassoView

/// A lesson or a recorded session in a form for others, or a training for PyTorch.
struct ExportCommand: LocalizedCommand {
  static let configuration = CommandConfiguration(
    "export",
    it: "Scrive una lezione come pagina, notebook o domande, o un addestramento per PyTorch.",
    en: "Write a lesson as a page, a notebook or questions, or a training for PyTorch.",
    discussion: Bilingual(
      it: """
        La pagina non ha bisogno di rete né di altri file. Contiene ogni passo nelle due lingue, \
        con un cursore, per la tastiera, su carta, in chiaro e in scuro. Con --quiz escono invece \
        le domande e le previsioni nella lingua di --lang, per una piattaforma come Moodle: \
        opzioni, tolleranze e commenti, con le risposte calcolate eseguendo la lezione. Se il nome \
        di --out finisce con .cast, è ciò che si vede in un terminale, per asciinema, con i tempi \
        di chi legge.
        """,
      en: """
        The page needs no network and no other file. It holds every step in both languages, with a \
        slider, for the keyboard, on paper, in light and dark. With --quiz it is the questions and \
        the predictions, in the language of --lang, for a platform such as Moodle: options, \
        tolerances and feedback, with the answers computed by running the lesson. If the name of \
        --out ends in .cast, it is what a terminal shows, for asciinema, with the times of a \
        reader.
        """
    )
  )

  @Option(help: .lesson)
  var lesson: String?

  @Option(help: .recording)
  var session: String?

  @Option(
    it: "Solo le domande, come gift o moodle-xml; senza --lesson, di tutte le lezioni.",
    en: "Only the questions, as gift or moodle-xml; without --lesson those of all lessons.",
    parser: ValueParser.name(of: QuestionFormat.all.map(\.name))
  )
  var quiz: String?

  @Option(
    help: ArgumentHelp(
      it: "Il file .html, .cast o .ipynb da scrivere; delle domande, se manca, lo standard output.",
      en: "The .html, .cast or .ipynb file to write; without it questions go to standard output."
    )
  )
  var out: String?

  @OptionGroup var notebooks: NotebookOptions
  @OptionGroup(title: Bilingual(it: "Per PyTorch", en: "For PyTorch").spoken)
  var torch: TorchOptions

  @OptionGroup var speech: SpeechOptions

  func validate() throws {
    if try handover != nil { return }
    if notebooks.isUsed {
      return try notebooks.validate(lesson: lesson, session: session, quiz: quiz, out: out)
    }
    if quiz != nil {
      guard session == nil else {
        throw UsageProblem(
          it: "--quiz vuole una lezione, una sessione registrata non ha domande",
          en: "--quiz needs a lesson, a recorded session has no questions",
          hint: LessonCommand.missingHint
        )
      }
      return
    }
    guard let out else {
      throw UsageProblem(
        it: "a passo export manca --out <out>",
        en: "passo export needs --out <out>, got none",
        hint: CommandPath(["export"]).helpHint
      )
    }
    if (lesson == nil) == (session == nil) {
      throw UsageProblem(
        "passo export",
        needsOneOf: ("--lesson", "--session"),
        gotBoth: lesson != nil,
        hint: LessonCommand.missingHint
      )
    }
    if !Self.isCast(out) { try Self.expectHTML(out, or: ".cast") }
  }

  /// Refuses a name that no browser would take for a page.
  static func expectHTML(_ out: String, or other: String? = nil) throws(UsageProblem) {
    guard !out.hasSuffix(".html") else { return }
    let others = other.map { Bilingual(it: " o \($0)", en: " or \($0)") }
    throw UsageProblem(
      "--out",
      needs: Bilingual(it: "un nome che finisce con .html", en: "a name that ends in .html")
        + (others ?? Bilingual(same: "")),
      got: out
    )
  }

  /// The training that is to be handed over to PyTorch, if one is.
  private var handover: TorchExport? {
    get throws {
      try torch.asked(beside: lesson != nil || session != nil || quiz != nil || out != nil)
    }
  }

  func run() throws {
    let front = FrontEnd(speech)
    Interrupt.watch(unanswered: .ends)
    if let handover = try handover { return try handover.run(front) }
    if notebooks.notebook, let out {
      return try front.writeNotebooks(lesson: lesson, solved: notebooks.solutions, to: out)
    }
    if let format = quiz.flatMap(QuestionFormat.named) {
      return try front.writeQuestions(lesson: lesson, format, to: out)
    }
    if let out { try Self.isCast(out) ? writeCast(front, to: out) : writePage(front, to: out) }
  }

  private func writePage(_ front: FrontEnd, to out: String) throws {
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
  /// Writes the questions of a lesson, or of all, to a file or to standard output.
  fileprivate func writeQuestions(
    lesson typed: String?,
    _ format: QuestionFormat,
    to out: String?
  ) throws {
    let reservation = try out.map { try AtomicFile.Reservation($0) }
    defer { withExtendedLifetime(reservation) {} }
    let line = ProgressLine(console(quiet: out == nil), patience: .zero)
    defer { line.end() }
    let course = try shell(quiet: true).course
    let names = try typed.map { [$0] } ?? course.library.names
    let runs = try names.map { name in
      line.show(isRare: true) { Bilingual(same: name) }
      return try run(course.lesson(name, language))
    }
    line.end()
    let bank = QuestionBank(runs)
    let text = format.text(bank, language)
    guard let out else { return print(text, terminator: "") }
    try TextFile.write(text, to: out)
    let place = Bilingual.quoted(out)
    let said = Bilingual(
      it: "\(bank.count) domande in \(place.it)",
      en: "\(bank.count) questions in \(place.en)"
    )
    print(said[language])
  }

  /// Takes a lesson out of sight.
  ///
  /// - Throws: `ExitCode` if it was interrupted, or what the lesson throws.
  func run(_ lesson: Lesson) throws -> LessonRun {
    do {
      return try LessonRun(lesson, with: shell(quiet: true))
    } catch  where Interrupt.isPending {
      throw ExitCode(Interrupt.status)
    }
  }

  /// The title of a lesson in both languages.
  func title(ofLesson typed: String) throws -> Bilingual {
    let course = try shell(quiet: true).course
    return Bilingual(
      it: try course.lesson(typed, .it).header.title,
      en: try course.lesson(typed, .en).header.title
    )
  }
}

extension Shell {
  /// Takes a lesson or repeats a session in a language, without a person.
  func take(lesson: String?, session: String?, in language: Language) throws {
    console.language = language
    if let session {
      try replay(session)
      return
    }
    guard let lesson else { return }
    try SimulatedLearner(self, .right).take(course.lesson(lesson, language))
  }
}
