// SPDX-License-Identifier: MIT

import ArgumentParser
import PassoShell
import PassoText

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// The program: a REPL, and the same engine for scripts.
@main
struct Passo: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "passo",
    abstract: "Watch a language model learn, one step at a time, forward and backward.",
    discussion: """
      Without a subcommand: the REPL at a terminal; with a pipe or a file on standard input the \
      same commands as a batch, one a line.
      """,
    version: "0.1.0",
    subcommands: [
      ReplCommand.self, LessonCommand.self, LintCommand.self, ReplayCommand.self,
      ExportCommand.self,
      TrainCommand.self, EvaluateCommand.self, GenerateCommand.self, TokenizerCommand.self,
      TraceCommand.self,
      BenchCommand.self,
    ],
    defaultSubcommand: ReplCommand.self
  )

  /// Runs a command; whatever goes wrong becomes a sentence and an exit status.
  static func main() {
    // A file that may not grow further is an error like a full disk, not the end of the program.
    signal(SIGXFSZ, SIG_IGN)
    var language = Language(environment: ProcessInfo.processInfo.environment)
    do {
      var command = try parseAsRoot()
      if let speaking = command as? any SpeakingCommand {
        language = speaking.speech.chosenLanguage
      }
      try command.run()
    } catch let problem as any Problem {
      StandardError.write(problem.text(language) + "\n")
      leave(1)
    } catch {
      let code = exitCode(for: error)
      let message = fullMessage(for: error)
      if code.isSuccess {
        if !message.isEmpty { print(message) }
        leave(0)
      }
      if !message.isEmpty { StandardError.write(message + "\n") }
      // The parser's own status for wrong usage is 64; the contract says 2.
      leave(code == .validationFailure ? 2 : code.rawValue)
    }
  }
}

/// Ends the process; `exit` alone would be the parser's here.
private func leave(_ status: Int32) -> Never {
  fflush(nil)
  exit(status)
}

/// A subcommand that says things in the language of whoever asked.
protocol SpeakingCommand: ParsableCommand {
  var speech: SpeechOptions { get }
}

/// How to speak, for every subcommand that speaks.
struct SpeechOptions: ParsableArguments {
  @Option(name: .customLong("lang"), help: "The language: it or en.")
  var language: String?

  @Flag(help: "Linear text, without colours or drawings.")
  var plain = false

  /// The language asked for, else that of the environment.
  var chosenLanguage: Language {
    language.flatMap(Language.init(rawValue:))
      ?? Language(environment: ProcessInfo.processInfo.environment)
  }

  func validate() throws {
    guard let language, Language(rawValue: language) == nil else { return }
    throw ValidationError("--lang needs it or en, got '\(language)'")
  }
}

/// The REPL.
struct ReplCommand: SpeakingCommand {
  static let configuration = CommandConfiguration(
    commandName: "repl",
    abstract: "Open the REPL (the default)."
  )

  @OptionGroup var speech: SpeechOptions

  func run() throws {
    let front = FrontEnd(speech)
    throw ExitCode(try front.converse(shell: front.shell(), greeting: true))
  }
}

/// One lesson.
struct LessonCommand: SpeakingCommand {
  static let configuration = CommandConfiguration(
    commandName: "lesson",
    abstract: "Open a lesson, or play it through and check it."
  )

  @Argument(help: "The lesson: its folder under lessons/ (01-data) or its number.")
  var name: String

  @Flag(help: "Play it through without a person, and fail on the first failing fact.")
  var auto = false

  @OptionGroup var speech: SpeechOptions

  func run() throws {
    let front = FrontEnd(speech)
    if auto { return try front.play(name) }
    let shell = try front.shell()
    try shell.openLesson(name)
    shell.opened(lesson: name)
    throw ExitCode(front.converse(shell: shell, greeting: false))
  }
}

/// Lessons, checked.
struct LintCommand: SpeakingCommand {
  static let configuration = CommandConfiguration(
    commandName: "lint",
    abstract: "Check and execute lessons: file:line: message."
  )

  @Argument(help: "Lesson folders or the folder of all lessons; without any, Passo's own lessons.")
  var paths: [String] = []

  @OptionGroup var speech: SpeechOptions

  func run() throws {
    try FrontEnd(speech).lint(paths)
  }
}
