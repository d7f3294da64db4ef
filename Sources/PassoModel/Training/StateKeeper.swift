// SPDX-License-Identifier: MIT

import PassoEngine
import PassoRuntime
import PassoText

/// The numbers with which an update begins: parameters, the optimizer's memory, settings.
///
/// By name: a run may go on with another program, in which the same values have other numbers.
struct RunState: Sendable {
  let values: [ValueName: KeptValue]

  /// Counted once: whoever keeps a thousand states asks for it after every update.
  let byteCount: Int

  /// The values of a program that `stateIDs` lists, in that order.
  init(_ plan: TrainingProgram, _ state: [KeptValue]) {
    let names = plan.stateIDs.map { plan.program.name(of: $0) }
    values = Dictionary(uniqueKeysWithValues: zip(names, state))
    byteCount = state.reduce(0) { $0 + $1.byteCount }
  }

  /// Whether two hold the same numbers under the same names.
  ///
  /// - Throws: `ExecutionProblem.refused` or `.unread` for what lies in a file.
  func isSame(as other: RunState) throws(ExecutionProblem) -> Bool {
    guard values.keys == other.values.keys else { return false }
    for (name, kept) in values {
      guard let there = other.values[name], try kept.isSame(as: there) else { return false }
    }
    return true
  }

  /// The numbers for a value; nil if none are kept that fit it.
  func kept(_ value: Value) -> KeptValue? {
    guard let name = ValueName(value.name), let kept = values[name], kept.shape == value.shape,
      kept.element == value.element
    else { return nil }
    return kept
  }
}

/// Copies of training states, as many as a budget allows.
///
/// An anchor is a state that replay cannot reach, because a person set it, or because it is the
/// first; it is never given up.
struct StateKeeper: Sendable {
  /// The bytes that states may take, if anchors do not need more.
  private var allowance: Int
  private var states: [Int: RunState] = [:]
  private var anchors: Set<Int> = []
  private var interval = 1

  init(budget: Int) { allowance = budget }

  /// The bytes that are kept at most: what was allowed, or what the anchors need.
  var budget: Int { max(allowance, bytes { anchors.contains($0) }) }

  /// Whether anchors need more than was allowed.
  var isOverAllowance: Bool { budget > allowance }

  /// Leaves the rest of the allowance to others; what is kept beyond it is thinned out.
  mutating func allow(_ bytes: Int) {
    allowance = bytes
    thinOut()
  }

  func has(_ update: Int) -> Bool { states[update] != nil }

  func isAnchor(_ update: Int) -> Bool { anchors.contains(update) }

  var byteCount: Int { bytes { _ in true } }

  private func bytes(where isCounted: (Int) -> Bool) -> Int {
    states.reduce(0) { sum, entry in isCounted(entry.key) ? sum + entry.value.byteCount : sum }
  }

  /// The updates whose states are kept, in order.
  var updates: [Int] { states.keys.sorted() }

  func state(_ update: Int) -> RunState? { states[update] }

  /// Keeps a state if it is due; over the budget every second one is given up.
  mutating func keep(_ update: Int, _ state: RunState, asAnchor: Bool) {
    if asAnchor { anchors.insert(update) }
    guard isDue(update), states[update] == nil else { return }
    states[update] = state
    thinOut()
  }

  private mutating func thinOut() {
    while byteCount > budget, states.keys.contains(where: { !anchors.contains($0) }) {
      interval *= 2
      states = states.filter { isDue($0.key) }
    }
  }

  mutating func forget(from update: Int) {
    states = states.filter { $0.key < update }
    anchors = anchors.filter { $0 < update }
  }

  /// The last state kept at or before an update; the first of all is always kept.
  func nearest(to update: Int) -> (update: Int, state: RunState) {
    let found = states.filter { $0.key <= update }.max { $0.key < $1.key }
    guard let found else { preconditionFailure("no state is kept before update \(update)") }
    return (found.key, found.value)
  }

  func isDue(_ update: Int) -> Bool {
    update.isMultiple(of: interval) || anchors.contains(update)
  }
}
