// SPDX-License-Identifier: MIT

import PassoData
import PassoEngine
import PassoModel
import PassoRuntime
import PassoTestSupport
import Testing

struct TimelineTests {
  static let configuration = ModelConfiguration(
    vocabularySize: 6,
    contextLength: 8,
    width: 8,
    layerCount: 2,
    headCount: 2
  )

  static func prepare(
    _ optimizer: Optimizer = .standardAdamW,
    configuration: ModelConfiguration = configuration,
    precision: Precision = .f32,
    budget: Int = 1 << 30
  ) throws -> Timeline {
    let run = try TrainingRun(
      TrainingProgram(
        configuration,
        batch: BatchShape(rows: 2 / optimizer.rounds, length: 5),
        optimizer: optimizer
      ),
      precision: precision,
      parameters: configuration.initialParameters(seed: 3, standardDeviation: 0.1),
      batches: FixedBatch(
        inputs: [0, 1, 2, 3, 4, 0, 3, 2, 1, 5],
        targets: [1, 2, 3, 4, 5, 3, 2, 1, 5, ignoredTarget],
        length: 5,
        rounds: optimizer.rounds
      ),
      rate: 0.01
    )
    return Timeline(run, budget: budget)
  }

  /// Every part of the update that can be switched on.
  static let optimizers: [Optimizer] = {
    var scheduled = Optimizer.standardMomentum
    scheduled.schedule = RateSchedule(decay: .cosine, warmup: 2, updates: 5, floor: 0.1)
    scheduled.clip = 0.5
    var accumulating = Optimizer.standardAdamW
    accumulating.rounds = 2
    accumulating.clip = 1
    return [.sgd, .standardAdamW, scheduled, accumulating]
  }()

  @Test(arguments: TimelineTests.optimizers, [true, false])
  func programsVerify(optimizer: Optimizer, isTied: Bool) throws {
    var configuration = Self.configuration
    configuration.isTied = isTied
    let plan = try TrainingProgram(
      configuration,
      batch: BatchShape(rows: 1, length: 3),
      optimizer: optimizer
    )
    #expect(plan.program.flaw() == nil)
    let names = configuration.parameterSpecs.map(\.name)
    for name in names {
      #expect(plan.program.id(of: "grad.\(name)") != nil, "no gradient for \(name)")
      #expect(plan.program.id(of: "next.\(name)") != nil, "no update for \(name)")
    }
    #expect(plan.carried.stateUpdates.count == names.count * (1 + optimizer.memories.count))
    // The means of all gradients and of the loss, and how many targets they are of.
    #expect(plan.carried.roundUpdates.count == (optimizer.rounds == 1 ? 0 : names.count + 2))
  }

  @Test func dataAndEngineIgnoreTheSameTarget() {
    #expect(ignoredTarget == ignoredTarget)
  }

  @Test func trainingLowersTheLoss() throws {
    var timeline = try Self.prepare()
    #expect(try timeline.train(30) == 30)
    let losses = timeline.losses
    #expect(losses.count == 30)
    #expect(try #require(losses[29]) < 0.7 * #require(losses[0]))
  }

  @Test func theEndOfAnUpdateCanBeSeenAndTheNextBeginsWithAStep() throws {
    var timeline = try Self.prepare()
    _ = try timeline.train(1)
    #expect(timeline.moment == Moment(update: 0, step: timeline.stepCount))
    try timeline.step()
    #expect(timeline.moment == Moment(update: 1, step: 1))
    try timeline.back()
    #expect(timeline.moment == Moment(update: 0, step: timeline.stepCount))
  }

  @Test(arguments: [1 << 30, 1 << 12], TimelineTests.optimizers)
  func everyMomentIsRestoredBitForBit(budget: Int, optimizer: Optimizer) throws {
    var timeline = try Self.prepare(optimizer, budget: budget)
    var hashes: [Moment: UInt64] = [:]
    for _ in 0..<timeline.stepCount * 4 {
      hashes[timeline.moment] = try timeline.execution.stateHash
      try timeline.step(7)
    }
    var random = RandomSource(seed: 5)
    for moment in hashes.keys.shuffled(using: &random).prefix(200) {
      try timeline.move(to: moment)
      #expect(timeline.moment == moment)
      #expect(try timeline.execution.stateHash == hashes[moment])
    }
  }

