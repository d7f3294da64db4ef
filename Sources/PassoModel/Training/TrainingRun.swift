// SPDX-License-Identifier: MIT

import PassoData
import PassoEngine

/// The token ids of one round, row by row.
package struct TokenBatch: Sendable, Hashable {
  package let inputs: [Int32]

  /// The id expected at each position, or `ignoredTarget`.
  package let targets: [Int32]

  /// How many positions at the start of each row all of it may see; empty stands for none.
  package let prefix: [Int32]

  /// Rows one after the other.
  package init(inputs: [Int32], targets: [Int32], prefix: [Int32] = []) {
    self.inputs = inputs
    self.targets = targets
    self.prefix = prefix
  }

  /// The rows of a batch.
  package init(_ batch: some Collection<Example>) {
    self.init(
      inputs: batch.flatMap(\.inputs),
      targets: batch.flatMap(\.targets),
      prefix: batch.map { Int32($0.prefix) }
    )
  }

  /// The questions that an objective makes of texts that are long enough for it.
  ///
  /// - Parameters:
  ///   - texts: One for each row.
  ///   - objective: What is made a question of.
  ///   - length: Positions of a row.
  ///   - seed: Decides, with the round, what is hidden.
  ///   - round: Counted from the start of the run.
  init(
    _ texts: [[TokenID]],
    _ objective: any Objective,
    length: Int,
    seed: UInt64,
    round: Int
  ) {
    var random = RandomSource(seed: seed, round: round)
    guard let batch = try? objective.batch(from: texts, length: length, using: &random),
      batch.length == length
    else { preconditionFailure("texts that do not fit rows of \(length)") }
    self.init(batch.rows)
  }

  /// One example a row.
  func rows(of shape: BatchShape) -> [Example] {
    let prefixes = prefixes(rows: shape.rows)
    return (0..<shape.rows).map { row in
      let places = row * shape.length..<(row + 1) * shape.length
      return Example(
        inputs: Array(inputs[places]),
        targets: Array(targets[places]),
        prefix: Int(prefixes[row])
      )
    }
  }

  /// The prefix of each row.
  func prefixes(rows: Int) -> [Int32] {
    prefix.isEmpty ? Array(repeating: 0, count: rows) : prefix
  }
}

/// Where a run finds what to learn from.
///
/// Random access: the same number gives the same batch, however the run came there.
package protocol BatchSource: Sendable {
  /// The batch of a round, counted from the start of the run.
  func batch(_ round: Int) -> TokenBatch

  /// The texts of which the questions of a round are made, one for each row; nil if they are not
  /// known.
  func texts(_ round: Int) -> [[TokenID]]?

  /// Why what was given is not what was meant; nil while there is no reason.
  var damage: TextProblem? { get }

  /// The same source with another batch in a round, and wherever that batch comes again.
  func changing(_ round: Int, to batch: TokenBatch) -> any BatchSource
}

extension BatchSource {
  package func texts(_ round: Int) -> [[TokenID]]? { nil }
  package var damage: TextProblem? { nil }
}

