// SPDX-License-Identifier: MIT

import Foundation
import PassoEngine
import PassoFiles
import PassoLesson
import PassoTestSupport
import PassoText
import Testing

@testable import PassoShell

/// Results are graded by what happens when they are carried out again.
struct LessonGraderTests {
  private let scratch: Scratch

  init() throws { scratch = try Scratch() }

  private func grader(limit: Duration = .seconds(60)) -> LessonGrader {
    LessonGrader(limit: limit) { stop in
      try ShellProbe(.en, lessons: RecordedCourse.path, interrupted: stop).shell
    }
  }

  private func grade(_ path: String) throws -> LessonGrade {
    var grader = grader()
    return try grader.grade(path)
  }

  /// A result of lesson 1, changed; sealed anew by who knows how, if that is wanted.
  private func forged(
    _ answers: SimulatedLearner.Answers = .right,
    sealed: Bool = false,
    _ change: (String) -> String
  ) throws -> String {
    let path = try LessonTaker.result(scratch.path("state"), answers)
    let original = try text(of: path)
    var changed = change(original)
    #expect(changed != original, "the forgery changes nothing")
    if sealed {
      let lines = changed.split(separator: "\n").map(String.init).filter { !$0.hasPrefix("# seal") }
      changed = (lines + [LessonRecordFile.seal(of: lines)]).joined(separator: "\n") + "\n"
    }
    try changed.write(toFile: path, atomically: false, encoding: .utf8)
    return path
  }

  private func expect(
    _ path: String,
    _ fault: String,
    _ place: SourceLocation = #_sourceLocation
  )
    throws
  {
    let grade = try grade(path)
    #expect(!grade.isSound, sourceLocation: place)
    let faults = grade.faults.map(\.en)
    #expect(faults.contains { $0.contains(fault) }, "\(faults)", sourceLocation: place)
    for language in Language.allCases {
      #expect(grade.text(language).hasPrefix("✗ "), sourceLocation: place)
    }
  }

  @Test(arguments: ["01-data", "02-mask"], [0, 1])
  func aSoundResultIsGraded(lesson: String, isWrong: Int) throws {
    let answers: SimulatedLearner.Answers = isWrong == 1 ? .wrongFirst : .right
    let path = try LessonTaker.result(scratch.path("state"), lesson: lesson, answers)
    let grade = try grade(path)
    #expect(grade.isSound, "\(grade.faults)")
    #expect(grade.lesson == lesson && grade.notes.isEmpty)
    #expect(grade.score?.right == (isWrong == 1 ? 0 : 2) && grade.score?.asked == 2)
    #expect(grade.states > 1 && grade.lines > 6)
    #expect(grade.text(.it).hasPrefix("✓ \(path): \(lesson) "))
  }

  @Test func aResultWithLinesAsWindowsEndsThemIsSound() throws {
    let path = try forged { $0.replacing("\n", with: "\r\n") }
    #expect(try grade(path).isSound)
  }

  @Test func anEditedScoreIsNamed() throws {
    for sealed in [false, true] {
      let path = try forged(.wrongFirst, sealed: sealed) {
        $0.replacing("# result 0/2", with: "# result 2/2")
      }
      try expect(path, "the score that is written is '2/2', that of the answers is '0/2'")
    }
  }

  @Test func wrongAnswersThatWereTakenOutAreNamed() throws {
    let path = try forged(.wrongFirst) { text in
      let right = "b"
      return text.split(separator: "\n").filter { $0 == right || $0.count > 1 }
        .joined(separator: "\n").appending("\n").replacing("result 0/2", with: "result 2/2")
    }
    try expect(path, "the file was changed after the end of the lesson")
  }

  @Test func aPredictionWithoutAnAnswerIsNamed() throws {
    for sealed in [false, true] {
      let path = try forged(sealed: sealed) { $0.replacing("\n5\n", with: "\n") }
      try expect(path, "the prediction 'p1' has no answer")
    }
  }

