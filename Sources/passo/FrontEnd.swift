// SPDX-License-Identifier: MIT

import ArgumentParser
import FoundationEssentials
import PassoData
import PassoFiles
import PassoLesson
import PassoModel
import PassoSession
import PassoShell
import PassoText
import PassoView

/// What the subcommands share: environment, terminal, console, lessons.
struct FrontEnd {
  private let environment = ProcessInfo.processInfo.environment
  let language: Language
  private let isPlain: Bool

  /// Whether linear text was asked for, and does not follow from the terminal.
  private let asksForPlain: Bool
  private let terminal: Terminal

  /// Stops long output, once there is a keyboard.
  private let pager: Pager

  /// Whether a person teaches the lessons, and does not take them.
  private let teaches: Bool

  init(_ speech: SpeechOptions, teaches: Bool = false) {
    self.teaches = teaches
    language = speech.chosenLanguage
    asksForPlain = speech.plain
    terminal = Terminal(environment: environment, plain: speech.plain)
    // Without colours a drawing says less than a sentence; :plain off brings it back.
    isPlain = !terminal.usesColor
    pager = Pager(terminal)
  }

  /// Reads texts in files, with a line that says how far it is.
  ///
  /// - Throws: What `body` throws, or `ExitCode` if it was interrupted.
  func readingTexts<Result>(_ body: (TextReading) throws -> Result?) throws -> Result {
    let line = ProgressLine(console())
    defer { line.end() }
    let reading = TextReading(cache: textCache, on: line.show, unless: { Interrupt.isPending })
    do {
      guard let result = try body(reading) else { throw ExitCode(Interrupt.status) }
      return result
    } catch let problem as FileProblem {
      throw ReplaceableText(problem) ?? problem
    }
  }

  /// Where tokens of texts are kept; nil if the environment does not say where.
  private var textCache: TextCache? { try? TextCache(environment: environment) }

  /// What writes to standard output.
  func console(quiet: Bool = false) -> Console {
    let depth =
      terminal.usesColor ? ColorDepth(environment: environment, isTerminal: true) : .none
    let terminal = terminal
    var console = Console(
      language: language,
      isPlain: isPlain,
      terminal: { (terminal.size.columns, depth) },
      write: { if !quiet { print($0, terminator: "") } },
      writeError: { StandardError.write($0) }
    )
    console.canRewriteLines = !quiet && terminal.knowsSequences
    console.showsHints = terminal.isInteractive && terminal.usesColor
    if !quiet, terminal.isInteractive {
      console.page = pager.write
      console.resumePaging = pager.resume
      // The console of Linux knows no such command, and some of its versions would write it out.
      if depth != .none, environment["TERM"] != "linux" {
        console.colorScreen = ScreenColors.choose
      }
      console.confirm = { [language] in TerminalQuestion.agrees($0[language], language) }
    }
    // `cat` is the usual way to say: no pager anywhere.
    if let wanted = environment["PAGER"], ["", "cat"].contains(wanted) { console.pages = false }
    return console
  }

  /// A shell that writes to standard output.
  func shell(
    quiet: Bool = false,
    interrupted: @escaping () -> Bool = { Interrupt.isPending }
  ) throws -> Shell {
    let shell = try Shell(
      console: console(quiet: quiet),
      lessons: LessonFinder.folder(environment),
      interrupted: interrupted
    )
    shell.textCache = textCache
    shell.course.progress = ProgressFile(environment: environment)
    shell.course.records = LessonRecords(environment: environment)
    shell.course.reviews = ReviewFile(environment: environment)
    return shell
  }

  /// Tells a shell whether it is a person who takes lessons in it, as at a terminal, or teaches
  /// them.
  func introduce(_ shell: Shell) {
    shell.course.notesProgress = terminal.isInteractive
    shell.course.asksConfidence = terminal.isInteractive && !teaches
    guard !teaches else { return teach(in: shell) }
    if terminal.isInteractive { shell.course.orderFile = StateFile.path("order", environment) }
  }

