// SPDX-License-Identifier: MIT

import PassoFiles
import PassoLesson
import PassoModel
import PassoText

/// The lessons that a shell can open, and the one that is open.
package struct Course {
  /// A lesson that is being taken.
  package struct Current {
    /// Its folder, as the prompt shows it.
    package let name: String

    /// The lessons of which it is one: those of Passo, or the folder of somebody's own.
    let library: LessonLibrary
    package var player: LessonPlayer

    /// What the lesson goes back to, while a person tries other things.
    package var pause: Pause?
  }

  /// The session of a lesson that waits, and how many changes had been made by then.
  package struct Pause {
    let session: Session
    let depth: Int
  }

  package var current: Current?

  /// What Enter would do besides: the experiment that an answer suggests, or the next lesson.
  package var offered: String?

  /// The lessons, unless none were found.
  private let folder: String?

  /// Where finished lessons are noted, if anywhere.
  package var progress: ProgressFile?

  /// Whether it is a person who takes the lessons, so that they are noted.
  package var notesProgress = false

  package init(folder: String?) {
    self.folder = folder
  }

  /// The lessons.
  ///
  /// - Throws: `LessonProblem` if there are none.
  package var library: LessonLibrary {
    get throws { try LessonLibrary(folder: folder ?? "lessons") }
  }

  /// The lesson that somebody means: one of Passo, or one in a folder anywhere.
  ///
  /// - Throws: `LessonProblem` if there is none.
  package func lesson(_ typed: String) throws -> (library: LessonLibrary, name: String) {
    if !lessonNames.contains(typed), let own = try LessonLibrary.lesson(at: typed) { return own }
    let library = try library
    return (library, try library.name(for: typed))
  }

  /// Reads a lesson: one of Passo whoever asks for it, another where the line at work may read.
  ///
  /// - Throws: `FileProblem`, or `LessonProblem` with file and line.
  func read(_ name: String, of library: LessonLibrary, _ language: Language) throws -> Lesson {
    guard library.folder == (try? self.library.folder) else {
      return try library.lesson(name, language)
    }
    return try FileScope.own { try library.lesson(name, language) }
  }

  package var lessonNames: [String] { (try? library.names) ?? [] }

  /// The lesson that follows one, if one does.
  func name(after name: String) -> String? {
    let names = lessonNames
    guard let index = names.firstIndex(of: name), index + 1 < names.count else { return nil }
    return names[index + 1]
  }

  /// Who wrote the lines of the open lesson.
  var author: LineAuthor? { current.map { .lesson(folder: $0.player.lesson.folder) } }

  /// The line that waits in the prompt, if one does.
  package var preparedLine: String? {
    current?.pause == nil ? current?.player.preparedCommand?.text : nil
  }

  /// Whether the lesson waits for an answer.
  package var isAsking: Bool {
    guard let current, current.pause == nil else { return false }
    return current.player.isAsking
  }

  /// Why a line that makes no sense otherwise is no answer either; nil if nobody has asked.
  func problem(withAnswer line: String) -> AnswerProblem? {
    isAsking ? current?.player.problem(withAnswer: line) : nil
  }

  /// Whether a line answers the question that is open.
  ///
  /// Only what can be an answer is one: everything else stays an expression, so that a person can
  /// look around before answering.
  package func couldAnswer(_ line: String) -> Bool {
    guard let current, current.pause == nil else { return false }
    return current.player.couldAnswer(line)
  }

  /// Reads the open lesson in another language, at the same place.
  package mutating func setLanguage(_ language: Language) throws {
    guard let open = current else { return }
    let lesson = try read(open.name, of: open.library, language)
    current?.player = open.player.reading(lesson)
  }
}

// MARK: - Taking a lesson

extension Shell {
  /// Opens a lesson on a new session and shows it up to the first thing to do.
  package func openLesson(_ typed: String) throws {
    let (library, name) = try course.lesson(typed)
    let lesson = try course.read(name, of: library, console.language)
    if let left = course.current, left.pause != nil {
      console.say(
        Bilingual(
          it: "la lezione \(left.name), che era in pausa, è chiusa",
          en: "the lesson \(left.name), which was paused, is closed"
        )
      )
    }
    session = try Session(lesson)
    course.current = Course.Current(name: name, library: library, player: LessonPlayer(lesson))
    try goOn()
  }

