// SPDX-License-Identifier: MIT

import Foundation
import PassoFiles
import PassoLesson
import PassoSession
import PassoTestSupport
import PassoText
import Testing

@testable import PassoShell

/// A lesson that was left goes on where it was.
struct LessonRecordTests {
  private let scratch: Scratch
  private let folder: String
  private let record: String

  init() throws {
    scratch = try Scratch()
    folder = scratch.path("state")
    record = "\(folder)/passo/lessons/01-data.passo"
  }

  /// What a person sees of a place, and all that decides what comes next.
  private struct Standing: Equatable {
    let place: LessonPlayer.Place?
    let line: String?
    let state: UInt64
    let score: LessonScore?

    init(_ taker: LessonTaker) throws {
      let player = taker.shell.course.current?.player
      (place, score) = (player?.place, player?.score)
      (line, state) = (taker.shell.lineForEnter, try taker.shell.session.stateHash)
    }
  }

  /// Begins lesson 1, and leaves after some turns.
  private func leave(
    after turns: Int,
    _ answers: SimulatedLearner.Answers = .right
  ) throws
    -> Standing
  {
    let taker = try LessonTaker(folder)
    taker.open(":lesson 1")
    try taker.go(turns, answers)
    return try Standing(taker)
  }

  @Test(arguments: 0..<10)
  func aLessonGoesOnWhereItWasLeft(turns: Int) throws {
    let left = try leave(after: turns, .wrongFirst)
    let taker = try LessonTaker(folder, .it)
    let said = taker.open(":lesson 1")
    #expect(said.contains("01-data: riprendi da "))
    #expect(said.contains("; :lesson 01-data restart ricomincia\n"))
    #expect(try Standing(taker) == left)
    try taker.go()
    #expect(taker.shell.course.current == nil)
    #expect(try taker.names.count == 1 && taker.names[0].hasPrefix("01-data-"))
    #expect(taker.shell.course.findings.isEmpty)
  }

  @Test func whatIsUndoneStaysUndoneAndOwnLinesStay() throws {
    func leave() throws -> Standing {
      let taker = try LessonTaker(folder)
      for line in [":step", ":lesson 1", ":continue", ":undo", ":continue", "let a = 3", ":undo"] {
        taker.open(line)
      }
      return try Standing(taker)
    }
    let left = try leave()
    let again = try LessonTaker(folder)
    again.open(":lesson 1")
    #expect(try Standing(again) == left)
    #expect(again.shell.undoStack.depth == 2, "a line, and the lesson itself")
    again.open(":undo")
    again.open(":undo")
    #expect(again.shell.course.current == nil, "the session before the lesson is there again")
    #expect(try !text(of: record).hasSuffix(":undo\n:undo\n"), "that is no line of the lesson")
  }

  @Test func aTornLastLineCostsThatLineOnly() throws {
    let left = try leave(after: 3)
    for rest in ["# state 1ba9", ":conti", "#"] {
      try (text(of: record) + rest).write(toFile: record, atomically: false, encoding: .utf8)
      let taker = try LessonTaker(folder)
      #expect(taker.open(":lesson 1").contains("you go on at"))
      #expect(try Standing(taker) == left)
      #expect(try text(of: record).hasSuffix("\n"))
    }
  }

  /// Who is stopped at the last line, while the result is written, has it all the same.
  @Test(arguments: [(0, ""), (1, ""), (1, "# seal 0a"), (2, ""), (2, "# res")])
  func aRecordThatLeadsToTheEndBecomesAResult(cut: Int, rest: String) throws {
    let result = try LessonTaker.result(folder)
    let whole = try text(of: result)
    let lines = whole.split(separator: "\n").dropLast(cut)
    try FileManager.default.removeItem(atPath: result)
    try (lines.joined(separator: "\n") + "\n" + rest)
      .write(toFile: record, atomically: false, encoding: .utf8)
    let taker = try LessonTaker(folder)
    #expect(taker.open(":lesson 1").contains("the result is in \(result)"))
    #expect(try text(of: result) == whole)
    #expect(try taker.names.count == 2, "the result, and the lesson begun anew")
    #expect(taker.shell.course.current?.player.share ?? 1 < 0.2)
    try taker.go()
    #expect(try taker.names.count == 2, "two results")
  }