  /// A class sees options in the order of the file, as on paper; what is done with it is no
  /// student's own.
  private func teach(in shell: Shell) {
    shell.course.classClock = ClassClock()
    shell.course.records = LessonRecords(environment: environment, ofClasses: true)
    shell.course.reviews = nil
    if terminal.usesColor { shell.console.theme = .projector }
  }

  /// Answers another program until it leaves; gives the exit status.
  ///
  /// - Throws: What keeps a shell from beginning.
  func serve() throws -> Int32 {
    Interrupt.watch()
    let shell = try shell(quiet: true)
    shell.console.isPlain = asksForPlain
    shell.console.bringsLines = true
    // A person sits before it, who may open a lesson; those of notebooks are never noted.
    shell.course.notesProgress = true
    return ProtocolLoop(shell: shell).run(version: Passo.configuration.version)
  }

  /// Talks until the person leaves or the input ends; gives the exit status.
  func converse(shell: Shell, greeting: Bool) -> Int32 {
    if greeting {
      introduce(shell)
      if terminal.isInteractive { shell.greet() }
    }
    return shell.converse(
      terminal: terminal,
      language: language,
      environment: environment,
      pager: pager
    )
  }
}

// MARK: - Lessons without a person

extension FrontEnd {
  /// Plays a lesson through; the first thing that does not hold is the exit status.
  func play(_ name: String) throws {
    let lesson = try shell(quiet: true).course.lesson(name, language)
    let findings = try SimulatedLearner.findings(in: lesson, with: shell())
    report(findings)
    guard findings.isEmpty else { throw ExitCode(1) }
    let facts = lesson.items.reduce(0) { count, item in
      if case .facts(let block) = item.content { count + block.facts.count } else { count }
    }
    let summary = Bilingual(
      it: "\(lesson.name) (\(language.rawValue)): \(facts) fatti, tutti veri",
      en: "\(lesson.name) (\(language.rawValue)): \(facts) facts, all true"
    )
    print(summary[language])
  }

  /// Checks lessons: each language alone, both together, and played through.
  func lint(_ paths: [String]) throws {
    let folders =
      try paths.isEmpty
      ? LessonLibrary(folder: LessonFinder.folder(environment) ?? "lessons").folders
      : paths.flatMap(Self.lessons(at:))
    // Lessons train models: that takes a while.
    let line = ProgressLine(console(), patience: .zero)
    defer { line.end() }
    let lint = CourseLint(language, cache: textCache) { Interrupt.isPending }
    let all: [LessonFinding]
    do {
      all = try lint.findings(in: folders) { folder in
        line.show(isRare: true) { Bilingual(same: folder) }
      }
    } catch { throw ExitCode(Interrupt.status) }
    line.end()
    report(all)
    if !all.isEmpty { throw ExitCode(1) }
  }

  /// The lesson that a folder is, or the lessons that it holds.
  private static func lessons(at path: String) throws(LintProblem) -> [String] {
    guard FileManager.default.fileExists(atPath: path) else { throw .missing(path) }
    if !LessonLibrary.languages(of: path).isEmpty { return [path] }
    guard let library = try? LessonLibrary(folder: path) else { throw .noLessons(path) }
    return library.folders
  }

  private func report(_ findings: [LessonFinding]) {
    for finding in findings { StandardError.write(finding.text(language) + "\n") }
  }
}

/// Where no lesson can be checked.
private enum LintProblem: Problem {
  /// Nothing has this name.
  case missing(String)

  /// No lesson is in the folder, and it is none itself.
  case noLessons(String)

  var message: Bilingual {
    switch self {
    case .missing(let path):
      Bilingual(
        it: "passo lint vuole una cartella esistente, non c'è niente che si chiami \(it: path)",
        en: "passo lint needs an existing folder, got nothing called \(en: path)"
      )
    case .noLessons(let path):
      Bilingual(
        it: "passo lint vuole una cartella con delle lezioni, non ce ne sono in \(it: path)",
        en: "passo lint needs a folder with lessons, got none in \(en: path)"
      )
    }
  }

  var hint: Bilingual? {
    Bilingual(
      it: "una lezione è una cartella con lesson.it.md e lesson.en.md",
      en: "a lesson is a folder with lesson.it.md and lesson.en.md"
    )
  }
}
