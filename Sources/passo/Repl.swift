// SPDX-License-Identifier: MIT
import PassoText

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// The read-eval-print loop at a terminal.
package final class Repl {
  private let host: ReplHost
  private let editor: LineEditor
  private let usesColor: Bool
  private let history: HistoryFile
  private let say: (String) -> Void

  /// Puts a host behind an editor.
  package init(
    host: ReplHost,
    editor: LineEditor,
    usesColor: Bool,
    history: HistoryFile = HistoryFile(path: nil),
    say: @escaping (String) -> Void = { print($0) }
  ) {
    self.host = host
    self.editor = editor
    self.usesColor = usesColor
    self.history = history
    self.say = say
    editor.completer = { [unowned host] in host.completion(of: $0, upTo: $1) }
    editor.hinter = { [unowned host] in host.hint(for: $0) }
    editor.commandForKey = { [unowned host] key in
      switch key {
      case .enter: host.lineForEnter
      case .forward: ":step"
      case .backward: ":back"
      }
    }
  }

  /// Reads and runs lines until the person leaves; gives the exit status.
  package func run() -> Int32 {
    for line in history.load() { editor.addHistory(line) }
    while true {
      // A Ctrl-C that came too late for the last command is not meant for the next line.
      Interrupt.clear()
      switch editor.readLine(prompt: host.prompt.line(inColor: usesColor)) {
      case .interrupted: continue
      case .failed: return 1
      case .endOfFile:
        say("")  // libedit leaves the cursor behind the prompt
        return leave()
      case .line(let line):
        if execute(line) == .quit { return leave() }
      }
    }
  }

  private func execute(_ line: String) -> LineOutcome {
    guard CommandLines.isCommand(line) else { return .done }
    if history.append(line) { editor.addHistory(line) }
    return host.execute(line)
  }

  private func leave() -> Int32 {
    say(host.farewell)
    return 0
  }
}

/// The same lines without a person: from a pipe or a file, without an editor.
package struct BatchLoop {
  private let host: ReplHost
  private let nextLine: () -> String?
  private let echo: (String) -> Void
  private let isInterrupted: () -> Bool

  /// Puts a host behind a source of lines; by default standard input and output.
  package init(
    host: ReplHost,
    nextLine: @escaping () -> String? = { readLine() },
    echo: @escaping (String) -> Void = { print($0) },
    isInterrupted: @escaping () -> Bool = { Interrupt.isPending }
  ) {
    self.host = host
    self.nextLine = nextLine
    self.echo = echo
    self.isInterrupted = isInterrupted
  }

  /// Runs the lines up to the first that fails; gives the exit status.
  package func run() -> Int32 {
    while !isInterrupted(), let line = nextLine() {
      guard CommandLines.isCommand(line) else { continue }
      echo("passo> \(line)")
      // What failed is told on another stream: it must not overtake the line.
      fflush(nil)
      let outcome = host.execute(line)
      if isInterrupted() { break }
      switch outcome {
      case .done: continue
      case .failed: return 1
      case .quit: return 0
      }
    }
    return isInterrupted() ? 130 : 0
  }
}

/// Which lines mean something.
enum CommandLines {
  /// False for a blank line and for a comment, which `#` begins.
  static func isCommand(_ line: String) -> Bool {
    guard let first = line.first(where: { !$0.isWhitespace }) else { return false }
    return first != "#"
  }
}

extension ReplHost {
  /// Talks to whoever is there, a person at a terminal or a pipe; gives the exit status.
  package func converse(
    terminal: Terminal,
    language: Language,
    environment: [String: String]
  ) -> Int32 {
    guard terminal.isInteractive, let editor = LineEditor(terminal: terminal, language: language)
    else {
      Interrupt.watch(.fails)
      return BatchLoop(host: self).run()
    }
    Interrupt.watch(.goesOn)
    editor.readUserFile()
    let history = HistoryFile(path: HistoryFile.standardPath(environment: environment))
    let usesColor = terminal.usesColor
    return Repl(host: self, editor: editor, usesColor: usesColor, history: history).run()
  }
}
