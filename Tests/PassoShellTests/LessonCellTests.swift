// SPDX-License-Identifier: MIT

import Foundation
import PassoLesson
import PassoText
import Testing

@testable import PassoShell

/// A lesson in the cells of a notebook, in the order of the page and out of it.
struct LessonCellTests {
  private func cell(_ block: String, _ lesson: String = "01-data") -> LessonCell {
    LessonCell(lesson: lesson, block: block, language: .en)
  }

  private static let end = "end of the lesson"

  private func opened() throws -> ShellProbe {
    try ShellProbe(.en, lessons: RecordedCourse.path)
  }

  /// What a cell shows: its first line, then its others.
  @discardableResult
  private func run(_ probe: ShellProbe, _ cell: LessonCell, _ lines: String...) -> String {
    probe.type("# nothing: only to begin anew")
    _ = probe.shell.enter(cell)
    var shown = probe.written
    for line in lines {
      let before = probe.written.count
      let (_, isOver) = probe.shell.execute(line, in: cell)
      shown += probe.written.dropFirst(before)
      if isOver { break }
    }
    return shown + probe.reported
  }

  @Test(arguments: [
    ("#| block q1 of lesson 03-shift", LessonCell(lesson: "03-shift", block: "q1", language: .en)),
    (
      "  #| blocco e0/2 della lezione ./le mie/lezione ",
      LessonCell(lesson: "./le mie/lezione", block: "e0", level: .oneBlank, language: .it)
    ),
  ])
  func theFirstLineSaysWhichBlock(line: String, cell: LessonCell) {
    #expect(LessonCell(firstLine: line) == cell)
    #expect(LessonCell(firstLine: cell.firstLine) == cell)
  }

  @Test(arguments: [
    "# block q1 of lesson 3", "#| block q1", "#| block e0/4 of lesson 3",
    "#| block e0/x of lesson 3", "#| block e0/1/2 of lesson 3", ":step", "",
  ])
  func otherLinesAreNoCell(line: String) {
    #expect(LessonCell(firstLine: line) == nil)
  }

  @Test func cellsInOrderShowWhatTheirLinesShow() throws {
    let probe = try opened()
    #expect(run(probe, cell("r1"), ":text \"Il gatto dorme sul divano\"").contains("5"))
    #expect(run(probe, cell("p1")).isEmpty)
    #expect(run(probe, cell("p1"), "4").contains("noted"))
    let shown = run(probe, cell("r2"), ":pairs")
    #expect(shown.contains("you predicted 4, it is 5"))
    #expect(!shown.contains("Who?") && !shown.contains("Enter"))
    #expect(run(probe, cell("q1"), "a").contains("not this one"))
    #expect(run(probe, cell("q1"), "b").contains("✓ right"))
  }

  @Test func anyCellCanBeTheFirst() throws {
    let probe = try opened()
    let shown = run(probe, cell("r3"), ":until loss", ":show loss")
    #expect(shown.contains("loss") && !shown.contains("you go on"))
    let walked = try ShellProbe(.en, lessons: RecordedCourse.path)
    walked.type(":lesson 1")
    walked.type(":lesson goto r3")
    walked.type(":until loss")
    walked.type(":show loss")
    #expect(try probe.shell.session.stateHash == walked.shell.session.stateHash)
  }

  @Test func cellsCanBeRunAgainAndBackwards() throws {
    let probe = try opened()
    run(probe, cell("r1"), ":text \"Il gatto dorme sul divano\"", ":tokens")
    let first = run(probe, cell("r2"), ":pairs")
    let state = try probe.shell.session.stateHash
    run(probe, cell("r3"), ":until loss", ":show loss")
    #expect(run(probe, cell("r2"), ":pairs") == first)
    #expect(try probe.shell.session.stateHash == state)
    #expect(run(probe, cell("q1"), "b").contains("✓ right"))
    #expect(run(probe, cell("q1"), "a").contains("not this one"))
  }

  @Test func questionsThatStayOpenKeepNoCellFromRunning() throws {
    let probe = try opened()
    run(probe, cell("r1"), ":text \"Il gatto dorme sul divano\"", ":tokens")
    run(probe, cell("p1"))
    let shown = run(probe, cell("r2"), ":pairs")
    #expect(shown.contains("given") && probe.reported.isEmpty)
    #expect(run(probe, cell("r4"), ":run", ":train 2", ":back 3", ":mask none").contains(Self.end))
    #expect(run(probe, cell("r1"), ":tokens").contains("Il"))
  }

