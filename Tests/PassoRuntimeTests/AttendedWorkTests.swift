// SPDX-License-Identifier: MIT

import Dispatch
import PassoRuntime
import PassoText
import Testing

/// Whoever waits is answered, whatever the work does.
struct AttendedWorkTests {
  private struct Failure: Error, Equatable {}

  /// Becomes true once it was asked so many times.
  private final class Questions: @unchecked Sendable {
    private(set) var count = 0
    let most: Int
    init(most: Int) { self.most = most }
    func ask() -> Bool {
      count += 1
      return count > most
    }
  }

  @Test func theResultComesBackAndSoDoesAFailure() throws {
    #expect(try Interruption.attending { 6 * 7 } == 42)
    #expect(throws: Failure()) { try Interruption.attending { throw Failure() } }
  }

  @Test func workThatAsksNobodyIsLeft() throws {
    let gate = DispatchSemaphore(value: 0)
    let questions = Questions(most: 3)
    let work = AttendedWork {
      gate.wait()
      return 1
    }
    #expect(work.wait(unless: questions.ask) == nil)
    #expect(questions.count == 4)
    #expect(!work.isDone)
    gate.signal()
    #expect(try work.wait(unless: { false })?.get() == 1)
    #expect(work.isDone)
  }

  @Test func whoeverHasAskedToStopIsAnsweredWithThat() {
    let gate = DispatchSemaphore(value: 0)
    defer { gate.signal() }
    let questions = Questions(most: 2)
    #expect(throws: Interrupted()) {
      try Interruption.askingWith(
        { questions.ask() },
        { try Interruption.attending { gate.wait() } }
      )
    }
    #expect(questions.count == 3)
  }

  /// Work that asks hears of it, also where it has work of its own done, and ends.
  @Test func workThatAsksEnds() throws {
    let questions = Questions(most: 2)
    let work = AttendedWork {
      try Interruption.attending {
        while !Interruption.isRequested() {}
        return 7
      }
    }
    #expect(work.wait(unless: questions.ask) == nil)
    let outcome = try #require(work.wait(unless: { false }))
    #expect(throws: Interrupted()) { try outcome.get() }
  }

  @Test func withGraceItMaySayWhatItHas() throws {
    let work = AttendedWork {
      while !Interruption.isRequested() {}
      return "half"
    }
    #expect(try work.wait(grace: 3_000, unless: { true })?.get() == "half")
  }

  /// Its own memory is free when its end is seen: whoever goes on need not copy it.
  @Test func whatTheWorkHeldIsLetGo() throws {
    final class Held: Sendable {}
    var held: Held? = Held()
    weak let watched = held
    let work = AttendedWork { [held] in withExtendedLifetime(held) {} }
    held = nil
    _ = work.wait(unless: { false })
    #expect(watched == nil)
  }

  @Test func whatIsDeferredIsNotStopped() throws {
    #expect(throws: Interrupted()) {
      try Interruption.askingWith({ true }, { try Interruption.check() })
    }
    try Interruption.askingWith(
      { true },
      { try Interruption.deferring { try Interruption.check() } }
    )
  }
}
