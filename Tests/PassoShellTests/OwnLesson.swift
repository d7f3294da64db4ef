// SPDX-License-Identifier: MIT

import Foundation
import PassoLesson
import PassoShell
import PassoText

/// A lesson that a test writes, and a shell in which it can be taken.
struct OwnLesson {
  let lesson: Lesson
  let probe: ShellProbe

  /// Reads blocks under a header; nothing stays on the disk.
  init(_ blocks: String, _ language: Language = .en) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "passo-\(UUID())")
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "01-x").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    let header = "---\nid: x\nlang: \(language.rawValue)\ntitle: T\nminutes: 1\n---\n"
    let file = path + "/lesson.\(language.rawValue).md"
    try (header + blocks).write(toFile: file, atomically: true, encoding: .utf8)
    probe = try ShellProbe(language, lessons: folder.path)
    lesson = try probe.shell.course.lesson("1", language)
  }

  /// Opens it, as a person at a terminal or not.
  func opened(asksConfidence: Bool = false) throws -> ShellProbe {
    probe.shell.course.asksConfidence = asksConfidence
    try probe.shell.open(lesson)
    return probe
  }

  /// What lint says, without the file.
  func findings(triesOwnTexts: Bool = false) throws -> [String] {
    try SimulatedLearner.findings(in: lesson, with: probe.shell, triesOwnTexts: triesOwnTexts)
      .map { "\($0.line): \($0.message.en)" }
  }
}

extension ShellProbe {
  /// Presses Enter on an empty line.
  @discardableResult
  func enter() -> String {
    guard let line = shell.lineForEnter else { return "" }
    return run(line)
  }
}
