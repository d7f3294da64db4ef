// SPDX-License-Identifier: MIT

import PassoFiles
import PassoLesson
import PassoModel
import PassoSession
import PassoText
import PassoView

/// The lessons that a shell can open, and the one that is open.
package struct Course {
  /// A lesson that is being taken.
  package struct Current {
    package var player: LessonPlayer

    /// How it asks its questions.
    let manner: QuestionManner

    /// What is tried beside the lesson, and what it goes back to.
    package var excursion: Excursion?

    /// The session of the lesson, while an exercise is done on a copy.
    var base: Session?

    /// Where what is done in it is kept, if anywhere.
    var record: LessonRecord?

    /// The questions that are asked again, if it is they.
    var review: Review?

    /// The time that it takes before a class; nil if nobody teaches it.
    var clock: ClassClock?

    /// The votes of a class, in order, by the id of the question.
    var votes: [String: [Vote]] = [:]

    /// Whether its text and its questions stand in a notebook, whose cells are its blocks.
    var isInNotebook = false

    package var lesson: Lesson { player.lesson }
  }

  package var current: Current?

  /// The lesson that was taken to its end last, as it was there.
  package private(set) var finished: Current?

  /// What did not hold in the lesson that was opened last.
  package private(set) var findings: [LessonFinding] = []

  /// What Enter would do besides: the experiment that an answer suggests, or the next lesson.
  package var offered: String?

  /// What there was when a cell of a notebook was come to, so that it can be done again.
  var cells: [LessonCell: UndoStack.State] = [:]

  /// The lessons, unless none were found.
  private let folder: String?

  /// Where finished lessons are noted, if anywhere.
  package var progress: ProgressFile?

  /// Where what is done in lessons is kept, if anywhere.
  package var records: LessonRecords?

  /// Where wrong answers are kept, so that their questions come back, if anywhere.
  package var reviews: ReviewFile?

  /// The day of now.
  package var today: Day { day ?? .today }

  /// A day to take for that of now.
  package var day: Day?

  /// Whether it is a person who takes the lessons, so that they are noted.
  package var notesProgress = false

  /// Whether how sure one is of an answer is asked before the verdict: of a person at a terminal.
  package var asksConfidence = false

  /// The file that keeps in which order a person sees options; nil for that of the lessons.
  package var orderFile: String?

  /// How questions were asked when what is carried out again was done; nil if nothing is.
  var repeated: QuestionManner?

  /// What measures the time where somebody teaches: lessons then have notes and no score.
  package var classClock: ClassClock?

  package init(folder: String?) {
    self.folder = folder
  }

  /// The lessons.
  ///
  /// - Throws: `LessonProblem` if there are none.
  package var library: LessonLibrary {
    get throws { try LessonLibrary(folder: folder ?? "lessons") }
  }

  /// Reads the lesson that somebody means: one of Passo, or one in a folder anywhere.
  ///
  /// - Throws: `FileProblem`, or `LessonProblem`, with file and line if it is there.
  package func lesson(_ typed: String, _ language: Language) throws -> Lesson {
    if !lessonNames.contains(typed), let folder = try LessonLibrary.folder(at: typed) {
      return try lesson(in: folder, language)
    }
    let library = try library
    return try lesson(in: library.folder(of: library.name(for: typed)), language)
  }

  /// Reads the lesson of a folder: of those of Passo in any case, else where the line at work may
  /// read.
  ///
  /// - Throws: `FileProblem`, or `LessonProblem` with file and line.
  func lesson(in folder: String, _ language: Language) throws -> Lesson {
    guard holds(folder) else { return try LessonLibrary.lesson(in: folder, language) }
    return try FileScope.own { try LessonLibrary.lesson(in: folder, language) }
  }

  /// Whether a folder is that of one of Passo's lessons, and not somebody's own of the same name.
  func holds(_ folder: String) -> Bool {
    (try? library.folders.contains(folder)) ?? false
  }

  /// The lesson that has exactly this name among those of Passo.
  ///
  /// - Throws: `LessonProblem` if none has, `FileProblem` if it cannot be read.
  func lesson(named name: String, _ language: Language) throws -> Lesson {
    let library = try library
    guard library.names.contains(name) else {
      throw LessonProblem(.noSuchLesson(name, known: library.names))
    }
    return try lesson(in: library.folder(of: name), language)
  }

  package var lessonNames: [String] { (try? library.names) ?? [] }

  /// The lesson that follows one, if one does.
  func name(after name: String) -> String? {
    let names = lessonNames
    guard let index = names.firstIndex(of: name), index + 1 < names.count else { return nil }
    return names[index + 1]
  }

  /// Who wrote the lines of the open lesson.
  var author: LineAuthor? { current.map { .lesson(folder: $0.lesson.folder) } }

  /// Where the lesson is, unless it is paused.
  private var player: LessonPlayer? { excursion == .play ? nil : current?.player }

  /// The line that waits in the prompt, if one does.
  package var preparedLine: String? { player?.preparedCommand?.text }

  /// Whether the lesson waits for an answer.
  package var isAsking: Bool { player?.isAsking ?? false }

  /// Why a line that makes no sense otherwise is no answer either; nil if nobody has asked.
  func problem(withNumber line: String) -> AnswerProblem? { player?.problem(withNumber: line) }

  func problem(withAnswer line: String) -> AnswerProblem? { player?.problem(withAnswer: line) }

  /// Whether a line answers the question that is open.
  ///
  /// Only what can be an answer is one: everything else stays an expression, so that a person can
  /// look around before answering.
  package func couldAnswer(_ line: String) -> Bool { player?.couldAnswer(line) ?? false }

  /// Reads the open lesson in another language, at the same place.
  package mutating func setLanguage(_ language: Language) throws {
    guard let open = current else { return }
    if let review = open.review {
      let lesson = try lesson(of: review.questions, open.manner, language)
      current?.player = open.player.reading(lesson)
    } else {
      let lesson = try lesson(in: open.lesson.folder, language)
      current?.player = open.player.reading(open.manner.order?.applied(to: lesson) ?? lesson)
    }
  }

  /// Begins a lesson, of which nothing has been found yet.
  mutating func begin(_ lesson: Lesson) {
    let manner = manner
    begin(manner.order?.applied(to: lesson) ?? lesson, manner)
  }

  /// Begins to ask questions again, while what is open waits.
  mutating func begin(_ review: Review, _ language: Language) throws {
    let manner = manner
    let lesson = try lesson(of: review.questions, manner, language)
    let player = LessonPlayer(lesson, asksConfidence: manner.asksConfidence)
    current = Current(player: player, manner: manner, review: review)
  }

  /// Begins the open lesson again, and asks as before.
  mutating func beginAgain() {
    if let open = current { begin(open.lesson, open.manner) }
  }

  private mutating func begin(_ lesson: Lesson, _ manner: QuestionManner) {
    (findings, finished) = ([], nil)
    let player = LessonPlayer(lesson, asksConfidence: manner.asksConfidence)
    current = Current(player: player, manner: manner)
    current?.clock = classClock?.started()
  }

  /// Ends the open lesson, of which nothing is left to do.
  mutating func end() { (finished, current) = (current, nil) }

  /// Keeps what did not hold, with its line in the file of the open lesson.
  mutating func note(_ line: Int, _ message: Bilingual) {
    guard let file = current?.lesson.file else { return }
    findings.append(LessonFinding(file: file, line: line, message: message))
  }
}