  /// However much of a record is there, the lesson opens, and nothing of it is lost.
  @Test(arguments: 0..<12)
  func whereverItWasCutTheLessonOpens(part: Int) throws {
    _ = try leave(after: 6)
    let bytes = Array(try text(of: record).utf8)
    let kept = bytes.prefix(bytes.count * part / 12)
    try Data(kept).write(to: URL(filePath: record))
    let taker = try LessonTaker(folder)
    taker.open(":lesson 1")
    #expect(taker.shell.course.current?.lesson.name == "01-data")
    let aside = try taker.names.filter { $0.hasSuffix(".kept") }
    #expect(try aside.allSatisfy { try text(of: taker.path($0)).utf8.elementsEqual(kept) })
    try taker.go()
    #expect(try taker.names.contains { $0.hasPrefix("01-data-") && $0.hasSuffix(".passo") })
  }

  @Test(arguments: [
    ("# lesson 01-data ", "# lesson 01-data 0", "is of another version of the lesson '01-data'"),
    ("# lesson 01-data", "# lesson 02-mask", "it is of the lesson '02-mask', not of '01-data'"),
    ("# passo session 1", "# passo session 9", "9"), ("# record", "# rekord", "is not the record"),
    (":lesson 01-data\n", ":lesson 02-mask\n", ""),
    ("\n:pairs\n", "\n", ""),
  ])
  func whatCannotBeGoneOnWithIsKeptAside(old: String, new: String, why: String) throws {
    _ = try leave(after: 7)
    let before = try text(of: record)
    try #require(before.contains(old))
    let changed = before.replacing(old, with: new, maxReplacements: 1)
    try changed.write(toFile: record, atomically: false, encoding: .utf8)
    let taker = try LessonTaker(folder)
    let said = taker.open(":lesson 1")
    #expect(said.contains("the lesson begins anew: what you had done cannot be taken up"))
    #expect(why.isEmpty || said.contains(why), "\(said)")
    let aside = try #require(try taker.names.first { $0.hasSuffix(".kept") })
    #expect(try text(of: taker.path(aside)) == changed)
    #expect(taker.shell.course.current?.player.share ?? 1 < 0.2)
  }

  @Test func ofTwoWhoTakeALessonTheFirstIsNoted() throws {
    let first = try LessonTaker(folder)
    first.open(":lesson 1")
    let second = try LessonTaker(folder, .it)
    #expect(second.open(":lesson 1").contains("aperta anche in un altro Passo: qui non si annota"))
    let before = try text(of: record)
    try second.go(3)
    #expect(try text(of: record) == before)
    try first.go(3)
    #expect(try text(of: record) != before)
  }

  @Test func restartBeginsAnewAndKeepsWhatWasDone() throws {
    _ = try leave(after: 4)
    let before = try text(of: record)
    let taker = try LessonTaker(folder)
    #expect(taker.open(":lesson 1 restart").contains("the lesson begins anew; what you had done"))
    #expect(try text(of: taker.path(#require(taker.names.first))) == before)
    #expect(taker.probe.type(":lesson 1 rstart").errors.contains("restart"))
    try taker.go(2)
    // The same process takes it up as another would.
    taker.open(":lesson 2")
    #expect(taker.open(":lesson 1").contains("you go on at"))
  }

  @Test func theOpenLessonIsTheNextOne() throws {
    let taker = try LessonTaker(folder, .it)
    try taker.shell.course.progress?.add("01-data", right: 2, asked: 2)
    taker.open(":lesson 2")
    #expect(taker.open(":progress").contains("la prossima: :lesson 02-mask\n"))
    let later = try LessonTaker(folder, .it)
    let said = later.open(":progress")
    #expect(said.contains("cominciata: 02-mask; :lesson 02-mask la riprende"))
    #expect(said.contains("la prossima: :lesson 02-mask\n"))
  }

  @Test func aRecordingOfALessonThatWentOnReplays() throws {
    _ = try leave(after: 5)
    let taker = try LessonTaker(folder)
    let recording = scratch.path("session.passo")
    for line in [":record \(recording)", ":lesson 1", ":continue"] { taker.open(line) }
    let replayed = try ShellProbe(.en, lessons: RecordedCourse.path)
    let reply = replayed.type(":replay \(recording)")
    #expect(reply.outcome == .done, "\(reply.errors)")
    #expect(try replayed.shell.session.stateHash == taker.shell.session.stateHash)
    #expect(replayed.shell.course.current?.player.place == taker.shell.course.current?.player.place)
  }

