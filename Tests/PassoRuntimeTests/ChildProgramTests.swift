// SPDX-License-Identifier: MIT

import Foundation
import Testing

@testable import PassoRuntime

/// Other programs are found as a shell finds them, and never outlive what they were asked for.
struct ChildProgramTests {
  private func shell() throws -> ChildProgram {
    try #require(ChildProgram(named: "sh", in: "nowhere:/usr/bin:/bin"))
  }

  @Test func onlyWholePathsAreSearched() throws {
    #expect(try shell().path.hasPrefix("/"))
    #expect(ChildProgram(named: "sh", in: "bin:.:") == nil)
    #expect(ChildProgram(named: "no-such-program", in: "/usr/bin:/bin") == nil)
  }

  @Test func theStatusIsItsOwn() throws {
    #expect(try shell().run(["-c", "exit 0"], patience: 10) == .ended(status: 0))
    #expect(try shell().run(["-c", "exit 7"], patience: 10) == .ended(status: 7))
    #expect(try shell().run(["-c", "kill -9 $$"], patience: 10) == .failed)
    // Nothing to read: it does not wait for the keyboard.
    #expect(try shell().run(["-c", "read line"], patience: 10) == .ended(status: 1))
  }

  @Test func whatTakesTooLongIsStopped() throws {
    let begun = ContinuousClock.now
    #expect(try shell().run(["-c", "sleep 600"], patience: 1) == .failed)
    #expect(ContinuousClock.now - begun < .seconds(300))
  }

  @Test func aRequestToStopEndsIt() throws {
    let program = try shell()
    #expect(throws: Interrupted.self) {
      let sleep = { _ = try program.run(["-c", "sleep 600"], patience: 600) }
      try Interruption.askingWith({ true }, sleep)
    }
  }
}
