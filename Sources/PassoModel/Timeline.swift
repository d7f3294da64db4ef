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
  package let plan: TrainingProgram
  package private(set) var execution: Execution

  /// Updates that were completed before the current one.
  package private(set) var update = 0

  /// The loss of each update that was computed.
  package private(set) var losses: [Int: Double] = [:]

  private var keeper: StateKeeper
  private let stateIDs: [ValueID]
  private let lossID: ValueID?

  /// Prepares a run on one batch.
  ///
  /// - Parameters:
  ///   - plan: The program to execute.
  ///   - precision: The number format of all values.
  ///   - parameters: A tensor for each parameter of the configuration.
  ///   - inputs: Token ids, row by row; all below the vocabulary size.
  ///   - targets: Token ids or `ignoredTarget`, in the shape of `inputs`.
  ///   - rate: The learning rate.
  ///   - budget: Bytes of training states to keep; beyond it older ones are thinned out.
  /// - Throws: `ExecutionProblem.tooLarge` if the values do not fit into memory.
  package init(
    _ plan: TrainingProgram,
    precision: Precision,
    parameters: Parameters,
    inputs: [Int32],
    targets: [Int32],
    rate: Double,
    budget: Int = 256 << 20
  ) throws(ExecutionProblem) {
    self.plan = plan
    let program = plan.program
    var execution = try Execution(program, precision: precision)
    for id in program.inputs {
      let value = program[id]
      switch value.name {
      case "tokens": execution.set(id, to: Tensor(value.shape, inputs))
      case "targets": execution.set(id, to: Tensor(value.shape, targets))
      case "lr": execution.set(id, to: Tensor(scalar: rate))
      case "t": execution.set(id, to: Tensor(scalar: 1))
      default:
        if let tensor = parameters[value.name] { execution.set(id, to: tensor) }
      }
    }
    stateIDs = program.inputs.filter { program[$0].role != .data }
    lossID = program.id(of: "loss")
    keeper = StateKeeper(budget: budget)
    self.execution = execution
    keepState(asAnchor: true)
  }

  /// Where the run is.
  package var moment: Moment { Moment(update: update, step: execution.cursor) }

  /// Steps of one update.
  package var stepCount: Int { plan.program.steps.count }

  /// The step that a move forward would do next; nil never: after an update the next one begins.
  package var nextStep: Int { execution.isAtEnd ? 0 : execution.cursor }
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
    let nearest = keeper.nearest(to: target.update).update
    if target.update < update || nearest > update { restore(target.update) }
    while update < target.update, !shouldStop() {
      finishUpdate(unless: shouldStop)
      guard execution.isAtEnd, !shouldStop() else { return }
      beginNextUpdate()
    }
    guard update == target.update else { return }
    execution.move(to: target.step, unless: shouldStop)
    noteLoss()
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
      if execution.isAtEnd { beginNextUpdate() }
      finishUpdate(unless: shouldStop)
      if !execution.isAtEnd { return done }
    }
    return count
  }

  /// The moment one unit ahead.
  package func moment(after zoom: Zoom) -> Moment {
    let start = nextStep
    let end = unit(of: start, zoom).upperBound
    return execution.isAtEnd
      ? Moment(update: update + 1, step: end) : Moment(update: update, step: end)
  }

  /// The moment at which the unit before began.
  package func moment(before zoom: Zoom) -> Moment {
    guard execution.cursor > 0 else { return moment }
    return normalised(
      Moment(update: update, step: unit(of: execution.cursor - 1, zoom).lowerBound)
    )
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
    guard let id = plan.program.id(of: "lr") else { return }
    if execution.isAtEnd { beginNextUpdate() }
    execution.set(id, to: Tensor(scalar: rate))
    keeper.forget(from: update)
    losses = losses.filter { $0.key <= update }
    let cursor = execution.cursor
    execution.move(to: 0)
    keepState(asAnchor: true)
    execution.move(to: cursor)
  }

  /// The end of an update instead of the start of the next.
  private func normalised(_ moment: Moment) -> Moment {
    if moment.step == 0, moment.update > 0 {
      return Moment(update: moment.update - 1, step: stepCount)
    }
    return moment
  }

  private mutating func finishUpdate(unless shouldStop: () -> Bool) {
    execution.run(unless: shouldStop)
    noteLoss()
  }

  private mutating func noteLoss() {
    guard losses[update] == nil, let lossID, let loss = execution.tensor(lossID) else { return }
    losses[update] = loss[0]
  }

  private mutating func beginNextUpdate() {
    // Where a person changed a setting, carrying over would bring back the old one.
    if keeper.has(update + 1) { return restore(update + 1) }
    execution.carryOver(plan.renewals)
    update += 1
    if let id = plan.program.id(of: "t") {
      execution.set(id, to: Tensor(scalar: Double(update + 1)))
    }
    keepState()
  }

  private mutating func restore(_ target: Int) {
    let (kept, state) = keeper.nearest(to: target)
    update = kept
    for (id, tensor) in zip(stateIDs, state) { execution.set(id, to: tensor) }
    execution.move(to: 0)
  }

  private mutating func keepState(asAnchor: Bool = false) {
    guard !keeper.has(update) else { return }
    keeper.keep(update, stateIDs.compactMap { execution.tensor($0) }, asAnchor: asAnchor)
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
    guard isDue(update) else { return }
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

  private func isDue(_ update: Int) -> Bool {
    update.isMultiple(of: interval) || anchors.contains(update)
  }
}
