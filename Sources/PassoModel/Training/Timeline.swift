// SPDX-License-Identifier: MIT

import PassoEngine

/// How much one move passes over.
public enum Zoom: String, CaseIterable, Sendable {
  /// One step.
  case op
  /// The steps of one part of the model in one phase.
  case layer
  /// All of forward, loss, backward or update.
  case phase
  /// A whole training step.
  case update
}

/// A moment of training: so many updates are done, and so many steps of the next one.
///
/// The end of one update and the start of the next are one moment; it counts as the end of the
/// former, where every value can still be seen.
public struct Moment: Hashable, Sendable, Comparable {
  /// Updates that were completed before the current one.
  public var update: Int

  /// Steps done of the current one.
  public var step: Int

  /// A moment from its parts.
  public init(update: Int, step: Int) {
    self.update = update
    self.step = step
  }

  /// The order in time.
  public static func < (left: Moment, right: Moment) -> Bool {
    (left.update, left.step) < (right.update, right.step)
  }
}

/// A training run that can be walked in both directions, step by step and across updates.
///
/// Every state can be reached again bit for bit: from a kept copy, or by replay from the nearest
/// one before. A value type: a copy is a fork.
package struct Timeline: Sendable {
  private var run: TrainingRun

  /// The loss of each update that was computed: the mean of its rounds.
  package private(set) var losses: [Int: Double] = [:]

  /// The losses of the rounds of updates that are not complete, by round from the start of the run.
  private var roundLosses: [Int: Double] = [:]

  private var keeper: StateKeeper
  private let lossID: ValueID?

  /// Makes a run walkable.
  ///
  /// - Parameters:
  ///   - run: A run at its first step.
  ///   - budget: Bytes of training states to keep; beyond it older ones are thinned out.
  package init(_ run: TrainingRun, budget: Int = 256 << 20) {
    self.run = run
    lossID = run.plan.program.id(of: "loss")
    keeper = StateKeeper(budget: budget)
    keepState(asAnchor: true)
  }

  package var plan: TrainingProgram { run.plan }
  package var execution: Execution { run.execution }

  /// Updates that were completed before the current one.
  package var update: Int { run.update }

  /// Where the run is.
  package var moment: Moment { Moment(update: update, step: run.position) }

  /// Steps of one update.
  package var stepCount: Int { plan.stepCount }

  /// Whether the current update is complete.
  package var isAtEnd: Bool { run.isAtEnd }

  /// The step that a move forward would do next; nil never: after an update the next one begins.
  package var nextStep: Int { isAtEnd || run.isBetweenRounds ? 0 : execution.cursor }

  /// A fingerprint of every value that is computed, and of where the run is.
  package var stateHash: UInt64 { run.stateHash }
}

// MARK: - Moving

extension Timeline {
  /// Goes to a moment, forward or backward; before the first moment there is nothing.
  ///
  /// `shouldStop` is asked before each step, so that a person can interrupt.
  package mutating func move(to target: Moment, unless shouldStop: () -> Bool = { false }) {
    var target = normalised(target)
    target.step = min(target.step, stepCount)
    // A state ahead that is kept saves the way there.
    if target.update < update || keeper.nearest(to: target.update).update > update {
      restore(target.update)
    }
    if target < moment {
      if target.update == update, run.goBack(to: target.step) { return }
      restore(target.update)
    }
    while update < target.update, !shouldStop() {
      finishUpdate(unless: shouldStop)
      guard isAtEnd, !shouldStop() else { return }
      beginNextUpdate()
    }
    guard update == target.update else { return }
    advance(to: target.step, unless: shouldStop)
  }

  /// Goes on by so many steps.
  package mutating func step(_ count: Int = 1, unless shouldStop: () -> Bool = { false }) {
    move(to: moment.advanced(by: count, of: stepCount), unless: shouldStop)
  }

  /// Goes back by so many steps, at most to the start.
  package mutating func back(_ count: Int = 1) {
    move(to: moment.advanced(by: -count, of: stepCount))
  }

  /// Completes so many updates, the current one first if it is under way.
  ///
  /// - Returns: The number of updates that were completed.
  package mutating func train(_ count: Int, unless shouldStop: () -> Bool = { false }) -> Int {
    for done in 0..<count {
      if isAtEnd { beginNextUpdate() }
      finishUpdate(unless: shouldStop)
      if !isAtEnd { return done }
    }
    return count
  }

  /// The moment one unit ahead.
  package func moment(after zoom: Zoom) -> Moment {
    let update = isAtEnd ? self.update + 1 : self.update
    guard zoom != .update else { return Moment(update: update, step: stepCount) }
    let round = isAtEnd ? 0 : run.isBetweenRounds ? run.round + 1 : run.round
    let end = unit(of: nextStep, zoom).upperBound
    // A round that is not the last one ends before the update's phase does.
    let isLast = round == plan.optimizer.rounds - 1
    let cursor = isLast ? end : min(end, plan.roundLength)
    return Moment(update: update, step: round * plan.roundLength + cursor)
  }

  /// The moment at which the unit before began.
  package func moment(before zoom: Zoom) -> Moment {
    guard run.position > 0 else { return moment }
    let start = zoom == .update ? 0 : unit(of: execution.cursor - 1, zoom).lowerBound
    let round = zoom == .update ? 0 : run.round
    return normalised(Moment(update: update, step: round * plan.roundLength + start))
  }

