// SPDX-License-Identifier: MIT

import PassoLesson
import PassoSession
import PassoTestSupport
import Testing

@testable import PassoShell

/// `:lesson goto BLOCK`.
struct LessonGotoTests {
  /// The second lesson, just opened.
  private func opened() throws -> ShellProbe {
    let probe = try ShellProbe(.en, lessons: RecordedCourse.path)
    probe.type(":lesson 2")
    return probe
  }

  /// The state at the first stop of a block when it is reached line by line.
  private func walked(to id: String) throws -> UInt64? {
    let probe = try opened()
    let learner = SimulatedLearner(probe.shell, .right)
    repeat {
      guard let player = probe.shell.course.current?.player else { return nil }
      if player.lesson.place(atLine: player.line) == id { return try probe.shell.session.stateHash }
    } while try learner.takeTurn()
    return nil
  }

  @Test func everyBlockIsReachedForwardsAndBackwards() throws {
    let probe = try opened()
    let places = try #require(probe.shell.course.current?.lesson.places)
    #expect(places.count > 6)
    for place in places + places.reversed() {
      let reply = probe.type(":lesson goto \(place.id)")
      #expect(reply.outcome == .done, "\(reply.errors)")
      #expect(reply.output.hasPrefix("02-mask: you go on at \(place.id), "))
      #expect(probe.shell.course.current?.player.line == place.line)
      let state = try walked(to: place.id)
      #expect(try probe.shell.session.stateHash == state, "\(place.id)")
    }
    #expect(probe.shell.course.current?.player.score.right == 0)
  }

  @Test func whatIsMistypedLeavesTheLessonWhereItIs() throws {
    let probe = try opened()
    let place = probe.shell.course.current?.player.place
    #expect(probe.type(":lesson goto r99").errors.contains("the blocks are"))
    #expect(probe.type(":lesson goto rr2").errors.contains("did you mean 'r2'?"))
    #expect(probe.type(":lesson goto").output.contains("r2"))
    #expect(probe.shell.course.current?.player.place == place)
    let outside = try ShellProbe(.en).type(":lesson goto r2")
    #expect(outside.outcome == .failed && outside.errors.contains(":lesson 1"))
  }

  @Test func blocksAreCompleted() throws {
    let probe = try opened()
    #expect(probe.shell.completion(of: ":lesson go").candidates == ["goto"])
    #expect(probe.shell.completion(of: ":lesson goto r").candidates.contains("r2"))
    #expect(probe.shell.completion(of: ":lesson 02-mask ").candidates == ["restart"])
  }

  @Test func itIsUndoneAsAWhole() throws {
    let probe = try opened()
    let before = try (probe.shell.session.stateHash, probe.shell.course.current?.player.place)
    probe.type(":lesson goto r4")
    #expect(probe.type(":undo").outcome == .done)
    #expect(try probe.shell.session.stateHash == before.0)
    #expect(probe.shell.course.current?.player.place == before.1)
  }

  @Test func itIsALineOfTheRecord() throws {
    let scratch = try Scratch()
    func leave() throws -> UInt64 {
      let first = try LessonTaker(scratch.path("state"))
      first.open(":lesson 2")
      first.open(":lesson goto r4")
      try first.go(1)
      return try first.shell.session.stateHash
    }
    let state = try leave()
    let again = try LessonTaker(scratch.path("state"))
    again.open(":lesson 2")
    #expect(try again.shell.session.stateHash == state)
  }

  @Test func ctrlCLeavesTheLessonWhereItWas() throws {
    var isPressed = false
    let probe = try ShellProbe(.en, lessons: RecordedCourse.path, interrupted: { isPressed })
    probe.type(":lesson 2")
    let before = try (probe.shell.session.stateHash, probe.shell.course.current?.player.place)
    isPressed = true
    #expect(probe.type(":lesson goto r4").outcome == .failed)
    #expect(try probe.shell.session.stateHash == before.0)
    #expect(probe.shell.course.current?.player.place == before.1)
  }
}
