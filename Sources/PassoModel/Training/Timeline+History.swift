// SPDX-License-Identifier: MIT

import PassoEngine

/// The step at which something took on the value that it has.
package struct ChangeFound<Value: Sendable>: Sendable {
  /// Just after the change.
  package let moment: Moment
  package let before: Value
  package let after: Value
}

extension Timeline {
  /// Looks back for the last change of something that can be computed from a run.
  ///
  /// History is walked again from kept states, the latest first, so that a recent change is found
  /// soon and a whole history costs as much as computing it once.
  ///
  /// - Parameters:
  ///   - value: What to look at; nil while it cannot be computed.
  ///   - touches: Whether a step may change it.
  ///   - shouldStop: Is asked before each step.
  /// - Returns: The last change at or before the current moment; nil if there is none.
  /// - Throws: `ExecutionProblem.refused` if there is no memory for a copy of the run.
  package func lastChange<Value: Equatable & Sendable>(
    of value: @escaping (borrowing TrainingRun) -> Value?,
    touches: @escaping (TrainingProgram, Int) -> Bool,
    unless shouldStop: () -> Bool = { false }
  ) throws(ExecutionProblem) -> ChangeFound<Value>? {
    var later: (moment: Moment, value: Value)?
    var end = moment
    for start in keeper.updates.reversed() where start <= update {
      let seen = try watched(from: start, to: end, of: value, touches: touches, unless: shouldStop)
      if shouldStop() { return nil }
      if let last = seen.last, let later, last.value != later.value {
        return ChangeFound(moment: later.moment, before: last.value, after: later.value)
      }
      for index in seen.indices.dropFirst().reversed()
      where seen[index].value != seen[index - 1].value {
        return ChangeFound(
          moment: seen[index].moment,
          before: seen[index - 1].value,
          after: seen[index].value
        )
      }
      later = seen.first ?? later
      end = Moment(update: start, step: 0)
    }
    return nil
  }

  /// What something was after each change in a stretch that begins at a kept state.
  private func watched<Value: Equatable>(
    from start: Int,
    to end: Moment,
    of value: @escaping (borrowing TrainingRun) -> Value?,
    touches: @escaping (TrainingProgram, Int) -> Bool,
    unless shouldStop: () -> Bool
  ) throws(ExecutionProblem) -> [(moment: Moment, value: Value)] {
    var copy = self
    try copy.restore(start)
    var seen: [(moment: Moment, value: Value)] = []
    func look(_ run: borrowing TrainingRun) {
      guard let now = value(run), now != seen.last?.value else { return }
      seen.append((Moment(update: run.update, step: run.position), now))
    }
    look(copy.run)
    while copy.update < end.update || copy.update == end.update && copy.run.position < end.step {
      let last = copy.update < end.update ? copy.stepCount : end.step
      try copy.advance(to: last, unless: shouldStop) { run in
        if touches(run.plan, run.execution.cursor - 1) { look(run) }
      }
      if shouldStop() || copy.update == end.update { break }
      if copy.update + 1 == end.update, end.step == 0 { break }
      try copy.beginNextUpdate()
      look(copy.run)
    }
    return seen
  }
}