// MARK: - Taking a lesson

extension Shell {
  /// Opens a lesson on a new session and shows it up to the first thing to do.
  package func open(_ lesson: Lesson) throws {
    try begin(lesson)
    goOn()
  }

  /// Opens a lesson on a new session, of which nothing is shown yet.
  func begin(_ lesson: Lesson) throws {
    if let left = course.current, course.excursion == .play {
      console.say(
        it: "la lezione \(left.lesson.name), che era in pausa, è chiusa",
        en: "the lesson \(left.lesson.name), which was paused, is closed"
      )
    }
    session = try Session(lesson)
    course.begin(lesson)
  }

  /// Does what Enter would do in the lesson.
  package func continueLesson() throws {
    guard let current = course.current else { throw CourseProblem.noLesson }
    if course.excursion == .play { throw CourseProblem.playing }
    if let line = current.player.preparedCommand?.text {
      console.echo("> ", line)
      return try perform(line)
    }
    if let exercise = current.player.openExercise { return checkExercise(exercise) }
    guard course.excursion != nil else { return goOn() }
    try goingOn(by: ":\(Command.continue.name)", goOn)
  }

  /// Takes an answer and goes on unless the question stays open.
  package func answer(_ text: String) throws {
    guard var player = course.current?.player else { throw AnswerProblem.nothingAsked }
    if course.excursion == .play { throw CourseProblem.playing }
    let verdict = try player.answer(text)
    try goOn(by: text, to: player, verdict)
  }