  @Test func whatIsTriedBesideChangesNothing() throws {
    let probe = try opened()
    run(probe, cell("r1"), ":text \"Il gatto dorme sul divano\"", ":tokens")
    #expect(probe.type(":text \"La volpe\"").output.contains("its next cell goes on from there"))
    #expect(run(probe, cell("p1"), "5").contains("noted"))
    #expect(run(probe, cell("r2"), ":pairs").contains("✓ you predicted 5, it is 5"))
  }

  @Test func whatIsMistypedIsSaid() throws {
    let probe = try opened()
    #expect(run(probe, cell("r9")).contains("no block of this lesson is called 'r9'"))
    #expect(run(probe, cell("r1", "no-such")).contains("error: "))
    #expect(run(probe, cell("r1"), ":show atn").contains("^^^"))
  }

  @Test func nothingIsNotedOfWhoTakesIt() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "passo-\(UUID())").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let taker = try LessonTaker(folder)
    run(taker.probe, cell("q1"), "a", "b")
    let last = run(taker.probe, cell("r4"), ":run", ":train 2", ":back 3", ":mask none")
    #expect(last.contains(Self.end))
    #expect(!FileManager.default.fileExists(atPath: folder))
    taker.probe.type(":lesson 1")
    #expect(FileManager.default.fileExists(atPath: folder))
  }
}

/// Exercises in cells.
struct ExerciseCellTests {
  private func opened(_ blocks: String) throws -> (probe: ShellProbe, folder: String) {
    let folder = FileManager.default.temporaryDirectory.appending(path: "passo-\(UUID())/01-own")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let text = "---\nid: L01\nlang: en\ntitle: T\nminutes: 1\n---\n" + blocks
    try Data(text.utf8).write(to: folder.appending(path: "lesson.en.md"))
    return (try ShellProbe(.en), folder.path)
  }

  private func run(_ probe: ShellProbe, _ cell: LessonCell, _ lines: [String]) -> String {
    _ = probe.type("# nothing: only to begin anew")
    _ = probe.shell.enter(cell)
    var isOver = false
    for line in lines where !isOver { isOver = probe.shell.execute(line, in: cell).isOver }
    return probe.written + probe.reported
  }

  private static let faded = """
    ```passo-exercise id=e0 fade
    Fill in.
    with 2: let s = [0, 3, 0]
    line: let t = ⟦[1, 2, 3]⟧
    line: exp(t) / ⟦sum(exp(t))⟧
    hint: The parts of a whole.
    ```

    ```passo-run id=r1
    1 + 2
    ```
    """

  @Test(arguments: [[FadeLevel.worked, .oneBlank, .allBlank], [.allBlank, .oneBlank]])
  func levelsAreCellsOfTheirOwn(levels: [FadeLevel]) throws {
    let (probe, folder) = try opened(Self.faded)
    for level in levels {
      let cell = LessonCell(lesson: folder, block: "e0", level: level, language: .en)
      let lines = ["let t = ⟦[1, 2, 3]⟧", "exp(t) / sum(exp(t))"]
      if level != .worked {
        let open = run(probe, cell, ["let t = ⟦ ⟧", lines[1]])
        #expect(open.contains("type what belongs in the blank"))
        let wrong = run(probe, cell, [":hint", "let t = [1, 2]", lines[1]])
        #expect(wrong.contains("The parts") && wrong.contains("✗ it does not do"), "\(wrong)")
        #expect(!wrong.contains("0.665"))
      }
      let shown = run(probe, cell, lines)
      #expect(!shown.contains("✗") && shown.contains("0.665"), "\(level): \(shown)")
      #expect(shown.contains("exercise done") == (level == .allBlank), "\(level)")
    }
  }

  private static let task = """
    ```passo-exercise id=e1
    Make it two.
    start: let x = 1
    check: x == 2
    hint: One more.
    solution: let x = 2
    ```

    ```passo-run id=r1
    1 + 2
    ```
    """

  @Test func aTaskIsCheckedAndCanBeTriedAgain() throws {
    let (probe, folder) = try opened(Self.task)
    let cell = LessonCell(lesson: folder, block: "e1", language: .en)
    #expect(run(probe, cell, [":check"]).contains("✗ not yet"))
    #expect(run(probe, cell, ["let x = 3", ":check"]).contains("✗ not yet"))
    #expect(run(probe, cell, ["let x = 2", ":check"]).contains("✓ exercise done"))
    #expect(run(probe, cell, [":solution", ":check"]).contains("> let x = 2"))
    #expect(probe.reported.isEmpty)
  }
}
