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
      // What writes piece by piece forgets that a piece was refused.
      "d=$(mktemp -d); echo \":save $d/m\" | \"$0\" > /dev/null;"
        + " \"$0\" generate --model $d/m --prompt 'Il gatto' --max-new-tokens 2 > /dev/full;"
        + " s=$?; rm -r $d; exit $s",
      "\"$0\" --help > /dev/full", "\"$0\" lesson 1 --auto > /dev/full",
    ] {
      let reply = try shell(command)
      #expect(reply.status == 1, "\(command)")
      #expect(reply.errors.hasPrefix("error: the output takes no more"), "\(reply.errors)")
    }
  }

  /// `cron`, `nohup` and other programs close what they do not need.
  @Test(
    arguments: [
      "<&-", ">&-", "2>&-", "<&- >&-", "<&- 2>&-", ">&- 2>&-", "<&- >&- 2>&-",
    ]
  )
  func standardFilesThatAreClosedAreEmpty(closed: String) throws {
    #expect(try shell("\"$0\" \(closed)").status == 0)
    let file = FileManager.default.temporaryDirectory.appending(path: "passo-\(UUID()).html").path
    defer { try? FileManager.default.removeItem(atPath: file) }
    let export = try shell("\"$0\" export --lesson 1 --out '\(file)' \(closed)")
    #expect(export.status == 0, "\(export.errors)")
    #expect(try String(contentsOfFile: file, encoding: .utf8).hasSuffix("</html>\n"))
  }

  /// Too little memory for the threads of a library: they must not keep the program.
  @Test(.enabled(if: isLinux), arguments: [150_000, 200_000])
  func theProgramEndsThoughALibraryFindsNoMemory(kilobytes: Int) throws {
    let line = "ulimit -v \(kilobytes); echo ':step 3' | timeout -s KILL 30 \"$0\"; test $? != 137"
    #expect(try shell(line).status == 0)
  }

  /// With one heap for all threads it does not matter which of them asks for memory first.
  private static func scarce(_ kilobytes: Int) -> String {
    "export MALLOC_ARENA_MAX=1; ulimit -c 0; ulimit -v \(kilobytes); "
  }

  /// What is made piece by piece is refused as what is asked for at once: it never ends the
  /// program.
  @Test(
    .enabled(if: isLinux),
    arguments: [
      (200_000, ":corpus gatto-1 take 1000000 rows 8"), (170_000, ":corpus gatto-1 floor"),
    ]
  )
  func whatGrowsIsRefusedWhereMemoryEnds(kilobytes: Int, line: String) throws {
    let reply = try shell(Self.scarce(kilobytes) + "echo '\(line)' | \"$0\" --lang en")
    #expect(reply.status == 1, "\(reply.errors)")
    #expect(reply.errors.contains("of memory, the system does not give them"), "\(reply.errors)")
  }

  /// A text that has no room beside the libraries.
  @Test(.enabled(if: isLinux))
  func aTextIsRefusedWhereMemoryEnds() throws {
    let text = FileManager.default.temporaryDirectory.appending(path: "passo-\(UUID()).txt").path
    defer { try? FileManager.default.removeItem(atPath: text) }
    let line = "Il gatto dorme sul divano, la gatta mangia il topo.\n"
    try Data(String(repeating: line, count: 600_000).utf8).write(to: URL(fileURLWithPath: text))
    let reply = try shell(Self.scarce(130_000) + "echo ':corpus \(text)' | \"$0\" --lang en")
    #expect(reply.status == 1, "\(reply.errors)")
    #expect(reply.errors.contains("memory"), "\(reply.errors)")
  }

  private static let isLinux = true

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
