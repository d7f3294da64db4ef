// SPDX-License-Identifier: MIT

import PassoEngine

/// A moment of a run that can be found again though the program has changed since.
///
/// A step's number means something in one program only, so what is kept is the value that was
/// computed last.
package struct Mark: Sendable {
  /// Updates that were completed before.
  private let update: Int

  /// Rounds of the update that were completed before.
  private let round: Int

  /// The name of the value that was computed last; nil where the round begins.
  package let value: String?

  /// The moment at which a run is.
  package init(_ timeline: Timeline) {
    (update, round) = (timeline.update, timeline.round)
    let (program, cursor) = (timeline.plan.program, timeline.execution.cursor)
    value = cursor > 0 ? program[program.steps[cursor - 1].output].name : nil
  }

  /// The moment in a run; nil if the program that it has there does not compute the value.
  package func moment(in timeline: Timeline) -> Moment? {
    let plan = timeline.plan(of: update)
    guard round < plan.optimizer.rounds else { return nil }
    var cursor = 0
    if let value {
      guard let id = plan.program.id(of: value), let step = plan.program[id].producer else {
        return nil
      }
      cursor = step + 1
    }
    let isLast = round == plan.optimizer.rounds - 1
    guard isLast || cursor <= plan.roundLength else { return nil }
    return Moment(update: update, step: round * plan.roundLength + cursor)
  }
}

extension Timeline {
  /// The program of an update, past or to come.
  fileprivate func plan(of update: Int) -> TrainingProgram {
    segments[index(ofSegmentAt: update)].run.plan
  }
}
