// SPDX-License-Identifier: MIT

import PassoData
import PassoEngine
import PassoRuntime

/// A training run that can be walked in both directions, step by step and across updates.
///
/// Every state can be reached again bit for bit: from a kept copy, or by replay from the nearest
/// one before. What a person changes is a part of the run: walking back and forth over it leaves it
/// in force. A value type: a copy is a fork.
package struct Timeline: Sendable {
  /// A stretch of updates that are computed by one program from one source of data.
  struct Segment: Sendable {
    /// The first update of it.
    let start: Int
    var run: TrainingRun
  }

  /// In order; each holds its run where it was left.
  var segments: [Segment]

  /// The one in which the run stands.
  var segment = 0

  /// The loss of each update that was computed: the mean over the targets of all its rounds.
  package var losses: [Int: Double] = [:]

  var keeper: StateKeeper

  /// Makes a run walkable.
  ///
  /// - Parameters:
  ///   - run: A run at its first step.
  ///   - budget: Bytes of training states to keep; beyond it older ones are thinned out.
  package init(_ run: TrainingRun, budget: Int = 256 << 20) {
    segments = [Segment(start: 0, run: run)]
    keeper = StateKeeper(budget: budget)
    keepState(asAnchor: true)
  }

  var run: TrainingRun { segments[segment].run }

  package var plan: TrainingProgram { run.plan }
  package var execution: Execution { run.execution }

  /// The rows that the current update learns from, those of all its rounds.
  package var batch: Batch {
    let rounds = plan.optimizer.rounds
    return Batch(
      rows: (0..<rounds).flatMap { round in
        run.batches.batch(update * rounds + round).rows(of: plan.batch)
      }
    )
  }

  /// The texts of which the questions of the current update are made; nil if they are not known.
  package var texts: [[TokenID]]? {
    let rounds = plan.optimizer.rounds
    let parts = (0..<rounds).map { run.batches.texts(update * rounds + $0) }
    return parts.contains(nil) ? nil : parts.compactMap(\.self).flatMap(\.self)
  }

  /// The learning rate of the update under way, at its peak.
  package var rate: Double? { execution.number(plan.chosenRate) }

  /// Updates that were completed before the current one.
  package var update: Int { run.update }

  /// Rounds that were completed of the current update.
  package var round: Int { run.round }

  /// Where the run is.
  package var moment: Moment { Moment(update: update, step: run.position) }

  /// Steps of the current update.
  package var stepCount: Int { plan.stepCount }

  /// Whether the current update is complete.
  package var isAtEnd: Bool { run.isAtEnd }

  /// The step that a move forward would do next; nil never: after an update the next one begins.
  package var nextStep: Int { isAtEnd || run.isBetweenRounds ? 0 : execution.cursor }

  /// A fingerprint of every value that is computed, and of where the run is.
  ///
  /// - Throws: `ExecutionProblem.refused`, as `Execution.stateHash`.
  package var stateHash: UInt64 {
    get throws(ExecutionProblem) { try run.stateHash }
  }

  /// The most bytes of states that are kept; older ones are replayed.
  package var budget: Int { keeper.budget }

  /// Keeps at most so many bytes of states from now on, as a run does that shares memory with
  /// others.
  package mutating func limitStates(to bytes: Int) { keeper.allow(bytes) }

  /// Whether more is kept than was allowed, because going back would not be possible without it.
  package var isOverAllowance: Bool { keeper.isOverAllowance }

  /// Bytes of the values of the program, and of the states that are kept to come back to.
  package var byteCount: (values: Int, states: Int) {
    (segments.reduce(0) { $0 + $1.run.execution.byteCount }, keeper.byteCount)
  }
}

// MARK: - Moving

extension Timeline {
  /// What a move calls after each step that it does for the first time.
  package typealias Observer = (borrowing TrainingRun) -> Void

  /// Goes to a moment, forward or backward; before the first moment there is nothing.
  ///
  /// - Parameters:
  ///   - target: Where to go.
  ///   - shouldStop: Is asked before each step, so that a person or an observer can interrupt.
  ///   - stepDone: Is called after each step of a way forward.
  /// - Throws: `ExecutionProblem.refused` if a copy has the same values and there is no memory for
  ///   other ones: then the run is where it was.
  package mutating func move(
    to target: Moment,
    unless shouldStop: () -> Bool = { false },
    stepDone: Observer? = nil
  ) throws(ExecutionProblem) {
    var target = normalised(target)
    target.step = min(target.step, stepCount(of: target.update))
    // The way back may lead over steps that were seen before.
    let observer = target < moment ? nil : stepDone
    // A state ahead that is kept saves the way there, unless somebody wants to see it.
    let canSkip = stepDone == nil && keeper.nearest(to: target.update).update > update
    if target < moment, target.update == update, segments[segment].run.goBack(to: target.step) {
      return
    }
    if target < moment || canSkip {
      let start = keeper.nearest(to: target.update).update
      guard try ownMemory(upTo: target.update, from: start, unless: shouldStop) else { return }
      try restore(target.update)
    } else {
      guard try ownMemory(upTo: target.update, from: update, unless: shouldStop) else { return }
    }
    while update < target.update, !shouldStop() {
      try finishUpdate(unless: shouldStop, observer)
      guard isAtEnd, !shouldStop() else { return }
      try beginNextUpdate()
    }
    guard update == target.update else { return }
    try advance(to: target.step, unless: shouldStop, observer)
  }

