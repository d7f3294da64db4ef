// SPDX-License-Identifier: MIT

import Glibc
import PassoFiles
import PassoShell
import PassoText
import PassoView

/// The loop for another program, as the kernel of a notebook: `passo --protocol json`.
///
/// One JSON object a line in both directions, UTF-8. A request has `do`, `text`, and if it likes an
/// `id`, which the answers repeat; `cursor` counts Unicode scalars from the beginning of `text`.
///
///     {"id": 1, "do": "execute", "text": ":text \"Il gatto\"\n:pairs"}
///     {"id": 2, "do": "complete", "text": ":sh", "cursor": 3}
///     {"id": 3, "do": "inspect", "text": ":show logits", "cursor": 8}
///     {"id": 4, "do": "check", "text": ":text \"Il gatto"}
///
/// Answers, by `event`; unknown events and members are to be passed over:
///
/// | event | members |
/// | --- | --- |
/// | `hello` | unasked, first: `protocol` (1), `passo` (version), `language`, and the prompt |
/// | `line` | the line that is carried out now: `number` from 1 in the text, `text` |
/// | `figure` | what was shown: `text`, and where it has them `html` and `svg` |
/// | `stream` | a piece of a line, as it comes: `text` |
/// | `progress` | how far something is: `text`, null when that is over |
/// | `problem` | `message`, `hint`, `file`, `line`, `source`, `span` (scalars); `text`, all of it |
/// | `done` | the last of `execute`: `outcome`, and the prompt |
/// | `completions` | the answer to `complete`: `start` and `end` of what `matches` replace |
/// | `inspection` | the answer to `inspect`: `found`, and a figure |
/// | `check` | the answer to `check`: `complete`, false where a quotation mark is open |
///
/// The prompt is `lesson` (or null), `position` (`0:12`), `enter`, which an empty text would carry
/// out, and `prepared`, the line that an open lesson brings. The outcome is `done`, `failed` (the
/// rest of the text is left out), `interrupted` (so too; nothing is lost) or `finished` (Passo
/// leaves). A line that is no request is answered by a `problem`, and nothing else. Ctrl-C (SIGINT)
/// is for the request at work. Blank lines and comments mean nothing, except for the first line of
/// a ``LessonCell``. At the end of input Passo leaves.
final class ProtocolLoop {
  private let shell: Shell
  private let nextLine: () -> String?
  private let write: (String) -> Void

  /// The request that is being answered.
  private var id: Int?

  /// Puts a shell behind a source of requests; by default standard input and output.
  init(
    shell: Shell,
    nextLine: @escaping () -> String? = InputLines().next,
    write: @escaping (String) -> Void = ProtocolLoop.writeOut
  ) {
    (self.shell, self.nextLine, self.write) = (shell, nextLine, write)
    shell.console.receive = { [unowned self] in receive($0) }
  }

  /// Answers requests until the client leaves; gives the exit status.
  func run(version: String = "") -> Int32 {
    send(.hello(version: version, shell.console.language, prompt))
    while !shell.isFinished {
      // A Ctrl-C that came too late for the last request is not meant for the next.
      Interrupt.clear()
      guard let line = nextLine() else {
        if Interrupt.isPending { continue }
        return 0
      }
      guard line.contains(where: { !$0.isWhitespace }) else { continue }
      answer(line)
    }
    return 0
  }

  /// A line to standard output, at once.
  static func writeOut(_ line: String) {
    let output = LineOutput()
    output.write(line)
    output.flush()
  }

  private func send(_ event: ProtocolEvent) { write(event.json(id, shell.console.language)) }

  private func answer(_ line: String) {
    let request: ProtocolRequest
    do throws(ProtocolProblem) {
      request = try ProtocolRequest(line: line)
    } catch {
      id = error.id
      return send(.problem(error))
    }
    id = request.id
    switch request.deed {
    case .execute:
      Interrupt.whenUnanswered(.says(Repl.heard, shell.console.language))
      let outcome = execute(request.text)
      Interrupt.whenUnanswered(.waits)
      send(.done(Interrupt.isPending ? .interrupted : outcome, prompt))
    case .complete: complete(request)
    case .inspect: inspect(request)
    case .check: send(.check(isComplete: Self.isComplete(request.text)))
    }
  }

