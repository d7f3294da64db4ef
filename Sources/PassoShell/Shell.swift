// SPDX-License-Identifier: MIT

import PassoEngine
import PassoLesson
import PassoModel
import PassoText
import PassoView

/// The REPL without its terminal: takes lines, changes a session, shows figures.
///
/// A class, because the line editor and the loop refer to one shell; all that can change is in the
/// `Session` value and is put back when a command fails.
package final class Shell {
  package var session: Session
  package var console: Console

  /// Whether the person has asked to leave.
  package var isFinished = false

  /// What was typed.
  private(set) var typed = TypedLines()

  /// What changes can be taken back.
  var past = Past()

  /// The merges that are being watched, and the data whose they are, unless they are a file's.
  var mergeWatch: (watch: MergeWatch, data: [String]?)?

  /// The lesson that is open.
  package var course: Course

  /// What was typed, and where it is recorded.
  var journal = Journal()

  /// Who wrote the line that is being carried out.
  private(set) var author = LineAuthor.person

  /// Whether the lines come from a recorded session.
  var isReplaying = false

  /// Where lessons may write.
  let sandbox: Sandbox

  /// Where tokens of texts in files are kept; nil if nobody says where.
  package var textCache: TextCache?

  /// Whether the last line was told to stop before its end.
  var wasStopped = false

  /// The line that an empty Enter repeats.
  private var repeatable: String?

  let interrupted: () -> Bool

  /// What watched the last move.
  var lastControl: StopControl?

  /// Work of a line that was stopped, until it has ended.
  var leftWork: AttendedWork<Void>?

  /// A shell at the beginning: the sentence of the article and the smallest model.
  ///
  /// - Parameters:
  ///   - console: Where to show things.
  ///   - lessons: The folder of the lessons, if one was found.
  ///   - interrupted: Whether Ctrl-C was pressed; asked between steps.
  /// - Throws: Nothing in practice: the sentence fits the model.
  package init(
    console: Console,
    lessons: String?,
    interrupted: @escaping () -> Bool = { false }
  ) throws {
    session = try Session()
    self.console = console
    course = Course(folder: lessons)
    sandbox = Sandbox()
    self.interrupted = interrupted
  }

  /// A shell that does in the place of another what may be thrown away.
  init(attemptOf shell: Shell, console: Console) {
    session = shell.session
    self.console = console
    course = shell.course
    sandbox = shell.sandbox
    textCache = shell.textCache
    (mergeWatch, author, isReplaying) = (shell.mergeWatch, shell.author, shell.isReplaying)
    interrupted = { Interruption.isRequested() }
  }

  /// For long computations: whether to stop between two steps.
  package var shouldStop: () -> Bool {
    { [unowned self] in
      let stops = interrupted()
      if stops { wasStopped = true }
      return stops
    }
  }

  /// How a line ended.
  package enum Outcome: Sendable {
    case done
    case failed
    case finished
  }
}

// MARK: - Lines

extension Shell {
  /// Carries out one line; a problem is reported, and leaves everything as it was.
  @discardableResult
  package func execute(_ line: String) -> Outcome {
    let start = session.timeline.moment
    typed.add(line)
    do {
      try begin(line)
      note(line, from: start)
      return isFinished ? .finished : .done
    } catch let problem as any Problem {
      repeatable = nil
      console.report(problem)
      return .failed
    } catch {
      // Every layer throws problems only; this is for what the system may throw some day.
      repeatable = nil
      console.report(UnexpectedProblem(text: String(describing: error)))
      return .failed
    }
  }

  /// Carries out a line that nobody has told to stop yet.
  func begin(_ line: String) throws {
    wasStopped = false
    console.transcript.begin(line)
    let question = Question(ask: shouldStop)
    do {
      try Interruption.askingWith({ question.ask() }, { try perform(line) })
    } catch let problem as any Problem where Self.isInterruption(problem) {
      endInterruptedLine()
      // Where in the line it was stopped says nothing.
      throw Interrupted()
    }
  }

  private static func isInterruption(_ problem: any Problem) -> Bool {
    if let placed = problem as? Placed { return isInterruption(placed.problem) }
    if case .system(.stopped, _)? = problem as? FileProblem { return true }
    return problem is Interrupted
  }

  /// Whether to stop, asked by the one thread that carries lines out.
  private struct Question: @unchecked Sendable {
    let ask: () -> Bool
  }

  /// Carries out one line, or throws why not.
  package func perform(_ line: String) throws {
    let words = try Arguments.split(line)
    guard !words.isEmpty else { return }
    let isPrepared = line == course.preparedLine
    let isOffered = line == course.offered && course.current != nil
    repeatable = nil
    course.offered = nil
    guard isPrepared || isOffered, let lesson = course.author else {
      return try perform(line, words)
    }
    do {
      try performing(as: lesson) { try perform(line, words, isPrepared: isPrepared) }
    } catch let problem as any Problem where StrangerProblem.isDeclined(problem) {
      // The lesson goes on without it: else Enter would ask the same for ever.
      sayDeclined()
    }
    if isPrepared { try lessonLineDone() }
  }

