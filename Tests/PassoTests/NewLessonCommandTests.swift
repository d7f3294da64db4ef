// SPDX-License-Identifier: MIT

import Foundation
import PassoText
import Testing

@testable import passo

/// `passo lesson new`, `passo handout` and `passo export --quiz`, as a teacher types them.
struct NewLessonCommandTests {
  private func inFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "passo-new-\(UUID())").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
  }

  private func names(_ folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
  }

  /// In a library of its own, and after the lessons of Passo: nothing is found, and all plays.
  @Test(arguments: ["01-mine", "21-attention"])
  func aNewLessonIsInOrderAtOnce(name: String) throws {
    try inFolder { folder in
      let made = try PassoProgram.run(["lesson", "new", "\(folder)/new/\(name)", "--title", "Mia"])
      #expect(made.status == 0 && made.errors.isEmpty, "\(made.errors)")
      #expect(made.output.contains("è pronta"))
      let path = "\(folder)/new/\(name)"
      #expect(try names(path) == ["lesson.en.md", "lesson.it.md"])
      let lint = try PassoProgram.run(["lint", path])
      #expect(lint.status == 0 && lint.errors.isEmpty, "\(lint.errors)")
      let played = try PassoProgram.run(["lesson", path, "--auto"])
      #expect(played.status == 0 && played.output.contains("fatti, tutti veri"))
    }
  }

  @Test func aSimpleNameGoesToTheLessons() throws {
    try inFolder { folder in
      let environment = ["PASSO_LESSONS": folder, "LANG": "C"]
      let made = try PassoProgram.run(["lesson", "new", "01-first"], environment: environment)
      #expect(made.status == 0 && made.output.contains("passo lint \(folder)/01-first checks it"))
      let other = try PassoProgram.run(["lesson", "new", "01-other"], environment: environment)
      #expect(other.status == 1 && other.errors.contains("'01-first' has the number 01 already"))
      let opened = try PassoProgram.run(
        ["lesson", "1"],
        input: ":quit\n",
        environment: environment
      )
      #expect(opened.status == 0 && opened.output.contains("First"))
      #expect(try names(folder) == ["01-first"])
    }
  }

  @Test func whatIsThereStays() throws {
    try inFolder { folder in
      let path = "\(folder)/17-a"
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      try "mine".write(toFile: "\(path)/lesson.it.md", atomically: true, encoding: .utf8)
      let again = try PassoProgram.run(["lesson", "new", path, "--lang", "it"])
      #expect(again.status == 1 && again.errors.contains("c'è già, e resta com'è"))
      #expect(try String(contentsOfFile: "\(path)/lesson.it.md", encoding: .utf8) == "mine")
      #expect(try names(path) == ["lesson.it.md"])
      let bad = try PassoProgram.run(["lesson", "new", "\(folder)/Lezione", "--lang", "it"])
      #expect(bad.status == 1 && bad.errors.contains("21-attention"))
      #expect(try names(folder) == ["17-a"])
      let missing = try PassoProgram.run(["lesson", "new", "--lang", "it"])
      #expect(missing.status == 2 && missing.errors.contains("a passo lesson new manca <nome>"))
      let nowhere = try PassoProgram.run(["lesson", "new", "/proc/nowhere/17-a"])
      #expect(nowhere.status == 1 && !nowhere.errors.isEmpty)
    }
  }

  @Test func questionsGoToAFileOrToTheOutput() throws {
    try inFolder { folder in
      let file = "\(folder)/q.xml"
      let words = ["export", "--lesson", "1", "--lang", "en", "--quiz"]
      let written = try PassoProgram.run(words + ["moodle-xml", "--out", file])
      #expect(written.status == 0 && written.output.contains(" questions in '\(file)'"))
      let text = try String(contentsOfFile: file, encoding: .utf8)
      #expect(text.hasPrefix("<?xml") && text.contains("type=\"numerical\""))
      #expect(try PassoProgram.run(words + ["moodle-xml"]).output == text)
      let gift = try PassoProgram.run(words + ["gift"])
      #expect(gift.status == 0 && gift.errors.isEmpty)
      #expect(gift.output.hasPrefix("$CATEGORY: $course$/top/Passo/01-labels "))
      let other = try PassoProgram.run(words + ["qti"])
      #expect(other.status == 2 && other.errors.contains("--quiz needs one of gift, moodle-xml"))
      let session = try PassoProgram.run([
        "export", "--quiz", "gift", "--session", "x", "--lang=en",
      ])
      #expect(session.status == 2 && session.errors.contains("--quiz needs a lesson"))
      let unknown = try PassoProgram.run(["export", "--quiz", "gift", "--lesson", "99"])
      #expect(unknown.status == 1 && unknown.output.isEmpty)
    }
  }

  @Test func aHandoutIsWrittenWhereItIsWanted() throws {
    try inFolder { folder in
      let file = "\(folder)/uno.html"
      let written = try PassoProgram.run(["handout", "1", "--out", file, "--lang", "it"])
      #expect(
        written.status == 0 && written.output.contains("fra domande ed esercizi in «\(file)»")
      )
      let text = try String(contentsOfFile: file, encoding: .utf8)
      #expect(text.contains("Risposte: ") && !text.contains("<script"))
      let wrong = try PassoProgram.run(["handout", "1", "--out", "x.pdf", "--lang", "it"])
      #expect(wrong.status == 2 && wrong.errors.contains("un nome che finisce con .html"))
      let none = try PassoProgram.run(["handout", "--lang", "it"])
      #expect(none.status == 2 && none.errors.contains("a passo handout manca <nome>"))
      let unknown = try PassoProgram.run(["handout", "99", "--out", "\(folder)/x.html"])
      #expect(unknown.status == 1)
      #expect(try names(folder) == ["uno.html"])
    }
  }
}