  @Test func aPredictionThatWasPassedOverIsNotedAndSound() throws {
    let taker = try LessonTaker(scratch.path("state"))
    taker.open(":lesson 1")
    while taker.shell.course.current?.player.openPrediction == nil { try taker.go(1) }
    taker.open(":skip")
    try taker.go()
    let grade = try grade(taker.path(#require(try taker.names.first)))
    #expect(grade.isSound, "\(grade.faults)")
    #expect(grade.notes.map(\.en) == ["prediction passed over: p1"])
  }

  @Test func aWrongAnswerGivenAgainIsNoted() throws {
    let taker = try LessonTaker(scratch.path("state"))
    taker.open(":lesson 1")
    while taker.shell.course.current?.player.openQuiz == nil { try taker.go(1) }
    let quiz = try #require(taker.shell.course.current?.player.openQuiz)
    taker.open(try #require(quiz.options.first { !$0.isRight }?.letter))
    taker.open(":lesson goto \(quiz.id)")
    try taker.go()
    let grade = try grade(taker.path(#require(try taker.names.first)))
    #expect(grade.isSound, "\(grade.faults)")
    #expect(grade.notes.map(\.en).contains("wrong answers taken back and given again: 1"))
  }

  @Test func anotherVersionOfTheLessonIsNamed() throws {
    let path = try forged { text in
      let version = text.firstMatch(of: /# lesson 01-data (\w+)/)?.1 ?? ""
      return text.replacing(version, with: "0123456789abcdef")
    }
    try expect(path, "it is of another version of the lesson '01-data'")
  }

  @Test func aLessonThatDoesNotExistIsNamed() throws {
    for name in ["99-none", "../01-data", "/etc"] {
      let path = try forged { $0.replacing("# lesson 01-data", with: "# lesson \(name)") }
      try expect(path, "no lesson is called '\(name)'")
    }
  }

  @Test func aStateThatTheLinesDoNotLeadToIsNamedOnce() throws {
    let path = try forged(sealed: true) { text in
      text.replacing(/# state (\w)/) { "# state \($0.output.1 == "0" ? "1" : "0")" }
    }
    try expect(path, "do not lead to this state")
    #expect(try grade(path).faults.count { $0.en.contains("this state") } == 1)
  }

  @Test func aClassHasNoResult() throws {
    let taker = try LessonTaker(scratch.path("class"))
    taker.shell.course.classClock = ClassClock { .zero }
    let path = try taker.result()
    try expect(path, "was taught to a class")
  }

  @Test func aCopyIsNamedWithItsOriginal() throws {
    let path = try LessonTaker.result(scratch.path("state"))
    let copy = scratch.path("mine.passo")
    try FileManager.default.copyItem(atPath: path, toPath: copy)
    var grader = grader()
    #expect(try grader.grade(path).isSound)
    let grade = try grader.grade(copy)
    #expect(
      grade.faults.map(\.en) == [
        "it is the same record as \(path): one of the two is a copy"
      ]
    )
  }

  @Test func linesOfAnotherInOnesOwnFileAreNamed() throws {
    let mine = try LessonTaker.result(scratch.path("state"), .wrongFirst)
    let own = try text(of: mine).split(separator: "\n").prefix { $0 != ":lesson 01-data" }
    let path = try forged { text in
      let lines = text.split(separator: "\n").drop { $0 != ":lesson 01-data" }
      return (own + lines).joined(separator: "\n") + "\n"
    }
    try expect(path, "or holds lines of others")
  }

  @Test func whatWasNotTakenToItsEndIsNamed() throws {
    let path = try forged { text in
      let lines = text.split(separator: "\n")
      return lines.prefix(lines.count - 5).joined(separator: "\n") + "\n"
    }
    try expect(path, "the lesson was not taken to its end")
    let shortened = try forged(sealed: true) { text in
      text.split(separator: "\n").enumerated()
        .filter { $0.offset < 14 || $0.element.hasPrefix("# r") }
        .map { String($0.element) }.joined(separator: "\n") + "\n"
    }
    try expect(shortened, "the lines do not reach the end of the lesson")
  }

  @Test(arguments: [":set W_E[0, 0] = 5", ":mask none", ":text \"Il cane\"", ":step 3"])
  func aLineThatWasPutInIsNamed(line: String) throws {
    let path = try forged(sealed: true) {
      $0.replacing("\n:pairs\n", with: "\n\(line)\n:pairs\n")
    }
    try expect(path, "it changes the state, but the record has none behind it")
  }

  @Test func statesThatWereTakenOutAreNamed() throws {
    let path = try forged(sealed: true) { text in
      let lines = text.split(separator: "\n")
      let rest = lines.enumerated().filter { $0.offset < 6 || !$0.element.hasPrefix("# state") }
      return rest.map { String($0.element) }.joined(separator: "\n") + "\n"
    }
    try expect(path, "it changes the state, but the record has none behind it")
  }

  @Test(arguments: ["it is for the terminal", "it writes files"])
  func aLineThatNoRecordLeavesOutIsNamed(reason: String) throws {
    let path = try forged(sealed: true) {
      $0.replacing("\n:pairs\n", with: "\n# not repeated, \(reason): :pairs\n")
    }
    try expect(path, "no record leaves ':pairs' out")
  }

  /// Who errs, begins anew and does better has two records.
  @Test func aLessonBegunAgainWithinARecordIsNamed() throws {
    let better = try LessonTaker.result(scratch.path("other"))
    let lines = try text(of: better).split(separator: "\n")
    let again = lines.drop { $0 != ":lesson 01-data" }.dropFirst().prefix {
      !$0.hasPrefix("# result")
    }
    let path = try forged(.wrongFirst, sealed: true) { text in
      let mine = text.split(separator: "\n").prefix { !$0.hasPrefix("# result") }
      return (mine + [":lesson 01-data restart"] + again + ["# result 2/2"])
        .joined(separator: "\n") + "\n"
    }
    try expect(path, "the lesson begins again, but who begins again has a new record")
  }

  @Test func aLessonThatWasBegunAnewIsSound() throws {
    let taker = try LessonTaker(scratch.path("state"))
    taker.open(":lesson 1")
    try taker.go(4, .wrongFirst)
    taker.open(":lesson 1 restart")
    try taker.go()
    let name = try #require(try taker.names.last { $0.hasSuffix(".passo") })
    let grade = try grade(taker.path(name))
    #expect(grade.isSound && grade.score?.right == 2, "\(grade.faults)")
  }

  @Test func linesBehindTheResultAreNamed() throws {
    let path = try forged(sealed: true) { text in
      text.replacing(/# result .*/) { "\($0.output)\n:where" }
    }
    try expect(path, "behind its result a record has no other lines")
    let second = try forged(.wrongFirst, sealed: true) { text in
      text.replacing(/# result .*/) { "\($0.output)\n# result 2/2" }
    }
    try expect(second, "behind its result a record has no other lines")
  }

  @Test func aCopyUnderAnotherNumberIsNotedBesideItsOriginal() throws {
    let taker = try LessonTaker(scratch.path("state"))
    try taker.asksAsAtTerminal(order: 0x5eed)
    taker.open(":lesson 1")
    try taker.go()
    let path = taker.path(try #require(try taker.names.first))
    var lines = try text(of: path).split(separator: "\n").map(String.init)
    lines = lines.map { $0.hasPrefix("# record") ? "# record 0123456789abcdef" : $0 }.dropLast()
    lines.append(LessonRecordFile.seal(of: lines))
    let copy = try scratch.write(Array((lines.joined(separator: "\n") + "\n").utf8), to: "b.passo")
    var grader = grader()
    #expect(try grader.grade(path).notes.isEmpty)
    let grade = try grader.grade(copy)
    let order = "the options stand in the same order as in \(path), as in the records of one person"
    #expect(grade.isSound && grade.notes.map(\.en) == [order])
  }

  /// What grade says of itself: who computes states and seal anew has answered so.
  @Test func whatNoFileCanProveIsGradedAsItStands() throws {
    let taker = try LessonTaker(scratch.path("state"))
    try taker.asksAsAtTerminal()
    taker.open(":lesson 1")
    while taker.shell.course.current?.player.openQuiz == nil { try taker.go(1) }
    taker.open(":hint")
    try taker.go()
    let path = taker.path(try #require(try taker.names.last { $0.hasPrefix("01-data-") }))
    let original = try text(of: path).split(separator: "\n").map(String.init)
    let changes: [(String, ([String]) -> [String])] = [
      ("hints", { $0.filter { $0 != ":hint" } }),
      ("confidence", { $0.map { $0 == "2" ? "3" : $0 } }),
    ]
    for (what, change) in changes {
      var lines = change(original).dropLast() + []
      #expect(lines.count < original.count - 1 || lines != original.dropLast(), "\(what)")
      try (lines + original.suffix(1)).joined(separator: "\n").appending("\n")
        .write(toFile: path, atomically: false, encoding: .utf8)
      try expect(path, "the file was changed after the end of the lesson")
      lines.append(LessonRecordFile.seal(of: lines))
      try lines.joined(separator: "\n").appending("\n")
        .write(toFile: path, atomically: false, encoding: .utf8)
      #expect(try grade(path).isSound, "\(what)")
    }
  }

  /// Somebody was stopped when the disk had a line and not yet its state.
  @Test func aRecordWithoutItsLastStateIsGoneOnWithAndSound() throws {
    let folder = scratch.path("state")
    do {
      let taker = try LessonTaker(folder)
      taker.open(":lesson 1")
      while taker.shell.course.current?.player.preparedCommand?.text != ":until loss" {
        try taker.go(1)
      }
      try taker.go(1)
    }
    let begun = "\(folder)/passo/lessons/01-data.passo"
    let kept = try text(of: begun)
    let end = try #require(kept.range(of: "# state", options: .backwards))
    try String(kept[..<end.lowerBound]).write(toFile: begun, atomically: false, encoding: .utf8)
    let taker = try LessonTaker(folder)
    taker.open(":lesson 1")
    try taker.go()
    let name = try #require(try taker.names.last { $0.hasPrefix("01-data-") })
    let grade = try grade(taker.path(name))
    #expect(grade.isSound, "\(grade.faults)")
  }

  @Test func whatCannotBeCarriedOutIsNamed() throws {
    let table = try scratch.write(Array("x,y\n1,2\n".utf8), to: "table.csv")
    #expect(try !grade(table).faults.isEmpty)
    try expect(forged { $0.replacing("\n:pairs\n", with: "\n:pears\n") }, "line ")
    try expect(scratch.path("missing.passo"), "needs an existing file")
  }

  @Test func hostileLinesWriteAndReadNothingAndEnd() throws {
    let target = scratch.path("written")
    let secret = try scratch.write(Array("geheim".utf8), to: "secret.txt")
    for line in [":save \(target)", ":record \(target)", ":export \(target).svg"] {
      let path = try forged { $0.replacing("\n:pairs\n", with: "\n\(line)\n:pairs\n") }
      _ = try grade(path)
      #expect(try !scratch.names.contains { $0.hasPrefix("written") }, "\(line)")
    }
    let reading = try forged { $0.replacing("\n:pairs\n", with: "\n:corpus \(secret)\n:pairs\n") }
    try expect(reading, "may not read")
    let endless = try forged { $0.replacing("\n:pairs\n", with: "\n:train 1000000\n:pairs\n") }
    var grader = grader(limit: .milliseconds(300))
    #expect(try grader.grade(endless).faults.contains { $0.en.contains("do not end within") })
  }

  @Test func theTableHasOneRowForEachFile() throws {
    let path = try LessonTaker.result(scratch.path("state"))
    var grader = grader()
    let grades = [try grader.grade(path), try grader.grade(scratch.path("=missing"))]
    let table = String(decoding: LessonGrade.table(grades, .it), as: UTF8.self)
    let rows = table.split(separator: "\n")
    #expect(rows.count == 3)
    #expect(rows[0] == "file,lesson,sound,right,asked,exercises,lines,states,faults,notes")
    #expect(rows[1].hasPrefix("\(path),01-data,yes,2,2,"))
    #expect(rows[2].contains(",no,,,"))
  }
}