  /// Does what Enter would do in the lesson.
  package func continueLesson() throws {
    guard let current = course.current else { throw CourseProblem.noLesson }
    if current.pause != nil { return try resumeLesson() }
    guard let line = current.player.preparedCommand?.text else { return try goOn() }
    console.echo("> ", line)
    try perform(line)
  }

  /// Takes an answer and goes on unless the question stays open.
  package func answer(_ text: String) throws {
    guard var player = course.current?.player else { throw AnswerProblem.nothingAsked }
    if course.current?.pause != nil { throw CourseProblem.playing }
    let verdict = try player.answer(text)
    course.current?.player = player
    console.show(LessonView.verdict(verdict))
    if case .wrong(let option) = verdict {
      course.offered = option.command?.text
      return
    }
    try goOn()
  }

  /// Keeps the lesson as it is, while a person tries other things.
  ///
  /// - Throws: `CourseProblem` if none is open, or it waits already.
  func pauseLesson() throws {
    guard let current = course.current else { throw CourseProblem.noLesson }
    if current.pause != nil { throw CourseProblem.playing }
    course.current?.pause = Course.Pause(session: session, depth: undoStack.depth)
  }

  /// Goes back to the lesson, as it was when it was paused.
  ///
  /// - Throws: `CourseProblem` if none is open, or it does not wait.
  func resumeLesson() throws {
    guard let current = course.current else { throw CourseProblem.noLesson }
    guard let pause = current.pause else { throw CourseProblem.notPlaying }
    session = pause.session
    course.current?.pause = nil
    try goOn()
  }

  func lessonLineDone() throws {
    course.current?.player.commandDone()
    try goOn()
  }

  /// Shows what comes until a person has something to do.
  func goOn() throws {
    console.resumePaging?()
    while let event = course.current?.player.advance() {
      switch event {
      case .prose(let blocks): console.show(LessonView.prose(blocks))
      case .check(let block): report(block)
      case .reveal(let prediction, let answer):
        console.show(try LessonView.reveal(prediction, answer) { try value(of: $0) })
      case .prepared(let line):
        if !console.showsHints { console.show(LessonView.prepared(line.text)) }
        return
      case .ask(let prediction): return console.show(LessonView.question(prediction))
      case .quiz(let quiz): return console.show(LessonView.question(quiz))
      case .finished:
        return finishLesson()
      }
    }
  }

  private func finishLesson() {
    guard let current = course.current else { return }
    let score = current.player.score
    console.show(LessonView.finished(right: score.right, asked: score.asked))
    course.current = nil
    // A lesson of somebody's own may have the name of one of Passo's.
    guard current.library.folder == (try? course.library.folder) else { return }
    course.offered = course.name(after: current.name).map { ":lesson \($0)" }
    guard course.notesProgress else { return }
    do {
      try course.progress?.add(current.name, right: score.right, asked: score.asked)
    } catch {
      console.report(error)
    }
  }

  /// A fact that does not hold: the learner may have changed something, or the lesson is wrong.
  private func report(_ block: FactsBlock) {
    for fact in block.facts {
      guard let result = try? check(fact), !result.holds else { continue }
      console.show(LessonView.surprise(fact, result))
    }
  }
}

extension Session {
  /// The session with which a lesson begins.
  package init(_ lesson: Lesson) throws {
    try self.init()
    if let seed = lesson.header.seed {
      try setModel("gatto", seed: UInt64(seed), TextReading(cache: nil))
    }
    if lesson.header.precision == "f64" { try setPrecision(.f64) }
  }
}

/// What a lesson command needs and does not find.
package enum CourseProblem: Problem, Equatable {
  case noLesson
  case playing
  case notPlaying

  package var message: Bilingual {
    switch self {
    case .noLesson: Bilingual(it: "nessuna lezione è aperta", en: "no lesson is open")
    case .playing: Bilingual(it: "la lezione è in pausa", en: "the lesson is paused")
    case .notPlaying: Bilingual(it: "la lezione non è in pausa", en: "the lesson is not paused")
    }
  }

  package var hint: Bilingual? {
    switch self {
    case .noLesson:
      Bilingual(
        it: ":lessons le elenca, :lesson 1 apre la prima",
        en: ":lessons lists them, :lesson 1 opens the first"
      )
    case .playing:
      Bilingual(it: ":resume la riprende", en: ":resume takes it up again")
    case .notPlaying:
      Bilingual(it: ":continue va avanti", en: ":continue goes on")
    }
  }
}
