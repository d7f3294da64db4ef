// SPDX-License-Identifier: MIT

import Foundation
import PassoText
import Testing

/// `passo export --out FILE.cast`: a lesson, or a recorded session, as a terminal shows it.
struct CastCommandTests {
  private func inFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "passo-\(UUID())").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
  }

  /// The title, and what the terminal receives in all; times must not go back.
  private func read(_ path: String) throws -> (title: String, text: String) {
    let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
    func json(_ line: Substring) throws -> Any {
      try JSONSerialization.jsonObject(with: Data(line.utf8))
    }
    let header = try #require(try json(lines[0]) as? [String: Any])
    #expect(header["version"] as? Int == 2)
    var (time, text) = (0.0, "")
    for line in lines.dropFirst() {
      let event = try #require(try json(line) as? [Any])
      let next = try #require(event[0] as? Double)
      #expect(next >= time)
      time = next
      text += try #require(event[2] as? String)
    }
    let plain = text.replacing(/\u{1B}\[[0-9;]*m/, with: "").replacing("\r\n", with: "\n")
    return (try #require(header["title"] as? String), plain)
  }

  @Test(arguments: Language.allCases)
  func aLessonIsPlayed(language: Language) throws {
    try inFolder { folder in
      let path = "\(folder)/lesson.cast"
      let lang = ["--lang", language.rawValue]
      let reply = try PassoProgram.run(["export", "--lesson", "1", "--out", path] + lang)
      #expect(reply.status == 0 && reply.output.contains("asciinema"), "\(reply.errors)")
      let (title, text) = try read(path)
      #expect(title.hasPrefix("Passo: "))
      #expect(text.hasPrefix("$ passo lesson 1 --lang \(language.rawValue)\n"))
      #expect(text.contains(title.dropFirst("Passo: ".count)))
      #expect(text.contains("\n01-labels 0:0> :pairs\n"))
      let end = Bilingual(it: "\nfine della lezione", en: "\nend of the lesson")
      #expect(text.contains(end[language]))
      // The same lesson, the same bytes.
      let first = try Data(contentsOf: URL(filePath: path))
      _ = try PassoProgram.run(["export", "--lesson", "1", "--out", path] + lang)
      #expect(try Data(contentsOf: URL(filePath: path)) == first)
    }
  }

  @Test func aRecordedSessionIsPlayed() throws {
    try inFolder { folder in
      let (session, path) = ("\(folder)/s.passo", "\(folder)/s.cast")
      let typed = ":record \(session)\n:run\n:show mask\n"
      let recorded = try PassoProgram.run([], input: typed)
      #expect(recorded.status == 0, "\(recorded.errors)")
      let reply = try PassoProgram.run(["export", "--session", session, "--out", path])
      #expect(reply.status == 0, "\(reply.errors)")
      let text = try read(path).text
      #expect(text.contains("> :run\n") && text.contains("> :show mask\n"))
    }
  }
}
