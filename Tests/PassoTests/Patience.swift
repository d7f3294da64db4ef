// SPDX-License-Identifier: MIT

import Foundation
import Synchronization
import Testing

/// Kills a program that has not ended after a while, so that a test which waits for it fails and
/// says why, where it would else wait for ever.
final class Patience: Sendable {
  let seconds: Int
  private let ended = DispatchSemaphore(value: 0)
  private let ranOut = Mutex(false)

  /// Begins to wait; ten minutes are many times what a test takes on a busy machine.
  init(with process: Process, seconds: Int = 600) {
    self.seconds = seconds
    Thread.detachNewThread { [self] in
      guard ended.wait(timeout: .now() + .seconds(seconds)) == .timedOut, process.isRunning
      else { return }
      ranOut.withLock { $0 = true }
      kill(process.processIdentifier, SIGKILL)
    }
  }

  /// The program has ended, or is not waited for any more.
  func end() { ended.signal() }

  /// Why a program is not there any more.
  var reason: String {
    ranOut.withLock { $0 }
      ? "the program was killed: it had not ended after \(seconds) s" : "the program has ended"
  }

  /// Fails if the program had to be killed.
  ///
  /// - Throws: What `#require` throws.
  func check(_ arguments: [String]) throws {
    try #require(!ranOut.withLock { $0 }, "\(reason): \(arguments)")
  }
}

struct PatienceTests {
  private func start(_ arguments: String...) throws -> Process {
    let process = Process()
    process.executableURL = PassoProgram.url
    process.arguments = arguments
    process.standardInput = Pipe()
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    return process
  }

  @Test func aProgramThatDoesNotEndIsKilledAndThatIsSaid() throws {
    // It waits for requests that do not come.
    let process = try start("--protocol", "json")
    let patience = Patience(with: process, seconds: 1)
    process.waitUntilExit()
    #expect(process.terminationReason == .uncaughtSignal)
    #expect(process.terminationStatus == SIGKILL)
    #expect(patience.reason.hasSuffix("had not ended after 1 s"))
    withKnownIssue { try patience.check(["--protocol", "json"]) }
  }

  @Test func aProgramThatEndsIsLeftAlone() throws {
    let process = try start("--version")
    let patience = Patience(with: process)
    process.waitUntilExit()
    patience.end()
    #expect(process.terminationReason == .exit && process.terminationStatus == 0)
    #expect(patience.reason == "the program has ended")
    try patience.check(["--version"])
  }
}
