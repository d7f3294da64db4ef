// SPDX-License-Identifier: MIT

import PassoLesson
import PassoText

extension SimulatedLearner {
  /// Takes a lesson out of sight with every wrong answer, and tells what it says and the engine
  /// does not.
  ///
  /// A line that fails ends the lesson: what follows would fail for that reason alone.
  ///
  /// - Parameters:
  ///   - lesson: The lesson to take.
  ///   - translation: The same in the other language, whose numbers are the same.
  ///   - shell: Where to take it.
  ///   - budget: What the shell stops by when a line computes for too long.
  ///   - triesOwnTexts: Whether to take what follows a line of the learner's own with others too.
  ///   - stopsAtFirst: Whether the first finding is enough.
  /// - Returns: What did not hold; empty if all is well.
  /// - Throws: `ExecutionProblem.refused` if there is no memory to begin.
  package static func findings(
    in lesson: Lesson,
    _ translation: Lesson? = nil,
    with shell: Shell,
    budget: TurnBudget? = nil,
    triesOwnTexts: Bool = false,
    stopsAtFirst: Bool = false
  ) throws -> [LessonFinding] {
    let console = shell.console
    defer { shell.console = console }
    shell.console = console.muted
    let learner = SimulatedLearner(shell, .wrongFirst)
    var (spoilers, answers, numbers) = (SpoilerWatch(), AnswerWatch(), NumberWatch(lesson))
    var withOwnTexts: [LessonFinding] = []
    var findings: [LessonFinding] {
      let own = shell.course.findings
      let lines = Set(own.map(\.line))
      return own + spoilers.findings + answers.findings
        + withOwnTexts.filter { !lines.contains($0.line) }
    }
    try shell.open(lesson)
    var seen = shell.console.transcript.entries.count
    var isGoingOn = true
    while isGoingOn {
      let shown = shell.console.transcript.entries.dropFirst(seen).map(ShownNumbers.init)
      seen += shown.count
      try spoilers.look(at: shell, shown)
      answers.look(at: shell)
      numbers.look(at: shell, shown)
      let (before, player) = (findings, shell.course.current?.player)
      budget?.begin()
      if triesOwnTexts { withOwnTexts += learner.findingsWithOwnTexts() }
      budget?.begin()
      // What is thrown is the last of the findings.
      isGoingOn = (try? learner.takeTurn()) == true && !(stopsAtFirst && !findings.isEmpty)
      if let budget, budget.isSpent { return before + [slow(budget.limit, player, lesson)] }
    }
    guard shell.course.current == nil, findings.isEmpty else { return findings }
    return [lesson, translation].compactMap(\.self).flatMap(numbers.findings)
  }

  private static func slow(
    _ limit: Duration,
    _ player: LessonPlayer?,
    _ lesson: Lesson
  ) -> LessonFinding {
    let line = player?.preparedCommand?.line ?? player?.line
    let seconds = limit.components.seconds
    return LessonFinding(
      .time,
      file: lesson.file,
      line: line ?? 1,
      message: Bilingual(
        it: "il calcolo dura più di \(seconds) secondi: chi aspetta pensa che si sia fermato",
        en: "it computes for more than \(seconds) seconds: who waits thinks that it has stopped"
      )
    )
  }
}
