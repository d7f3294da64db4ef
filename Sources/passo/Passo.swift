// SPDX-License-Identifier: MIT

import ArgumentParser
import CLibedit
import FoundationEssentials
import Glibc
import PassoEngine
import PassoLesson
import PassoSession
import PassoShell
import PassoText

/// The program: a REPL, and the same engine for scripts.
@main
struct Passo: ParsableCommand {
  static let configuration = CommandConfiguration(
    "passo",
    it: "Mostra un modello linguistico che impara, un passo alla volta, avanti e indietro.",
    en: "Watch a language model learn, one step at a time, forward and backward.",
    discussion: Bilingual(
      it: """
        Senza comando: il REPL, se c'è un terminale; con una pipe o un file sullo standard input \
        gli stessi comandi in fila, uno per riga. --lang it o --lang en sceglie la lingua.
        """,
      en: """
        Without a subcommand: the REPL at a terminal; with a pipe or a file on standard input the \
        same commands as a batch, one a line. --lang it or --lang en chooses the language.
        """
    ),
    version: ProgramVersion.text.spoken,
    subcommands: [
      ReplCommand.self, LessonCommand.self, NewLessonCommand.self, LintCommand.self,
      ReplayCommand.self,
      GradeCommand.self,
      ExportCommand.self, HandoutCommand.self,
      TrainCommand.self, EvaluateCommand.self, GenerateCommand.self, TokenizerCommand.self,
      TraceCommand.self,
      BenchCommand.self,
      ManualCommand.self,
    ],
    defaultSubcommand: ReplCommand.self
  )

  /// Runs a command; whatever goes wrong becomes a sentence and an exit status.
  static func main() {
    le_open_standard_files()
    // A file that may not grow further is an error like a full disk, not the end of the program.
    signal(SIGXFSZ, SIG_IGN)
    let invocation = Invocation.current
    let path = CommandPath(invocation.arguments)
    do {
      if let problem = invocation.languageProblem ?? path.problem { throw problem }
      if let request = CompletionRequest(invocation.arguments) {
        print(try request.answer(), terminator: "")
        leave(0, invocation.language)
      }
      _ = try Kernels.chosen()
      var command = try parseAsRoot(invocation.arguments)
      try command.run()
      leave(0, invocation.language)
    } catch let problem as any Problem where !(problem is UsageProblem) {
      StandardError.report(problem, invocation.language)
      leave(1, invocation.language)
    } catch {
      end(error, path, invocation.language)
    }
  }

  /// What is no problem of a command that runs: wrong usage, help, or an exit status.
  private static func end(_ error: any Error, _ path: CommandPath, _ language: Language) -> Never {
    if let code = error as? ExitCode { leave(code.rawValue, language) }
    if exitCode(for: error).isSuccess {
      let text = fullMessage(for: error, columns: HelpText.unbroken)
      let columns = Terminal(environment: [:]).size.columns
      guard HelpText.isHelp(text) else {
        print(text)
        leave(0, language)
      }
      let isWhole = path.names.count == 1
      print(HelpText.text(text, language, columns: columns, environment: isWhole))
      leave(0, language)
    }
    StandardError.report(ParserMessage.problem(error, path), language)
    leave(ParserMessage.isUsage(error) ? 2 : 1, language)
  }
}

/// Ends the process; success with output that has not arrived is none.
private func leave(_ status: Int32, _ language: Language) -> Never {
  let failure = OutputFailure.last()
  if let failure, status == 0 { StandardError.write(failure.text(language) + "\n") }
  Sandbox.removeAll()
  ScreenColors.choose(nil)
  // All that was written has been flushed above. `exit` would wait for the threads of libraries,
  // and one of them that finds no memory waits for ever.
  _exit(status == 0 && failure != nil ? 1 : status)
}

/// A subcommand that says things in the person's language.
protocol LocalizedCommand: ParsableCommand {
  var speech: SpeechOptions { get }
}

