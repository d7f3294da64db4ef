// SPDX-License-Identifier: MIT

import Foundation
import PassoLesson
import PassoTestSupport
import PassoText
import Testing

@testable import PassoShell

/// Each person sees the options of questions in an order of their own, and letters follow it.
struct OptionOrderTests {
  private let scratch: Scratch
  private var folder: String { scratch.path("state") }

  init() throws { scratch = try Scratch() }

  /// The options of the questions of a lesson of the course as a person sees them.
  private func shown(_ seed: UInt64, _ name: String, _ language: Language) throws -> [[QuizOption]]
  {
    let lesson = try LessonFolder.lesson(name, language)
    return OptionOrder(seed: seed).applied(to: lesson).quizzes.map(\.options)
  }

  @Test(arguments: ["01-labels", "06-mask"])
  func bothLanguagesHaveOneOrderAndPersonsHaveSeveral(name: String) throws {
    let written = try LessonFolder.lesson(name, .it).quizzes.map(\.options)
    var places: Set<[String]> = []
    for seed: UInt64 in 1...40 {
      let (italian, english) = (try shown(seed, name, .it), try shown(seed, name, .en))
      for (one, other) in zip(italian, english) {
        #expect(
          one.map(\.letter) == other.map(\.letter) && one.map(\.isRight) == other.map(\.isRight)
        )
      }
      for (shown, written) in zip(italian, written) {
        #expect(shown.map(\.letter) == written.map(\.letter), "letters stay in order")
        #expect(Set(shown.map(\.text)) == Set(written.map(\.text)))
      }
      places.insert(italian.map { $0.first { $0.isRight }?.letter ?? "" })
    }
    #expect(places.count > 20, "the right letter cannot be learned from another person")
  }

  @Test func withoutATerminalTheOrderIsThatOfTheFile() throws {
    let probe = try ShellProbe(.it, lessons: LessonFolder.path)
    probe.type(":lesson 1")
    let lesson = try LessonFolder.lesson("01-labels", .it)
    #expect(probe.shell.course.current?.lesson == lesson)
  }

  @Test func aPersonKeepsTheirOrder() throws {
    let first = try LessonTaker(folder)
    try first.asksAsAtTerminal()
    first.open(":lesson 1")
    let seed = try text(of: "\(folder)/passo/order")
    #expect(seed.wholeMatch(of: /[0-9a-f]{1,16}\n/) != nil)
    let order = try #require(UInt64(seed.dropLast(), radix: 16))
    let record = try text(of: "\(folder)/passo/lessons/01-data.passo")
    #expect(record.contains("\n# order \(String(order, radix: 16))\n"))
    #expect(record.contains("\n# confidence is asked\n"))
    let second = try LessonTaker(folder)
    try second.asksAsAtTerminal()
    second.open(":lesson 2")
    #expect(second.shell.course.current?.manner.order == OptionOrder(seed: order))
    #expect(try text(of: "\(folder)/passo/order") == seed)
  }

  @Test func whereTheSeedCannotBeKeptTheLessonOpensAllTheSame() throws {
    let probe = try ShellProbe(.en, lessons: RecordedCourse.path)
    probe.shell.course.orderFile = "/dev/null/passo/order"
    #expect(probe.type(":lesson 1").outcome == .done)
    #expect(probe.shell.course.current?.manner.order != nil)
  }

  /// Takes a part of lesson 2 as somebody at a terminal, and records the session besides.
  private func leave(_ seed: UInt64, _ recording: String) throws -> LessonPlayer {
    let taker = try LessonTaker(folder)
    try taker.asksAsAtTerminal(order: seed)
    taker.open(":record \(recording)")
    taker.open(":lesson 2")
    try taker.go(6, .wrongFirst)
    return try #require(taker.shell.course.current?.player)
  }

  /// What was answered by letters as they were shown is replayed, resumed and graded by them.
  @Test(arguments: [1, 2, 3, 4] as [UInt64])
  func aRecordIsReadWithTheLettersThatWereShown(seed: UInt64) throws {
    let recording = scratch.path("all.passo")
    let left = try leave(seed, recording)
    #expect(left.score.answers.map(\.isRight) == [false])
    // Whoever goes on is not asked how sure they are, and sees new lessons in the file's order.
    let replayed = try ShellProbe(.it, lessons: RecordedCourse.path)
    let reply = replayed.type(":replay \(recording)")
    #expect(reply.outcome == .done, "\(reply.errors)")
    let taker = try LessonTaker(folder)
    taker.open(":lesson 2")
    for shell in [replayed.shell, taker.shell] {
      let player = shell.course.current?.player
      #expect(player?.place == left.place && player?.score == left.score)
      #expect(player?.asksConfidence == true)
    }
    #expect(taker.shell.course.current?.lesson == left.lesson)
    try taker.go()
    let name = try #require(try taker.names.first { $0.hasPrefix("02-mask-") })
    var grader = LessonGrader { stop in
      try ShellProbe(.en, lessons: RecordedCourse.path, interrupted: stop).shell
    }
    let grade = try grader.grade(taker.path(name))
    #expect(grade.isSound, "\(grade.faults)")
    #expect(grade.score?.asked == 2 && grade.notes.isEmpty)
  }

  @Test func goingBackKeepsTheOrder() throws {
    let taker = try LessonTaker(folder)
    try taker.asksAsAtTerminal(order: 5)
    taker.open(":lesson 2")
    let before = taker.shell.course.current?.lesson
    taker.open(":lesson goto q2")
    taker.open(":lesson goto q1")
    #expect(taker.shell.course.current?.lesson == before)
    #expect(taker.shell.course.current?.player.asksConfidence == true)
    taker.open(":undo")
    #expect(taker.shell.course.current?.lesson == before)
  }
}