  /// Goes on after an answer, and keeps it if it was the first to its question.
  func goOn(by line: String, to player: LessonPlayer, _ verdict: Verdict) throws {
    let known = course.current?.player.score.answers.count ?? 0
    try goingOn(by: line) {
      course.current?.player = player
      keep(player.score.answers.dropFirst(known))
      show(verdict)
    }
  }

  /// Shows what an answer was worth, and goes on unless the question stays open.
  func show(_ verdict: Verdict) {
    console.transcript.lessonGoesOn()
    if let figure = LessonView.verdict(verdict) { console.show(figure) }
    sayVotes(course.current?.player.quizBehind.map(Ballot.init))
    if case .wrong(let option, _) = verdict {
      course.offered = option.command?.text
    } else {
      goOn()
    }
  }

  func lessonLineDone() {
    console.transcript.lessonGoesOn()
    if course.current?.player.openExercise != nil { return lineIsFilled() }
    course.current?.player.commandDone()
    goOn()
  }

  /// Shows what comes until a person has something to do.
  func goOn() {
    console.transcript.lessonGoesOn()
    _ = console.resumePaging?()
    while let event = course.current?.player.advance() {
      if course.current?.isInNotebook == true, let waits = event.waitsInNotebook {
        if waits { return }
        continue
      }
      switch event {
      case .prose(let blocks): console.show(LessonView.prose(blocks))
      case .note(let note): teach(note)
      case .check(let block): for fact in block.facts { check(fact) }
      case .reveal(let prediction, let answer): reveal(prediction, answer)
      case .prepared(let line):
        if course.current?.clock == nil, !console.showsHints, !console.bringsLines {
          console.show(LessonView.prepared(line.text))
        }
        return sayTime()
      case .ask(let prediction): return ask(LessonView.question(prediction))
      case .quiz(let quiz): return ask(LessonView.question(quiz))
      case .confidence: return ask(LessonView.confidence)
      case .stage(let exercise, let level, let lines): setStage(exercise, level, lines)
      case .exercise(let exercise): return ask(LessonView.task(exercise))
      case .fill(let line, let level): return ask(LessonView.blanks(line, level))
      case .finished:
        return finishLesson()
      }
    }
  }

  /// Shows a question, whatever the reader had enough of before it.
  private func ask(_ question: Figure) {
    _ = console.resumePaging?()
    console.show(question)
    sayTime()
  }

  private func finishLesson() {
    guard let current = course.current else { return }
    if current.review != nil { return endReview() }
    let score = current.player.score
    console.show(LessonView.finished(current.clock == nil ? score : LessonScore()))
    sayTimeAtEnd()
    course.end()
    guard course.holds(current.lesson.folder), !current.isInNotebook else { return }
    course.offered = course.name(after: current.lesson.name).map { ":lesson \($0)" }
    // What was finished and taken back is not finished twice.
    guard isNoting, current.clock == nil, current.record?.isOpen != false else { return }
    do {
      try course.progress?.add(current.lesson.name, right: score.right, asked: score.asked)
    } catch {
      console.report(error)
    }
  }

  /// A fact that does not hold: the learner may have changed something, or the lesson is wrong.
  private func check(_ fact: Fact) {
    do {
      let result = try session.check(fact)
      guard !result.holds else { return }
      course.note(
        fact.line,
        Bilingual(
          it: "\(fact.id) non vale: \(fact.expression), è \(result.found.it)",
          en: "\(fact.id) does not hold: \(fact.expression), found \(result.found.en)"
        )
      )
      console.show(LessonView.surprise(fact, result))
    } catch {
      // Of what the lesson speaks there may be nothing any more.
      course.note(fact.line, Bilingual(same: "\(fact.id): ") + error.asProblem.message)
    }
  }
}

extension Session {
  /// The session with which a lesson begins.
  package init(_ lesson: Lesson) throws {
    try self.init()
    if let seed = lesson.header.seed {
      try setModel(Preset.all[0], seed: UInt64(seed), TextReading(cache: nil))
    }
    if lesson.header.precision == "f64" { try setPrecision(.f64) }
  }
}
