// SPDX-License-Identifier: MIT

import PassoLesson
import PassoShell
import PassoText
import Testing

/// What a lesson makes of the lines that a person types: own lines, locks, replies, confidence.
struct LessonRuleTests {
  private static let prediction = """
    ```passo-predict id=p1 type=number tolerance=0 locks=r1
    How many?
    answer: count(targets >= 0)
    wrong: 2 * count(targets >= 0)
      Twice too many.
    wrong: missing
      Never.
    hides: blocks.0.attn.pattern, tokens
    ```

    ```passo-run id=r1
    :text "a b c"
    :pairs
    ```

    ```passo-facts for=r1
    F1  =  count(targets >= 0) == 3
    ```
    """

  @Test(arguments: [
    ":pairs", ":text \"a b c\"", "targets", "count(targets >= 0)", "let x = targets[0]",
    ":show targets", ":stats targets[0]", ":tokens", "tokens", ":show pattern",
    ":check targets > 0",
  ])
  func whatWouldTellTheAnswerIsLocked(line: String) throws {
    let probe = try OwnLesson(Self.prediction).opened()
    let reply = probe.type(line)
    #expect(reply.outcome == .failed && reply.errors.contains("answer first, or :skip"), "\(line)")
    #expect(probe.type("5").outcome == .done)
    #expect(!probe.type(line).errors.contains("answer first"), "an answer opens it")
  }

  @Test func everythingElseStaysOpen() throws {
    let probe = try OwnLesson(Self.prediction).opened()
    for line in ["W_E[0]", ":show W_E", ":where", ":text \"x y\"", ":show loss_per_token"] {
      #expect(!probe.type(line).errors.contains("answer first"), "\(line)")
    }
    probe.type(":play")
    #expect(probe.type("targets").errors.contains(":resume"), "a pause is no way round")
    probe.type(":resume")
    #expect(probe.type(":skip").output.contains("question passed over"))
    #expect(probe.type("targets").outcome == .done)
  }

