// SPDX-License-Identifier: MIT

import Foundation
import PassoText
import PassoView
import Testing

@testable import PassoShell

/// `:export FILE.cast`: the session, for asciinema.
struct CastExportTests {
  private static let lines = [":text \"Il gatto dorme\"", ":run", ":show mask", ":nonsense"]

  private func inFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "passo-\(UUID())").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
  }

  /// The header, and the events with their times.
  private func read(_ path: String) throws -> (header: [String: Any], events: [(Double, String)]) {
    let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
    func json(_ line: Substring) throws -> Any {
      try JSONSerialization.jsonObject(with: Data(line.utf8))
    }
    let header = try #require(try json(lines[0]) as? [String: Any])
    let events = try lines.dropFirst().map { line in
      let event = try #require(try json(line) as? [Any])
      #expect(event.count == 3 && event[1] as? String == "o")
      return (try #require(event[0] as? Double), try #require(event[2] as? String))
    }
    return (header, events)
  }

  @Test(arguments: Language.allCases)
  func itIsWhatTheTerminalHasShown(language: Language) throws {
    try inFolder { folder in
      let probe = try ShellProbe(language, isPlain: false, depth: .ansi256)
      var wanted = "$ passo\n"
      for line in Self.lines {
        wanted += "\u{1B}[33m\(probe.shell.promptParts.position)\u{1B}[0m> \(line)\n"
        let reply = probe.type(line)
        // On a terminal a problem has no colour.
        let problem = reply.errors.split(separator: "\n").map { "\u{1B}[31m\($0)\u{1B}[0m\n" }
        wanted += reply.output + problem.joined()
      }
      let path = "\(folder)/x.cast"
      #expect(probe.type(":export \(path)").outcome == .done)
      let (header, events) = try read(path)
      #expect(header["version"] as? Int == 2)
      #expect(header["width"] as? Int == 80 && header["height"] as? Int == 24)
      #expect(events.map(\.1).joined().replacing("\r\n", with: "\n") == wanted)
      for (one, next) in zip(events, events.dropFirst()) { #expect(one.0 <= next.0) }
    }
  }

  @Test func onlyARecordingIsReplaced() throws {
    try inFolder { folder in
      let probe = try ShellProbe()
      let path = "\(folder)/x.cast"
      #expect(probe.type(":export \(path)").errors.contains("nothing has been shown"))
      probe.run(":show mask")
      #expect(probe.type(":export \(path)").outcome == .done)
      #expect(probe.type(":export \(path)").outcome == .done)
      try "{\"a\": 1}\n".write(toFile: path, atomically: true, encoding: .utf8)
      #expect(probe.type(":export \(path)").errors.contains("another kind"))
      #expect(try String(contentsOfFile: path, encoding: .utf8) == "{\"a\": 1}\n")
    }
  }
}
