// SPDX-License-Identifier: MIT

import PassoEngine
import PassoFiles
import PassoLesson
import PassoModel
import PassoRuntime
import PassoSession
import PassoText
import PassoView

/// The REPL without its terminal: takes lines, changes a session, shows figures.
///
/// A class, because the line editor and the loop refer to one shell. What a command may touch of it
/// is in the type of its action.
package final class Shell {
  package var session: Session
  package var console: Console

  /// Whether the person has asked to leave.
  package var isFinished = false

  /// What was typed.
  private(set) var typed = TypedLines()

  /// What changes can be taken back.
  package internal(set) var undoStack = UndoStack()

  /// The lesson that is open.
  package var course: Course

  /// What was typed, and where it is recorded.
  var journal = Journal()

  /// Who wrote the line that is being carried out.
  private(set) var author = LineAuthor.person

  /// What that line is to the open lesson.
  private(set) var role = LineRole.own

  /// Whether the lines come from a recorded session.
  var isReplaying = false

  /// Where lessons may write.
  let sandbox: Sandbox

  /// Where tokens of texts in files are kept; nil if nobody says where.
  package var textCache: TextCache?

  /// The line that an empty Enter repeats.
  private var repeatable: String?

  /// Ctrl-C.
  let stop: StopSignal

  /// Work of a line that was stopped, until it has ended.
  var leftWork: AttendedWork<Void>?

  /// A shell at the beginning: the sentence of the article and the smallest model.
  ///
  /// - Parameters:
  ///   - console: Where to show things.
  ///   - lessons: The folder of the lessons, if one was found.
  ///   - interrupted: Whether Ctrl-C was pressed; asked between steps.
  /// - Throws: `ExecutionProblem.refused` if there is no memory even for that.
  package init(
    console: Console,
    lessons: String?,
    interrupted: @escaping () -> Bool = { false }
  ) throws {
    session = try Session()
    self.console = console
    course = Course(folder: lessons)
    sandbox = Sandbox()
    stop = StopSignal(interrupted)
  }

  /// What the command at work has besides the session.
  var context: CommandContext {
    CommandContext(
      console: console,
      course: course,
      stop: stop,
      author: author,
      sandbox: sandbox,
      isReplaying: isReplaying,
      textCache: textCache
    )
  }

  /// How a line ended.
  package enum Outcome: Sendable {
    /// It did what it says.
    case done

    /// It did not; the person has been told why.
    case failed

    /// It asks to leave.
    case finished
  }
}

// MARK: - Lines

extension Shell {
  /// Carries out one line; a problem is reported, and leaves everything as it was.
  @discardableResult
  package func execute(_ line: String) -> Outcome {
    typed.add(line)
    do {
      try begin(line)
      return isFinished ? .finished : .done
    } catch {
      repeatable = nil
      console.report(error.asProblem)
      return .failed
    }
  }

  /// Carries out a line that nobody has told to stop yet, and keeps it for a recording.
  func begin(_ line: String) throws {
    try leaveUnsaid(before: line)
    try carryOutAndKeep(line)
  }

  /// Does what a line says, until it is told to stop.
  func attending(_ line: String, _ body: () throws -> Void) throws {
    stop.beginLine()
    console.transcript.begin(line, after: promptParts)
    let question = Question(ask: stop.isRequested)
    do {
      try sayingWhatTookLong { try Interruption.askingWith({ question.ask() }, body) }
    } catch let problem as any Problem where Self.isInterruption(problem) {
      context.endInterruptedLine()
      // Where in the line it was stopped says nothing.
      throw Interrupted()
    }
    // Whoever had enough of what came before a question still has to answer it.
    if console.resumePaging?() == true { remindOfQuestion() }
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
    session.view.hidden = course.hidden(session)
    if try takeInLesson(line, words) { return }
    let role = course.role(of: line, words)
    guard !words.isEmpty || role == .prepared else { return }
    repeatable = nil
    course.offered = nil
    try acting(as: role) {
      switch role {
      case .own: try carryOut(line, words)
      case .experiment:
        try performOfLesson(line, words)
        console.transcript.lessonGoesOn()
        remindOfQuestion()
      case .prepared:
        try goingOn(by: line) {
          try performOfLesson(line, words)
          lessonLineDone()
        }
      case .yours:
        try goingOn(by: line) {
          try carryOut(line, words)
          try course.expectRoom(in: session)
          lessonLineDone()
        }
      }
    }
  }

  /// Does something with what it is to the open lesson.
  func acting(as role: LineRole, _ body: () throws -> Void) rethrows {
    let before = self.role
    self.role = role
    defer { self.role = before }
    try body()
  }

  /// Carries out a line that the open lesson has brought.
  private func performOfLesson(_ line: String, _ words: [Arguments.Word]) throws {
    do {
      try performing(as: course.author ?? author) { try carryOut(line, words) }
    } catch let problem as any Problem where StrangerProblem.isDeclined(problem) {
      // The lesson goes on without it: else Enter would ask the same for ever.
      console.say(
        it: "non eseguito: i tuoi file restano come sono",
        en: "not carried out: your files stay as they are"
      )
    }
  }