  /// Makes sure that no move over a stretch of updates is refused in the middle.
  ///
  /// - Returns: False if it was told to stop before.
  private mutating func ownMemory(
    upTo last: Int,
    from first: Int,
    unless shouldStop: () -> Bool
  ) throws(ExecutionProblem) -> Bool {
    for index in index(
      ofSegmentAt: first
    )...max(index(ofSegmentAt: first), index(ofSegmentAt: last)) {
      guard try segments[index].run.ownMemory(unless: shouldStop) else { return false }
    }
    return true
  }

  /// Goes on by so many steps.
  ///
  /// - Throws: `ExecutionProblem.refused`, as `move(to:unless:stepDone:)`.
  package mutating func step(
    _ count: Int = 1,
    unless shouldStop: () -> Bool = { false },
    stepDone: Observer? = nil
  ) throws(ExecutionProblem) {
    try move(to: moment(movedBy: count), unless: shouldStop, stepDone: stepDone)
  }

  /// Goes back by so many steps, at most to the start.
  ///
  /// - Throws: `ExecutionProblem.refused`, as `move(to:unless:stepDone:)`.
  package mutating func back(
    _ count: Int = 1,
    unless shouldStop: () -> Bool = { false }
  ) throws(ExecutionProblem) {
    try move(to: moment(movedBy: -count), unless: shouldStop)
  }

  /// Completes so many updates, the current one first if it is under way.
  ///
  /// - Parameters:
  ///   - count: How many.
  ///   - shouldStop: Asked between two steps.
  ///   - stepDone: Called after each step.
  ///   - updateDone: Called after each update, with how many are done and the latest loss.
  /// - Returns: The number of updates that were completed.
  /// - Throws: `ExecutionProblem.refused`, as `move(to:unless:stepDone:)`.
  package mutating func train(
    _ count: Int,
    unless shouldStop: () -> Bool = { false },
    stepDone: Observer? = nil,
    updateDone: (Int, Double?) -> Void = { _, _ in }
  ) throws(ExecutionProblem) -> Int {
    let last = update + count
    guard try ownMemory(upTo: last, from: update, unless: shouldStop) else { return 0 }
    for done in 0..<count {
      if isAtEnd { try beginNextUpdate() }
      try finishUpdate(unless: shouldStop, stepDone)
      if !isAtEnd || shouldStop() { return isAtEnd ? done + 1 : done }
      updateDone(done + 1, losses[update])
    }
    return count
  }

  mutating func finishUpdate(
    unless shouldStop: () -> Bool,
    _ stepDone: Observer? = nil
  ) throws(ExecutionProblem) {
    try advance(to: stepCount, unless: shouldStop, stepDone)
  }

  mutating func advance(
    to position: Int,
    unless shouldStop: () -> Bool = { false },
    _ stepDone: Observer? = nil
  ) throws(ExecutionProblem) {
    try segments[segment].run.advance(to: position, unless: shouldStop, stepDone: stepDone)
    guard losses[update] == nil, round == plan.optimizer.rounds - 1 else { return }
    losses[update] = execution.number(plan.updateLoss)
  }

  mutating func beginNextUpdate() throws(ExecutionProblem) {
    // Where a person changed something, carrying over would bring back the old.
    if keeper.has(update + 1) { return try restore(update + 1) }
    try segments[segment].run.beginNextUpdate()
    keepState()
  }

  /// Goes to the last kept state at or before the start of an update.
  mutating func restore(_ target: Int) throws(ExecutionProblem) {
    let (kept, state) = keeper.nearest(to: target)
    let index = index(ofSegmentAt: kept)
    try segments[index].run.restore(state, update: kept)
    segment = index
  }

  /// Keeps the numbers with which the current update begins, if they are due.
  mutating func keepState(asAnchor: Bool = false) {
    guard asAnchor || keeper.isDue(update) else { return }
    // What is not kept is replayed: better than to ask for memory that is not there.
    guard asAnchor || keeper.has(update) || MemoryRoom.has(run.stateByteCount) else { return }
    keeper.keep(update, run.state, asAnchor: asAnchor)
  }

  func index(ofSegmentAt update: Int) -> Int {
    segments.lastIndex { $0.start <= update } ?? 0
  }
}
