import Glibc
import PassoShell
import PassoText

/// The read-eval-print loop at a terminal.
package final class Repl {
  private let host: ReplHost
  private let editor: LineEditor
  private let usesColor: Bool
  private let history: HistoryFile
  private let pager: Pager?
  private let say: (String) -> Void

  /// Puts a host behind an editor.
  package init(
    host: ReplHost,
    editor: LineEditor,
    usesColor: Bool,
    history: HistoryFile = HistoryFile(path: nil),
    pager: Pager? = nil,
    say: @escaping (String) -> Void = { print($0) }
  ) {
    self.host = host
    self.editor = editor
    self.usesColor = usesColor
    self.history = history
    self.pager = pager
    if editor.canPage { pager?.keyboard = editor.pagerKeyboard }
    self.say = say
    editor.completer = { host.completion(of: $0, upTo: $1) }
    editor.hinter = { host.hint(for: $0) }
    editor.commandForKey = { key in
      switch key {
      case .enter: host.lineForEnter
      case .space: host.goesOn ? host.lineForEnter : ":step"
      case .pageDown: host.goesOn ? host.lineForEnter : nil
      case .edit: host.invitation
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
      if pager?.hasAsked == true { editor.dropPageKeys() }
      switch editor.readLine(prompt: host.prompt.line(inColor: usesColor)) {
      case .interrupted: continue
      case .failed: return 1
      case .endOfFile:
        say("")  // libedit leaves the cursor behind the prompt
        return leave()
      case .line(let line):
        if execute(line) == .finished { return leave() }
      }
    }
  }

  private func execute(_ line: String) -> Shell.Outcome {
    guard CommandLines.isCommand(line) else { return .done }
    if history.append(line) { editor.addHistory(line) }
    pager?.begin()
    Interrupt.whenUnanswered(.says(Self.heard, editor.language))
    defer { Interrupt.whenUnanswered(.waits) }
    return host.execute(line)
  }

  /// For what cannot be left before its end.
  static let heard = Bilingual(
    it: "ho sentito: mi fermo appena possibile; altri due Ctrl-C chiudono Passo",
    en: "heard: stopping as soon as possible; Ctrl-C twice more ends Passo"
  )

  private func leave() -> Int32 {
    say(host.farewell)
    return 0
  }
}

extension ReplHost {
  /// Talks to a person at a terminal, or to a pipe; gives the exit status.
  package func converse(
    terminal: Terminal,
    language: Language,
    environment: [String: String],
    pager: Pager? = nil
  ) -> Int32 {
    Interrupt.watch()
    guard terminal.isInteractive, let editor = LineEditor(terminal: terminal, language: language)
    else {
      // Of a batch whatever succeeded is done.
      Interrupt.whenUnanswered(.ends)
      return BatchLoop(host: self).run()
    }
    editor.readUserFile()
    let history = HistoryFile(path: StateFile.path("history", environment))
    if let problem = history.problem { StandardError.write(problem.text(language) + "\n") }
    let usesColor = terminal.usesColor
    return Repl(host: self, editor: editor, usesColor: usesColor, history: history, pager: pager)
      .run()
  }
}
