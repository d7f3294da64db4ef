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
/// Whose lines they are no file can prove: a record has a number of its own, and its seal covers it
/// with all lines. So a copy of another's file has the number of that one, and lines of another's
/// in one's own file break the seal; who types another's answers has answered.
package struct LessonGrader {
  /// Gives a shell that asks whether to stop.
  private let makeShell: (@escaping () -> Bool) throws -> Shell

  /// Whether Ctrl-C was pressed.
  private let isInterrupted: () -> Bool

  /// The files that were graded, by the number of the record.
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
    if let other = known[heading.id] { grade.faults.append(.sameRecord(as: other)) }
    known[heading.id] = known[heading.id] ?? file.session.path
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
          willCarryOut: { watch.begin($0, shell.course.current?.player) },
          differs: { watch.differs($0) }
        )
      }
      watch.end(shell.course.current?.player)
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

/// What is noticed while lines are carried out again.
private struct GradeWatch {
  private let file: LessonRecordFile
  private(set) var faults: [Bilingual] = []
  private(set) var notes: [Bilingual] = []

  /// Whether each question was answered rightly when it was answered for the first time.
  private var firstAnswers: [String: Bool] = [:]

  /// Whether a state was not that of the file: behind the first all are others.
  private var hasDiffered = false

  /// The prediction that was open, and the line that came then.
  private var pending: (id: String, line: String)?

  init(_ file: LessonRecordFile) { self.file = file }

  var rightAtFirst: Int { firstAnswers.values.count { $0 } }

  mutating func begin(_ line: String, _ player: LessonPlayer?) {
    end(player)
    guard let player else { return }
    if let id = player.openPrediction?.id { pending = (id, line) }
    if let quiz = player.openQuiz, firstAnswers[quiz.id] == nil, let isRight = player.judges(line) {
      firstAnswers[quiz.id] = isRight
    }
    let (name, words) = (Command.named(in: line)?.name, line.split(separator: " "))
    let isGoto =
      name == Command.lesson.name && words.count > 2 && words.dropFirst().first == "goto"
    if isGoto || name == Command.skip.name && words.count > 1 { notes.append(.jumped(line)) }
  }

  /// Sees whether a prediction was passed over by the line before.
  mutating func end(_ player: LessonPlayer?) {
    guard let (id, line) = pending else { return }
    pending = nil
    guard player?.openPrediction?.id != id, Command.named(in: line)?.name == Command.skip.name
    else { return }
    notes.append(.passedOver(id))
  }

  mutating func differs(_ problem: ReplayProblem) {
    guard case .differs(_, _, _, let place) = problem else { return }
    let line = place.line ?? 0
    let other = file.processor(at: line)
    if let other, other != ProcessorKind.name {
      let text = Bilingual.otherProcessor(other)
      if !notes.contains(text) { notes.append(text) }
    } else if !hasDiffered {
      hasDiffered = true
      faults.append(.otherState(line: line))
    }
  }
}

extension LessonPlayer {
  /// Whether a line is the right answer to the open question; nil if it is none.
  fileprivate func judges(_ line: String) -> Bool? {
    let answer = line.hasPrefix(":answer ") ? String(line.dropFirst(":answer ".count)) : line
    var player = self
    switch try? player.answer(answer) {
    case .right: return true
    case .wrong: return false
    case .chosen(let option): return option.isRight
    case .predicted, nil: return nil
    }
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

// MARK: - Words

extension Bilingual {
  fileprivate static func sameRecord(as other: String) -> Bilingual {
    Bilingual(
      it: "è lo stesso diario di \(other): uno dei due è copiato dall'altro",
      en: "it is the same record as \(other): one of the two is a copy"
    )
  }

  fileprivate static let notFinished = Bilingual(
    it: "la lezione non è stata portata alla fine",
    en: "the lesson was not taken to its end"
  )

  fileprivate static func tooLong(_ limit: Duration) -> Bilingual {
    let seconds = limit.components.seconds
    return Bilingual(
      it: "le righe non finiscono entro \(seconds) secondi",
      en: "the lines do not end within \(seconds) seconds"
    )
  }

  fileprivate static func unanswered(_ id: String) -> Bilingual {
    Bilingual(
      it: "la previsione \(it: id) non ha risposta",
      en: "the prediction \(en: id) has no answer"
    )
  }

  fileprivate static func passedOver(_ id: String) -> Bilingual {
    Bilingual(it: "previsione saltata: \(id)", en: "prediction passed over: \(id)")
  }

  fileprivate static func jumped(_ line: String) -> Bilingual {
    Bilingual(it: "blocchi saltati: \(line)", en: "blocks passed over: \(line)")
  }

  fileprivate static func answeredAgain(_ count: Int) -> Bilingual {
    Bilingual(
      it: "risposte sbagliate ritirate e ridate: \(count)",
      en: "wrong answers taken back and given again: \(count)"
    )
  }

  fileprivate static func otherProcessor(_ name: String) -> Bilingual {
    Bilingual(
      it: "stati diversi perché calcolati da un altro tipo di processore (\(it: name)): contano le"
        + " risposte",
      en: "states differ because another kind of processor computed them (\(en: name)): the answers"
        + " count"
    )
  }

  fileprivate static func otherState(line: Int) -> Bilingual {
    Bilingual(
      it: "riga \(line): le righe fin qui non portano a questo stato; sono cambiate, o le ha"
        + " scritte un'altra versione di Passo",
      en: "line \(line): the lines up to here do not lead to this state; they were changed, or"
        + " another version of Passo wrote them"
    )
  }

  fileprivate static func otherResult(claim: String, found: String) -> Bilingual {
    Bilingual(
      it: "il punteggio scritto è \(it: claim), quello delle risposte è \(it: found)",
      en: "the score that is written is \(en: claim), that of the answers is \(en: found)"
    )
  }

  fileprivate static let endNotReached = Bilingual(
    it: "le righe non arrivano alla fine della lezione, come invece dice il file",
    en: "the lines do not reach the end of the lesson, as the file says"
  )

  fileprivate static let edited = Bilingual(
    it: "il file è stato cambiato dopo la fine della lezione, o contiene righe di altri",
    en: "the file was changed after the end of the lesson, or holds lines of others"
  )
}
