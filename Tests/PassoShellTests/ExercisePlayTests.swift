// SPDX-License-Identifier: MIT

import PassoLesson
import PassoSession
import PassoShell
import PassoText
import Testing

/// Exercises as a person does them.
struct ExercisePlayTests {
  private static let task = """
    ```passo-run id=r1
    :text "a b c d"
    ```

    ```passo-exercise id=e1 minutes=4 updates=3
    Make row 1 of `W_pos` row 2.
    start: :text "a b c"
    start: let half = 1 / 2
    check: W_pos[1] == W_pos[2]
    check: len(tokens[0]) == 3
    forbid: :mask, :set W_E
    mistake: W_pos[0] == W_pos[1]
      That is row 0.
    mistake: missing == 1
      Never.
    hint: Look at `:set`.
    hint: A row is a slice.
    solution: :set W_pos[1] = W_pos[2]
    ```

    ```passo-run id=r2
    :tokens
    ```
    """

  /// The task, with the lesson's session before it.
  private func atTask(
    _ language: Language = .en
  ) throws -> (probe: ShellProbe, before: String) {
    let probe = try OwnLesson(Self.task, language).opened()
    let same = try OwnLesson("```passo-run id=r1\n:text \"a b c d\"\n:tokens\n```").opened()
    same.enter()
    #expect(probe.enter().contains(language == .it ? "✎ esercizio" : "✎ exercise"))
    return try (probe, same.shell.session.stateDigits)
  }

  @Test func theStageIsSetOnACopyAndTheTaskIsShown() throws {
    let probe = try OwnLesson(Self.task).opened()
    let shown = probe.enter()
    #expect(shown.contains("> :text \"a b c\"") && shown.contains("> let half = 1 / 2"))
    #expect(shown.contains("about 4 minutes") && shown.contains("3 updates at most"))
    #expect(shown.contains("Make row 1") && shown.contains("worth 3 points; each hint costs 1"))
    #expect(probe.shell.lineForEnter == ":check" && probe.shell.hint(for: "") == ":check")
    #expect(probe.shell.undoStack.depth == 1, "the lines of the stage are no changes of a person")
  }

  @Test func itIsDoneWhenTheStateIsRightHoweverItGotThere() throws {
    let (probe, before) = try atTask()
    #expect(probe.enter().contains("this must hold  W_pos[1] == W_pos[2]"))
    probe.type(":set W_pos[1] = W_pos[0]")
    let wrong = probe.enter()
    #expect(wrong.contains("✗ not yet") && wrong.contains("That is row 0."))
    #expect(!wrong.contains("this must hold"))
    // Another way than that of the solution.
    probe.type("let middle = W_pos[1]")
    probe.type(":set W_pos[2] = middle")
    let done = probe.enter()
    #expect(done.contains("✓ exercise done: 3 of 3 points · 4 minutes were planned"), "\(done)")
    #expect(try probe.shell.session.stateDigits == before, "the lesson is as it was")
    #expect(probe.shell.course.preparedLine == ":tokens")
    #expect(probe.enter().contains("exercises: 3 of 3 points"))
  }

  @Test func whatIsForbiddenIsRefusedAndNothingIsLost() throws {
    let (probe, _) = try atTask()
    let state = try probe.shell.session.stateDigits
    for line in [":mask none", ":set W_E[0, 0] = 1", ":se W_E = 1"] {
      let reply = probe.type(line)
      #expect(reply.outcome == .failed && reply.errors.contains("does not allow"), "\(line)")
    }
    #expect(try probe.shell.session.stateDigits == state)
    #expect(probe.type(":set W_pos[3, 0] = 1").outcome == .done, "another value may be set")
    #expect(probe.type(":show mask").outcome == .done, "looking is allowed")
  }

  @Test func updatesAreCounted() throws {
    let (probe, _) = try atTask()
    let state = try probe.shell.session.stateDigits
    let many = probe.type(":train 500").errors
    #expect(many.contains("too many updates: 500, and this exercise has 3 left"))
    #expect(try many.contains(":train 3") && probe.shell.session.stateDigits == state)
    #expect(probe.type(":train 2").outcome == .done)
    #expect(probe.type(":step 400").errors.contains("has 1 left"), "steps make updates too")
    #expect(probe.type(":train").outcome == .done)
    #expect(probe.type(":train").errors.contains("has 0 left"))
  }

