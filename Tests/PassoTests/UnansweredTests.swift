// SPDX-License-Identifier: MIT

import CLibedit
import Foundation
import PassoText
import Testing

@testable import passo

extension ProcessWideTests {
  struct UnansweredTests {
    /// What is written on standard error meanwhile.
    private func errors(_ body: () -> Void) throws -> String {
      var ends: [Int32] = [-1, -1]
      try #require(pipe(&ends) == 0)
      fflush(nil)
      let kept = dup(STDERR_FILENO)
      dup2(ends[1], STDERR_FILENO)
      body()
      dup2(kept, STDERR_FILENO)
      close(kept)
      close(ends[1])
      defer { close(ends[0]) }
      var room = [UInt8](repeating: 0, count: 4096)
      let count = read(ends[0], &room, room.count)
      return String(decoding: room[..<max(0, count)], as: UTF8.self)
    }

    private let heard = Bilingual(it: "sentito", en: "heard")

    @Test func whatHasNoAnswerIsSaidToBeHeard() throws {
      ProcessWideTests.watchInterrupts()
      Interrupt.whenUnanswered(.says(heard, .en))
      defer {
        Interrupt.whenUnanswered(.waits)
        Interrupt.clear()
      }
      let text = try errors {
        kill(getpid(), SIGINT)
        usleep(400_000)
      }
      #expect(text.contains("\nheard\n"))
    }

    @Test func whatIsAnsweredIsNot() throws {
      ProcessWideTests.watchInterrupts()
      Interrupt.whenUnanswered(.says(heard, .it))
      defer { Interrupt.whenUnanswered(.waits) }
      let text = try errors {
        kill(getpid(), SIGINT)
        while !Interrupt.isPending { usleep(1_000) }
        Interrupt.clear()
        usleep(400_000)
      }
      #expect(!text.contains("sentito"))
    }
  }
}

/// A person at a terminal whose program is told to end: what is on the disk stays whole.
struct EndedSessionTests {
  private let folder = FileManager.default.temporaryDirectory
    .appending(path: "passo-ended-\(UUID().uuidString)").path

  private func contents(_ name: String) -> String {
    let bytes = FileManager.default.contents(atPath: "\(folder)/\(name)") ?? Data()
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test(arguments: [SIGTERM, SIGHUP])
  func aLongTrainingEndsAtOnce(number: Int32) async throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var (controller, terminal): (Int32, Int32) = (-1, -1)
    try #require(le_open_terminal_pair(&controller, &terminal, 80, 24))
    let process = Process()
    process.executableURL = PassoProgram.url
    process.currentDirectoryURL = URL(filePath: folder)
    process.environment = [
      "TERM": "xterm", "LANG": "en_US.UTF-8", "HOME": folder, "XDG_STATE_HOME": folder,
      "EDITRC": "/dev/null",
    ]
    let screen = FileHandle(fileDescriptor: terminal, closeOnDealloc: true)
    process.standardInput = screen
    process.standardOutput = screen
    process.standardError = screen
    try process.run()
    let seen = Screen(controller)
    for line in [":record session.passo", ":train 2", ":train 1000000"] {
      try await seen.wait(for: "> ")
      seen.clear()
      let keys = Array((line + "\r").utf8)
      _ = write(controller, keys, keys.count)
      try await seen.wait(for: line)
    }
    // It is at work: the line is in the history, and no prompt came.
    while !contents("session.passo").contains(":train 2\n") {
      try await Task.sleep(for: .milliseconds(5))
    }
    try await Task.sleep(for: .milliseconds(200))
    #expect(process.isRunning)
    let start = ContinuousClock.now
    kill(process.processIdentifier, number)
    while process.isRunning {
      try #require(ContinuousClock.now - start < .seconds(20), "it did not end")
      try await Task.sleep(for: .milliseconds(5))
    }
    #expect(process.terminationStatus == number)
    let recorded = contents("session.passo")
    #expect(recorded.hasSuffix("\n"))
    #expect(recorded.contains(":train 2\n# state "))
    #expect(!recorded.contains("1000000"))
    let history = try FileManager.default.subpathsOfDirectory(atPath: folder)
      .first { $0.hasSuffix("history") }
    #expect(contents(try #require(history)).hasSuffix(":train 1000000\n"))
    // What was recorded can be repeated.
    let replay = try PassoProgram.run(["replay", "--auto", "\(folder)/session.passo"])
    #expect(replay.status == 0, "\(replay.errors)")
  }

  /// What the program has drawn.
  private final class Screen: @unchecked Sendable {
    private let controller: Int32
    private let lock = NSLock()
    private var text = ""

    init(_ controller: Int32) {
      self.controller = controller
      Thread.detachNewThread { [self] in
        var room = [UInt8](repeating: 0, count: 4096)
        while case let count = read(controller, &room, room.count), count > 0 {
          let more = String(decoding: room[..<count], as: UTF8.self)
          lock.withLock { text += more }
        }
        close(controller)
      }
    }

    func clear() { lock.withLock { text = "" } }

    func wait(for part: String) async throws {
      while !lock.withLock({ text.contains(part) }) { try await Task.sleep(for: .milliseconds(5)) }
    }
  }
}
