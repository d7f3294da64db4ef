// SPDX-License-Identifier: MIT

import Foundation
import PassoLesson
import PassoSession
import PassoText
import Testing

@testable import PassoShell

/// Lessons taken without a person, by the lines that a person would type.
struct SimulatedLearnerTests {
  private let folder = FileManager.default.temporaryDirectory.appending(path: "passo-\(UUID())")

  /// A prediction, an experiment that changes the mask, and a fact that holds only without it.
  private static let text = """
    ---
    id: x
    lang: en
    title: T
    minutes: 1
    ---
    ```passo-predict id=p1 type=number tolerance=0 locks=r1
    How many tokens?
    answer: count(tokens >= 0)
    ```

    ```passo-run id=r1
    :text "a b c d"
    :step
    ```

    ```passo-facts for=r1
    F1  =  count(tokens >= 0) == 4
    ```

    ```passo-quiz id=q1
    Which?
    - [ ] a  One.
      - No.
      - run: :mask none
    - [x] b  Two.
    - [ ] c  Three.
      - No.
    ```

    ```passo-run id=r2
    :until mask
    ```

    ```passo-facts for=r2
    F2  =  max(upper(mask)) == 0
    ```
    """

  /// A lesson, and a shell to take it in.
  private func lesson(_ text: String) throws -> (lesson: Lesson, probe: ShellProbe) {
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "01-x").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    try text.write(toFile: path + "/lesson.en.md", atomically: true, encoding: .utf8)
    let probe = try ShellProbe(lessons: folder.path)
    return (try probe.shell.course.lesson("1", .en), probe)
  }

  private func findings(_ text: String) throws -> [String] {
    let (lesson, probe) = try lesson(text)
    let findings = try SimulatedLearner.findings(in: lesson, with: probe.shell)
    #expect(probe.written.isEmpty && probe.reported.isEmpty, "findings are all that lint says")
    return findings.map { $0.text(.en).replacing(folder.path + "/", with: "") }
  }

  private func lines(_ probe: ShellProbe) -> [String] {
    probe.shell.console.transcript.entries.map(\.line).filter { !$0.isEmpty }
  }

  @Test func everythingIsTriedWrongAnswersFirst() throws {
    let (lesson, probe) = try lesson(Self.text)
    try SimulatedLearner(probe.shell, .wrongFirst).take(lesson)
    #expect(probe.shell.course.findings.isEmpty)
    #expect(
      lines(probe) == [
        "0", ":text \"a b c d\"", ":step", "a", ":mask none", "c", "b", ":until mask",
      ]
    )
    #expect(probe.written.contains("✗ you predicted 0, it is 4"))
    #expect(probe.shell.course.current == nil)
  }

  @Test func aPageSeesRightAnswersOnly() throws {
    let (lesson, probe) = try lesson(Self.text)
    try SimulatedLearner(probe.shell, .right).take(lesson)
    #expect(lines(probe) == ["4", ":text \"a b c d\"", ":step", "b", ":until mask"])
    #expect(probe.written.contains("✓ you predicted 4, it is 4"))
    #expect(probe.written.contains("1 of 1 at the first attempt"))
    #expect(!probe.written.contains("here the lesson expected"))
  }

  /// What is looked up for an answer has not happened.
  @Test func goingAheadLeavesNothing() throws {
    let (lesson, probe) = try lesson(Self.text)
    try probe.shell.open(lesson)
    #expect(try SimulatedLearner(probe.shell, .right).takeTurn())
    #expect(probe.shell.undoStack.depth == 1, "the answer alone")
    #expect(probe.shell.course.preparedLine == ":text \"a b c d\"")
    #expect(probe.type(":where").output.hasPrefix(try ShellProbe().type(":where").output))
    #expect(probe.shell.session.texts == (try Session()).texts)
  }

  /// The same lines, typed by a person, show the same.
  @Test(arguments: [SimulatedLearner.Answers.right, .wrongFirst])
  func aPersonWhoTypesTheSameSeesTheSame(answers: SimulatedLearner.Answers) throws {
    let (lesson, probe) = try lesson(Self.text)
    try SimulatedLearner(probe.shell, answers).take(lesson)
    let (again, person) = try self.lesson(Self.text)
    try person.shell.open(again)
    let shown = person.written + lines(probe).map { person.run($0) }.joined()
    #expect(shown == probe.written)
  }

  @Test func aFactThatDoesNotHoldIsNamedWithItsLine() throws {
    let text = Self.text.replacing(">= 0) == 4", with: ">= 0) == 5")
      .replacing("(mask)) == 0", with: "(nothing)) == 0")
    let found = try findings(text)
    #expect(found.count == 2)
    #expect(
      found.first
        == "01-x/lesson.en.md:18: F1 does not hold: count(tokens >= 0) == 5, found 4 [execution]"
    )
    #expect(found.last?.hasPrefix("01-x/lesson.en.md:36: F2: ") == true, "\(found)")
  }

  @Test(arguments: [
    (":step\n", ":shwo\n", 14, ":shwo"), ("run: :mask none", "run: :mask nine", 25, ":mask nine"),
  ])
  func aLineThatFailsEndsTheLesson(old: String, new: String, line: Int, typed: String) throws {
    let text = Self.text.replacing(old, with: new).replacing("(mask)) == 0", with: "(mask)) == 7")
    let found = try findings(text)
    #expect(found.count == 1)
    #expect(found.first?.hasPrefix("01-x/lesson.en.md:\(line): \(typed): ") == true, "\(found)")
  }

  /// It is said where it is looked for, and the lesson goes on, for a person too.
  @Test func anAnswerThatCannotBeComputedIsFound() throws {
    let text = Self.text.replacing("answer: count(tokens", with: "answer: count(nothing")
    let found = try findings(text)
    #expect(found.count == 1)
    #expect(found.first?.hasPrefix("01-x/lesson.en.md:17: ") == true, "\(found)")
    let (lesson, probe) = try lesson(text)
    #expect(throws: (any Error).self) { try SimulatedLearner(probe.shell, .right).take(lesson) }
    let (again, person) = try self.lesson(text)
    try person.shell.open(again)
    #expect(person.run("4", ":continue", ":continue").contains("nothing"))
    #expect(person.shell.course.current?.player.openQuiz?.id == "q1")
  }

  /// Two options with one letter: the second could never be chosen.
  @Test func lettersAreDifferent() throws {
    let text = Self.text.replacing("- [x] b", with: "- [x] A")
    #expect(throws: LessonProblem.self) { try LessonParser.parse(text, file: "x.md") }
  }

  /// Enter goes on with a line that says nothing.
  @Test func aLineWithoutWordsIsNoEnd() throws {
    #expect(try findings(Self.text.replacing(":step\n", with: ";\n")) == [])
  }

  /// What the lesson's lines record is what a person's would.
  @Test func whatIsRecordedHoldsTheLines() throws {
    let text = Self.text.replacing(":step\n", with: ":record s\n:step\n:record off\n")
    let (lesson, probe) = try lesson(text)
    #expect(try SimulatedLearner.findings(in: lesson, with: probe.shell).isEmpty)
    let path = try #require(probe.shell.sandbox.made) + "/s"
    #expect(try String(contentsOfFile: path, encoding: .utf8).contains("\n:step\n"))
  }
}
