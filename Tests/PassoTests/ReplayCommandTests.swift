// SPDX-License-Identifier: MIT

import Foundation
import Testing

/// Recording and replaying with the program itself.
struct ReplayCommandTests {
  private let path = FileManager.default.temporaryDirectory
    .appending(path: "passo-\(UUID()).passo").path

  private func passo(_ arguments: String..., input: String = "") throws -> PassoProgram.Reply {
    try PassoProgram.run(arguments, input: input)
  }

  private func record() throws -> String {
    let lines = ":mask none\n:record \(path)\n:train 2\nlet x = 2 * loss\n:until logits\n:quit\n"
    let reply = try passo(input: lines)
    #expect(reply.status == 0, "\(reply.errors)")
    return try String(contentsOfFile: path, encoding: .utf8)
  }

  @Test func aRecordingIsATest() throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    let text = try record()
    let english = try passo("replay", path, "--auto", "--lang", "en")
    #expect(english.status == 0, "\(english.errors)")
    #expect(english.output == "\(path): 4 lines, 5 states, all the same\n")
    #expect(try passo("replay", path, "--auto").output.hasSuffix("5 stati, tutti uguali\n"))
    try text.replacing(":train 2", with: ":train 3")
      .write(toFile: path, atomically: true, encoding: .utf8)
    let changed = try passo("replay", path, "--auto", "--lang", "en")
    #expect(changed.status == 1)
    #expect(changed.output.isEmpty)
    #expect(changed.errors.hasPrefix("\(path):7: error: after ':train 3' needs the state "))
    try (text + ":stpe\n").write(toFile: path, atomically: true, encoding: .utf8)
    let failing = try passo("replay", path, "--auto")
    #expect(failing.status == 1)
    #expect(failing.errors.hasPrefix("\(path):12: errore: "))
  }

  /// To the last bit: readers may type it off.
  @Test func theSessionInReadmeReplays() throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    let readme = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../README.md")
    let lines = try String(contentsOf: readme, encoding: .utf8).split(separator: "\n")
    let session = lines.drop { !$0.hasPrefix("# passo session") }.prefix { !$0.hasPrefix("$ ") }
    try session.joined(separator: "\n").write(toFile: path, atomically: true, encoding: .utf8)
    let reply = try passo("replay", path, "--auto", "--lang", "en")
    #expect(reply.output == "\(path): 3 lines, 4 states, all the same\n", "\(reply.errors)")
  }

  @Test func afterAReplayTheSessionGoesOn() throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    _ = try record()
    let reply = try passo("replay", path, "--lang", "en", input: "x - x\n:where\n")
    #expect(reply.status == 0, "\(reply.errors)")
    #expect(reply.output.contains("0:0> :mask none\n"))
    #expect(reply.output.contains("\(path): 4 lines, 5 states, all the same\n"))
    #expect(reply.output.contains("passo> x - x\nx - x = 0\n"))
  }

  @Test func aRecordingIsABatchToo() throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    let text = try record()
    let reply = try passo(input: text + ":hash\n")
    #expect(reply.status == 0, "\(reply.errors)")
    let last = text.split(separator: "\n").last?.dropFirst("# state ".count) ?? ""
    #expect(reply.output.hasSuffix("passo> :hash\n\(last)\n"))
  }

  @Test func aRecordingOfALessonOpenedFromOutsideReplays() throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    let reply = try passo("lesson", "1", input: ":continue\n:record \(path)\n:step 3\n")
    #expect(reply.status == 0, "\(reply.errors)")
    #expect(try passo("replay", path, "--auto").status == 0)
  }
}
