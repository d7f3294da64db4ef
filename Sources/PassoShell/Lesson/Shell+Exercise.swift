// SPDX-License-Identifier: MIT

import PassoEngine
import PassoExpressions
import PassoLesson
import PassoModel
import PassoSession
import PassoText
import PassoView

// An exercise is done on a copy of the lesson's session, which comes back when it is over.
extension Shell {
  /// Sets the session for an exercise, or for a level of it.
  func setStage(_ exercise: Exercise, _ level: FadeLevel?, _ lines: [SourceLine]) {
    if course.current?.base == nil { course.current?.base = session }
    let isFirst = level == nil || level == .worked
    if course.current?.isInNotebook != true {
      console.show(LessonView.stage(exercise, level, isFirst: isFirst))
    }
    beginAnew(lines)
    course.current?.player.stageIsSet()
  }

  /// Shows the head of the exercise that somebody comes into other than from above it.
  func showStage() {
    guard let player = course.current?.player, let exercise = player.openExercise else { return }
    let level = exercise.fade.map { _ in player.openLine?.level ?? .worked }
    console.show(LessonView.stage(exercise, level, isFirst: true))
  }

  /// Goes back to the session of the lesson, and carries out lines of the lesson on a copy of it.
  private func beginAnew(_ lines: [SourceLine]) {
    if let base = course.current?.base { session = base.keepingView(of: session) }
    // What they overwrite may be what is to be found.
    let names = lines.compactMap { Self.assignedName(in: $0.text) }
    session.view.hidden = Set(names.map { (try? session.fullName($0)) ?? $0 })
    defer { session.view.hidden = [] }
    for line in lines { runAside(line) }
  }

  private static func assignedName(in line: String) -> String? {
    guard Command.named(in: line)?.name == Command.set.name else { return nil }
    let word = (try? Arguments.split(line))?.dropFirst().first
    return word.map { String($0.text.prefix { $0 != "[" && $0 != "=" }) }
  }

  /// Carries out a line that no prompt has offered: there is nothing to take back.
  private func runAside(_ line: SourceLine) {
    guard let author = course.author else { return }
    console.show(LessonView.line(line.text))
    do {
      try acting(as: .prepared) {
        try performing(as: author) { try carryOut(line.text, Arguments.split(line.text)) }
      }
    } catch {
      let problem = error.asProblem
      course.note(line.line, Bilingual(same: "\(line.text): ") + problem.message)
      console.report(problem)
    }
  }

  /// Says whether an exercise is done, and what is missing if not.
  func checkExercise(_ exercise: Exercise) {
    console.transcript.lessonGoesOn()
    guard let task = exercise.task else {
      goOn()
      if course.current?.player.openLine != nil { console.show(LessonView.fillingHelp) }
      return
    }
    guard let missing = task.checks.lazy.compactMap(objection(to:)).first else {
      undoStack.push(state, before: ":\(Command.check.name)")
      return endExercise()
    }
    let mistake = task.mistakes.first { reply in
      let claim = Fact(id: "", tolerance: .exact, expression: reply.expression.text, line: 0)
      return (try? session.check(claim))?.holds == true
    }
    console.show(mistake.map(LessonView.mistake) ?? missing)
  }

  /// What is said of a check that does not hold; nil if it does.
  private func objection(to check: Fact) -> Figure? {
    do {
      let result = try session.check(check)
      return result.holds ? nil : LessonView.missing(check.expression, found: result.found)
    } catch {
      return LessonView.missing(check.expression, problem: error.asProblem.message)
    }
  }

  /// Ends the exercise that is under way and goes on with the lesson as it was before.
  private func endExercise() {
    let minutes = course.current?.player.openExercise?.minutes
    guard let score = course.current?.player.endExercise() else { return }
    leaveExercise(score, minutes)
    goOn()
  }

  private func leaveExercise(_ score: ExerciseScore, _ minutes: Int?) {
    if let base = course.current?.base { session = base.keepingView(of: session) }
    course.current?.base = nil
    console.show(LessonView.ended(score, minutes))
  }
}

// MARK: - Leaving

extension Shell {
  /// Passes over what the lesson waits for, so many times or to its end.
  ///
  /// - Throws: `CourseProblem` if none is open, or it is paused.
  func skip(_ count: Int) throws {
    try skip()
    for _ in 1..<count where course.current != nil { try skip() }
  }

