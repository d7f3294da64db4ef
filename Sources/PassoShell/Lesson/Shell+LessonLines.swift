// SPDX-License-Identifier: MIT

import PassoExpressions
import PassoLesson
import PassoModel
import PassoRuntime
import PassoSession
import PassoText

// What an open lesson makes of a line that a person has typed, before it is carried out as any
// other.
extension Shell {
  /// Does with a line what the open lesson wants: takes it as how sure one is, as the filled blanks
  /// of an exercise, or as the wish to have that checked.
  ///
  /// - Returns: Whether the line is done with.
  /// - Throws: `LessonRule` if the lesson does not allow it now, or what the line throws.
  func takeInLesson(_ line: String, _ words: [Arguments.Word]) throws -> Bool {
    if case .lesson = author { return false }
    guard course.current != nil, !words.isEmpty else { return false }
    if course.excursion != .play {
      if try takeConfidence(line) { return true }
      if course.couldAnswer(line) { return false }
      // Computed, it would say what it is, and nothing of the question that is open.
      if let problem = course.problem(withNumber: line) { throw problem }
    }
    let command = Command.named(in: line)
    try course.allow(line, command, words, session)
    guard course.excursion != .play, let exercise = course.current?.player.openExercise else {
      return false
    }
    if command?.name == "check", words.count == 1 {
      checkExercise(exercise)
      return true
    }
    if try fill(line, command) { return true }
    guard course.current?.player.updatesLeft != nil else { return false }
    try countingUpdates(command, words) { try carryOut(line, words) }
    return true
  }

  /// How sure one is, if an answer waits for that, or the wish not to say it.
  private func takeConfidence(_ line: String) throws -> Bool {
    guard var player = course.current?.player, player.awaitsConfidence else { return false }
    let confidence = Confidence(typed: line)
    guard confidence != nil || line == Self.unsaid else { return false }
    let verdict = try player.answer(with: confidence)
    try goOn(by: line, to: player, verdict)
    return true
  }

  /// What stands in a recording where how sure one was of an answer was not said.
  private static let unsaid = ":\(Command.skip.name)"

  /// Goes on with the verdict if how sure one is of an answer is waited for and a line neither says
  /// it nor takes the answer back: as a line of its own, which stays if the one that comes fails.
  func leaveUnsaid(before line: String) throws {
    guard course.excursion != .play, course.current?.player.awaitsConfidence == true,
      line != Self.unsaid, Confidence(typed: line) == nil, course.problem(withNumber: line) == nil,
      Command.named(in: line)?.name != Command.undo.name
    else { return }
    try carryOutAndKeep(Self.unsaid)
  }

  /// Does something that an exercise allows a number of updates for.
  private func countingUpdates(
    _ command: Command?,
    _ words: [Arguments.Word],
    _ body: () throws -> Void
  ) throws {
    guard let left = course.current?.player.updatesLeft else { return try body() }
    if command?.name == "train", let asked = words.dropFirst().first.flatMap({ Int($0.text) }),
      asked > left
    {
      throw LessonRule.updates(asked: asked, left: left)
    }
    let before = (session, undoStack, session.timeline.updatesDone)
    try body()
    let made = max(0, session.timeline.updatesDone - before.2)
    guard made <= left else {
      (session, undoStack) = (before.0, before.1)
      throw LessonRule.updates(asked: made, left: left)
    }
    course.current?.player.updatesWereMade(made)
  }
}

extension Timeline {
  /// Updates of the model that are complete.
  var updatesDone: Int { isAtEnd ? moment.update + 1 : moment.update }
}

extension Course {
  /// Whether a line takes the place of the prepared one, which the lesson has left to the learner:
  /// it has the same command, or gives a value the same name.
  func takes(_ line: String, _ words: [Arguments.Word]) -> Bool {
    guard excursion != .play, let player = current?.player, player.takesOwnLine,
      let prepared = player.preparedCommand?.text
    else { return false }
    if let command = Command.named(in: prepared) {
      let isBare = ((try? Arguments.split(prepared).count) ?? 0) < 2
      return Command.named(in: line)?.name == command.name && (isBare || words.count > 1)
    }
    guard let name = (try? ExpressionParser.parse(prepared))?.name else { return false }
    return (try? ExpressionParser.parse(line))?.name == name
  }

  /// What Enter does where neither a line is prepared nor only to be shown again what is asked.
  var ownInvitation: String? {
    guard excursion != .play, let player = current?.player else { return nil }
    if player.awaitsConfidence { return String(Confidence.fairly.rawValue) }
    return player.openExercise?.task == nil ? nil : ":check"
  }
}