/// How to speak, for every subcommand that speaks.
struct SpeechOptions: ParsableArguments {
  // `Invocation` has read and removed it: here it stands for the help.
  @Option(
    name: .customLong("lang"),
    help: ArgumentHelp(
      it: "La lingua: it o en; quella dell'ambiente (LANG) se non si dice.",
      en: "The language: it or en; that of the environment (LANG) if not given."
    )
  )
  var language: String?

  @Flag(
    it: "Testo lineare, senza colori né disegni.",
    en: "Linear text, without colours or drawings."
  )
  var plain = false

  /// The language asked for, else that of the environment.
  var chosenLanguage: Language { Invocation.current.language }
}

/// How lessons are taken, for the subcommands in which a person takes them.
struct TeachingOptions: ParsableArguments {
  @Flag(
    it: "Per chi insegna: note e tempi delle lezioni, colori da proiettore, nessun punteggio.",
    en: "For who teaches: notes and times of lessons, colours for a projector, no score."
  )
  var teacher = false
}

extension UsageProblem {
  /// Two options of which one wants a person and the other none.
  fileprivate static let nobodyTeaches = UsageProblem(
    it: "--auto fa la lezione da solo, --teacher la fa con una classe",
    en: "--auto takes the lesson alone, --teacher takes it with a class",
    hint: Bilingual(it: "togli uno dei due", en: "leave one of them out")
  )
}

/// The REPL.
struct ReplCommand: LocalizedCommand {
  static let configuration = CommandConfiguration(
    "repl",
    it: "Apre il REPL: è ciò che fa passo da solo.",
    en: "Open the REPL (the default)."
  )

  @OptionGroup var teaching: TeachingOptions
  @OptionGroup var client: ProtocolOptions
  @OptionGroup var speech: SpeechOptions

  func run() throws {
    let front = FrontEnd(speech, teaches: teaching.teacher)
    if client.isWanted { throw ExitCode(try front.serve()) }
    throw ExitCode(try front.converse(shell: front.shell(), greeting: true))
  }
}

/// One lesson.
struct LessonCommand: LocalizedCommand, AskingCommand {
  static let configuration = CommandConfiguration(
    "lesson",
    it: "Apre una lezione, o la percorre da solo e la controlla.",
    en: "Open a lesson, or play it through and check it."
  )

  /// Which lessons there are; nil if none can be found.
  static var missingHint: Bilingual? {
    LessonFinder.folder(ProcessInfo.processInfo.environment)
      .flatMap { try? LessonLibrary(folder: $0) }
      .map { .lessons($0.names) }
  }

  @Argument(help: .lesson)
  var name: String

  @Flag(
    it: "La esegue da sola, e fallisce al primo fatto che non vale.",
    en: "Play it through without a person, and fail on the first failing fact."
  )
  var auto = false

  @OptionGroup var teaching: TeachingOptions
  @OptionGroup var speech: SpeechOptions

  func run() throws {
    if auto, teaching.teacher { throw UsageProblem.nobodyTeaches }
    let front = FrontEnd(speech, teaches: teaching.teacher)
    if auto { return try front.play(name) }
    let shell = try front.shell()
    front.introduce(shell)
    let lesson = try shell.course.lesson(name, front.language)
    try shell.keeping(":lesson \(name)") { try shell.take(lesson) }
    throw ExitCode(front.converse(shell: shell, greeting: false))
  }
}

/// Lessons, checked.
struct LintCommand: LocalizedCommand {
  static let configuration = CommandConfiguration(
    "lint",
    it: "Controlla ed esegue le lezioni: file:riga: che cosa non va.",
    en: "Check and execute lessons: file:line: message."
  )

  @Argument(
    help: ArgumentHelp(
      it: "Cartelle di lezioni, o la cartella di tutte; senza, le lezioni di Passo.",
      en: "Lesson folders or the folder of all lessons; without any, Passo's own lessons.",
      value: Bilingual(it: "cartelle", en: "paths")
    )
  )
  var paths: [String] = []

  @OptionGroup var speech: SpeechOptions

  func run() throws {
    try FrontEnd(speech).lint(paths)
  }
}
