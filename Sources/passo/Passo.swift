// SPDX-License-Identifier: MIT

import ArgumentParser
import PassoShell
import PassoText
import PassoView

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The program: a REPL, and the same engine for scripts.
@main
struct Passo: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "passo",
    abstract: "Watch a language model learn, one step at a time, forward and backward."
  )

  mutating func run() throws {
    let environment = ProcessInfo.processInfo.environment
    let terminal = Terminal(environment: environment)
    let depth = ColorDepth(environment: environment, isTerminal: terminal.isInteractive)
    let console = Console(
      language: Language(environment: environment),
      isPlain: !terminal.isInteractive,
      terminal: { (terminal.size.columns, depth) },
      write: { print($0, terminator: "") },
      writeError: { print($0, terminator: "") }
    )
    let shell = try Shell(console: console, lessons: nil, interrupted: { Interrupt.isPending })
    throw ExitCode(
      ShellHost(shell).converse(
        terminal: terminal,
        language: console.language,
        environment: environment
      )
    )
  }
}