  /// A card shows no number that would answer the question, whatever led to it.
  @Test func cardsHideWhatWouldTellTheAnswer() throws {
    let question = Self.prediction.replacing("count(targets >= 0)", with: "loss")
      .replacing("pattern, tokens", with: "pattern, grad.W_U").replacing(
        "loss == 3",
        with: "1 == 1"
      )
    let probe = try OwnLesson(question).opened()
    let loss = "1.79"
    for line in [
      ":step 23", ":step 20", ":run", ":back 50", ":watch W_E[0, 0]", ":set tokens[0, 1] = 1",
    ] {
      let reply = probe.type(line)
      #expect(reply.outcome == .done && !reply.output.contains(loss), "\(line): \(reply.output)")
    }
    let free = try ShellProbe(.en)
    #expect(free.run(":until loss").contains(loss), "the number is there to be shown")
    probe.type(":continue")
    #expect(probe.run(":goto loss").contains("locked") || !probe.written.contains(loss))
    for line in [
      ":train 2", ":eval 8", ":curve", ":show loss", ":predict all", ":patch W_E from a",
    ] {
      #expect(probe.type(line).errors.contains("answer first"), "\(line)")
    }
    #expect(
      try OwnLesson(question).opened().type(":show attention").errors.contains("answer first")
    )
  }

  @Test func anExerciseDoesNotShowWhatItsBeginningOverwrites() throws {
    let exercise = """
      ```passo-exercise id=e1 minutes=1
      Which targets?
      start: :text "Il gatto dorme"
      start: :set targets[0] = -100
      check: targets[0, 0] == tokens[0, 1]
      solution: :set targets[0, 0] = tokens[0, 1]
      ```
      """
    let probe = try OwnLesson(exercise).opened()
    let shown = probe.written
    #expect(shown.contains(":set targets[0] = -100") && !shown.contains("before"), "\(shown)")
    #expect(probe.run("targets").contains("-100"), "what is there now may be seen")
    #expect(probe.run(":set targets[0, 1] = 2").contains("-100"), "own changes are shown whole")
  }

  @Test func aUsualMistakeHasAReplyOfItsOwn() throws {
    let probe = try OwnLesson(Self.prediction).opened()
    #expect(probe.run("6", ":continue", ":continue").contains("Twice too many."))
    for other in ["3", "7"] {
      let probe = try OwnLesson(Self.prediction).opened()
      #expect(!probe.run(other, ":continue", ":continue").contains("Twice too many."))
    }
    let sign = Self.prediction.replacing("type=number tolerance=0", with: "type=sign")
      .replacing("wrong: 2 * count(targets >= 0)", with: "wrong: -")
      .replacing("wrong: missing", with: "wrong: 0")
    let other = try OwnLesson(sign).opened()
    #expect(other.run("-", ":continue", ":continue").contains("Twice too many."))
  }

  @Test func repliesThatCannotBeOrAreRightAreFound() throws {
    let found = try OwnLesson(Self.prediction).findings()
    #expect(found.count == 1 && found[0].hasPrefix("12: wrong: missing: "), "\(found)")
    let right = Self.prediction.replacing("wrong: missing", with: "wrong: 3")
    #expect(try OwnLesson(right).findings() == ["12: 'wrong: 3' is the right answer"])
  }

  // MARK: Own lines

  private static let own = """
    ```passo-run id=r1 yours
    :text "a b c"
    let s = 3
    ```

    ```passo-facts for=r1
    F1  =  count(targets >= 0) == count(tokens >= 0)
    ```

    ```passo-run id=r2
    :pairs
    :text "e f"
    :where
    ```

    ```passo-facts for=r2
    F2  =  count(targets >= 0) == 2
    ```
    """

  @Test func theLearnersOwnLineIsThePreparedOne() throws {
    let probe = try OwnLesson(Self.own).opened()
    #expect(probe.type(":text").outcome == .done)
    #expect(probe.shell.course.preparedLine == ":text \"a b c\"", "looking is no text")
    #expect(probe.type(":text \"x").outcome == .failed)
    #expect(probe.shell.course.preparedLine == ":text \"a b c\"", "a mistake is none either")
    #expect(probe.type(":text \"my own words and more\"").outcome == .done)
    #expect(probe.shell.course.preparedLine == "let s = 3")
    #expect(probe.type("let t = 4").outcome == .done)
    #expect(probe.shell.course.preparedLine == "let s = 3")
    let shown = probe.run("let s = 4")
    #expect(!shown.contains("expected"), "\(shown)")
    #expect(probe.shell.course.preparedLine == ":pairs")
    #expect(probe.enter().contains("more"), "the lesson goes on with the learner's text")
    // In a block of the lesson's own nothing takes its place.
    probe.type(":text \"q r s\"")
    #expect(probe.shell.course.preparedLine == ":text \"e f\"")
  }

  @Test func anOwnTextThatIsTooShortForWhatFollowsIsRefused() throws {
    let text = Self.own.replacing("yours", with: "yours least=3")
    let probe = try OwnLesson(text).opened()
    let reply = probe.type(":text \"due parole\"")
    #expect(reply.outcome == .failed && reply.errors.contains("needs at least 3"))
    #expect(probe.shell.course.preparedLine == ":text \"a b c\"")
    #expect(probe.type(":text \"anche tre parole\"").outcome == .done)
    #expect(probe.shell.course.preparedLine == "let s = 3")
    let elsewhere = text.replacing("r2\n", with: "r2 least=3\n")
    #expect(throws: LessonProblem.self) { try OwnLesson(elsewhere).opened() }
  }

  @Test func factsBehindAnOwnLineMustHoldForOtherTextsToo() throws {
    #expect(try OwnLesson(Self.own).findings(triesOwnTexts: true) == [])
    let literal = Self.own.replacing(">= 0) == count(tokens >= 0)", with: ">= 0) == 3")
    let found = try OwnLesson(literal).findings(triesOwnTexts: true)
    #expect(found.count == 1, "a text of three words makes three questions too: \(found)")
    #expect(found.first?.hasPrefix("13: with :text \"Ieri sera") == true, "\(found)")
    #expect(try OwnLesson(literal).findings() == [])
  }

  // MARK: Confidence

  private static let quiz = """
    ```passo-quiz id=q1
    Which?
    - [ ] a  One.
      - No.
    - [x] b  Two.
      - Yes.
    ```

    ```passo-quiz id=q2
    And now?
    - [x] a  Three.
    - [ ] b  Four.
      - No.
    ```
    """

  @Test func howSureOneIsComesBeforeTheVerdict() throws {
    let probe = try OwnLesson(Self.quiz).opened(asksConfidence: true)
    let asked = probe.run("a")
    #expect(asked.contains("how sure are you?") && !asked.contains("✗"))
    #expect(probe.shell.lineForEnter == "2")
    #expect(probe.run("3").contains("✗ not this one, and you were sure"))
    #expect(probe.run("b").contains("✓ right"), "only the first answer is asked about")
    probe.type("a sure")
    #expect(probe.written.contains("sure and right: 1 of 2"))
  }

  @Test func anotherLineIsCarriedOutAfterTheVerdict() throws {
    let probe = try OwnLesson(Self.quiz).opened(asksConfidence: true)
    probe.type("b")
    let shown = probe.run(":where")
    let verdict = try #require(shown.firstRange(of: "✓ right"))
    let next = try #require(shown.firstRange(of: "And now?"))
    #expect(verdict.lowerBound < next.lowerBound && shown.contains("update 0"), "\(shown)")
    #expect(probe.shell.course.current?.player.score.answers.map(\.confidence) == [nil])
  }

  /// A number where a letter is asked for is no sum to be computed.
  @Test func aNumberThatIsNoAnswerIsSaid() throws {
    let probe = try OwnLesson(Self.quiz).opened(asksConfidence: true)
    for line in ["3", "0.5", "0,5", "4/7"] {
      let reply = probe.type(line)
      #expect(reply.outcome == .failed && reply.errors.contains("needs one letter"), "\(line)")
    }
    #expect(probe.type("1 + 2").outcome == .done)
    probe.type("b")
    #expect(probe.type("9").errors.contains("needs 1, 2 or 3"))
    #expect(probe.shell.lineForEnter == "2")
    #expect(probe.run("3").contains("✓ right"))
  }

  @Test func anAnswerIsTakenBackBeforeAndAfterHowSureOneIs() throws {
    let probe = try OwnLesson(Self.quiz).opened(asksConfidence: true)
    probe.type("b")
    #expect(probe.run(":undo").contains("taken back: b"), "it was not said yet")
    #expect(probe.shell.course.current?.player.openQuiz != nil)
    probe.run("b", "3")
    #expect(probe.run(":undo").contains("how sure are you?"))
    #expect(probe.run(":undo").contains("taken back: b"))
    #expect(probe.shell.course.current?.player.score.answers.isEmpty == true)
  }

  @Test func outsideATerminalNobodyIsAsked() throws {
    let probe = try OwnLesson(Self.quiz).opened()
    #expect(probe.run("b").contains("✓ right"))
    #expect(probe.run("a 3").contains("✓ right"), "who says it may")
  }
}