  private func receive(_ shown: Console.Shown) {
    switch shown {
    case .figure(let figure): send(.figure(forms(figure)))
    case .stream(let text): send(.stream(text))
    case .progress(let text): send(.progress(text))
    case .problem(let problem): send(.problem(problem))
    }
  }

  private func forms(_ figure: Figure) -> FigureForms {
    FigureForms(figure, shell.console.language, isPlain: shell.console.isPlain)
  }

  private var prompt: ProtocolEvent.Prompt {
    let parts = shell.promptParts
    return ProtocolEvent.Prompt(
      lesson: parts.lesson,
      position: parts.position,
      enter: shell.isInNotebook ? nil : shell.lineForEnter,
      prepared: shell.isInNotebook || parts.lesson == nil ? nil : shell.invitation
    )
  }
}

// MARK: - Executing

extension ProtocolLoop {
  private func execute(_ text: String) -> ProtocolEvent.Outcome {
    let lines = Self.lines(text)
    let cell = lines.first { !$0.allSatisfy(\.isWhitespace) }.flatMap(LessonCell.init(firstLine:))
    if let cell, shell.enter(cell) != .done { return .failed }
    var commands = lines.enumerated().filter { CommandLines.isCommand($0.element) }
    if commands.isEmpty {
      if cell != nil { shell.sayCellIsEmpty() }
      // Nothing at all is Enter; a comment is a comment.
      let enter = text.allSatisfy(\.isWhitespace) ? shell.lineForEnter : nil
      commands = enter.map { [(0, $0)] } ?? []
    }
    for (index, line) in commands where !Interrupt.isPending {
      send(.line(index + 1, line))
      let (outcome, isOver) =
        cell.map { shell.execute(line, in: $0) } ?? (shell.execute(line), false)
      switch outcome {
      case .failed: return .failed
      case .finished: return .finished
      case .done: if isOver { return .done }
      }
    }
    return .done
  }

  private static func lines(_ text: String) -> [String] {
    text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map(String.init)
  }

  private static func isComplete(_ text: String) -> Bool {
    lines(text).allSatisfy { (try? Arguments.split($0)) != nil }
  }
}

// MARK: - Looking

extension ProtocolLoop {
  /// The line at the cursor: its part before the cursor, the whole of it, and where it begins.
  private func place(
    _ request: ProtocolRequest
  ) -> (before: String, line: String, start: Int, cursor: Int) {
    let scalars = Array(request.text.unicodeScalars)
    let cursor = max(0, min(request.cursor ?? scalars.count, scalars.count))
    let isEnd = { (scalar: Unicode.Scalar) in scalar == "\n" || scalar == "\r" }
    let start = scalars[..<cursor].lastIndex(where: isEnd).map { $0 + 1 } ?? 0
    let end = scalars[cursor...].firstIndex(where: isEnd) ?? scalars.count
    func text(_ range: Range<Int>) -> String { String(String.UnicodeScalarView(scalars[range])) }
    return (text(start..<cursor), text(start..<end), start, cursor)
  }

  private func complete(_ request: ProtocolRequest) {
    let place = place(request)
    let blank = place.before.prefix { $0.isWhitespace }
    let completion = shell.completion(of: String(place.before.dropFirst(blank.count)))
    let isOnly = completion.candidates.count == 1 && completion.suffix != " "
    send(
      .completions(
        start: place.cursor - completion.replacing,
        end: place.cursor,
        completion.candidates.map { $0 + (isOnly ? completion.suffix : "") }
      )
    )
  }

  private func inspect(_ request: ProtocolRequest) {
    let place = place(request)
    let figure = shell.inspection(of: place.line, at: place.cursor - place.start)
    send(.inspection(figure.map(forms)))
  }
}
