// SPDX-License-Identifier: MIT

import PassoData
import PassoEngine
import PassoModel
import PassoRuntime
import Testing

/// Whatever is given up and computed again, or read again, every number of a run is the same to the
/// last bit.
struct HeldValuesTests {
  /// Everything in blocks of its own, and all given up that can be.
  static let nothingHeld: MemoryPlan.Limits = {
    var limits = MemoryPlan.Limits()
    (limits.blocksFrom, limits.heldBytes) = (64, 0)
    return limits
  }()

  static func timeline(
    _ limits: MemoryPlan.Limits,
    rounds: Int = 1,
    _ precision: Precision = .f32,
    from source: (Parameters) -> any ParameterSource = { $0 }
  ) throws -> Timeline {
    var optimizer = Optimizer.standardAdamW
    (optimizer.clip, optimizer.rounds) = (1, rounds)
    let preset = try #require(Preset.all.first { $0.name == "gatto-llama" })
    let configuration = preset.configuration(vocabularySize: 9)
    let count = 10 * rounds
    let run = try TrainingRun(
      TrainingProgram(
        configuration,
        batch: BatchShape(rows: 2, length: 5),
        optimizer: optimizer
      ),
      precision: precision,
      parameters: source(
        try configuration.initialParameters(seed: 3, standardDeviation: 0.2)
      ),
      batches: FixedBatch(
        inputs: (0..<count).map { Int32($0 * 7 % 9) },
        targets: (0..<count).map { Int32($0 * 5 % 9) },
        length: 5,
        rounds: rounds
      ),
      rate: 0.01,
      limits: limits
    )
    return Timeline(run)
  }

  /// What a person can do with a run.
  enum Change {
    case train(Int)
    case step(Int)
    case back(Int)
    case move(update: Int, step: Int)
    case set(String, [Int: Double])
    case openMask

    func apply(to timeline: inout Timeline) throws {
      switch self {
      case .train(let count): _ = try timeline.train(count)
      case .step(let count): try timeline.step(count)
      case .back(let count): try timeline.back(count)
      case .move(let update, let step):
        try timeline.move(to: Moment(update: update, step: step))
      case .set(let name, let slots): try timeline.set(name, slots)
      case .openMask:
        let plan = timeline.plan
        try timeline.setPlan(
          TrainingProgram(
            plan.configuration,
            batch: plan.batch,
            mask: .none,
            optimizer: plan.optimizer
          )
        )
      }
    }
  }

  /// Does the same with a run that holds everything, one that holds nothing, and one whose
  /// parameters lie elsewhere.
  private func compare(
    rounds: Int = 1,
    precision: Precision = .f32,
    _ changes: [Change]
  ) throws {
    var all = try Self.timeline(.init(), rounds: rounds, precision)
    var nothing = try Self.timeline(Self.nothingHeld, rounds: rounds, precision)
    var stored = try Self.timeline(Self.nothingHeld, rounds: rounds, precision) {
      StoredParameters($0)
    }
    #expect(nothing.execution.byteCount < all.execution.byteCount)
    for change in changes {
      try change.apply(to: &all)
      try change.apply(to: &nothing)
      try change.apply(to: &stored)
      #expect(all.moment == nothing.moment && all.moment == stored.moment)
      let hash = try all.stateHash
      #expect(try hash == nothing.stateHash && hash == stored.stateHash, "\(change)")
      for name in all.plan.program.names {
        let id = try all.execution.id(of: name)
        let tensor = try all.execution.tensor(id)
        #expect(try tensor == nothing.execution.tensor(id), "\(name) \(change)")
        #expect(try tensor == stored.execution.tensor(id), "\(name) \(change)")
      }
    }
  }

  @Test(arguments: [1, 2], [Precision.f32, .f64])
  func everyMoveLeadsToTheSameNumbers(rounds: Int, precision: Precision) throws {
    try compare(
      rounds: rounds,
      precision: precision,
      [
        .train(1), .back(9), .step(4), .back(150), .step(60), .train(2),
        .move(update: 1, step: 40), .step(1), .move(update: 0, step: 0), .train(1),
      ]
    )
  }

  @Test func whatAPersonChangesStays() throws {
    try compare([
      .train(1), .set("W_E", [3: 0.25]), .train(1), .move(update: 1, step: 90),
      .set("blocks.0.mlp.post", [1: 2, 4: -1]), .train(1), .back(30), .train(1), .back(20),
      .set("grad.W_E", [2: 0.5]), .train(2),
    ])
  }

  @Test func anotherProgramGoesOnWithTheSameNumbers() throws {
    try compare([.train(1), .openMask, .train(1), .move(update: 0, step: 50)])
  }

  /// Copies share memory: what one of them writes the others must not see.
  @Test func aCopyStaysAsItWas() throws {
    var run = try Self.timeline(Self.nothingHeld)
    _ = try run.train(1)
    let copy = run
    let hash = try copy.stateHash
    _ = try run.train(2)
    try run.set("W_E", [0: 9])
    try run.back(40)
    #expect(try copy.stateHash == hash)
    var again = copy
    _ = try again.train(2)
    var straight = try Self.timeline(.init())
    _ = try straight.train(3)
    #expect(try again.stateHash == straight.stateHash)
    #expect(try copy.stateHash == hash)
  }

  /// A twin that starts from the parameters alone does not compute again what comes from them.
  @Test func aTwinHasTheSameLogits() throws {
    var run = try Self.timeline(Self.nothingHeld)
    try run.step(run.stepCount - 3)
    let logits = try run.execution.id(of: "logits")
    let position = try run.execution.position(after: "logits")
    var twin = try run.execution.beginning(to: position)
    #expect(twin.isAtEnd)
    #expect(try twin.tensor(logits) == run.execution.tensor(logits))
    let tokens = try run.execution.id(of: "tokens")
    let before = try #require(try run.execution.tensor(tokens))
    try twin.set(tokens, to: before.replacing([0: 5]))
    #expect(!twin.isAtEnd)
    try twin.run()
    #expect(try twin.tensor(logits) != run.execution.tensor(logits))
    try twin.set(tokens, to: before)
    try twin.run()
    #expect(try twin.tensor(logits) == run.execution.tensor(logits))
  }

  /// A fingerprint and a value that is looked at are computed again, and that is counted.
  @Test func whatIsComputedAgainIsCounted() throws {
    var (all, nothing) = try (Self.timeline(.init()), Self.timeline(Self.nothingHeld))
    _ = try all.train(1)
    _ = try nothing.train(1)
    let (held, recomputed) = (Recomputation(), Recomputation())
    let expected = try held.counting { try all.execution.tensor(.model(.logits)) }
    let found = try recomputed.counting { try nothing.execution.tensor(.model(.logits)) }
    #expect(found == expected)
    #expect(held.duration == .zero && recomputed.duration > .zero)
    let before = recomputed.duration
    let hash = try recomputed.counting { try nothing.execution.stateHash }
    #expect(recomputed.duration > before)
    #expect(try all.execution.stateHash == hash)
  }
}
