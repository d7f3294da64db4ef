// SPDX-License-Identifier: MIT

import Foundation
import PassoLesson
import PassoTestSupport
import PassoText
import Testing

@testable import PassoShell

/// What was answered wrong at first comes back.
struct ReviewTests {
  private let scratch: Scratch
  private var folder: String { scratch.path("state") }
  private var file: String { folder + "/passo/review" }

  init() throws { scratch = try Scratch() }

  // MARK: When

  private static let question = ReviewQuestion(lesson: "01-data", quiz: "q1")

  private func entry(
    _ day: String,
    _ isRight: Bool,
    _ confidence: Confidence? = nil,
    _ question: ReviewQuestion = Self.question
  ) throws -> ReviewFile.Entry {
    let day = try #require(Day(day))
    return ReviewFile.Entry(day: day, question: question, isRight: isRight, confidence: confidence)
  }

  @Test func rightAnswersPutAQuestionOffForLonger() throws {
    var answers = [try entry("2026-11-29", false, .sure)]
    for due in ["2026-11-30", "2026-12-03", "2026-12-10", "2026-12-31"] {
      let schedule = ReviewSchedule(answers)
      #expect(schedule.next?.text == due)
      #expect(schedule.due(on: try #require(Day(due))) == [Self.question])
      answers.append(try entry(due, true))
    }
    #expect(ReviewSchedule(answers).next == nil, "the fourth in a row is the last")
    answers.append(try entry("2027-01-01", false))
    #expect(ReviewSchedule(answers).next?.text == "2027-01-02")
  }

  @Test func anAnswerBeforeItsDayAndAGuessPutNothingOff() throws {
    let wrong = try entry("2026-11-29", false)
    #expect(ReviewSchedule([wrong, try entry("2026-11-29", true)]).next?.text == "2026-11-30")
    let guess = [wrong, try entry("2026-12-05", true, .guess)]
    #expect(ReviewSchedule(guess).next?.text == "2026-12-06")
    #expect(ReviewSchedule([try entry("2026-11-29", true)]).next == nil)
  }

  @Test func whatSomebodyWasSureOfComesFirst() throws {
    let other = ReviewQuestion(lesson: "02-mask", quiz: "q2")
    let third = ReviewQuestion(lesson: "02-mask", quiz: "q1")
    let schedule = ReviewSchedule([
      try entry("2026-11-20", false), try entry("2026-11-28", false, .sure, other),
      try entry("2026-11-19", false, .guess, third),
    ])
    let today = try #require(Day("2026-11-29"))
    #expect(schedule.due(on: today) == [other, third, Self.question])
    #expect(schedule.due(on: try #require(Day("2026-11-20"))) == [third])
  }

  @Test func daysAreThoseOfTheCalendar() {
    #expect((Day("2028-02-28").map { $0 + 2 })?.text == "2028-03-01")
    for text in ["2026-02-31", "2026-13-01", "26-1-1", "2026-1-1", "", "2026-11-29-1", "x-y-z"] {
      #expect(Day(text) == nil, "\(text)")
    }
    #expect(Day(Day.today.text) == .today)
  }

  // MARK: At the prompt

  private func taker(_ day: String, _ language: Language = .en) throws -> LessonTaker {
    try LessonTaker(folder, language, day: day)
  }

  /// Lesson 1 with every first answer wrong.
  private func errs(on day: String) throws {
    let taker = try taker(day)
    taker.open(":lesson 1")
    try taker.go(.max, .wrongFirst)
  }

