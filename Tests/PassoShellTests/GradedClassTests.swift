// SPDX-License-Identifier: MIT

import Foundation
import PassoLesson
import PassoTestSupport
import PassoText
import Testing

@testable import PassoShell

/// The results of a whole class, some of which are not what they say they are.
struct GradedClassTests {
  private let scratch: Scratch

  init() throws { scratch = try Scratch() }

  /// A way to forge a result of who has erred, and what is said of it.
  private struct Forgery {
    let reason: String

    /// Whether the seal is computed anew.
    var isSealed = true

    var answers = SimulatedLearner.Answers.wrongFirst
    let change: ([String]) -> [String]
  }

  private static func replacing(_ old: String, _ new: String) -> ([String]) -> [String] {
    { $0.map { $0.hasPrefix(old) ? new + $0.dropFirst(old.count) : $0 } }
  }

  private static var forgeries: [Forgery] {
    [
      Forgery(
        reason: "the score that is written is '2/2', that of the answers is '0/2'",
        change: replacing("# result 0/2", "# result 2/2")
      ),
      Forgery(
        reason: "was changed after the end of the lesson",
        isSealed: false,
        change: { $0.filter { $0.count != 1 || $0 == "b" } }
      ),
      Forgery(
        reason: "the prediction 'p1' has no answer",
        answers: .right,
        change: { $0.filter { $0 != "5" } }
      ),
      Forgery(
        reason: "it is of another version of the lesson '01-data'",
        change: { $0.map { $0.replacing(/(# lesson 01-data) \w+/) { "\($0.output.1) 0123" } } }
      ),
      Forgery(
        reason: "no lesson is called '77-none'",
        change: replacing("# lesson 01-data", "# lesson 77-none")
      ),
      Forgery(
        reason: "do not lead to this state",
        change: { lines in
          lines.map { line in
            line.replacing(/# state (\w)/) { "# state \($0.output.1 == "0" ? "1" : "0")" }
          }
        }
      ),
      Forgery(
        reason: "or holds lines of others",
        isSealed: false,
        change: replacing("# record ", "# record 0")
      ),
      Forgery(
        reason: "the lesson was not taken to its end",
        isSealed: false,
        change: { $0.dropLast(4) }
      ),
      Forgery(reason: "line 1:", change: replacing("# passo session 1", "# passo session 7")),
      Forgery(
        reason: "the lines do not reach the end of the lesson",
        change: { lines in
          lines.enumerated().filter { $0.offset < 12 || $0.element.hasPrefix("# r") }
            .map { $0.element }
        }
      ),
    ]
  }

  @Test func ofFortyResultsTheTenForgedOnesAreNamed() throws {
    var forged: [String: String] = [:]
    var files: [String] = []
    for (number, forgery) in Self.forgeries.enumerated() {
      let path = try taken(number, "01-data", forgery.answers)
      try forge(path, forgery)
      forged[path] = forgery.reason
      files.append(path)
    }
    for number in 10..<40 {
      let lesson = number.isMultiple(of: 3) ? "02-mask" : "01-data"
      let isWrong = number.isMultiple(of: 2)
      files.append(
        try taken(number, lesson, isWrong ? .wrongFirst : .right, besides: Self.habits[number % 5])
      )
    }
    var grader = LessonGrader { stop in
      try ShellProbe(.en, lessons: RecordedCourse.path, interrupted: stop).shell
    }
    for file in files.shuffled() {
      let grade = try grader.grade(file)
      let faults = grade.faults.map(\.en)
      if let reason = forged[file] {
        #expect(faults.contains { $0.contains(reason) }, "\(reason): \(faults)")
      } else {
        #expect(grade.isSound, "\(faults)")
      }
    }
  }

  /// What people do in a lesson besides.
  private static let habits: [[String]] = [
    [], ["W_E[0, 0]"], [":hint"], [":step", ":continue"], [":skip"],
  ]

  /// Takes a lesson as one of the class does.
  private func taken(
    _ number: Int,
    _ lesson: String,
    _ answers: SimulatedLearner.Answers,
    besides lines: [String] = []
  ) throws -> String {
    let taker = try LessonTaker(scratch.path("\(number)"))
    taker.open(":lesson \(lesson)")
    try taker.go(3, answers)
    for line in lines { taker.probe.type(line) }
    try taker.go(.max, answers)
    let name = try taker.names.last { $0.hasPrefix("\(lesson)-") && $0.hasSuffix(".passo") }
    return taker.path(try #require(name))
  }

  private func forge(_ path: String, _ forgery: Forgery) throws {
    let original = try text(of: path).split(separator: "\n").map(String.init)
    var lines = forgery.change(original)
    #expect(lines != original, "\(forgery.reason): the forgery changes nothing")
    if forgery.isSealed {
      lines.removeAll { $0.hasPrefix("# seal") }
      lines.append(LessonRecordFile.seal(of: lines))
    }
    try (lines.joined(separator: "\n") + "\n")
      .write(toFile: path, atomically: false, encoding: .utf8)
  }

  /// What is no result at all is named as that, and read no further.
  @Test func foreignFilesAreNamed() throws {
    var grader = LessonGrader { stop in
      try ShellProbe(.en, lessons: RecordedCourse.path, interrupted: stop).shell
    }
    let huge = [UInt8](repeating: UInt8(ascii: "#"), count: 10 << 20)
    let link = scratch.path("link.passo")
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "/etc/passwd")
    let files = [
      try scratch.write(huge, to: "huge.passo"),
      try scratch.write((0..<5000).map { UInt8($0 & 0xFF) }, to: "binary.passo"),
      try scratch.write([], to: "empty.passo"), link, scratch.folder.path,
    ]
    for file in files {
      let grade = try grader.grade(file)
      #expect(!grade.isSound && grade.score == nil && grade.lines == 0, "\(file)")
      #expect(!grade.text(.en).contains("root:"))
    }
  }
}
