// SPDX-License-Identifier: MIT
import Foundation
import Testing

@testable import passo

struct BatchLoopTests {
  private let host = FakeHost()

  /// Runs lines; gives the exit status and what was echoed.
  private func run(
    _ lines: [String],
    isInterrupted: @escaping () -> Bool = { false }
  ) -> (status: Int32, echoed: [String]) {
    var rest = lines[...]
    var echoed: [String] = []
    let loop = BatchLoop(
      host: host,
      nextLine: { rest.popFirst() },
      echo: { echoed.append($0) },
      isInterrupted: isInterrupted
    )
    return (loop.run(), echoed)
  }

  @Test func linesAreEchoedAndRun() {
    let (status, echoed) = run([":step", "", "  ", "# perch\u{E9}", "  # no", " logits[0]"])
    #expect(status == 0)
    #expect(echoed == ["passo> :step", "passo>  logits[0]"])
    #expect(host.executed == [":step", " logits[0]"])
  }

  @Test func firstFailureEndsTheBatch() {
    #expect(run([":step", ":fail", ":step"]).status == 1)
    #expect(host.executed == [":step", ":fail"])
  }

  @Test func quitEndsTheBatchWell() {
    #expect(run([":quit", ":fail"]).status == 0)
    #expect(host.executed == [":quit"])
  }

  @Test func interruptedCommandEndsTheBatch() {
    var isInterrupted = false
    host.whenExecuting = { _ in isInterrupted = true }
    #expect(run([":train", ":step"], isInterrupted: { isInterrupted }).status == 130)
    #expect(host.executed == [":train"])
  }

  @Test func interruptWhileWaitingEndsTheBatch() {
    var isInterrupted = false
    let loop = BatchLoop(
      host: host,
      nextLine: {
        isInterrupted = true
        return nil
      },
      echo: { _ in },
      isInterrupted: { isInterrupted }
    )
    #expect(loop.run() == 130)
  }

  @Test func lineForEnterMeansNothingHere() {
    host.lineForEnter = ":step"
    #expect(run(["", ""]).echoed.isEmpty)
    #expect(host.executed.isEmpty)
  }
}

/// Where a file may not grow, writing fails like on a full disk.
struct FileSizeLimitTests {
  @Test func aPageThatIsTooLargeLeavesNothing() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "passo-\(UUID())").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    let commands = ":show mask\\n:export \(folder)/f.html\\n"
    process.arguments = [
      "-c", "ulimit -f 4; printf '\(commands)' | '\(PassoProgram.url.path)' --lang en 2>&1",
    ]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 1)
    #expect(text.contains("ulimit -f") && text.contains("f.html"), "\(text)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == [])
  }
}