  /// Carries out a line, whatever a lesson wants.
  func carryOut(_ line: String, _ words: [Arguments.Word]) throws {
    guard let first = words.first else { return }
    if first.text.hasPrefix(":"), !first.isQuoted {
      let command = try find(first, in: line)
      let arguments = Arguments(
        command,
        line: Arguments.withoutComment(line, words),
        words: Array(words.dropFirst())
      )
      try perform(command, command.understood(arguments))
      // In a lesson Enter goes on with the lesson.
      repeatable = command.repeats && !course.goesOn ? line : nil
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
    try context.guarded(command) {
      if command.arguments.isEmpty { try arguments.expect(atMost: 0) }
      switch command.action {
      case .show(let show):
        // Half a file is worse than waiting for the whole one.
        if command.writesFiles { return try show(session, arguments, context) }
        _ = try attempting { draft, context in try show(draft.session, arguments, context) }
      case .look(let look):
        session.view = try attempting { draft, context in
          try look(&draft.session.view, draft.session, arguments, context)
        }.session.view
      case .change(let change):
        try changing(arguments.line, grace: command.grace) { draft, context in
          try change(&draft, arguments, context)
        }
      case .move(let move): try moving(arguments.line) { try move(Mover(self), arguments) }
      case .steer(let act), .host(let act): try act(self, arguments)
      }
    }
  }

  /// Changes the session unless that fails; `:undo` brings back the one before.
  private func changing(
    _ line: String,
    grace: Int = CommandDescription.usualGrace,
    _ change: @escaping @Sendable (inout SessionDraft, CommandContext) throws -> Void
  ) throws {
    let draft = try attempting(grace: grace, change)
    if draft.isChanged { self.change(to: draft.session, by: line) }
  }

  /// What a failure or `:undo` brings back.
  var state: UndoStack.State {
    UndoStack.State(session: session, lesson: course.current)
  }

  /// Changes the session and the lesson's place together, or, if that fails, neither.
  ///
  /// - Returns: What they were before.
  @discardableResult
  func atomically(_ body: () throws -> Void) throws -> UndoStack.State {
    let before = state
    do {
      try body()
    } catch {
      (session, course.current) = (before.session, before.lesson)
      throw error
    }
    return before
  }

  /// Takes back the last change; a lesson goes back to where it was then.
  ///
  /// - Returns: The line that had made it.
  /// - Throws: `ForkProblem.nothingToUndo`.
  func undo() throws -> String {
    guard let entry = undoStack.pop() else { throw ForkProblem.nothingToUndo }
    session = entry.state.session.keepingView(of: session)
    course.current = entry.state.lesson
    // The person may have chosen another language since.
    if course.current?.lesson.header.language != console.language {
      try course.setLanguage(console.language)
    }
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
      try changing(line) { draft, context in
        try ExpressionCommand.run(line, &draft, context)
      }
    } catch {
      // Who answers awkwardly wants to know how to answer, not which values there are.
      throw course.problem(withAnswer: line) ?? error
    }
  }
}

// MARK: - What the prompt needs

extension Shell {
  /// What an empty Enter does: repeat a move that was typed, else run the lesson's prepared line,
  /// else come back to the lesson or show again what it has asked.
  package var lineForEnter: String? {
    course.ownInvitation ?? invitation
      ?? (course.excursion == .trial || course.isAsking ? ":continue" : nil)
  }

  /// The line that Enter would run as it stands, so that it can be changed first.
  package var invitation: String? {
    repeatable ?? course.offered ?? (course.excursion == .trial ? nil : course.preparedLine)
  }

  /// What the empty line shows dimly, so that Enter is no surprise.
  var hintForEnter: String? {
    guard course.excursion == .trial else { return course.ownInvitation ?? invitation }
    return Bilingual(it: "Invio torna alla lezione", en: "Enter returns to the lesson")[
      console.language
    ]
  }

  /// The lesson and the step, for the prompt.
  package var promptParts: (lesson: String?, position: String) {
    let moment = session.timeline.moment
    let mark = course.mark[console.language]
    return (course.current.map { $0.lesson.name + mark }, "\(moment.update):\(moment.step)")
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
    try course.setLanguage(language)
    console.language = language
    if course.isAsking { goOn() }
  }
}

extension Error {
  /// What a person is told: every layer throws problems only, but the system may throw some day.
  package var asProblem: any Problem {
    self as? any Problem ?? UnexpectedProblem(text: String(describing: self))
  }
}

/// Something that no layer should throw.
private struct UnexpectedProblem: Problem {
  let text: String
  var message: Bilingual {
    Bilingual(it: "errore inatteso: \(text)", en: "unexpected error: \(text)")
  }
}
