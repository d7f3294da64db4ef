// SPDX-License-Identifier: MIT

import PassoData
import PassoEngine
import PassoEvaluation
import PassoModel
import PassoRuntime
import PassoText

// What a model makes of the rows of a task.
extension Session {
  /// Right answers after so many updates.
  package struct TaskMoment: Sendable {
    package let update: Int
    package let scores: [TaskScore]
  }

  /// The task that is learned from.
  ///
  /// - Parameter command: Who asks for it.
  /// - Returns: The task.
  /// - Throws: `LearnedTextProblem.noTask` if something else is learned from.
  package func task(for command: String) throws(LearnedTextProblem) -> TaskCorpus {
    if let task = experiment.task { return task }
    throw .noTask(command: command)
  }

  /// Right answers over the updates so far, at as many of them as a curve has room for.
  ///
  /// - Parameter most: How many moments at most.
  /// - Returns: The moments in order, with the state of now last.
  /// - Throws: `LearnedTextProblem.noTask`, `Interrupted` if a person has asked to stop, or
  ///   `ExecutionProblem`.
  package func taskHistory(atMost most: Int) throws -> [TaskMoment] {
    let meter = try TaskMeter(model, try task(for: "show accuracy"))
    var copy = self
    var moments: [TaskMoment] = []
    let updates = timeline.update
    let count = min(updates + 1, most)
    let places = count < 2 ? [updates] : (0..<count).map { $0 * updates / (count - 1) }
    for update in places {
      try copy.timeline.move(to: Moment(update: update, step: 0), unless: Interruption.isRequested)
      try Interruption.check()
      let parameters = try copy.currentParameters
      moments.append(.init(update: update, scores: try meter.scores(of: parameters, rows: 64)))
    }
    guard timeline.isAtEnd else { return moments }
    // The update that has just been done has changed the parameters already.
    let now = try meter.scores(of: try currentParameters, rows: 64)
    return moments + [.init(update: updates + 1, scores: now)]
  }
}