  @Test func hintsCostAPointEachAndTheSolutionAll() throws {
    let (probe, before) = try atTask()
    #expect(probe.type(":hint").output.contains("hint 1 of 2 (costs 1 point of 3)"))
    probe.type(":set W_pos[1] = W_pos[2]")
    #expect(probe.enter().contains("2 of 3 points"))
    let (other, _) = try atTask()
    other.type(":text \"x y z w\"")
    let shown = other.type(":solution").output
    #expect(shown.contains("> :set W_pos[1] = W_pos[2]") && shown.contains("0 of 3 points"))
    #expect(try other.shell.session.stateDigits == before)
    #expect(other.type(":solution").errors.contains("no exercise is open"))
  }

  @Test func itCanBeLeft() throws {
    let (probe, before) = try atTask(.it)
    #expect(probe.type(":skip").output.contains("esercizio lasciato: 0 su 3 punti"))
    #expect(try probe.shell.session.stateDigits == before)
    #expect(probe.shell.course.preparedLine == ":tokens")
    #expect(probe.type(":skip").output.contains("saltata: :tokens"))
  }

  @Test func undoGoesBackBeforeTheExercise() throws {
    let (probe, _) = try atTask()
    probe.type(":hint")
    probe.type(":undo")
    #expect(probe.shell.course.preparedLine == ":text \"a b c d\"", "back before the exercise")
    probe.enter()
    #expect(probe.shell.course.current?.player.openExercise?.id == "e1")
  }

  // MARK: Blanks

  private static let fade = """
    ```passo-exercise id=e0 fade
    line: let w = ⟦[1, 2]⟧ / ⟦v⟧
    line: ⟦sum(w)⟧
    line: :set W_pos[0] = ⟦2⟧
    with 1: let v = 4
    with 2: let v = 5
    ```

    ```passo-run id=r2
    :tokens
    ```
    """

  /// The lines with one blank each.
  private func atBlanks() throws -> ShellProbe {
    let text = "```passo-run id=r1\nlet v = 3\n```\n\n" + Self.fade
    let probe = try OwnLesson(text).opened()
    #expect(probe.enter().contains("First look"))
    #expect(probe.shell.lineForEnter == "let w = [1, 2] / v")
    probe.enter()
    probe.enter()
    #expect(probe.shell.lineForEnter == ":set W_pos[0] = 2")
    let shown = probe.enter()
    #expect(shown.contains("> let v = 4") && shown.contains("let w = ⟦ ⟧ / v"), "\(shown)")
    return probe
  }

  @Test func aBlankIsFilledByWhatHasTheSameEffect() throws {
    let probe = try atBlanks()
    let wrong = probe.run("[1, 3]")
    #expect(wrong.contains("✗ it does not do") && wrong.contains("let w = ⟦ ⟧ / v"))
    #expect(probe.run("let w = [2, 1] / v").contains("✗"))
    #expect(probe.shell.session.bindings["w"] == nil, "a wrong line leaves nothing")
    #expect(probe.run("[1, 1 + 1]").contains("⟦ ⟧"))
    #expect(probe.shell.session.bindings["w"] != nil)
    #expect(probe.run("W_E[0, 0]").contains("✗"))
    probe.type("3 / 4")
    #expect(probe.type(":set W_pos[0] = 7").output.contains("✗"))
    let next = probe.run(":set W_pos[0] = 1 + 1")
    #expect(next.contains("Now all the blanks") && next.contains("let w = ⟦ ⟧ / ⟦ ⟧"), "\(next)")
    #expect(probe.shell.session.bindings["w"] == nil, "each level begins anew")
  }

  @Test func theLastLevelWantsTheWholeLineAndTheLessonComesBack() throws {
    let probe = try atBlanks()
    for line in ["[1, 2]", "sum(w)", "2"] { probe.type(line) }
    #expect(probe.run("[1, 2]").contains("✗"), "which blank is meant?")
    probe.type("let w = [0.2, 2 * 0.2]")
    probe.type("w[0] + w[1]")
    #expect(probe.run("2").contains("1 of 1 point"))
    #expect(probe.shell.session.bindings.keys.sorted() == ["v"])
    #expect(probe.shell.course.preparedLine == ":tokens")
  }