  @Test func wrongAnswersComeBackTheNextDayAndThenLater() throws {
    try errs(on: "2026-11-29")
    #expect(
      try text(of: file)
        == "# passo review 1\n2026-11-29 01-data q1 wrong\n2026-11-29 01-data q2 wrong\n"
    )
    let today = try taker("2026-11-29", .it)
    #expect(
      today.open(":review")
        == "oggi non c'è niente da ripassare; la prossima domanda torna il 2026-11-30\n"
    )
    let next = try taker("2026-11-30", .it)
    #expect(next.open(":progress").contains("da ripassare: 2 domande; :review\n"))
    let asked = next.open(":review")
    #expect(asked.contains("ripasso: tornano 2 domande"))
    #expect(asked.contains("Dalla lezione 01-data: T") && asked.contains("Who?"))
    #expect(next.shell.promptParts.lesson == "ripasso")
    let wrong = next.open("a")
    #expect(wrong.contains("No.") && wrong.contains("Nella lezione lo mostra :tokens"))
    #expect(next.shell.lineForEnter == ":continue", "nothing of the lesson is run")
    #expect(next.open("b").contains("Which?"))
    let end = next.open("b")
    #expect(end.contains("fine del ripasso: 1 su 2 al primo tentativo"))
    #expect(end.contains("la prossima domanda torna il 2026-12-01"))
    #expect(next.shell.course.current == nil)
    let later = try taker("2026-12-01")
    #expect(later.open(":review").contains("1 question comes back"))
    #expect(later.open("b").contains("the next question comes back on 2026-12-03"))
  }

  @Test func withoutWrongAnswersNothingComesBack() throws {
    let taker = try taker("2026-11-29")
    taker.open(":lesson 1")
    try taker.go()
    #expect(!FileManager.default.fileExists(atPath: file))
    #expect(taker.open(":review").contains("there is nothing to review: what you get wrong"))
    #expect(taker.probe.type(":review end").errors.contains("no review is open"))
    #expect(taker.probe.type(":review now").errors.contains("end"))
  }

  @Test func anOpenLessonWaitsAndIsWhereItWas() throws {
    try errs(on: "2026-11-28")
    let taker = try taker("2026-11-29")
    taker.open(":lesson 1")
    try taker.go(3)
    taker.open("let a = 3")
    func standing() throws -> (LessonPlayer.Place?, UInt64, String?) {
      let course = taker.shell.course
      return (
        course.current?.player.place, try taker.shell.session.stateHash,
        taker.shell.promptParts.lesson
      )
    }
    let before = try standing()
    let record = try text(of: "\(folder)/passo/lessons/01-data.passo")
    taker.open(":review")
    for line in [":lang it", ":mask none", "a", ":hint", ":lang en", ":undo", "b", ":skip"] {
      taker.probe.type(line)
    }
    #expect(try standing() == before)
    #expect(try text(of: "\(folder)/passo/lessons/01-data.passo") == record)
    taker.open(":review")
    taker.open(":review end")
    #expect(try standing() == before)
    taker.open(":continue")
    try taker.go()
    let name = try #require(try taker.names.last { $0.hasPrefix("01-data-") })
    var grader = LessonGrader { stop in
      try ShellProbe(.en, lessons: RecordedCourse.path, interrupted: stop).shell
    }
    #expect(try grader.grade(taker.path(name)).isSound)
  }

  @Test func someComeBeforeTheNextLesson() throws {
    try errs(on: "2026-11-28")
    let taker = try taker("2026-11-29")
    let opened = taker.open(":lesson 2")
    #expect(opened.contains("review: 2 questions come back") && !opened.contains(":until mask"))
    taker.open("b")
    let end = taker.open("b")
    #expect(end.contains("end of the review: 2 of 2"))
    #expect(taker.shell.course.preparedLine == ":text \"Il gatto dorme\"")
    try taker.go()
    let result = try text(
      of: taker.path(try #require(try taker.names.last { $0.hasPrefix("02-") }))
    )
    #expect(!result.contains("\nb\nb\n"), "the review is no part of the record")
    let again = try self.taker("2026-11-29")
    #expect(!again.open(":lesson 2").contains("review:"), "nothing is due any more")
  }

  @Test func aReviewIsNoPartOfARecording() throws {
    try errs(on: "2026-11-28")
    let taker = try taker("2026-11-29")
    let path = scratch.path("session.passo")
    for line in [":record \(path)", ":step 2", ":review", "b", ":mask none", "b", ":step"] {
      taker.open(line)
    }
    let probe = try ShellProbe(.en, lessons: RecordedCourse.path)
    #expect(probe.type(":replay \(path)").outcome == .done)
    #expect(try probe.shell.session.stateHash == taker.shell.session.stateHash)
    #expect(try !text(of: path).contains("\nb\n"))
  }

  @Test func itWorksInAPipe() throws {
    try errs(on: "2026-11-28")
    let taker = try taker("2026-11-29")
    taker.shell.course.notesProgress = false
    taker.open(":review")
    taker.open("b")
    #expect(taker.open("b").contains("end of the review: 2 of 2"))
    #expect(try text(of: file).hasSuffix("2026-11-29 01-data q2 right\n"))
  }

  @Test func aFileOfAnotherVersionIsKeptAsideAndSaid() throws {
    try FileManager.default.createDirectory(
      atPath: folder + "/passo",
      withIntermediateDirectories: true
    )
    let other = "# passo review 9\nwho knows\n"
    try other.write(toFile: file, atomically: true, encoding: .utf8)
    let taker = try taker("2026-11-29", .it)
    #expect(taker.probe.type(":review").errors.contains("scritto da un'altra versione di Passo"))
    taker.open(":lesson 1")
    try taker.go(.max, .wrongFirst)
    #expect(try text(of: file).hasPrefix("# passo review 1\n2026-11-29 01-data q1 wrong\n"))
    let names = try FileManager.default.contentsOfDirectory(atPath: folder + "/passo")
    let kept = try #require(names.first { $0.hasSuffix(".kept") })
    #expect(try text(of: "\(folder)/passo/\(kept)") == other)
  }

  @Test func damagedLinesAndQuestionsThatAreGoneCostThemselvesOnly() throws {
    try errs(on: "2026-11-28")
    let more =
      "2026-11-28 01-data q9 wrong\n2026-11-28 99-none q1 wrong\nx\n2026-99-99 01-data q1 wrong\n"
    try (text(of: file) + more + "2026-11-28 01-da").write(
      toFile: file,
      atomically: true,
      encoding: .utf8
    )
    let taker = try taker("2026-11-29")
    #expect(taker.open(":review").contains("2 questions come back"))
    taker.open("a")
    #expect(try text(of: file).hasSuffix("2026-11-28 01-da\n2026-11-29 01-data q1 wrong\n"))
  }
}