  private func skip() throws {
    guard var player = course.current?.player else { throw CourseProblem.noLesson }
    if course.excursion == .play { throw CourseProblem.playing }
    let minutes = player.openExercise?.minutes
    let skipped = try player.skip()
    course.current?.player = player
    if case .exercise(let score) = skipped {
      leaveExercise(score, minutes)
    } else {
      console.show(LessonView.skipped(skipped))
    }
    goOn()
  }

  /// Shows the solution of the open exercise and carries it out; it gives no points then.
  ///
  /// - Throws: `CourseProblem` or `LessonRule.noExercise` if none is open, or what its line throws.
  func showSolution() throws {
    guard let current = course.current else { throw CourseProblem.noLesson }
    if course.excursion == .play { throw CourseProblem.playing }
    guard let exercise = current.player.openExercise else { throw LessonRule.noExercise }
    course.current?.player.solutionWasShown()
    if let task = exercise.task {
      beginAnew(task.start)
      for line in task.solution { runAside(line) }
      return endExercise()
    }
    guard let line = current.player.openLine?.line.whole ?? current.player.preparedCommand?.text
    else { return }
    console.show(LessonView.line(line))
    try acting(as: .prepared) { try carryOut(line, Arguments.split(line)) }
    lineIsFilled()
  }
}

// MARK: - Blanks

extension Shell {
  /// Takes a line as the open one of an exercise, or as what belongs in its blank: it is right if
  /// it has the same effect.
  ///
  /// - Returns: Whether it was meant so; what it does otherwise has to be found elsewhere.
  /// - Throws: What the line throws.
  func fill(_ line: String, _ command: Command?) throws -> Bool {
    guard let (blank, level) = course.current?.player.openLine,
      command == nil || command?.name == Command.named(in: blank.whole)?.name
    else { return false }
    if command == nil, OtherNames.line(meantBy: line, session) != nil { return false }
    let wanted = try effect(of: blank.whole)
    for candidate in [line, blank.filled(line, level)].compactMap(\.self) {
      guard let found = try? effect(of: candidate), found.matches(wanted) else { continue }
      try goingOn(by: line) {
        try acting(as: .prepared) { try carryOut(candidate, Arguments.split(candidate)) }
        lineIsFilled()
      }
      return true
    }
    // What it does is shown, and not kept.
    let before = (session, undoStack)
    defer { (session, undoStack) = before }
    try carryOut(line, Arguments.split(line))
    console.show(LessonView.notYet(blank, level))
    return true
  }

  /// Goes on behind a line of an exercise.
  func lineIsFilled() {
    let minutes = course.current?.player.openExercise?.minutes
    if let score = course.current?.player.lineFilled() { leaveExercise(score, minutes) }
    goOn()
  }

  /// What a line would do, found out of sight.
  private func effect(of line: String) throws -> LineEffect {
    let before = (session, console, journal, undoStack)
    defer { (session, console, journal, undoStack) = before }
    console = console.muted
    let isExpression = Command.named(in: line) == nil
    let value = isExpression ? try session.tensor(of: line) : nil
    try carryOut(line, Arguments.split(line))
    var rest = session
    rest.bindings = [:]
    return LineEffect(state: try rest.stateHash, bindings: session.bindings, value: value)
  }
}

/// What a line does: the session that it leads to, and the value that it gives.
private struct LineEffect {
  let state: UInt64
  let bindings: [String: Tensor]
  let value: Tensor?

  /// Whether two lines do the same, but for rounding in what they compute.
  func matches(_ other: LineEffect) -> Bool {
    guard state == other.state, bindings.count == other.bindings.count,
      (value == nil) == (other.value == nil)
    else { return false }
    let pairs = bindings.map { ($0.value, other.bindings[$0.key]) } + [(value, other.value)]
    return pairs.allSatisfy { one, other in
      guard let one, let other else { return one == nil && other == nil }
      return Self.isClose(one, other)
    }
  }

  private static func isClose(_ one: Tensor, _ other: Tensor) -> Bool {
    one.shape.sizes == other.shape.sizes
      && zip(one.doubles, other.doubles).allSatisfy { left, right in
        left == right || left.isNaN && right.isNaN
          || abs(left - right) <= 1e-9 * max(1, abs(left), abs(right))
      }
  }
}