  private func perform(_ line: String, _ words: [Arguments.Word], isPrepared: Bool = false) throws {
    guard let first = words.first else { return }
    if first.text.hasPrefix(":"), !first.isQuoted {
      let command = try find(first, in: line)
      let arguments = Arguments(
        command,
        line: Arguments.withoutComment(line, words),
        words: Array(words.dropFirst())
      )
      try perform(command, command.understood(arguments))
      // After a line of the lesson Enter goes on with the lesson.
      repeatable = command.repeats && !isPrepared ? line : nil
    } else {
      try performWithoutColon(Arguments.withoutComment(line, words))
    }
  }

  /// Does something with lines that somebody wrote.
  func performing<Result>(as author: LineAuthor, _ body: () throws -> Result) rethrows -> Result {
    let before = self.author
    self.author = author
    defer { self.author = before }
    return try body()
  }

  private func perform(_ command: Command, _ arguments: Arguments) throws {
    try guarded(command) {
      guard command.isTransactional, !command.undoesItself else {
        return try run(command, arguments)
      }
      try changing(arguments.line) { try run(command, arguments) }
    }
  }

  private func run(_ command: Command, _ arguments: Arguments) throws {
    guard command.canBeAttempted else { return try command.run(self, arguments) }
    try attempting { try command.run($0, arguments) }
  }

  /// Does something that can be taken back: at once if it fails, by `:undo` later.
  private func changing(_ line: String, _ body: () throws -> Void) throws {
    let (before, lesson) = (session, course.current)
    do {
      try body()
    } catch {
      (session, course.current) = (before, lesson)
      throw error
    }
    guard session.revision != before.revision else { return }
    past.add(Past.Entry(line: line, session: before, lesson: lesson))
  }

  /// Takes back the last change; a lesson goes back to where it was then.
  ///
  /// - Returns: The line that had made it.
  /// - Throws: `SessionProblem.nothingToUndo`.
  func undo() throws -> String {
    guard let entry = past.takeLast() else { throw SessionProblem.nothingToUndo }
    session = entry.session.keepingView(of: session)
    course.current = entry.lesson
    // The person may have chosen another language since.
    try course.setLanguage(console.language)
    return entry.line
  }

  private func find(_ word: Arguments.Word, in line: String) throws -> Command {
    do {
      return try CommandTable.find(String(word.text.dropFirst()))
    } catch {
      throw Placed(error, source: line, span: word.span)
    }
  }

  private func performWithoutColon(_ line: String) throws {
    if course.couldAnswer(line) { return try answer(line) }
    if let command = OtherNames.line(meantBy: line, session) { return try perform(command) }
    do {
      try changing(line) { try attempting { try ExpressionCommand.run(line, shell: $0) } }
    } catch {
      // Who answers awkwardly wants to know how to answer, not which values there are.
      throw course.problem(withAnswer: line) ?? error
    }
  }
}

// MARK: - What the prompt needs

extension Shell {
  /// What an empty Enter does: repeat a move that was typed, else run the lesson's prepared line,
  /// else show again what the lesson has asked.
  package var lineForEnter: String? {
    invitation ?? (course.isAsking ? ":continue" : nil)
  }

  /// What the empty line shows dimly, so that Enter is no surprise.
  var invitation: String? { repeatable ?? course.offered ?? course.preparedLine }

  /// The lesson and the step, for the prompt.
  package var promptParts: (lesson: String?, position: String) {
    let moment = session.timeline.moment
    let lesson = course.current.map { $0.pause == nil ? $0.name : "\($0.name)·play" }
    return (lesson, "\(moment.update):\(moment.step)")
  }

  /// What to say at the end.
  package var farewell: String {
    Bilingual(it: "A presto.", en: "See you.")[console.language]
  }

  /// What a person sees first.
  package func greet() {
    let lines: [[Run]] = [
      [
        Run("Passo", .heading),
        Run(
          Bilingual(
            it: ": un modello linguistico impara, un passo per volta.",
            en: ": a language model learns, one step at a time."
          )
        ),
      ],
      [
        Run(":lesson 1", .code),
        Run(Bilingual(it: " apre la prima lezione, ", en: " opens the first lesson, ")),
        Run(":step", .code), Run(Bilingual(it: " fa un passo, ", en: " does a step, ")),
        Run(":help", .code),
        Run(Bilingual(it: " elenca i comandi.", en: " lists the commands.")),
      ],
    ]
    console.show(.text(TextFigure(lines.map { TextFigure.Paragraph($0) })))
  }

  func setLanguage(_ language: Language) throws {
    console.language = language
    try course.setLanguage(language)
    if course.isAsking { try goOn() }
  }
}

/// Something that no layer should throw.
private struct UnexpectedProblem: Problem {
  let text: String
  var message: Bilingual {
    Bilingual(it: "errore inatteso: \(text)", en: "unexpected error: \(text)")
  }
}
