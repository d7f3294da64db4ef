// SPDX-License-Identifier: MIT

import Foundation
import Testing

/// `passo train` as a script sees it: killed, interrupted, taken up again.
struct TrainCommandTests {
  private let folder = FileManager.default.temporaryDirectory
    .appending(path: "passo-train-\(UUID().uuidString)")

  private func path(_ name: String) -> String { folder.appending(path: name).path }

  private func prepare() throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let nouns = ["il gatto", "la nonna", "il cane", "la volpe"]
    let verbs = ["dorme", "corre", "guarda", "mangia"]
    let lines = (0..<64).map { "\(nouns[$0 % 4]) \(verbs[$0 / 4 % 4]) sul divano." }
    try lines.joined(separator: "\n").write(
      toFile: path("text.txt"),
      atomically: true,
      encoding: .utf8
    )
  }

  private func start(_ out: String, steps: Int, _ more: String...) throws -> Process {
    let process = Process()
    process.executableURL = Bundle.main.bundleURL.appending(path: "passo")
    process.arguments =
      [
        "train", "--preset", "gatto-2", "--text", path("text.txt"), "--steps", "\(steps)",
        "--out", path(out), "--log", path("\(out).jsonl"), "--lang", "en",
      ] + more
    process.environment = ["XDG_CACHE_HOME": path("cache")]
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    return process
  }

  /// The lines of a log without the rates, which differ from run to run.
  private func lines(_ out: String) throws -> [String] {
    let text = try String(contentsOfFile: path("\(out).jsonl"), encoding: .utf8)
    return text.split(separator: "\n").map { line in
      line.range(of: ",\"tokens_per_s\":").map { String(line[..<$0.lowerBound]) } ?? String(line)
    }
  }

  private func countLines(_ out: String) -> Int {
    let bytes = FileManager.default.contents(atPath: path("\(out).jsonl")) ?? Data()
    return bytes.reduce(0) { $0 + ($1 == UInt8(ascii: "\n") ? 1 : 0) }
  }

  /// Waits until a training has written some lines of its log.
  ///
  /// It sleeps without holding a thread: the other tests share the few that there are.
  private func wait(for count: Int, in out: String, of process: Process) async throws {
    while countLines(out) < count {
      try #require(process.isRunning, "it ended early")
      try await Task.sleep(for: .milliseconds(5))
    }
  }

  /// The exit status; a training that does not end is killed.
  private func status(of process: Process) async throws -> Int32 {
    let start = ContinuousClock.now
    while process.isRunning {
      if ContinuousClock.now - start > .seconds(60) {
        kill(process.processIdentifier, SIGKILL)
        Issue.record("a training did not end")
      }
      try await Task.sleep(for: .milliseconds(5))
    }
    return process.terminationStatus
  }

  private func sameFiles(_ left: String, _ right: String) -> Bool {
    ["checkpoint.safetensors", "model.safetensors"].allSatisfy {
      FileManager.default.contentsEqual(
        atPath: path("\(left)/\($0)"),
        andPath: path("\(right)/\($0)")
      )
    }
  }

  @Test(.timeLimit(.minutes(2)))
  func killedAndTakenUpAgainIsAsNeverStopped() async throws {
    try prepare()
    defer { try? FileManager.default.removeItem(at: folder) }
    let killed = try start("killed", steps: 1_000_000)
    try await wait(for: 130, in: "killed", of: killed)
    kill(killed.processIdentifier, SIGKILL)
    _ = try await status(of: killed)
    #expect(killed.terminationReason == .uncaughtSignal)
    let steps = countLines("killed") + 20
    for (out, more) in [("killed", "--resume"), ("whole", "--plain")] {
      let process = try start(out, steps: steps, more)
      #expect(try await status(of: process) == 0)
    }
    #expect(sameFiles("killed", "whole"))
    #expect(try lines("killed") == lines("whole"))
    #expect(countLines("whole") == steps)
  }

  @Test(.timeLimit(.minutes(2)))
  func interruptedItSavesTheStepThatIsDone() async throws {
    try prepare()
    defer { try? FileManager.default.removeItem(at: folder) }
    let process = try start("out", steps: 1_000_000)
    try await wait(for: 7, in: "out", of: process)
    process.interrupt()
    #expect(try await status(of: process) == 130)
    let done = countLines("out")
    #expect(try await status(of: start("out", steps: done + 3, "--resume")) == 0)
    #expect(try await status(of: start("whole", steps: done + 3)) == 0)
    #expect(sameFiles("out", "whole"))
    #expect(try lines("out") == lines("whole"))
  }
}
