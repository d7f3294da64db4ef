// SPDX-License-Identifier: MIT

import PassoEngine
import PassoFiles
import PassoLesson
import PassoRuntime
import PassoText

/// What carrying out the lines of a result again has shown.
package struct LessonGrade: Sendable {
  /// The file as it was named.
  package let file: String

  /// The lesson that it says it is of.
  package fileprivate(set) var lesson: String?

  /// What came of the lesson when its lines were carried out; nil if they did not lead to its end.
  package fileprivate(set) var score: LessonScore?

  /// What the file says came of it.
  package fileprivate(set) var claim: String?

  /// Lines that were carried out, and states that were the same.
  package fileprivate(set) var lines = 0
  package fileprivate(set) var states = 0

  /// Why it is not what it says it is; empty if it is.
  package fileprivate(set) var faults: [Bilingual] = []

  /// What a teacher may want to know besides.
  package fileprivate(set) var notes: [Bilingual] = []

  /// Whether the file is what it says it is.
  package var isSound: Bool { faults.isEmpty }
}

/// Grades results by what happens when they are carried out again, each in a shell of its own that
/// shows nothing, reads nothing but Passo's lessons and writes nothing.
///
/// What is named: a line that the lesson does not allow, or that does something else here; a state
/// that the lines do not lead to, or that is missing where they change it, so that nothing can be
/// put in without being carried out; another score, another version of the lesson, an end that is
/// not reached, a lesson begun again within one record; the same record twice; and, by the seal,
/// every file that was changed by who does not know how the seal is computed.
///
/// What can never be known: whose lines they are. Passo keeps no secret, so who computes states and
/// seal anew, which its source shows how to do, writes the file that somebody would have left who
/// answered so: with hints taken out, with another confidence, with right answers in the place of
/// wrong first ones, with half of another's lines, with an order of options that makes letters
/// right. Nor is it known how long somebody took, or who sat beside them. A copy under another
/// number is noted only while its original is graded beside it, by the order of the options.
package struct LessonGrader {
  /// Gives a shell that asks whether to stop.
  private let makeShell: (@escaping () -> Bool) throws -> Shell

  /// Whether Ctrl-C was pressed.
  private let isInterrupted: () -> Bool

  /// The files that were graded, by the number of the record, and by the lesson and the order of
  /// its options, which every person has of their own.
  private var known: [String: String] = [:]

  /// The most that one file may take; an honest one takes a few seconds.
  private let limit: Duration

  package init(
    limit: Duration = .seconds(120),
    interrupted: @escaping () -> Bool = { false },
    shell: @escaping (@escaping () -> Bool) throws -> Shell
  ) {
    (self.limit, isInterrupted, makeShell) = (limit, interrupted, shell)
  }

  /// Grades a file.
  ///
  /// - Throws: `Interrupted` if Ctrl-C was pressed.
  package mutating func grade(_ path: String) throws -> LessonGrade {
    var grade = LessonGrade(file: path)
    do {
      let file = try LessonRecordFile(path: path)
      try examine(file, &grade)
    } catch is Interrupted where isInterrupted() {
      throw Interrupted()
    } catch {
      grade.faults.append(Self.text(of: error.asProblem))
    }
    return grade
  }

  private mutating func examine(_ file: LessonRecordFile, _ grade: inout LessonGrade) throws {
    let heading = file.heading
    (grade.lesson, grade.claim) = (heading.lesson, file.result?.text)
    if heading.isOfClass { grade.faults.append(.ofClass) }
    if let other = known[heading.id] {
      grade.faults.append(.sameRecord(as: other))
    } else if let order = file.order, let other = known["\(heading.lesson) \(order)"] {
      grade.notes.append(.sameOrder(as: other))
    }
    for key in [heading.id, file.order.map { "\(heading.lesson) \($0)" }].compactMap(\.self) {
      known[key] = known[key] ?? file.session.path
    }
    let end = ContinuousClock.now + limit
    let isInterrupted = isInterrupted
    let shell = try makeShell { isInterrupted() || ContinuousClock.now > end }
    let lesson = try shell.course.lesson(named: heading.lesson, shell.console.language)
    guard heading.version == lesson.version else {
      throw LessonRecordProblem.otherVersion(lesson: heading.lesson)
    }
    if file.result == nil { grade.faults.append(.notFinished) }
    try repeatLines(of: file, shell, &grade)
    judge(file, &grade)
  }

  /// Carries out the lines; where one fails, nothing behind it counts.
  private func repeatLines(
    of file: LessonRecordFile,
    _ shell: Shell,
    _ grade: inout LessonGrade
  ) throws {
    var watch = GradeWatch(file)
    do {
      let result = try shell.grading(file.heading) {
        try shell.carryOut(
          file.session,
          willCarryOut: { try watch.begin($0, $1, shell) },
          differs: { watch.differs($0) }
        )
      }
      try watch.end(shell)
      (grade.lines, grade.states) = (result.lines, result.states)
      if result.isInterrupted {
        if isInterrupted() { throw Interrupted() }
        grade.faults.append(.tooLong(limit))
      }
    } catch let problem as ReplayProblem {
      if isInterrupted() { throw Interrupted() }
      if let id = shell.course.current?.player.openPrediction?.id {
        grade.faults.append(.unanswered(id))
      }
      grade.faults.append(Self.text(of: problem))
    }
    grade.faults += watch.faults
    grade.notes += watch.notes
    if let finished = shell.course.finished, finished.lesson.name == file.heading.lesson {
      grade.score = finished.player.score
      if watch.rightAtFirst < finished.player.score.right {
        grade.notes.append(.answeredAgain(finished.player.score.right - watch.rightAtFirst))
      }
    } else if let id = shell.course.current?.player.openPrediction?.id, grade.faults.isEmpty {
      grade.faults.append(.unanswered(id))
    }
  }

  /// Holds what came against what the file says.
  private func judge(_ file: LessonRecordFile, _ grade: inout LessonGrade) {
    if let claim = grade.claim, let score = grade.score, claim != score.text {
      grade.faults.append(.otherResult(claim: claim, found: score.text))
    }
    if grade.claim != nil, grade.score == nil { grade.faults.append(.endNotReached) }
    if !file.isSealed, file.result != nil { grade.faults.append(.edited) }
  }

  /// A problem with the line where it is.
  private static func text(of problem: any Problem) -> Bilingual {
    guard let line = problem.place?.line else { return problem.message }
    return Bilingual(it: "riga \(line): ", en: "line \(line): ") + problem.message
  }
}

extension LessonRecordFile {
  /// The order of the options of the lesson; nil if it is that of the file.
  fileprivate var order: String? {
    session.items.lazy.compactMap { item -> String? in
      guard case .manner(.order(let order?)) = item.item else { return nil }
      return order.digits
    }.first
  }
}

extension Shell {
  /// Does something with a stranger's lines: they read the lesson and nothing else.
  fileprivate func grading<Result>(
    _ heading: LessonRecordHeading,
    _ body: () throws -> Result
  ) throws -> Result {
    console = console.muted
    isReplaying = true
    let folder = try course.library.folder(of: heading.lesson)
    return try performing(as: .session(folder: folder), body)
  }
}
