// SPDX-License-Identifier: MIT

import PassoEngine
import PassoModel
import PassoRuntime
import Testing

struct TimelineChangeTests {
  static let llama: ModelConfiguration = {
    var configuration = TimelineTests.configuration
    configuration.keyHeadCount = 1
    configuration.positions = .rotary(base: 10_000)
    configuration.norm = .rootMeanSquare
    configuration.activation = .swiGLU
    return configuration
  }()

  static let families = [TimelineTests.configuration, llama]

  private func prepare(
    _ configuration: ModelConfiguration,
    optimizer: Optimizer = .standardAdamW,
    precision: Precision = .f32,
    budget: Int = 1 << 30
  ) throws -> Timeline {
    try TimelineTests.prepare(
      optimizer,
      configuration: configuration,
      precision: precision,
      budget: budget
    )
  }

  /// The formula of every op, in whole updates of whole models.
  @Test(arguments: families, [1, 2])
  func formulasGiveWhatTheKernelsGive(
    configuration: ModelConfiguration,
    rounds: Int
  ) throws {
    var optimizer = Optimizer.standardAdamW
    optimizer.rounds = rounds
    optimizer.clip = 0.5
    optimizer.schedule = RateSchedule(decay: .cosine, warmup: 2, updates: 5, floor: 0.1)
    let timeline = try prepare(configuration, optimizer: optimizer, precision: .f64)
    var trained = timeline
    _ = try trained.train(3)
    let (errors, tried) = try trained.execution.formulaErrors(tolerance: 1e-10, most: 12)
    for error in errors { Issue.record("\(error)") }
    #expect(tried > 1000)
  }

  private func id(_ name: String, _ timeline: Timeline) throws -> ValueID {
    try #require(timeline.plan.program.id(of: name))
  }

  /// Puts changes of every kind into a run of a few updates.
  private func changed(_ timeline: Timeline) throws -> Timeline {
    var timeline = timeline
    _ = try timeline.train(2)
    try timeline.step(7)
    try timeline.set("W_E", [3: 0.5])
    try timeline.move(to: Moment(update: 3, step: 40))
    try timeline.set("blocks.0.attn.pattern", [1: 0.25])
    _ = try timeline.train(1)
    try timeline.step(20)
    let old = timeline.plan
    try timeline.setPlan(
      TrainingProgram(
        old.configuration,
        batch: old.batch,
        mask: .window(2),
        ablatedHeads: [HeadAddress(block: 1, head: 1)],
        optimizer: old.optimizer
      )
    )
    _ = try timeline.train(2)
    try timeline.set("lr", [0: 0.02])
    return timeline
  }

  @Test(arguments: [1, 1 << 30])
  func whatIsKeptStaysWithinTheBudget(budget: Int) throws {
    var timeline = try prepare(Self.families[0], budget: budget)
    let one = timeline.byteCount.states
    // The first state is needed whatever was allowed: then it is the budget, and that is said.
    #expect(timeline.isOverAllowance == (budget < one))
    _ = try timeline.train(12)
    #expect(timeline.byteCount.states <= timeline.budget)
    #expect((timeline.byteCount.states == one) == (budget == 1))
    let hash = try timeline.stateHash
    try timeline.move(to: Moment(update: 5, step: 3))
    try timeline.set("W_E", [3: 0.5])
    #expect(timeline.byteCount.states <= timeline.budget)
    try timeline.move(to: Moment(update: 2, step: 0))
    _ = try timeline.train(10)
    #expect(try timeline.stateHash != hash)
    #expect(timeline.byteCount.states <= timeline.budget)
  }

