// SPDX-License-Identifier: MIT

import Foundation
import PassoFiles
import PassoLesson
import PassoTestSupport
import PassoText
import Testing

@testable import PassoShell

/// A person at a terminal who takes lessons, and what is kept of them.
final class LessonTaker {
  let probe: ShellProbe
  let folder: String

  var shell: Shell { probe.shell }

  init(
    _ folder: String,
    _ language: Language = .en,
    lessons: String = RecordedCourse.path,
    day: String? = nil,
    interrupted: @escaping () -> Bool = { false }
  ) throws {
    self.folder = folder
    probe = try ShellProbe(language, lessons: lessons, interrupted: interrupted)
    shell.course.progress = ProgressFile(path: "\(folder)/passo/progress")
    shell.course.records = LessonRecords(folder: "\(folder)/passo/lessons")
    shell.course.reviews = ReviewFile(path: "\(folder)/passo/review")
    shell.course.notesProgress = true
    shell.course.day = day.flatMap { Day($0) }
  }

  /// Asks as a terminal does: how sure one is, and with options in an order of one's own.
  func asksAsAtTerminal(order: UInt64? = nil) throws {
    let path = "\(folder)/passo/order"
    if let order {
      try FileManager.default.createDirectory(
        atPath: "\(folder)/passo",
        withIntermediateDirectories: true
      )
      try String(order, radix: 16).write(toFile: path, atomically: true, encoding: .utf8)
    }
    (shell.course.asksConfidence, shell.course.orderFile) = (true, path)
  }

  /// Opens a lesson, and gives what was said.
  @discardableResult
  func open(_ line: String) -> String {
    let reply = probe.type(line)
    #expect(reply.outcome == .done, "\(line): \(reply.errors)")
    return reply.output + reply.errors
  }

  /// Goes on for some turns, or to the end.
  func go(_ turns: Int = .max, _ answers: SimulatedLearner.Answers = .right) throws {
    let learner = SimulatedLearner(shell, answers)
    var left = turns
    while left > 0, try learner.takeTurn() { left -= 1 }
  }

  /// The names of the files that are kept.
  var names: [String] {
    get throws {
      try FileManager.default.contentsOfDirectory(atPath: "\(folder)/passo/lessons").sorted()
    }
  }

  func path(_ name: String) -> String { "\(folder)/passo/lessons/\(name)" }

  /// Takes a lesson to its end, and gives the result.
  static func result(
    _ folder: String,
    lesson: String = "01-data",
    _ answers: SimulatedLearner.Answers = .right
  ) throws -> String {
    try LessonTaker(folder).result(lesson: lesson, answers)
  }

  /// Takes a lesson to its end.
  ///
  /// - Returns: The path of its result.
  func result(
    lesson: String = "01-data",
    _ answers: SimulatedLearner.Answers = .right
  ) throws -> String {
    open(":lesson \(lesson)")
    try go(answers: answers)
    let names = try names.filter { $0.hasPrefix("\(lesson)-") && $0.hasSuffix(".passo") }
    return try path(#require(names.last))
  }

  private func go(answers: SimulatedLearner.Answers) throws { try go(.max, answers) }
}

/// The text of a file.
func text(of path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }
