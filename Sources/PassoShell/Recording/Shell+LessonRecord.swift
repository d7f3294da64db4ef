// SPDX-License-Identifier: MIT

import PassoFiles
import PassoLesson
import PassoRuntime
import PassoSession
import PassoSessionViews
import PassoText

// A person who takes a lesson at a terminal leaves a record of it, and goes on where it ends.
extension Shell {
  /// Whether what is done is a person's, and kept.
  var isNoting: Bool {
    course.notesProgress && !isReplaying && course.current?.isInNotebook != true
  }

  /// Opens a lesson: where it was left, if that is known.
  ///
  /// - Parameters:
  ///   - lesson: The lesson.
  ///   - isNew: Whether it begins anew all the same.
  /// - Throws: `Interrupted`, or what keeps the lesson from beginning; then all is as it was.
  package func take(_ lesson: Lesson, anew isNew: Bool = false) throws {
    guard isNoting, course.holds(lesson.folder), let records = course.records else {
      return try open(lesson)
    }
    do {
      let record = try records.open(lesson.name)
      if try goOn(lesson, record, anew: isNew) { return }
      try begin(lesson, records.open(lesson.name))
    } catch let problem as FileProblem {
      console.say(Self.notNoted(problem, lesson.name))
      try begin(lesson)
    }
    if !reviewBeforeLesson() { goOn() }
  }

  private static func notNoted(_ problem: FileProblem, _ lesson: String) -> Bilingual {
    if case .system(.inUse, _) = problem {
      return Bilingual(
        it: "la lezione \(lesson) è aperta anche in un altro Passo: qui non si annota niente",
        en: "the lesson \(lesson) is open in another Passo too: nothing is noted here"
      )
    }
    return Bilingual(it: "qui non si annota niente: ", en: "nothing is noted here: ")
      + problem.message
  }

  /// Goes on where a record ends; what cannot be gone on with is set aside.
  ///
  /// - Returns: Whether it goes on.
  private func goOn(_ lesson: Lesson, _ record: LessonRecord, anew isNew: Bool) throws -> Bool {
    do {
      guard let kept = try record.kept() else { return false }
      if isNew {
        let name = try record.setAside()
        console.say(
          it: "la lezione ricomincia; quello che avevi fatto resta in \(name)",
          en: "the lesson begins anew; what you had done stays in \(name)"
        )
        return false
      }
      return try goOn(lesson, after: kept, record)
    } catch let problem as FileProblem {
      throw problem
    } catch let problem as any Problem where !(problem is Interrupted) {
      let name = try record.setAside()
      console.say(
        Bilingual(
          it: "la lezione ricomincia: quello che avevi fatto non si può riprendere e resta in"
            + " \(name): ",
          en: "the lesson begins anew: what you had done cannot be taken up and stays in \(name): "
        ) + problem.message
      )
      return false
    }
  }

  private func goOn(
    _ lesson: Lesson,
    after kept: LessonRecordFile,
    _ record: LessonRecord
  ) throws -> Bool {
    let heading = kept.heading
    guard heading.lesson == lesson.name else {
      throw LessonRecordProblem.otherLesson(heading.lesson, wanted: lesson.name)
    }
    guard heading.version == lesson.version else {
      throw LessonRecordProblem.otherVersion(lesson: lesson.name)
    }
    do {
      try outOfSight { try repeatLines(of: kept, lesson) }
    } catch let end as LessonEnd {
      // Who took it was stopped before the record had the name of a result.
      try record.goOn(after: kept, state: end.state)
      sayResult(try record.finish(end.score.text))
      return false
    }
    try record.goOn(after: kept, state: try session.stateDigits)
    course.current?.record = record
    sayPlace(
      Bilingual(
        it: "; :lesson \(lesson.name) restart ricomincia",
        en: "; :lesson \(lesson.name) restart begins anew"
      )
    )
    if let player = course.current?.player {
      console.show(LessonView.standing(player))
      console.show(StepView(session).whereLine)
    }
    showStage()
    goOn()
    return true
  }

