// SPDX-License-Identifier: MIT

import Foundation
import PassoLesson
import PassoTestSupport
import PassoText
import Testing

@testable import PassoShell

/// The lessons that ship, left in the middle, gone on with and graded.
///
/// All of them take minutes: `PASSO_ALL_LESSONS=1` asks for that.
struct ResumedLessonsTests {
  private static let names =
    ProcessInfo.processInfo.environment["PASSO_ALL_LESSONS"] == nil
    ? ["01-labels", "05-head", "07-block"] : LessonsTests.names

  /// A person at a terminal, who is never there long enough to end a lesson in one go.
  @Test(arguments: names)
  func aLessonThatWasLeftTwiceIsGradedAsItWasTaken(name: String) throws {
    let scratch = try Scratch()
    let folder = scratch.path("state")
    func sit(_ share: Double) throws -> LessonPlayer.Place? {
      let taker = try LessonTaker(folder, .it, lessons: LessonFolder.path)
      try taker.asksAsAtTerminal(order: 7)
      taker.open(":lesson \(name)")
      while let player = taker.shell.course.current?.player, player.share < share {
        try taker.go(1, share < 0.5 ? .wrongFirst : .right)
      }
      return taker.shell.course.current?.player.place
    }
    for share in [0.35, 0.7] {
      let left = try sit(share)
      #expect(left != nil)
      #expect(try sit(0) == left, "the lesson goes on where it was left")
    }
    #expect(try sit(2) == nil)
    let names = try FileManager.default.contentsOfDirectory(atPath: "\(folder)/passo/lessons")
    try #require(names.count == 1, "\(names)")
    var grader = LessonGrader { stop in
      try ShellProbe(.en, lessons: LessonFolder.path, interrupted: stop).shell
    }
    let grade = try grader.grade("\(folder)/passo/lessons/\(names[0])")
    #expect(grade.isSound, "\(grade.faults.map(\.it))")
    #expect(grade.notes.isEmpty, "\(grade.notes.map(\.it))")
    #expect(grade.score?.text == grade.claim && grade.score?.asked ?? 0 > 2)
  }
}
