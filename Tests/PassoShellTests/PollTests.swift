// SPDX-License-Identifier: MIT

import PassoLesson
import PassoTestSupport
import PassoText
import Testing

@testable import PassoShell

/// `:poll`, as a teacher types it before a class.
struct PollTests {
  private static let quiz = """
    ```passo-quiz id=q1
    Which?
    - [ ] a  A
      - It is not A.
    - [x] b  B
      - It is B.
    - [ ] c  C
      - It is not C.
    ```
    """
  private static let number = """
    ```passo-predict id=p1 type=number tolerance=0 locks=r1
    How many?
    answer: count(targets >= 0)
    wrong: 2 * count(targets >= 0)
      Twice too many.
    ```

    ```passo-run id=r1
    :text "a b c"
    ```

    ```passo-facts for=r1
    F1  =  count(targets >= 0) == 3
    ```
    """

  @Test func aClassVotesDiscussesAndVotesAgain() throws {
    let probe = try OwnLesson(Self.quiz).opened()
    #expect(probe.run(":poll").contains(":poll a 12 b 5 c 3, or in order :poll 12 5 3"))
    let first = probe.run(":poll a 10 b 8 c 2")
    #expect(first.contains("the class has voted: 20 hands") && first.contains("b: 8"))
    #expect(first.contains("let pairs discuss"))
    let second = probe.run(":poll 4 15 1")
    #expect(second.contains("both votes: 20 hands, 20 hands\n"))
    #expect(second.contains("b: before 8, after 15") && second.contains("you can go on"))
    #expect(probe.shell.course.isAsking, "the answer is given afterwards")
    let answer = probe.run("b")
    #expect(answer.contains("It is B."))
    #expect(answer.contains("the class was right: 8 of 20, then 15 of 20"))
  }

  @Test(arguments: [("9 1 0", "explain it again"), ("1 9 0", "you can go on")])
  func adviceDoesNotGiveTheAnswerAway(hands: String, advice: String) throws {
    let reply = try OwnLesson(Self.quiz).opened().run(":poll \(hands)")
    #expect(reply.contains(advice))
    #expect(!reply.contains("It is B.") && !reply.contains("right"))
  }

  @Test func theRunIsLookedAtAheadOutOfSight() throws {
    let probe = try OwnLesson(Self.number).opened()
    let before = try (probe.shell.session.stateHash, probe.shell.undoStack.depth)
    let reply = probe.run(":poll 3 9 6 1")
    #expect(reply.contains("3: 9") && reply.contains("you can go on"))
    #expect(!reply.contains("a b c"))
    #expect(try probe.shell.session.stateHash == before.0 && probe.shell.course.isAsking)
    #expect(probe.shell.undoStack.depth == before.1 + 1 && probe.shell.course.findings.isEmpty)
    #expect(probe.run(":poll 6 9 3 1").contains("explain it again before the answer"))
    let revealed = probe.run("3", ":continue")
    #expect(revealed.contains("the class was right: 9 of 10, then 1 of 10"))
  }

  @Test func aWrongVoteChangesNothingAndAMistypedOneIsTakenBack() throws {
    let probe = try OwnLesson(Self.quiz, .it).opened()
    probe.run(":poll 10 8 2")
    let votes = probe.shell.course.current?.votes
    for line in [":poll 1 2", ":poll a -3", ":poll d 3", ":poll 0 0 0", ":poll b"] {
      let reply = probe.type(line)
      #expect(reply.outcome == .failed && reply.errors.split(separator: "\n").count == 2, "\(line)")
      #expect(probe.shell.course.current?.votes == votes)
    }
    probe.run(":poll 1 1 1", ":undo")
    #expect(probe.shell.course.current?.votes == votes)
    #expect(probe.run(":poll 1 1 1").contains("i due voti"))
  }

  @Test func whereNothingIsAskedNobodyVotes() throws {
    let outside = try ShellProbe(.it).type(":poll 3 4")
    #expect(outside.outcome == .failed && outside.errors.contains("nessuna lezione è aperta"))
    let probe = try OwnLesson(Self.number, .it).opened()
    probe.run("3")
    #expect(probe.type(":poll 3 4").errors.contains("non c'è niente su cui votare"))
    let other = try OwnLesson(Self.quiz).opened()
    other.run(":play")
    #expect(other.type(":poll 1 1 1").errors.contains(":resume"))
  }

  @Test func aVoteDoesNotEndWhatIsTriedBesides() throws {
    let probe = try OwnLesson(Self.quiz).opened()
    probe.run(":step", ":poll 1 9 0")
    #expect(probe.shell.course.excursion == .trial)
    #expect(probe.run("b").contains("9 of 10"))
  }

  @Test func votesAreLinesOfTheRecord() throws {
    let scratch = try Scratch()
    func vote() throws -> [String: [Vote]]? {
      let first = try LessonTaker(scratch.path("state"))
      first.open(":lesson 1")
      while first.shell.course.current?.player.openQuiz == nil { try first.go(1) }
      let count = try #require(first.shell.course.current?.player.openQuiz).options.count
      let line = ":poll " + (1...count).map(String.init).joined(separator: " ")
      first.open(line)
      #expect(try text(of: first.path("01-data.passo")).contains("\n\(line)\n"))
      return first.shell.course.current?.votes
    }
    let votes = try vote()
    let again = try LessonTaker(scratch.path("state"))
    again.open(":lesson 1")
    #expect(again.shell.course.current?.votes == votes && votes?.isEmpty == false)
    try again.go()
    let result = try #require(again.names.first { $0.hasSuffix("-1.passo") })
    var grader = LessonGrader { interrupted in
      try ShellProbe(.en, lessons: RecordedCourse.path, interrupted: interrupted).shell
    }
    #expect(try grader.grade(again.path(result)).faults == [])
  }
}