  @Test(arguments: families, [1, 2])
  func randomWalksComeBackToTheSameBits(configuration: ModelConfiguration, rounds: Int) throws {
    var optimizer = Optimizer.standardAdamW
    optimizer.rounds = rounds
    // So small a budget that most states have to be replayed.
    var timeline = try changed(prepare(configuration, optimizer: optimizer, budget: 40_000))
    var source = RandomSource(seed: 11)
    var known: [Moment: UInt64] = try [timeline.moment: timeline.stateHash]
    var repeats = 0
    for _ in 0..<2500 {
      switch source.next() % 8 {
      case 0...2: try timeline.step(Int(source.next() % 9) + 1)
      case 3...5: try timeline.back(Int(source.next() % 10) + 1)
      case 6: try timeline.move(to: timeline.moment(after: .layer))
      default:
        let update = Int(source.next() % 8)
        let step = Int(source.next() % UInt64(timeline.stepCount(of: update) + 1))
        try timeline.move(to: Moment(update: update, step: step))
      }
      let hash = try timeline.stateHash
      if let seen = known[timeline.moment] {
        repeats += 1
        #expect(seen == hash, "at \(timeline.moment)")
      }
      known[timeline.moment] = hash
    }
    #expect(repeats > 200)
  }

  @Test(arguments: [1 << 30, 10_000])
  func theLastChangeIsFoundWhereItWasMade(budget: Int) throws {
    var timeline = try prepare(TimelineTests.configuration, budget: budget)
    _ = try timeline.train(9)
    try timeline.move(to: Moment(update: 4, step: 30))
    // A position that no text reaches: nothing else changes it but weight decay.
    let table = try id("W_pos", timeline)
    try timeline.set("W_pos", [7 * 8: 5])
    _ = try timeline.train(6)
    let found = try timeline.lastChange(
      of: { run in try? run.execution.tensor(table).map { $0[7 * 8] > 1 } },
      touches: { plan, index in plan.program.steps[index].output == table }
    )
    let change = try #require(found)
    #expect(change.moment == Moment(update: 4, step: 0))
    #expect(change.before == false && change.after == true)
    try timeline.move(to: change.moment)
    #expect(try timeline.execution.tensor(table)?[7 * 8] == 5)
    // A value that is computed anew in each update: just after its step.
    let loss = try id("loss", timeline)
    _ = try timeline.train(3)
    let last = try timeline.lastChange(
      of: { run in try? run.execution.tensor(loss).map { $0[0] } },
      touches: { plan, index in plan.program.steps[index].output == loss }
    )
    let producer = try #require(timeline.plan.program[loss].producer)
    #expect(last?.moment == Moment(update: timeline.update, step: producer + 1))
    let never: ChangeFound<Bool>? = try timeline.lastChange(
      of: { _ in true },
      touches: { _, _ in true }
    )
    #expect(never == nil)
  }

  @Test(arguments: families)
  func theFirstDifferenceIsTheValueThatWasChanged(configuration: ModelConfiguration) throws {
    let names = try prepare(configuration).plan.program.steps
    var source = RandomSource(seed: 2)
    for _ in 0..<25 {
      var left = try prepare(configuration)
      _ = try left.train(2)
      let index = Int(source.next() % UInt64(names.count - 1)) + 1
      try left.move(to: Moment(update: 2, step: index))
      let output = left.plan.program.steps[index - 1].output
      let name = left.plan.program[output].name
      #expect(try TimelineDifference.between(left, left) == nil)
      var right = left
      let old = try #require(try left.execution.tensor(output))
      guard old.element == .real else { continue }
      let cell = Int(source.next() % UInt64(old.count))
      guard old[cell].isFinite else { continue }
      try right.set(name, [cell: old[cell] + 1])
      _ = try right.train(1)
      let found = try #require(try TimelineDifference.between(left, right), "\(name)")
      #expect(found.first.name == name)
      #expect(found.first.places == [cell])
      #expect(found.first.moment == Moment(update: 2, step: index))
      let reached = reachable(from: output, in: left.plan.program)
      #expect(reached.isSuperset(of: found.others), "\(name)")
      _ = try left.train(4)
      #expect(try TimelineDifference.between(left, right)?.first.name == name)
    }
  }