  @Test func theSolutionCompletesALineAndGivesNothing() throws {
    let probe = try atBlanks()
    #expect(probe.run(":solution").contains("> let w = [1, 2] / v"))
    for _ in 0..<4 { probe.run(":solution") }
    #expect(probe.run(":solution").contains("0 of 1 point"))
  }

  @Test func enterAtABlankSaysWhatToDo() throws {
    let probe = try atBlanks()
    let shown = probe.enter()
    #expect(shown.contains("let w = ⟦ ⟧ / v") && shown.contains("type what belongs in the blank"))
    #expect(shown.contains(":solution completes it"))
  }

  @Test(arguments: [
    (["line: ⟦2⟧ + 1"], "Once more, on your own: what belongs in the blank is enough."),
    (["line: ⟦2⟧ + ⟦1⟧"], "Now all the blanks: type the whole line."),
    (
      ["line: ⟦2⟧ + ⟦1⟧", "line: ⟦3⟧"],
      "type the whole line; where there is one blank only, what belongs there is enough."
    ),
  ])
  func whatIsSaidOfAllBlanksIsTrue(lines: [String], instruction: String) throws {
    let text = "```passo-exercise id=e0 fade\n\(lines.joined(separator: "\n"))\n```"
    let probe = try OwnLesson(text).opened()
    // The lines as they are, then with one blank each.
    for _ in lines { probe.enter() }
    for _ in lines { probe.type(":solution") }
    #expect(probe.written.contains(instruction), "\(probe.written)")
  }

  @Test func whoLeavesTheMiddleOfAFadeFindsItsHeadAgain() throws {
    let probe = try OwnLesson(Self.fade).opened()
    let shown = probe.type(":lesson goto e0").output
    #expect(shown.contains("✎ exercise") && shown.contains("First look"), "\(shown)")
  }

  @Test func thePromptSaysThatItIsAnExercise() throws {
    let (probe, _) = try atTask(.it)
    #expect(probe.shell.promptParts.lesson?.hasSuffix("·esercizio") == true)
    probe.type(":skip")
    #expect(probe.shell.promptParts.lesson?.contains("·") == false)
  }

  @Test func whoHasEnoughOfWhatComesBeforeSeesTheTaskAgain() throws {
    let (probe, _) = try atTask()
    probe.shell.console.resumePaging = { true }
    #expect(probe.type(":where").output.contains("Make row 1"))
    let blanks = try atBlanks()
    blanks.shell.console.resumePaging = { true }
    #expect(blanks.type(":where").output.contains("let w = ⟦ ⟧ / v"))
  }

  @Test func aLineWithoutBlanksIsGivenAtEveryLevel() throws {
    let probe = try OwnLesson(
      "```passo-exercise id=e0 fade\nline: let w = ⟦3⟧\nline: w + 1\n```"
    ).opened()
    probe.run("let w = 3", "w + 1")
    for _ in 0..<2 {
      #expect(probe.run("2 + 1").contains("w + 1"))
      #expect(probe.shell.lineForEnter == "w + 1")
      probe.enter()
    }
    #expect(probe.written.contains("1 of 1 point"))
  }

  // MARK: Lint

  @Test func exercisesThatHoldWhatTheySayPass() throws {
    #expect(try OwnLesson(Self.task.replacing("missing == 1", with: "half == 1")).findings() == [])
    #expect(try OwnLesson("```passo-run id=r1\nlet v = 3\n```\n\n" + Self.fade).findings() == [])
  }

  @Test(arguments: [
    ("check: W_pos[1] == W_pos[2]\n", "", "e1 passes before anything was done"),
    ("solution: :set W_pos[1] = W_pos[2]", "solution: :show W_pos", "does not pass its checks"),
    ("solution: :set", "solution: :mask none\nsolution: :set", "does not allow"),
    ("start: :text", "start: :txet", ":txet"),
    ("half", "half", "'mistake: missing == 1' can never be computed"),
  ])
  func exercisesThatDoNotAreFound(old: String, new: String, message: String) throws {
    #expect(Self.task.contains(old))
    let found = try OwnLesson(Self.task.replacing(old, with: new)).findings()
    #expect(found.contains { $0.contains(message) }, "\(found)")
  }
}