  /// The moment of this update at which so many steps of the program are done: in the round that
  /// is under way, or in the last one for what only that computes.
  package func moment(atCursor cursor: Int) -> Moment {
    let last = plan.optimizer.rounds - 1
    let round = cursor > plan.roundLength ? last : run.round
    return Moment(update: update, step: round * plan.roundLength + cursor)
  }

  /// The next moment at which so many steps of the program are done; nil if none is left in the
  /// update that is under way.
  package func nextMoment(atCursor cursor: Int) -> Moment? {
    let late = cursor > plan.roundLength
    let last = plan.optimizer.rounds - 1
    if isAtEnd {
      let round = late ? last : 0
      return Moment(update: update + 1, step: round * plan.roundLength + cursor)
    }
    let here = moment(atCursor: cursor)
    if here > moment { return here }
    guard run.round < last else { return nil }
    return Moment(update: update, step: here.step + plan.roundLength)
  }

  /// The steps that belong together with one, at a zoom.
  package func unit(of index: Int, _ zoom: Zoom) -> Range<Int> {
    let steps = plan.program.steps
    func together(_ other: Int) -> Bool {
      switch zoom {
      case .op: other == index
      case .layer:
        steps[other].layer == steps[index].layer && steps[other].phase == steps[index].phase
      case .phase: steps[other].phase == steps[index].phase
      case .update: true
      }
    }
    var start = index
    while start > 0, together(start - 1) { start -= 1 }
    var end = index + 1
    while end < steps.count, together(end) { end += 1 }
    return start..<end
  }

  /// Changes the learning rate of the updates that are still to come.
  package mutating func setRate(_ rate: Double) {
    if isAtEnd { beginNextUpdate() }
    run.setRate(rate)
    keeper.forget(from: update)
    losses = losses.filter { $0.key <= update }
    keepState(asAnchor: true)
  }

  /// The end of an update instead of the start of the next.
  private func normalised(_ moment: Moment) -> Moment {
    if moment.step == 0, moment.update > 0 {
      return Moment(update: moment.update - 1, step: stepCount)
    }
    return moment
  }

  private mutating func finishUpdate(unless shouldStop: () -> Bool) {
    advance(to: stepCount, unless: shouldStop)
  }

  private mutating func advance(to position: Int, unless shouldStop: () -> Bool) {
    var found: [(round: Int, loss: Double)] = []
    let lossID = lossID
    run.advance(to: position, unless: shouldStop) { run in
      guard let lossID, let loss = run.execution.tensor(lossID) else { return }
      found.append((run.round, loss[0]))
    }
    for (round, loss) in found { note(loss, round: round) }
  }

  private mutating func note(_ loss: Double, round: Int) {
    guard losses[update] == nil else { return }
    let rounds = plan.optimizer.rounds
    guard rounds > 1 else {
      losses[update] = loss
      return
    }
    roundLosses[update * rounds + round] = loss
    let all = (0..<rounds).compactMap { roundLosses[update * rounds + $0] }
    if all.count == rounds { losses[update] = all.reduce(0, +) / Double(rounds) }
  }

  private mutating func beginNextUpdate() {
    // Where a person changed a setting, carrying over would bring back the old one.
    if keeper.has(update + 1) { return restore(update + 1) }
    run.beginNextUpdate()
    keepState()
  }

  private mutating func restore(_ target: Int) {
    let (kept, state) = keeper.nearest(to: target)
    run.restore(state, update: kept)
  }

  private mutating func keepState(asAnchor: Bool = false) {
    if asAnchor || keeper.isDue(update) { keeper.keep(update, run.state, asAnchor: asAnchor) }
  }
}

extension Moment {
  /// So many steps further on, or back, where an update has so many.
  fileprivate func advanced(by count: Int, of stepCount: Int) -> Moment {
    let (position, overflow) = (update * stepCount + step).addingReportingOverflow(count)
    if overflow || position <= 0 { return Moment(update: 0, step: overflow ? step : 0) }
    // A full update is its own end, not the start of the next.
    let update = (position - 1) / stepCount
    return Moment(update: update, step: position - update * stepCount)
  }
}

/// Copies of training states, as many as a budget allows.
///
/// An anchor is a state that replay cannot reach, because a person set it; it is never given up.
private struct StateKeeper: Sendable {
  let budget: Int
  private var states: [Int: [Tensor]] = [:]
  private var anchors: Set<Int> = []
  private var interval = 1

  init(budget: Int) { self.budget = budget }

  func has(_ update: Int) -> Bool { states[update] != nil }

  /// Keeps a state if it is due; over the budget every second one is given up.
  mutating func keep(_ update: Int, _ state: [Tensor], asAnchor: Bool) {
    if asAnchor { anchors.insert(update) }
    guard isDue(update), states[update] == nil else { return }
    states[update] = state
    // Counted in the wider precision.
    let bytes = state.reduce(0) { $0 + $1.count * 8 }
    while states.count > anchors.count + 1, states.count * bytes > budget {
      interval *= 2
      states = states.filter { isDue($0.key) }
    }
  }

  mutating func forget(from update: Int) {
    states = states.filter { $0.key < update }
    anchors = anchors.filter { $0 < update }
  }

  /// The last state kept at or before an update; the first of all is always kept.
  func nearest(to update: Int) -> (update: Int, state: [Tensor]) {
    let found = states.filter { $0.key <= update }.max { $0.key < $1.key }
    guard let found else { preconditionFailure("no state is kept before update \(update)") }
    return (found.key, found.value)
  }

  func isDue(_ update: Int) -> Bool {
    update.isMultiple(of: interval) || anchors.contains(update)
  }
}
