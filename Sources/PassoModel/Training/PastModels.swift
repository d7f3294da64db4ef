// SPDX-License-Identifier: MIT

import PassoEngine
import PassoRuntime

/// The models of a run, as each of its updates found them, and as it stands.
///
/// From a kept state, or by replay on a copy: the run stays where it is.
package struct PastModels {
  private let now: Timeline
  private var copy: Timeline

  package init(_ timeline: Timeline) { (now, copy) = (timeline, timeline) }

  /// How many there are: one for each update so far, and what the last one has made if it is done.
  package var count: Int { now.update + (now.isAtEnd ? 2 : 1) }

  /// The last update before another one, or that one, whose model is at hand without replay.
  package func kept(upTo update: Int) -> Int { now.keeper.nearest(to: update).update }

  /// The model with which an update begins.
  ///
  /// - Parameter update: Less than `count`.
  /// - Returns: The model.
  /// - Throws: `Interrupted` if a stop was requested, or `ExecutionProblem.refused`.
  package mutating func model(before update: Int) throws -> Model {
    precondition((0..<count).contains(update), "update \(update) of \(count)")
    try Interruption.check()
    if update > now.update { return model(of: now, isUpdated: true) }
    let run = now.segments[now.index(ofSegmentAt: update)].run
    if let kept = now.keeper.state(update) {
      let names = Set(run.plan.configuration.parameterSpecs.map(\.name))
      let parameters = try kept.values.filter { names.contains($0.key) }.mapValues {
        try $0.tensor()
      }
      if parameters.count == names.count { return Self.model(run.plan, parameters) }
    }
    try copy.move(to: Moment(update: update, step: 0), unless: Interruption.isRequested)
    try Interruption.check()
    return model(of: copy, isUpdated: copy.update < update)
  }

  private func model(of timeline: Timeline, isUpdated: Bool) -> Model {
    let plan = timeline.plan
    return Self.model(
      plan,
      ExecutionParameters(timeline.execution, of: plan.configuration, isUpdated: isUpdated)
    )
  }

  private static func model(_ plan: TrainingProgram, _ parameters: any ParameterSource) -> Model {
    Model(
      plan.configuration,
      parameters,
      mask: plan.mask,
      ablatedHeads: plan.ablatedHeads,
      precision: .f32
    )
  }
}
