// SPDX-License-Identifier: MIT

import Foundation
import Testing

/// What becomes of output that finds no room, and of numbers that no machine can count to.
struct OutputTests {
  private static let full = "/dev/full"

  private func shell(_ line: String) throws -> (status: Int32, errors: String) {
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = ["-c", line, PassoProgram.url.path]
    process.environment = ["LANG": "en_US.UTF-8", "HOME": NSTemporaryDirectory()]
    let errors = Pipe()
    process.standardError = errors
    process.standardOutput = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let text = try errors.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: text, as: UTF8.self))
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: full)))
  func outputThatIsLostIsAFailure() throws {
    for command in [
      "echo ':help' | \"$0\" > /dev/full",
      "\"$0\" export --lesson 1 --out \"${TMPDIR:-/tmp}/passo-full-$$.html\" > /dev/full;"
        + " s=$?; rm -f \"${TMPDIR:-/tmp}/passo-full-$$.html\"; exit $s",
    ] {
      let reply = try shell(command)
      #expect(reply.status == 1, "\(command)")
      #expect(reply.errors.hasPrefix("error: the output takes no more"), "\(reply.errors)")
    }
  }

  @Test func aReaderThatLeavesIsNoFailure() throws {
    let reply = try shell("(echo ':help' | \"$0\"; echo $? >&2) | head -n 1 > /dev/null")
    #expect(!reply.errors.contains("error"), "\(reply.errors)")
  }

  @Test(arguments: ["--steps", "--accumulate", "--threads", "--warmup", "--sample-every"])
  func numbersWithoutEndAreWrongUsage(option: String) throws {
    let most = String(Int.max)
    var arguments = ["train", "--corpus", "gatto-1", "--out", "x", "--lang", "en"]
    if option != "--steps" { arguments += ["--steps", "1"] }
    let reply = try PassoProgram.run(arguments + [option, most])
    #expect(reply.status == 2)
    #expect(reply.errors.contains("\(option) needs a whole number from"), "\(reply.errors)")
    #expect(reply.errors.contains("got '\(most)'"))
  }
}