/// The same few rows in every update, a part of them in each of its rounds.
package struct FixedBatch: BatchSource {
  private var parts: [TokenBatch]

  /// Rows that are divided among the rounds of an update, which must divide their number.
  package init(_ batch: Batch, rounds: Int = 1) {
    precondition(batch.rowCount.isMultiple(of: rounds), "\(batch.rowCount) rows, \(rounds) rounds")
    let size = batch.rowCount / rounds
    parts = (0..<rounds).map { TokenBatch(batch.rows[$0 * size..<($0 + 1) * size]) }
  }

  package func batch(_ round: Int) -> TokenBatch { parts[round % parts.count] }

  package func changing(_ round: Int, to batch: TokenBatch) -> any BatchSource {
    var copy = self
    copy.parts[round % parts.count] = batch
    return copy
  }
}

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

  private let ids: [String: ValueID]

  /// The batch that the execution has.
  private var current: TokenBatch?

  /// Prepares a run at its first step.
  ///
  /// - Parameters:
  ///   - plan: The program to execute.
  ///   - precision: The number format of all values.
  ///   - parameters: A tensor for each parameter of the configuration.
  ///   - batches: Ids below the vocabulary size, in the program's batch shape.
  ///   - rate: The learning rate, at its peak.
  /// - Throws: `ExecutionProblem.tooLarge` if the values do not fit into memory.
  package init(
    _ plan: TrainingProgram,
    precision: Precision,
    parameters: Parameters,
    batches: any BatchSource,
    rate: Double
  ) throws(ExecutionProblem) {
    self.plan = plan
    self.batches = batches
    execution = try Execution(plan.program, precision: precision)
    let names = ["tokens", "targets", "prefix", "lr", "lr.peak", "t"]
    ids = Dictionary(
      uniqueKeysWithValues: names.compactMap { name in
        plan.program.id(of: name).map { (name, $0) }
      }
    )
    for (name, tensor) in parameters {
      if let id = plan.program.id(of: name) { execution.set(id, to: tensor) }
    }
    setRate(rate)
    setTime()
    setBatch()
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
    let state = other.state.tensors
    try self.init(
      plan,
      precision: other.execution.precision,
      parameters: state,
      batches: batches,
      rate: 0
    )
    for name in ["lr", "lr.peak"] { if let rate = state[name] { set(name, rate[0]) } }
    patches = other.patches.filter { $0.key == other.update }
    begin(update: other.update)
    if let time = state["t"] { set("t", time[0]) }
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
  /// after each, `roundDone` when a round has been computed.
  package mutating func advance(
    to position: Int,
    unless shouldStop: () -> Bool = { false },
    stepDone: ((borrowing TrainingRun) -> Void)? = nil,
    roundDone: (borrowing TrainingRun) -> Void = { _ in }
  ) {
    let (lastRound, cursor) = place(of: position)
    while round < lastRound {
      move(to: plan.roundLength, unless: shouldStop, stepDone)
      guard isBetweenRounds, !shouldStop() else { return }
      roundDone(self)
      beginNextRound()
    }
    move(to: cursor, unless: shouldStop, stepDone)
    roundDone(self)
  }

  private mutating func move(
    to cursor: Int,
    unless shouldStop: () -> Bool,
    _ stepDone: ((borrowing TrainingRun) -> Void)?
  ) {
    // Past its first step: to where a later update or round begins no move leads again.
    if execution.cursor == 0, cursor > 0, update > 0 || round > 0 {
      doSteps(to: 1, unless: { false }, stepDone)
    }
    doSteps(to: cursor, unless: shouldStop, stepDone)
  }

  private mutating func doSteps(
    to cursor: Int,
    unless shouldStop: () -> Bool,
    _ stepDone: ((borrowing TrainingRun) -> Void)?
  ) {
    let patches = patches[update, default: []].filter { $0.round == round }
    if stepDone == nil, patches.isEmpty {
      return execution.move(to: cursor, unless: shouldStop)
    }
    while execution.cursor < cursor {
      let next = execution.cursor + 1
      execution.move(to: next, unless: shouldStop)
      guard execution.cursor == next else { return }
      let output = plan.program.steps[execution.cursor - 1].output
      for patch in patches where plan.program[output].names.contains(patch.name) {
        execution.overwrite(output, with: patch.applied(to: execution.remembered(output)))
      }
      stepDone?(self)
    }
  }

  /// Goes back to a position of the current round; false if it lies before the round.
  package mutating func goBack(to position: Int) -> Bool {
    let (target, cursor) = place(of: position)
    guard target == round else { return false }
    execution.move(to: cursor)
    return true
  }

  /// Makes what the update computed the start of the next.
  package mutating func beginNextUpdate() {
    execution.carryOver(plan.renewals)
    begin(update: update + 1)
  }

  /// The round and the cursor within it; the end of a round is not the start of the next.
  private func place(of position: Int) -> (round: Int, cursor: Int) {
    let last = plan.optimizer.rounds - 1
    let round = min(max(position - 1, 0) / plan.roundLength, last)
    return (round, position - round * plan.roundLength)
  }

  private mutating func beginNextRound() {
    execution.carryOver(plan.sums)
    round += 1
    setBatch()
  }

  private mutating func begin(update: Int) {
    self.update = update
    round = 0
    execution.clear(plan.sums.map(\.to))
    setTime()
    setBatch()
  }
}

// MARK: - State

extension TrainingRun {
  /// What is needed to come back to the start of the current update: inputs, which no step of the
  /// update changes.
  var state: RunState {
    RunState(plan, plan.stateIDs.compactMap { execution.tensor($0) })
  }

  /// Whether a copy reads the same memory: then the next step makes one of its own.
  var sharesMemory: Bool { mutating get { execution.sharesMemory } }

  /// Bytes of `state`.
  var stateByteCount: Int {
    plan.stateIDs.reduce(0) { $0 + plan.program[$1].shape.count } * execution.precision.byteCount
  }

  /// Comes back to the start of an update.
  mutating func restore(_ state: RunState, update: Int) {
    execution.move(to: 0)
    begin(update: update)
    // Last: a person may have set the number of the update too.
    for id in plan.stateIDs {
      if let tensor = state.tensor(plan.program[id]) { execution.set(id, to: tensor) }
    }
  }

  /// The learning rate of the updates to come, at its peak.
  package mutating func setRate(_ rate: Double) {
    for name in ["lr", "lr.peak"] { set(name, rate) }
  }

  /// A fingerprint of parameters, optimizer memory and settings, and of where the run is.
  package var stateHash: UInt64 {
    var hash = StateHash()
    hash.add(execution.stateHash)
    hash.add(UInt64(update))
    hash.add(UInt64(round))
    return hash.value
  }

  private mutating func setTime() { set("t", Double(update + 1)) }

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
    execution.move(to: min(producer, execution.cursor))
  }

  /// Forgets what was put into values of updates from one on.
  package mutating func forgetPatches(from update: Int) {
    patches = patches.filter { $0.key < update }
  }

  /// Gives an input other numbers, and goes back to before the first step that reads it.
  ///
  /// - Throws: `ExecutionProblem.unknownName`.
  mutating func give(_ name: String, _ slots: [Int: Double]) throws(ExecutionProblem) {
    let id = try execution.id(of: name)
    guard plan.program[id].producer == nil else { return try patch(name, slots) }
    let patch = Patch(name: name, round: 0, slots: slots)
    execution.set(id, to: patch.applied(to: execution.remembered(id)))
  }

  private mutating func set(_ name: String, _ number: Double) {
    // A schedule computes `lr` from its peak: then it is no input.
    guard let id = ids[name], plan.program[id].producer == nil else { return }
    execution.set(id, to: Tensor(scalar: number))
  }

  private mutating func setBatch() {
    guard let tokens = ids["tokens"], let targets = ids["targets"] else { return }
    let batch = batches.batch(update * plan.optimizer.rounds + round)
    guard batch != current else { return }
    current = batch
    let shape = plan.program[tokens].shape
    execution.set(tokens, to: Tensor(shape, batch.inputs))
    execution.set(targets, to: Tensor(shape, batch.targets))
    guard let prefix = ids["prefix"] else { return }
    execution.set(
      prefix,
      to: Tensor(plan.program[prefix].shape, batch.prefixes(rows: plan.batch.rows))
    )
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
