// SPDX-License-Identifier: MIT

import PassoLesson
import PassoTestSupport
import Synchronization
import Testing

@testable import PassoShell

/// What whoever teaches a lesson sees, and nobody else.
struct TeachingTests {
  private static let blocks = """
    ```passo-note clock=0:00
    Ask the class.
    ```

    ```passo-quiz id=q1
    Which?
    - [ ] a  A
      - No.
    - [x] b  B
      - Yes.
    ```

    ```passo-note
    Many say a.
    ```

    ```passo-note clock=0:30
    Go on.
    ```

    ```passo-run id=r1
    :text "a b c"
    :pairs
    ```

    ```passo-exercise id=e1 minutes=4
    Mask it.
    check: max(upper(mask)) == 0
    solution: :mask causal
    hint: Mask.
    ```
    """

  /// A watch that a test sets.
  private final class Watch: Sendable {
    let seconds = Mutex(0)
    func pass(_ more: Int) { seconds.withLock { $0 += more } }
    var clock: ClassClock { ClassClock { .seconds(self.seconds.withLock { $0 }) } }
  }

  private func taught(_ watch: Watch = Watch()) throws -> OwnLesson {
    let own = try OwnLesson(Self.blocks)
    own.probe.shell.course.classClock = watch.clock
    return own
  }

  @Test func notesStandWhereTheyBelongWithTheTime() throws {
    let watch = Watch()
    let own = try taught(watch)
    watch.pass(100)
    try own.probe.shell.open(own.lesson)
    let opened = own.probe.written
    #expect(opened.contains("note · part 1 of 2, from 0:00 to 0:30; now 0:00\nAsk the class."))
    #expect(!opened.contains("Many say a.") && opened.contains("part 1: 0:00 of 0:30 planned"))
    #expect(opened.contains("then  :text \"a b c\""))
    watch.pass(65)
    let answered = own.probe.run("b")
    #expect(answered.contains("Yes.\n\nnote\nMany say a."))
    #expect(answered.contains("note · part 2 of 2, from 0:30 to 1:00; now 1:05\nGo on."))
    #expect(answered.contains("part 2: 0:00 of 0:30 planned · Enter runs  :text \"a b c\""))
    watch.pass(4)
    let next = own.probe.enter()
    #expect(next.contains("part 2: 0:04 of 0:30 planned · Enter runs  :pairs"))
    watch.pass(600)
    #expect(own.probe.enter().contains("part 2: 10:04 of 0:30 planned"))
    let end = own.probe.run(":skip")
    #expect(end.contains("end of the lesson\nlesson: 11:09 of 1:00 planned"))
  }

  @Test func whoLearnsSeesNeitherNotesNorTime() throws {
    let own = try OwnLesson(Self.blocks)
    try own.probe.shell.open(own.lesson)
    let all = own.probe.written + own.probe.run("b", ":continue", ":continue", ":skip")
    for word in ["note ·", "Ask the class", "Many say", " planned ·", "part 1"] {
      #expect(!all.contains(word), "\(word)")
    }
  }

  @Test func gotoShowsTheNoteOfThePartAndKeepsTheTime() throws {
    let watch = Watch()
    let own = try taught(watch)
    try own.probe.shell.open(own.lesson)
    watch.pass(20)
    let there = own.probe.run(":lesson goto r1")
    #expect(there.contains("you go on at r1"))
    #expect(there.contains("now 0:20\nGo on.") && !there.contains("Ask the class."))
    watch.pass(5)
    let back = own.probe.run(":lesson goto q1")
    #expect(back.contains("part 1 of 2, from 0:00 to 0:30; now 0:25\nAsk the class."))
  }

  @Test func theBlocksAreListedWithWhatStandsThere() throws {
    let own = try taught()
    try own.probe.shell.open(own.lesson)
    let list = own.probe.run(":lesson goto")
    for (id, text) in [("q1", "Which?"), ("r1", ":text \"a b c\""), ("e1", "Mask it.")] {
      #expect(
        list.split(separator: "\n").contains { $0.contains(id) && $0.contains(text) },
        "\(id)"
      )
    }
    #expect(list.contains("0:30") && list.contains(":lesson goto BLOCK"))
    let plain = try OwnLesson(Self.blocks).opened().run(":lesson goto")
    #expect(plain.contains("r1") && !plain.contains("0:30"))
    #expect(try ShellProbe(.en).type(":lesson goto").errors.contains("no lesson is open"))
  }

  @Test func aClassLeavesNoScoreInTheProgress() throws {
    let scratch = try Scratch()
    let taker = try LessonTaker(scratch.path("state"))
    taker.shell.course.classClock = ClassClock()
    taker.open(":lesson 1")
    try taker.go()
    #expect(try taker.shell.course.progress?.entries().isEmpty == true)
    #expect(try taker.names.contains { $0.hasSuffix("-1.passo") }, "what was done is kept")
  }

  @Test func aLineThatWouldTellTheAnswerIsNotAnnounced() throws {
    let own = try OwnLesson(
      """
      ```passo-quiz id=q1
      Which?
      - [x] a  A
        - Yes.
      - [ ] b  B
        - No.
      ```

      ```passo-predict id=p1 type=number tolerance=0 locks=r1
      How much?
      answer: 2 * 21
      wrong: 23
        Not the sum.
      ```

      ```passo-run id=r1
      2 * 21
      ```
      """
    )
    own.probe.shell.course.classClock = ClassClock()
    try own.probe.shell.open(own.lesson)
    let before = own.probe.written + own.probe.run("a")
    #expect(before.contains("planned") && !before.contains("2 * 21"))
    #expect(!own.probe.run(":lesson goto").contains("2 * 21"))
    #expect(own.probe.run("42").contains("Enter runs  2 * 21"))
  }

  @Test func undoBringsTheTimeOfThePartBack() throws {
    let watch = Watch()
    let own = try taught(watch)
    try own.probe.shell.open(own.lesson)
    watch.pass(10)
    own.probe.run("b", ":undo")
    watch.pass(10)
    #expect(own.probe.run(":continue").contains("part 1: 0:20 of 0:30 planned"))
  }
}