  /// Does something that nobody sees; if it fails, all is as it was.
  func outOfSight(_ body: () throws -> Void) throws {
    let before = (session, course, journal, undoStack)
    let (console, wasReplaying) = (console, isReplaying)
    self.console = console.muted
    journal.recorder = nil
    defer { (self.console, isReplaying) = (console, wasReplaying) }
    do {
      try body()
      journal.recorder = before.2.recorder
      try journal.catchUp(after: before.2.lines.count, session)
    } catch {
      (session, course, journal, undoStack) = before
      throw error
    }
  }

  /// Carries out what a person has done, up to where the lesson was left.
  private func repeatLines(of kept: LessonRecordFile, _ lesson: Lesson) throws {
    isReplaying = true
    let result = try carryOut(
      kept.session,
      differs: { problem in if case .differs(after: .some, _, _, _) = problem { throw problem } }
    )
    if result.isInterrupted { throw Interrupted() }
    if course.current == nil, let finished = course.finished, finished.lesson.name == lesson.name {
      throw LessonEnd(score: finished.player.score, state: try session.stateDigits)
    }
    guard let open = course.current?.lesson.name, open == lesson.name else {
      throw LessonRecordProblem.otherLesson(
        course.current?.lesson.name ?? "–",
        wanted: lesson.name
      )
    }
  }

  /// Says where in the lesson one is.
  func sayPlace(_ rest: Bilingual) {
    guard let player = course.current?.player else { return }
    let percent = Int((player.share * 100).rounded())
    let place = player.lesson.place(atLine: player.line).map { "\($0), \(percent) %" }
    console.say(
      Bilingual(
        it: "\(player.lesson.name): riprendi da \(place ?? "\(percent) %")",
        en: "\(player.lesson.name): you go on at \(place ?? "\(percent) %")"
      ) + rest
    )
    repeatNote()
  }

  /// Opens a lesson at its beginning, and begins its record.
  private func begin(_ lesson: Lesson, _ record: LessonRecord) throws {
    try begin(lesson)
    course.current?.record = record
    do {
      try record.begin(
        lesson,
        course.current?.manner ?? QuestionManner(),
        session,
        isOfClass: course.current?.clock != nil
      )
    } catch let problem as FileProblem {
      lose(record, problem)
    }
  }

  /// Keeps lines in the record of a lesson; with the last one what came of it.
  func note(_ lines: [String], in record: LessonRecord) {
    let finished = course.finished.flatMap { $0.record === record ? $0 : nil }
    // A line that has led to another lesson, or back to one, is no line of this one.
    guard !lines.isEmpty, record.isOpen, finished != nil || course.current?.record === record
    else { return }
    do {
      try record.note(lines, session)
      if let finished { sayResult(try record.finish(finished.player.score.text)) }
    } catch {
      lose(record, error.asProblem)
    }
  }

  private func sayResult(_ name: String?) {
    guard let name else { return }
    console.say(it: "il risultato è in \(name)", en: "the result is in \(name)")
  }

  private func lose(_ record: LessonRecord, _ problem: any Problem) {
    record.close()
    console.report(RecordingEnded(problem: problem))
  }
}

/// Where the lines of a record lead to the end of its lesson.
private struct LessonEnd: Error {
  let score: LessonScore
  let state: String
}

extension Lesson {
  /// The blocks at which somebody stops, each with the line where it begins.
  var places: [(id: String, line: Int)] {
    items.compactMap { item in item.content.stopID.map { ($0, item.line) } }
  }

  /// The block that begins at a line.
  func place(atLine line: Int) -> String? { places.first { $0.line == line }?.id }
}

extension LessonItem.Content {
  /// The id of a block that waits for something.
  fileprivate var stopID: String? {
    switch self {
    case .run(let block): block.id
    case .predict(let prediction): prediction.id
    case .quiz(let quiz): quiz.id
    case .exercise(let exercise): exercise.id
    default: nil
    }
  }
}
