// SPDX-License-Identifier: MIT

import ArgumentParser
import PassoShell
import PassoText

/// A recorded session, repeated.
struct ReplayCommand: LocalizedCommand {
  static let configuration = CommandConfiguration(
    "replay",
    it: "Ripete una sessione registrata e ne confronta gli stati; poi si continua nel REPL.",
    en: "Repeat a recorded session and compare its states; then go on in the REPL."
  )

  @Argument(help: .recording)
  var file: String

  @Flag(
    it: "La esegue da sola, e fallisce alla prima differenza.",
    en: "Play it through without a person, and fail on the first difference."
  )
  var auto = false

  @OptionGroup var speech: SpeechOptions

  func run() throws {
    let front = FrontEnd(speech)
    let shell = try front.shell(quiet: auto)
    Interrupt.watch(unanswered: .ends)
    let result: ReplayResult
    do {
      result = try shell.replay(file)
    } catch let problem as any Problem {
      shell.console.report(problem)
      throw ExitCode(1)
    }
    guard auto else {
      shell.console.say(result.summary(file))
      throw ExitCode(front.converse(shell: shell, greeting: false))
    }
    print(result.summary(file)[front.language])
    if result.isInterrupted { throw ExitCode(130) }
  }
}
