// SPDX-License-Identifier: MIT

import PassoEngine
import PassoRuntime
import PassoText

// What a person changes in a run. All that follows is computed anew, up to where the run was; what
// was computed before stays; updates that lay ahead are forgotten.
extension Timeline {
  /// Puts numbers into a value, by row-major position.
  ///
  /// Numbers of a parameter, of the optimizer's memory or of a setting hold from the start of the
  /// update that is under way. Those of a computed value hold for the current round only.
  ///
  /// A name, not a `ValueID`: the update that is under way may be that of another program than
  /// the one that was looked at, and a number means something in its own program only.
  ///
  /// - Throws: `ExecutionProblem.unknownName` if the program that runs has no such value;
  ///   `.refused`
  ///   or `Interrupted`: then the timeline is of no use.
  package mutating func set(_ name: String, _ slots: [Int: Double]) throws {
    let isGiven = plan.program[try execution.id(of: name)].producer == nil
    if isGiven {
      if isAtEnd { try beginNextUpdate() }
      let (start, position) = (update, run.position)
      // The start of the update: rounds before this one read the value too.
      try restore(start)
      try replay(to: Moment(update: start, step: 0), unless: Interruption.isRequested)
      try Interruption.check()
      try segments[segment].run.give(name, slots)
      try keepChangedState(position)
    } else {
      let position = run.position
      forgetFuture(after: update)
      try segments[segment].run.patch(name, slots)
      try advance(to: position, unless: Interruption.isRequested)
      try Interruption.check()
    }
  }

  /// Whether a person has put numbers into a computed value of the current round.
  package func isPatched(_ name: String) -> Bool {
    run.patches[update, default: []].contains { $0.name == name && $0.round == run.round }
  }

  /// Gives the current round, and those that have the same rows, other tokens.
  ///
  /// - Throws: `ExecutionProblem` if there is no memory for another run, or `Interrupted`; then the
  ///   timeline is of no use.
  package mutating func setBatch(_ batch: TokenBatch) throws {
    if isAtEnd { try beginNextUpdate() }
    let round = update * plan.optimizer.rounds + run.round
    try goOn(with: plan, batches: run.batches.changing(round, to: batch))
  }

  /// Goes on with another program for the same parameters and the same optimizer.
  ///
  /// - Throws: `ExecutionProblem` if there is no memory for another run, or `Interrupted`; then the
  ///   timeline is of no use.
  package mutating func setPlan(_ plan: TrainingProgram) throws {
    try goOn(with: plan, batches: run.batches)
  }

  private mutating func goOn(
    with plan: TrainingProgram,
    batches: any BatchSource
  ) throws {
    if isAtEnd { try beginNextUpdate() }
    let position = position(in: plan)
    let start = update
    // In no variable of its own: a second owner would make its memory be copied.
    segments.append(
      Segment(start: start, run: try TrainingRun(continuing: run, with: plan, batches: batches))
    )
    segments.removeAll { $0.start >= start && $0.run.plan.identity != plan.identity }
    segment = segments.count - 1
    try keepChangedState(position)
  }

  /// The position of another program at which the same values are computed.
  private func position(in other: TrainingProgram) -> Int {
    guard execution.cursor > 0 else { return run.round * other.roundLength }
    let last = plan.program[plan.program.steps[execution.cursor - 1].output].name
    let producer = other.program.id(of: last).flatMap { other.program[$0].producer }
    // A value that the other program has not: what follows it is counted from the end.
    let cursor =
      producer.map { $0 + 1 }
      ?? other.program.steps.count - (plan.program.steps.count - execution.cursor)
    return run.round * other.roundLength + max(cursor, 0)
  }

  private mutating func keepChangedState(_ position: Int) throws {
    keeper.forget(from: update)
    keepState(asAnchor: true)
    forgetFuture(after: update)
    try advance(to: position, unless: Interruption.isRequested)
    try Interruption.check()
  }

  private mutating func forgetFuture(after update: Int) {
    segments = Array(segments[...segment])
    segments[segment].run.forgetPatches(from: update + 1)
    keeper.forget(from: update + 1)
    losses = losses.filter { $0.key < update }
  }

  /// Goes on, unobserved, from a restored state.
  mutating func replay(
    to target: Moment,
    unless shouldStop: () -> Bool
  ) throws(ExecutionProblem) {
    while update < target.update {
      try finishUpdate(unless: shouldStop)
      guard isAtEnd, !shouldStop() else { return }
      try beginNextUpdate()
    }
    try advance(to: target.step, unless: shouldStop)
  }
}