  private func reachable(from id: ValueID, in program: Program) -> Set<String> {
    var reached: Set<ValueID> = [id]
    for step in program.steps where step.inputs.contains(where: reached.contains) {
      reached.insert(step.output)
    }
    return Set(reached.map { program[$0].name })
  }

  @Test(arguments: families)
  func whatPrecedesAChangeStays(configuration: ModelConfiguration) throws {
    var timeline = try prepare(configuration)
    _ = try timeline.train(1)
    try timeline.move(to: Moment(update: 1, step: timeline.stepCount - 3))
    let before = timeline
    let target = try id("blocks.1.attn.z", timeline)
    let numbers = try #require(try timeline.execution.tensor(target))
    // The same numbers: nothing may change, though all that follows is computed anew.
    try timeline.set("blocks.1.attn.z", [0: numbers[0]])
    #expect(try timeline.stateHash == before.stateHash)
    try timeline.set("blocks.1.attn.z", [0: numbers[0] + 1])
    let program = timeline.plan.program
    let reached = reachable(from: target, in: program)
    for name in program.names {
      let (old, new) = (
        try before.execution.tensor(id(name, before)),
        try timeline.execution.tensor(id(name, before))
      )
      if !reached.contains(name) { #expect(old == new, "\(name)") }
    }
    #expect(timeline.losses[1] != before.losses[1])
  }

  /// A head that is switched off has no effect, so that its part of W_O does not matter.
  @Test(arguments: families)
  func ablationIsTheSameAsNoOutputWeights(configuration: ModelConfiguration) throws {
    var ablated = try prepare(configuration)
    try ablated.move(to: Moment(update: 0, step: 60))
    try ablated.setPlan(
      TrainingProgram(
        configuration,
        batch: ablated.plan.batch,
        ablatedHeads: [HeadAddress(block: 0, head: 1)],
        optimizer: ablated.plan.optimizer
      )
    )
    _ = try ablated.train(1)
    var zeroed = try prepare(configuration)
    let weights = try id("blocks.0.attn.W_O", zeroed)
    let shape = zeroed.plan.program[weights].shape
    let perHead = shape.count / shape.sizes[0]
    let cells = (perHead..<2 * perHead).map { ($0, 0.0) }
    try zeroed.set("blocks.0.attn.W_O", Dictionary(uniqueKeysWithValues: cells))
    _ = try zeroed.train(1)
    let (one, other) = (try #require(ablated.losses[0]), try #require(zeroed.losses[0]))
    #expect(abs(one - other) < 1e-6)
    let gradient = try #require(try ablated.execution.tensor(id("grad.blocks.0.attn.W_Q", ablated)))
    let columns = gradient.shape.sizes
    for index in 0..<gradient.count where index / columns[2] % columns[1] == 1 {
      #expect(gradient[index] == 0)
    }
  }

  @Test func otherTokensHoldForAllUpdatesThatFollow() throws {
    var timeline = try prepare(TimelineTests.configuration)
    _ = try timeline.train(2)
    try timeline.step(10)
    let past = timeline.losses
    let batch = TokenBatch(
      inputs: [0, 5, 2, 3, 4, 0, 3, 2, 1, 5],
      targets: [5, 2, 3, 4, 5, 3, 2, 1, 5, ignoredTarget]
    )
    try timeline.setBatch(batch)
    #expect(timeline.moment == Moment(update: 2, step: 10))
    _ = try timeline.train(3)
    let tokens = try id("tokens", timeline)
    #expect(try timeline.execution.tensor(tokens)?[1] == 5)
    try timeline.move(to: Moment(update: 1, step: 5))
    #expect(try timeline.execution.tensor(tokens)?[1] == 1)
    #expect(timeline.losses[0] == past[0] && timeline.losses[1] == past[1])
  }
}
