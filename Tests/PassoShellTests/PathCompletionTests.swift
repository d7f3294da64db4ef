// SPDX-License-Identifier: MIT

import Foundation
import Testing

@testable import PassoShell

struct PathCompletionTests {
  private let folder: String

  init() throws {
    folder = NSTemporaryDirectory() + "passo-paths-\(UUID().uuidString)"
    let manager = FileManager.default
    for name in ["plain", "modèle à moi", "modèle à toi", ".hidden"] {
      try manager.createDirectory(
        atPath: "\(folder)/\(name)",
        withIntermediateDirectories: true
      )
    }
    for name in ["testo.txt", "il testo.txt", "dice \"si\".txt"] {
      #expect(manager.createFile(atPath: "\(folder)/\(name)", contents: Data("a b".utf8)))
    }
  }

  private func complete(_ line: String) throws -> Completion {
    try ShellProbe().shell.completion(of: line.replacing("@", with: folder))
  }

  @Test(arguments: [
    (":load @/pl", "@/plain/", ""), (":save @/pl", "@/plain/", ""),
    (":corpus @/te", "@/testo.txt", " "),
    (":load @/modèle à m", "\"@/modèle à moi/", ""), (":corpus @/il", "\"@/il testo.txt", "\" "),
    (":load \"@/modèle à m", "\"@/modèle à moi/", ""), (":load “@/pl", "\"@/plain/", ""),
    (":model @/PL", "@/plain/", ""), (":load @/.h", "@/.hidden/", ""),
    (":export @/te", "@/testo.txt", " "),
    (":corpus @/dice", "\"@/dice \\\"si\\\".txt", "\" "), (":replay @/te", "@/testo.txt", " "),
    (":corpus @/testo.txt @/il", "\"@/il testo.txt", "\" "), (":record @/te", "@/testo.txt", " "),
  ])
  func pathsAreCompleted(line: String, path: String, suffix: String) throws {
    let completion = try complete(line)
    #expect(completion.candidates == [path.replacing("@", with: folder)])
    #expect(completion.suffix == suffix)
  }

  @Test func severalPathsAreQuotedAlike() throws {
    let found = try complete(":load @/mod").candidates
    #expect(found == ["\"\(folder)/modèle à moi/", "\"\(folder)/modèle à toi/"])
  }

  @Test func hiddenFilesWaitForAPoint() throws {
    #expect(try !complete(":load @/").candidates.contains { $0.contains("hidden") })
  }

  @Test func whatIsCompletedIsUnderstood() throws {
    let completion = try complete(":corpus @/il")
    let line = ":corpus \(completion.candidates[0])\(completion.suffix)rows 1"
    let words = try Arguments.split(line)
    #expect(words[1].text == "\(folder)/il testo.txt")
    #expect(words[1].isQuoted)
  }

  @Test func aPathWithBlanksNeedsNoMarksIfItIsThere() throws {
    let probe = try ShellProbe()
    probe.run(":save \"\(folder)/modèle à moi\" replace")
    #expect(probe.type(":load \(folder)/modèle à moi").outcome == .done)
    let error = probe.type(":load \(folder)/modello mio").errors
    #expect(error.contains("hint: :load \"\(folder)/modello mio\""))
  }

  @Test func tokensAreCompletedAsLabels() throws {
    #expect(try complete("W_E[\"ga").candidates == ["gatto"])
    #expect(try complete(":show W_E[\"ga").candidates == ["gatto"])
    #expect(try complete("W_E[\"ga").suffix == "\"")
  }

  @Test func aHintReadsNoFolder() throws {
    #expect(try ShellProbe().shell.hint(for: ":load \(folder)/pl") == nil)
  }

  // MARK: - Lessons

  @Test func aPathIsALesson() throws {
    let lesson = "\(folder)/own/my-lesson"
    try FileManager.default.createDirectory(atPath: lesson, withIntermediateDirectories: true)
    let source = LessonFolder.path + "/01-labels/lesson.en.md"
    try FileManager.default.copyItem(atPath: source, toPath: "\(lesson)/lesson.en.md")
    for typed in [lesson, "\(lesson)/", "\(lesson)/lesson.en.md"] {
      let probe = try ShellProbe()
      #expect(probe.type(":lesson \(typed)").outcome == .done)
      #expect(probe.shell.course.current?.lesson.name == "my-lesson")
    }
    let missing = try ShellProbe().type(":lesson \(folder)/plain")
    #expect(missing.outcome == .failed)
  }
}
