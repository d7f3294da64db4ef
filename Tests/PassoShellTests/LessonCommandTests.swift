// SPDX-License-Identifier: MIT

import Foundation
import PassoFiles
import PassoLesson
import PassoModel
import PassoShell
import PassoText
import Testing

/// What a person can do in a lesson besides going on.
struct LessonCommandTests {
  /// The lesson on the mask, at its first prediction.
  private func atQuestion(_ language: Language = .en) throws -> ShellProbe {
    let probe = try ShellProbe(language, lessons: LessonFolder.path)
    for line in [":lesson 6", "b", "d", ":continue", ":continue", ":continue"] {
      #expect(probe.type(line).outcome == .done)
    }
    #expect(probe.shell.course.current?.player.openPrediction?.id == "p1")
    return probe
  }

  @Test func everyQuestionHasAHint() throws {
    for name in LessonsTests.names {
      let lesson = try LessonFolder.lesson(name, .it)
      for item in lesson.items {
        switch item.content {
        case .predict(let prediction):
          #expect(!prediction.hints.isEmpty, "\(name) \(prediction.id)")
        case .quiz(let quiz): #expect(!quiz.hints.isEmpty, "\(name) \(quiz.id)")
        default: break
        }
      }
    }
  }

  @Test func hintsComeOneByOneAndEnd() throws {
    let probe = try atQuestion()
    #expect(probe.type(":hint").output.contains("hint 1 of 2\n"))
    let second = probe.type(":hint").output
    #expect(second.contains("hint 2 of 2") && second.contains("1 + 2 + 3 + 4 + 5"))
    #expect(probe.type(":hint").output.contains("no more hints"))
    #expect(probe.type("15").outcome == .done)
    let line = probe.type(":hint").output
    #expect(line.contains("Enter runs") && line.contains("chooses the text to learn from"))
  }

  @Test func aHintWithoutTextIsFoundByTheParser() throws {
    let text = """
      ---
      id: L09
      lang: en
      title: t
      minutes: 1
      ---
      ```passo-run id=r1
      :pairs
      ```

      ```passo-predict id=p1 type=number locks=r1
      How many?
      answer: 1
      hint:
      ```
      """
    #expect(throws: LessonProblem(.emptyHint, file: "x.md", line: 14)) {
      try LessonParser.parse(text, file: "x.md")
    }
  }

  @Test func playLeavesTheLessonAsItWas() throws {
    let probe = try atQuestion()
    let hash = probe.type(":hash").output
    #expect(probe.type(":play").outcome == .done)
    #expect(probe.shell.promptParts.lesson == "06-mask·play")
    #expect(probe.shell.lineForEnter == nil)
    #expect(probe.type("15").output.contains("15 = 15"))
    for line in [":text \"a b c\"", ":train 2", ":mask none"] {
      #expect(probe.type(line).outcome == .done)
    }
    #expect(probe.type(":hash").output != hash)
    let answer = probe.type(":answer 15")
    #expect(answer.outcome == .failed && answer.errors.contains(":resume"))
    let back = probe.type(":resume")
    #expect(back.output.contains("How many ones"))
    #expect(probe.type(":hash").output == hash)
    #expect(probe.type("15").output.contains("noted"))
    #expect(probe.type(":resume").outcome == .failed)
  }

  @Test(arguments: [":play", ":resume", ":hint"])
  func withoutALessonTheCommandSaysHowToOpenOne(line: String) throws {
    let reply = try ShellProbe(.it).type(line)
    #expect(reply.outcome == .failed && reply.errors.contains(":lesson 1"))
  }

  @Test(arguments: [
    ("1 + 1 == 2", true), ("1 == 2", false), ("~9 1 / 3 == 0.3333333333", true),
    ("~9 1 == 1.00001", false), ("~5 1 == 1.00001", true), ("= 2 > 3", false),
    ("tokens[0, 0] == 0", true),
  ])
  func aClaimHoldsOrIsAnError(claim: String, holds: Bool) throws {
    let reply = try ShellProbe(.en).type(":check \(claim)")
    #expect((reply.outcome == .done) == holds)
    #expect(holds ? reply.output.contains("✓ holds") : reply.errors.contains("does not hold"))
  }

  @Test func onlyRoundingIsMetWithTheAdviceToAllowIt() throws {
    let probe = try ShellProbe(.en)
    #expect(probe.type(":check 0.1 + 0.2 == 0.30000001").errors.contains(":check ~5"))
    #expect(!probe.type(":check 1 == 2").errors.contains("~5"))
  }

  @Test func theFactsOfTheLessonAreCheckedAgain() throws {
    let probe = try atQuestion()
    #expect(probe.type(":check").output.contains("count(mask) == 10"))
    for line in [":skip", ":mask none", ":until mask"] {
      #expect(probe.type(line).outcome == .done)
    }
    let reply = probe.type(":check")
    #expect(reply.outcome == .failed)
    #expect(reply.output.contains("✗") && reply.errors.contains("2 of 2 facts do not hold"))
  }

  @Test func historyNumbersTheLinesAsTyped() throws {
    let probe = try ShellProbe(.en)
    for line in [":step 2", "nonsense(", ":back"] { probe.type(line) }
    let lines = probe.type(":history 3").output.split(separator: "\n")
    #expect(lines == ["2  nonsense(", "3  :back", "4  :history 3"])
    #expect(probe.type(":history 0").outcome == .failed)
  }
}

/// Finished lessons are kept in a file that a person can read.
struct ProgressTests {
  private func withFile(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "passo-\(UUID())").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body("\(folder)/state/passo/progress")
  }

  private func take(_ probe: ShellProbe) throws {
    try SimulatedLearner(probe.shell, .right).take(LessonFolder.lesson("01-labels", .it))
  }

  @Test func aFinishedLessonIsNotedAndShown() throws {
    try withFile { path in
      let probe = try ShellProbe(.it, lessons: LessonFolder.path)
      probe.shell.course.progress = ProgressFile(path: path)
      #expect(probe.type(":progress").output.contains("nessuna lezione finita finora"))
      try take(probe)
      #expect(!FileManager.default.fileExists(atPath: path), "nobody is at a terminal")
      probe.shell.course.notesProgress = true
      try take(probe)
      try take(probe)
      let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
      #expect(lines.count == 2 && lines[0].wholeMatch(of: /\d{4}-\d\d-\d\d 01-labels 3\/3/) != nil)
      probe.type(":lesson 2")
      let shown = probe.type(":progress").output
      #expect(shown.contains("01-labels") && shown.contains("3/3"))
      #expect(shown.contains("aperta: 02-tokens"))
      #expect(shown.contains("la prossima: :lesson 02-tokens"))
    }
  }

  @Test func linesOfOthersAreLeftAlone() throws {
    try withFile { path in
      try AtomicFile.makeFolder(String(path.dropLast("/progress".count)))
      try TextFile.write("note to self\n2026-01-02 01-data 1/2\n2026-01-03 x 9/2\n", to: path)
      let entries = try ProgressFile(path: path).entries()
      #expect(entries.map(\.lesson) == ["01-data"] && entries[0].date == "2026-01-02")
    }
  }

  @Test func aFileThatCannotBeWrittenIsSaidAndTheLessonEnds() throws {
    let probe = try ShellProbe(.en, lessons: LessonFolder.path)
    probe.shell.course.progress = ProgressFile(path: "/dev/null/progress")
    probe.shell.course.notesProgress = true
    try take(probe)
    #expect(probe.shell.course.current == nil)
  }
}