  /// A line of the lesson that Ctrl-C stops is done with; so it is when the record is carried out.
  @Test(arguments: [1, 40, 150])
  func whatCtrlCStoppedIsGoneOnWith(asked: Int) throws {
    final class Pressed { var left = Int.max }
    func leave() throws -> Standing {
      let pressed = Pressed()
      let taker = try LessonTaker(folder) {
        pressed.left -= 1
        return pressed.left < 0
      }
      taker.open(":lesson 2")
      while taker.shell.course.preparedLine != ":train 2" { try taker.go(1) }
      pressed.left = asked
      taker.probe.type(":train 2")
      pressed.left = .max
      try #require(taker.shell.course.preparedLine != ":train 2", "the line was stopped too early")
      taker.open(":skip")
      return try Standing(taker)
    }
    let left = try leave()
    #expect(try text(of: "\(folder)/passo/lessons/02-mask.passo").contains("# stopped by Ctrl-C"))
    let taker = try LessonTaker(folder)
    #expect(taker.open(":lesson 2").contains("you go on at"))
    #expect(try Standing(taker) == left)
    try taker.go()
    var grader = LessonGrader { stop in
      try ShellProbe(.en, lessons: RecordedCourse.path, interrupted: stop).shell
    }
    let result = try #require(try taker.names.first { $0.hasPrefix("02-mask-") })
    let grade = try grader.grade(taker.path(result))
    #expect(grade.isSound, "\(grade.faults)")
  }

  @Test func aStoppedLineThatHadNotMovedIsGoneOnWithToo() throws {
    let stopped = PartialLine(.stoppedWithoutMove, ":train 2").comment
    let host = PartialLine(.forTerminal, ":train 2").comment
    for comment in [stopped, host, PartialLine(.writesFiles, ":train 2").comment] {
      let probe = try ShellProbe(.en, lessons: RecordedCourse.path)
      let path = scratch.path("session.passo")
      let lines = ["# passo session 1", ":lesson 2", ":lesson goto r3", comment, ":skip", ""]
      try lines.joined(separator: "\n").write(toFile: path, atomically: true, encoding: .utf8)
      #expect(probe.type(":replay \(path)").outcome == .done)
      #expect(probe.shell.course.preparedLine == ":mask window 2", "\(comment)")
    }
  }

  /// A line that fails does not take back that how sure one was has been left unsaid.
  @Test func whatWasLeftUnsaidStaysUnsaid() throws {
    func leave() throws -> Standing {
      let taker = try LessonTaker(folder)
      try taker.asksAsAtTerminal()
      taker.open(":lesson 1")
      while taker.shell.course.current?.player.openQuiz == nil { try taker.go(1) }
      let options = taker.shell.course.current?.player.openQuiz?.options
      taker.open(try #require(options?.first { $0.isRight }?.letter))
      taker.probe.type(":nonsense")
      taker.open("3")
      return try Standing(taker)
    }
    let left = try leave()
    #expect(left.score?.answers.map(\.confidence) == [nil])
    let again = try LessonTaker(folder)
    again.open(":lesson 1")
    #expect(try Standing(again) == left)
  }

  @Test func whoComesBackSeesWhereTheyWere() throws {
    _ = try leave(after: 2)
    let taker = try LessonTaker(folder, .it)
    let lines = taker.open(":lesson 1").split(separator: "\n").map(String.init)
    #expect(lines.first?.contains("01-data: riprendi da p1") == true)
    #expect(lines.contains("T") && lines.contains { $0.hasPrefix("aggiornamento 0, passo 0") })
    #expect(lines.contains { $0.contains("How many examples?") })
  }

  @Test func aReplayIsNotNoted() throws {
    let result = try LessonTaker.result(folder)
    let progress = try text(of: "\(folder)/passo/progress")
    let taker = try LessonTaker(folder)
    taker.open(":replay \(result)")
    #expect(try text(of: "\(folder)/passo/progress") == progress)
    #expect(try taker.names.count == 1)
  }

  @Test func manyWhoFinishAtOnceAreAllNoted() throws {
    let path = scratch.path("progress")
    DispatchQueue.concurrentPerform(iterations: 8) { number in
      let file = ProgressFile(path: path)
      for _ in 0..<25 { try? file.add("lesson-\(number)", right: 1, asked: 2) }
    }
    let entries = try ProgressFile(path: path).entries()
    #expect(entries.count == 200)
    #expect(Dictionary(grouping: entries, by: \.lesson).allSatisfy { $0.value.count == 25 })
  }

  @Test func aRecordThatCannotBeWrittenIsSaidAndTheLessonOpens() throws {
    let taker = try LessonTaker("/dev/null")
    #expect(taker.open(":lesson 1").contains("nothing is noted here"))
    #expect(taker.shell.course.current != nil)
  }
}
