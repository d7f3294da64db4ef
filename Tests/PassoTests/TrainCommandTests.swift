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

  /// Sends a signal as soon as a training has written some lines of its log.
  ///
  /// It holds its thread: a test that waits without one gets it back when the others have ended,
  /// and meanwhile the training goes on, which the test then has to do once more.
  private func signal(
    _ number: Int32,
    afterLines count: Int,
    in out: String,
    of process: Process
  ) throws {
    let start = ContinuousClock.now
    while countLines(out) < count {
      let isLate = ContinuousClock.now - start > .seconds(120)
      if isLate { kill(process.processIdentifier, SIGKILL) }
      try #require(process.isRunning && !isLate, "it ended early, or never came so far")
      usleep(2_000)
    }
    kill(process.processIdentifier, number)
  }

  /// The exit status; a training that does not end is killed.
  private func status(of process: Process) throws -> Int32 {
    let start = ContinuousClock.now
    while process.isRunning {
      let isLate = ContinuousClock.now - start > .seconds(120)
      if isLate { kill(process.processIdentifier, SIGKILL) }
      try #require(!isLate, "a training did not end")
      usleep(2_000)
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

  /// How soon a lesson is there.
  @Test func theFirstLossIsSoonThere() throws {
    let found = try PassoProgram.run(["bench", "--workload", "W1", "--startup"])
    let line = try JSONSerialization.jsonObject(with: Data(found.output.utf8))
    let numbers = try #require(line as? [String: Double])
    #expect(Set(numbers.keys) == ["loss_1", "cpu_ms"])
    // A debug build; the machine may be busy.
    #expect(try #require(numbers["cpu_ms"]) < 5000)
  }

  @Test func killedAndTakenUpAgainIsAsNeverStopped() throws {
    try prepare()
    defer { try? FileManager.default.removeItem(at: folder) }
    let killed = try start("killed", steps: 1_000_000)
    try signal(SIGKILL, afterLines: 130, in: "killed", of: killed)
    _ = try status(of: killed)
    #expect(killed.terminationReason == .uncaughtSignal)
    let steps = countLines("killed") + 20
    for (out, more) in [("killed", "--resume"), ("whole", "--plain")] {
      let process = try start(out, steps: steps, more)
      #expect(try status(of: process) == 0)
    }
    #expect(sameFiles("killed", "whole"))
    #expect(try lines("killed") == lines("whole"))
    #expect(countLines("whole") == steps)
  }

  @Test func interruptedItSavesTheStepThatIsDone() throws {
    try prepare()
    defer { try? FileManager.default.removeItem(at: folder) }
    let process = try start("out", steps: 1_000_000)
    try signal(SIGINT, afterLines: 7, in: "out", of: process)
    #expect(try status(of: process) == 130)
    let done = countLines("out")
    #expect(try status(of: start("out", steps: done + 3, "--resume")) == 0)
    #expect(try status(of: start("whole", steps: done + 3)) == 0)
    #expect(sameFiles("out", "whole"))
    #expect(try lines("out") == lines("whole"))
  }

  /// The script that kills three hundred times, in a few seconds.
  @Test func theScriptThatKillsTrainingsFindsNothing() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let python = "/usr/bin/python3"
    // The script needs nothing else; a machine without Python has other tests.
    guard FileManager.default.isExecutableFile(atPath: python) else { return }
    let process = Process()
    process.executableURL = URL(filePath: python)
    process.arguments = [
      root.appending(path: "Interop/kill_training.py").path, "--kills", "10", "--steps", "300",
      "--program", PassoProgram.url.path,
    ]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let text = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "\(String(decoding: text, as: UTF8.self))")
  }

  /// A signal that asks to end is answered by saving, with its own status.
  @Test(arguments: [SIGTERM, SIGHUP])
  func askedToEndItSaves(number: Int32) throws {
    try prepare()
    defer { try? FileManager.default.removeItem(at: folder) }
    let process = try start("out", steps: 1_000_000)
    try signal(number, afterLines: 7, in: "out", of: process)
    #expect(try status(of: process) == 128 + number)
    let done = countLines("out")
    // Everything else is known.
    let steps = ["--steps", "\(done + 3)"]
    let resumed = try passo(["--resume", "--out", path("out")] + steps)
    #expect(resumed.status == 0, "\(resumed.errors)")
    #expect(try self.status(of: start("whole", steps: done + 3)) == 0)
    #expect(sameFiles("out", "whole"))
    #expect(try lines("out") == lines("whole"))
  }

  private func passo(_ words: [String]) throws -> PassoProgram.Reply {
    try PassoProgram.run(
      ["train", "--lang", "en"] + words,
      environment: ["XDG_CACHE_HOME": path("cache")]
    )
  }

  /// What was typed is what is named, and the way on.
  @Test func whatDiffersIsSaidAsItWasTyped() throws {
    try prepare()
    defer { try? FileManager.default.removeItem(at: folder) }
    let begun = try passo([
      "--preset", "gatto-2", "--text", path("text.txt"), "--steps", "12", "--schedule", "cosine",
      "--out", path("out"),
    ])
    #expect(begun.status == 0, "\(begun.errors)")
    let refusals = [
      ("--optimizer sgd", "'--optimizer' needs to stay adamw, got sgd"),
      ("--schedule linear", "'--schedule' needs to stay cosine, got linear"),
      ("--preset gatto", "'--preset' needs to stay gatto-2, got gatto"),
      ("--context 3", "'--context' needs to stay"),
      ("--corpus gatto-1", "leave out '--corpus', which the training did not have"),
      ("--tokenizer chars", "leave out '--tokenizer', which the training did not have"),
    ]
    for (words, expected) in refusals {
      let typed = words.split(separator: " ").map(String.init)
      let reply = try passo(["--resume", "--out", path("out"), "--steps", "20"] + typed)
      #expect(reply.status == 1 && reply.errors.contains(expected), "\(reply.errors)")
      #expect(reply.errors.contains("--model \(path("out")) --out NEW begins another"))
    }
    let nothing = try passo(["--resume", "--out", path("out"), "--steps", "5"])
    #expect(nothing.status == 0 && nothing.output.contains("--steps 13 or more goes on"))
  }

  /// A text may lie elsewhere; past the end of its schedule a training stays at the last rate.
  @Test func aTrainingIsProlongedAndItsTextMayMove() throws {
    try prepare()
    defer { try? FileManager.default.removeItem(at: folder) }
    func begin(_ out: String, _ words: String...) throws {
      let reply = try passo(
        [
          "--preset", "gatto-2", "--text", path("text.txt"), "--schedule", "cosine", "--min-lr",
          "0.0001", "--out", path(out),
        ] + words
      )
      #expect(reply.status == 0, "\(reply.errors)")
    }
    try begin("parts", "--steps", "12")
    try begin("whole", "--steps", "20", "--decay-steps", "12")
    try FileManager.default.moveItem(atPath: path("text.txt"), toPath: path("moved.txt"))
    let resume = ["--resume", "--out", path("parts"), "--steps", "20"]
    let lost = try passo(resume)
    #expect(lost.status == 1 && lost.errors.contains("text.txt', which is no longer there"))
    #expect(lost.errors.contains("passo train --resume --out \(path("parts")) --text FILE"))
    let reply = try passo(resume + ["--text", path("moved.txt")])
    #expect(reply.status == 0 && reply.errors.contains("the schedule ends at step 12"))
    #expect(sameFiles("parts", "whole"))
    try "altro\ntesto\n".write(toFile: path("moved.txt"), atomically: true, encoding: .utf8)
    let other = try passo(["--resume", "--out", path("parts"), "--steps", "30"])
    #expect(other.status == 1 && other.errors.contains("no longer holds what it held"))
  }
}
