// SPDX-License-Identifier: MIT

import PassoEngine

/// The first place at which two runs are not the same.
package struct TimelineDifference: Sendable {
  /// A value that two runs have computed, and in which they are not equal.
  package struct Difference: Sendable {
    package let name: String

    /// Just after the value was computed, in the left run; at the start of the update if it is
    /// given.
    package let moment: Moment
    package let left: Tensor
    package let right: Tensor

    /// Row-major positions of numbers that differ, the greatest difference first; empty if the
    /// shapes differ.
    package let places: [Int]
  }

  package let first: Difference

  /// The names of all other values of the same update that differ, in the order of computation.
  package let others: [String]

  /// Values of that update that were compared.
  package let comparedCount: Int
}

extension TimelineDifference {
  /// Walks two runs in lockstep, up to the later of their two moments.
  ///
  /// - Parameters:
  ///   - left: One run.
  ///   - right: The other.
  ///   - shouldStop: Is asked before each step.
  /// - Returns: Nil if they are the same, bit for bit, in everything that both have.
  /// - Throws: `ExecutionProblem.refused` if there is no memory for copies of the two.
  package static func between(
    _ left: Timeline,
    _ right: Timeline,
    unless shouldStop: () -> Bool = { false }
  ) throws(ExecutionProblem) -> TimelineDifference? {
    let end = max(left.moment, right.moment)
    var pair = Pair(left: left, right: right)
    let common = try Timeline.lastCommonUpdate(left, right, upTo: end.update)
    try pair.begin(at: common, unless: shouldStop)
    while !shouldStop() {
      let isLast = pair.left.update == end.update
      if let found = try pair.compareUpdate(to: isLast ? end.step : .max, unless: shouldStop) {
        return found
      }
      if isLast { return nil }
      try pair.beginNextUpdate(unless: shouldStop)
    }
    return nil
  }
}

extension Timeline {
  /// An update before which two runs are known to be the same.
  fileprivate static func lastCommonUpdate(
    _ left: Timeline,
    _ right: Timeline,
    upTo last: Int
  ) throws(ExecutionProblem) -> Int {
    var limit = last
    for (one, other) in zip(left.segments, right.segments) where limit > 0 {
      let isSame = one.start == other.start && one.run.plan.isSame(as: other.run.plan)
      if !isSame { limit = min(limit, one.start, other.start) }
      let changed = Set(one.run.patches.keys).union(other.run.patches.keys).filter {
        one.run.patches[$0] != other.run.patches[$0]
      }
      limit = min(limit, changed.min() ?? limit)
    }
    let more = left.segments.count > right.segments.count ? left.segments : right.segments
    let common = min(left.segments.count, right.segments.count)
    if more.count > common { limit = min(limit, more[common].start) }
    var found = 0
    for update in left.keeper.updates where update <= limit {
      guard let one = left.keeper.state(update), let other = right.keeper.state(update) else {
        continue
      }
      guard try one.isSame(as: other) else { break }
      found = update
    }
    return found
  }
}

extension TrainingProgram {
  fileprivate func isSame(as other: TrainingProgram) -> Bool {
    mask == other.mask && ablatedHeads == other.ablatedHeads && program.names == other.program.names
  }
}

/// Two runs that are walked together.
private struct Pair {
  var left: Timeline
  var right: Timeline

  var first: TimelineDifference.Difference?
  var others: [String] = []
  var count = 0

  mutating func begin(at update: Int, unless shouldStop: () -> Bool) throws(ExecutionProblem) {
    try left.restore(update)
    try left.replay(to: Moment(update: update, step: 0), unless: shouldStop)
    try right.restore(update)
    try right.replay(to: Moment(update: update, step: 0), unless: shouldStop)
  }

  mutating func beginNextUpdate(unless shouldStop: () -> Bool) throws(ExecutionProblem) {
    try left.finishUpdate(unless: shouldStop)
    try right.finishUpdate(unless: shouldStop)
    guard !shouldStop() else { return }
    try left.beginNextUpdate()
    try right.beginNextUpdate()
  }

  /// Compares one update, from its start to a position.
  mutating func compareUpdate(
    to end: Int,
    unless shouldStop: () -> Bool
  ) throws(ExecutionProblem) -> TimelineDifference? {
    (first, others, count) = (nil, [], 0)
    for id in left.plan.program.inputs { try compare(id) }
    let last = min(end, left.stepCount)
    while left.run.position < last, !shouldStop() {
      try left.advance(to: left.run.position + 1)
      let output = left.plan.program.steps[left.execution.cursor - 1].output
      guard let id = right.plan.program.id(of: left.plan.program[output].name),
        let producer = right.plan.program[id].producer
      else { continue }
      try right.advance(to: left.run.round * right.plan.roundLength + producer + 1)
      try compare(output)
    }
    return first.map { TimelineDifference(first: $0, others: others, comparedCount: count) }
  }

  private mutating func compare(_ id: ValueID) throws(ExecutionProblem) {
    let name = left.plan.program[id].name
    guard let one = try left.execution.tensor(id), let otherID = right.plan.program.id(of: name),
      let other = try right.execution.tensor(otherID)
    else { return }
    count += 1
    guard !one.hasSameBits(as: other) else { return }
    if first != nil { return others.append(name) }
    first = TimelineDifference.Difference(
      name: name,
      moment: left.moment,
      left: one,
      right: other,
      places: one.places(where: other)
    )
  }
}

extension Tensor {
  /// Equal bit for bit; NaN is equal to itself.
  fileprivate func hasSameBits(as other: Tensor) -> Bool {
    guard shape == other.shape else { return false }
    switch (storage, other.storage) {
    case (.f32(let one), .f32(let two)):
      return zip(one, two).allSatisfy { $0.bitPattern == $1.bitPattern }
    case (.f64(let one), .f64(let two)):
      return zip(one, two).allSatisfy { $0.bitPattern == $1.bitPattern }
    case (.integers(let one), .integers(let two)): return one == two
    default: return false
    }
  }

  fileprivate func places(where other: Tensor) -> [Int] {
    guard shape == other.shape else { return [] }
    let (one, two) = (doubles, other.doubles)
    func gap(_ index: Int) -> Double {
      let gap = abs(one[index] - two[index])
      return gap.isNaN ? .infinity : gap
    }
    return one.indices.filter { one[$0].bitPattern != two[$0].bitPattern }.sorted {
      gap($0) > gap($1)
    }
  }
}
