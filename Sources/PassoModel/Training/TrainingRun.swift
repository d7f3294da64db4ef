// SPDX-License-Identifier: MIT

import PassoData
import PassoEngine
import PassoRuntime

/// A training program at work: one update after the other, each of one or more rounds.
package struct TrainingRun: Sendable {
  package let plan: TrainingProgram
  package let batches: any BatchSource
  package private(set) var execution: Execution

  /// Updates that were completed before the current one.
  package private(set) var update = 0

  /// Rounds that were completed of the current update.
  package private(set) var round = 0

  /// What a person has put into computed values, by update.
  private(set) var patches: [Int: [Patch]] = [:]

  private let inputs: BatchInputs

  /// The batch that the execution has.
  private var current: TokenBatch?

  /// Prepares a run at its first step.
  ///
  /// - Parameters:
  ///   - plan: The program to execute.
  ///   - precision: The number format of all values.
  ///   - parameters: Where a tensor for each parameter of the configuration is.
  ///   - batches: Ids below the vocabulary size, in the program's batch shape.
  ///   - rate: The learning rate, at its peak.
  ///   - limits: How much of what is computed is held.
  /// - Throws: `ExecutionProblem.tooLarge` if the values do not fit into memory, or what the
  ///   parameters throw.
  package init(
    _ plan: TrainingProgram,
    precision: Precision,
    parameters: any ParameterSource,
    batches: any BatchSource,
    rate: Double,
    limits: MemoryPlan.Limits = .init()
  ) throws {
    try self.init(plan, precision, batches, rate, limits)
    try parameters.load(into: &execution)
  }

  /// The same with parameters that are 0.
  ///
  /// - Throws: `ExecutionProblem.tooLarge` if the values do not fit into memory.
  init(
    _ plan: TrainingProgram,
    _ precision: Precision,
    _ batches: any BatchSource,
    _ rate: Double,
    _ limits: MemoryPlan.Limits = .init()
  ) throws(ExecutionProblem) {
    self.plan = plan
    self.batches = batches
    execution = try Execution(plan.program, precision: precision, limits: limits)
    inputs = BatchInputs(plan.program)
    try set(plan.chosenRate, rate)
    try setTime()
    try setBatch()
  }

  /// A run that goes on from the state of another with a program, or with data, of its own.
  ///
  /// It begins at the start of the other's current update. What a person has put into values of
  /// that update stays.
  ///
  /// - Throws: `ExecutionProblem.tooLarge` if the values do not fit into memory.
  package init(
    continuing other: TrainingRun,
    with plan: TrainingProgram,
    batches: any BatchSource
  ) throws(ExecutionProblem) {
    let old = other.execution
    try self.init(plan, old.precision, batches, 0, old.limits)
    patches = other.patches.filter { $0.key == other.update }
    try begin(update: other.update)
    // Last: a person may have set the number of the update too. From place to place: the numbers
    // of a large model are not to be had a third time.
    for source in other.plan.stateIDs {
      guard let id = plan.program.id(of: other.plan.program[source].name) else { continue }
      try execution.set(id, to: source, of: other.execution)
    }
  }

  /// Whether the last round of the update is done.
  package var isAtEnd: Bool { execution.isAtEnd }

  /// Whether a round is done and another one of the same update follows.
  package var isBetweenRounds: Bool {
    round < plan.optimizer.rounds - 1 && execution.cursor == plan.roundLength
  }

  /// Steps done of the current update.
  package var position: Int { round * plan.roundLength + execution.cursor }
}

// MARK: - Moving

extension TrainingRun {
  /// Goes on to a position of the current update.
  ///
  /// `shouldStop` is asked before each step, so that a person can interrupt; `stepDone` is called
  /// after each.
  ///
  /// - Throws: `ExecutionProblem.refused` before the first step.
  package mutating func advance(
    to position: Int,
    unless shouldStop: () -> Bool = { false },
    stepDone: ((borrowing TrainingRun) -> Void)? = nil
  ) throws(ExecutionProblem) {
    let (lastRound, cursor) = place(of: position)
    while round < lastRound {
      try move(to: plan.roundLength, unless: shouldStop, stepDone)
      guard isBetweenRounds, !shouldStop() else { return }
      try beginNextRound()
    }
    try move(to: cursor, unless: shouldStop, stepDone)
  }

  private mutating func move(
    to cursor: Int,
    unless shouldStop: () -> Bool,
    _ stepDone: ((borrowing TrainingRun) -> Void)?
  ) throws(ExecutionProblem) {
    // Past its first step: to where a later update or round begins no move leads again.
    if execution.cursor == 0, cursor > 0, update > 0 || round > 0 {
      try doSteps(to: 1, unless: { false }, stepDone)
    }
    try doSteps(to: cursor, unless: shouldStop, stepDone)
  }

  private mutating func doSteps(
    to cursor: Int,
    unless shouldStop: () -> Bool,
    _ stepDone: ((borrowing TrainingRun) -> Void)?
  ) throws(ExecutionProblem) {
    let patches = patches[update, default: []].filter { $0.round == round }
    if stepDone == nil, patches.isEmpty {
      return try execution.move(to: cursor, unless: shouldStop)
    }
    while execution.cursor < cursor {
      let next = execution.cursor + 1
      try execution.move(to: next, unless: shouldStop)
      guard execution.cursor == next else { return }
      let output = plan.program.steps[execution.cursor - 1].output
      for patch in patches where plan.program[output].names.contains(patch.name) {
        try execution.overwrite(output, with: patch.applied(to: try execution.remembered(output)))
      }
      stepDone?(self)
    }
  }