  @Test func stepsForwardAndBackReturnToTheSameBits() throws {
    var timeline = try Self.prepare()
    try timeline.step(timeline.stepCount - 2)
    let hash = try timeline.execution.stateHash
    for count in [1, 2, 3, timeline.stepCount, 3 * timeline.stepCount + 1] {
      try timeline.step(count)
      try timeline.back(count)
      #expect(try timeline.execution.stateHash == hash)
    }
  }

  @Test func beforeTheStartThereIsNothing() throws {
    var timeline = try Self.prepare()
    try timeline.step(3)
    try timeline.back(10)
    #expect(timeline.moment == Moment(update: 0, step: 0))
    try timeline.back()
    #expect(timeline.moment == Moment(update: 0, step: 0))
  }

  @Test(arguments: TimelineTests.optimizers)
  func unitsOfEveryZoomCoverTheProgram(optimizer: Optimizer) throws {
    for zoom in Zoom.allCases {
      var timeline = try Self.prepare(optimizer)
      var moves = 0
      while timeline.update == 0, !timeline.execution.isAtEnd {
        let before = timeline.moment
        try timeline.move(to: timeline.moment(after: zoom))
        #expect(timeline.moment > before)
        #expect(timeline.moment(before: zoom) == before)
        moves += 1
      }
      if zoom == .op { #expect(moves == timeline.stepCount) }
      if zoom == .phase { #expect(moves == 4 * optimizer.rounds) }
      if zoom == .update { #expect(moves == 1) }
    }
  }

  @Test func aNewRateHoldsFromTheCurrentUpdateOn() throws {
    var timeline = try Self.prepare(.sgd, budget: 1 << 12)
    _ = try timeline.train(3)
    try timeline.set("lr", [0: 0])
    _ = try timeline.train(2)
    let last = try #require(timeline.losses[4])
    #expect(timeline.losses[3] == last)
    let hash = try timeline.execution.stateHash
    try timeline.move(to: Moment(update: 0, step: 0))
    try timeline.move(to: Moment(update: 4, step: timeline.stepCount))
    #expect(try timeline.execution.stateHash == hash)
  }

  @Test func aScheduleDecidesTheRateOfEachUpdate() throws {
    var timeline = try Self.prepare(Self.optimizers[2])
    let id = try timeline.execution.id(of: "lr")
    var rates: [Double] = []
    for _ in 0..<6 {
      _ = try timeline.train(1)
      rates.append(try #require(try timeline.execution.tensor(id))[0] / 0.01)
    }
    let expected = [0.5, 1, 0.775, 0.325, 0.1, 0.1]
    for (rate, wanted) in zip(rates, expected) { #expect(abs(rate - wanted) < 1e-6) }
  }

  @Test func anInterruptedTrainingIsAWholeState() throws {
    var timeline = try Self.prepare()
    var asked = 0
    let limit = timeline.stepCount + 10
    let done = try timeline.train(5) {
      asked += 1
      return asked > limit
    }
    #expect(done == 1)
    #expect(timeline.moment.update == 1)
    let hash = try timeline.execution.stateHash
    try timeline.step()
    try timeline.back()
    #expect(try timeline.execution.stateHash == hash)
  }

  @Test func forksGoTheirOwnWays() throws {
    var timeline = try Self.prepare()
    _ = try timeline.train(2)
    var fork = timeline
    _ = try fork.train(2)
    let hash = try fork.execution.stateHash
    _ = try timeline.train(2)
    #expect(try timeline.execution.stateHash == hash)
  }

  @Test func theSameSeedGivesTheSameParameters() throws {
    let first = try Self.configuration.initialParameters(seed: 9, standardDeviation: 0.02)
    #expect(try first == Self.configuration.initialParameters(seed: 9, standardDeviation: 0.02))
    #expect(try first != Self.configuration.initialParameters(seed: 10, standardDeviation: 0.02))
    #expect(first[.block(1, .secondNorm(.gain))]?.doubles == Array(repeating: 1, count: 8))
  }
}