  /// Goes back to a position of the current round; false if it lies before the round.
  package mutating func goBack(to position: Int) -> Bool {
    let (target, cursor) = place(of: position)
    guard target == round else { return false }
    execution.back(execution.cursor - cursor)
    return true
  }

  /// Makes what the update computed the start of the next.
  ///
  /// - Throws: `ExecutionProblem.refused` before anything has changed.
  package mutating func beginNextUpdate() throws(ExecutionProblem) {
    try execution.carryOver(plan.carried.stateUpdates)
    try begin(update: update + 1)
  }

  /// The round and the cursor within it; the end of a round is not the start of the next.
  private func place(of position: Int) -> (round: Int, cursor: Int) {
    let last = plan.optimizer.rounds - 1
    let round = min(max(position - 1, 0) / plan.roundLength, last)
    return (round, position - round * plan.roundLength)
  }

  private mutating func beginNextRound() throws(ExecutionProblem) {
    try execution.carryOver(plan.carried.roundUpdates)
    round += 1
    try setBatch()
  }

  private mutating func begin(update: Int) throws(ExecutionProblem) {
    try ownMemory()
    self.update = update
    round = 0
    try execution.clear(plan.carried.roundUpdates.map(\.to))
    try setTime()
    try setBatch()
  }
}

// MARK: - State

extension TrainingRun {
  /// What is needed to come back to the start of the current update: inputs, which no step of the
  /// update changes.
  ///
  /// Large values stay where they are until the next update writes others.
  var state: RunState { RunState(plan, plan.stateIDs.map { execution.kept($0) }) }

  /// Takes memory of its own if a copy of the run reads the same; see `Execution.ownMemory`.
  ///
  /// - Returns: False if it was told to stop before.
  @discardableResult
  mutating func ownMemory(
    unless shouldStop: () -> Bool = { false }
  ) throws(ExecutionProblem) -> Bool {
    try execution.ownMemory(unless: shouldStop)
  }

  /// Bytes of `state`.
  var stateByteCount: Int {
    plan.stateIDs.reduce(0) { $0 + plan.program[$1].shape.count } * execution.precision.byteCount
  }

  /// Comes back to the start of an update.
  ///
  /// - Throws: `ExecutionProblem.refused` or `.unread` before anything has changed.
  mutating func restore(_ state: RunState, update: Int) throws(ExecutionProblem) {
    for kept in state.values.values { try kept.expectUnchanged() }
    try ownMemory()
    execution.back(execution.cursor)
    try begin(update: update)
    // Last: a person may have set the number of the update too.
    for id in plan.stateIDs {
      if let kept = state.kept(plan.program[id]) { try execution.set(id, to: kept) }
    }
  }

  /// A fingerprint of parameters, optimizer memory and settings, and of where the run is.
  ///
  /// - Throws: `ExecutionProblem.refused`, as `Execution.stateHash`.
  package var stateHash: UInt64 {
    get throws(ExecutionProblem) {
      var hash = StateHash()
      hash.add(try execution.stateHash)
      hash.add(UInt64(update))
      hash.add(UInt64(round))
      return hash.value
    }
  }

  private mutating func setTime() throws(ExecutionProblem) {
    try set(.optimizer(.time), Double(update + 1))
  }

  /// Puts numbers into a computed value of the current round, each time that it is computed.
  ///
  /// Goes back to before the step that computes it.
  ///
  /// - Throws: `ExecutionProblem.unknownName`.
  mutating func patch(_ name: String, _ slots: [Int: Double]) throws(ExecutionProblem) {
    let value = plan.program[try execution.id(of: name)]
    guard let producer = value.producer else { return try give(name, slots) }
    let patch = Patch(name: value.name, round: round, slots: slots)
    patches[update, default: []].append(patch)
    execution.back(max(0, execution.cursor - producer))
  }

  /// Forgets what was put into values of updates from one on.
  package mutating func forgetPatches(from update: Int) {
    patches = patches.filter { $0.key < update }
  }

  /// Gives an input other numbers, and goes back to before the first step that reads it.
  ///
  /// - Throws: `ExecutionProblem.unknownName` or `.refused`.
  mutating func give(_ name: String, _ slots: [Int: Double]) throws(ExecutionProblem) {
    let id = try execution.id(of: name)
    guard plan.program[id].producer == nil else { return try patch(name, slots) }
    let patch = Patch(name: name, round: 0, slots: slots)
    try execution.set(id, to: patch.applied(to: try execution.remembered(id)))
  }

  private mutating func set(_ name: ValueName, _ number: Double) throws(ExecutionProblem) {
    guard plan.isSetting(name) else { return }
    try execution.set(execution.id(of: name), to: Tensor(scalar: number))
  }

  private mutating func setBatch() throws(ExecutionProblem) {
    let batch = batches.batch(update * plan.optimizer.rounds + round)
    guard batch != current else { return }
    current = batch
    let inputs = inputs
    try inputs.set(batch) { (id, tensor) throws(ExecutionProblem) in
      try execution.set(id, to: tensor)
    }
  }
}

extension RandomSource {
  /// The random numbers of one round of a run, whichever rounds were asked for before.
  init(seed: UInt64, round: Int) {
    // Streams of neighbouring rounds would overlap if their seeds differed by little.
    var first = RandomSource(seed: seed)
    var second = RandomSource(seed: first.next() ^ UInt64(bitPattern: Int64(round)))
    self.init(seed: second.next())
  }
}
