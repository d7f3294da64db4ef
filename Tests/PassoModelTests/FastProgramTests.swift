// SPDX-License-Identifier: MIT

import PassoEngine
import PassoRuntime
import Testing

@testable import PassoModel

extension FastRunner {
  fileprivate func set(_ batch: TokenBatch) throws {
    try BatchInputs(program).set(batch) { (id, tensor) throws(ExecutionProblem) in
      set(id, to: tensor)
    }
  }

  fileprivate func set(_ name: ValueName, to tensor: Tensor) throws {
    set(try #require(program.id(of: name)), to: tensor)
  }

  fileprivate func floats(_ name: String) throws -> [Float] {
    let id = try #require(program.id(of: name))
    return try #require(value(id)).floats
  }
}

/// The fast program against the readable one: the same values, up to rounding.
struct FastProgramTests {
  private func setUp(_ test: Case) throws -> (TrainingRun, Parameters) {
    let plan = try test.plan
    let count = test.batch.rows * test.batch.length * test.optimizer.rounds
    let vocabulary = test.configuration.vocabularySize
    var source = RandomSource(seed: 5)
    let inputs = (0..<count).map { _ in Int32(source.next() % UInt64(vocabulary)) }
    var targets = (0..<count).map { _ in Int32(source.next() % UInt64(vocabulary)) }
    for index in test.ignored { targets[index] = ignoredTarget }
    let parameters = try test.configuration.initialParameters(seed: 3, standardDeviation: 0.2)
    let run = try TrainingRun(
      plan,
      precision: .f32,
      parameters: parameters,
      batches: FixedBatch(
        inputs: inputs,
        targets: targets,
        length: test.batch.length,
        prefixes: (0..<count / test.batch.length).map { ($0 * 29 + 3) % (test.batch.length + 1) },
        weights: test.weighsTargets ? (0..<count).map { Double($0 % 5) / 2 } : nil,
        rounds: test.optimizer.rounds
      ),
      rate: 0.01
    )
    return (run, parameters)
  }

  private func fast(
    _ program: Program,
    _ parameters: Parameters,
    reading read: [ValueID],
    threads: Int = 1,
    kernels: Kernels = .best
  ) throws -> FastRunner {
    let runner = try FastRunner(
      program,
      Lowering.lower(program),
      threads: threads,
      reading: read,
      kernels: kernels
    )
    for (name, tensor) in parameters { try runner.set(name, to: tensor) }
    for name in [OptimizerPart.rate, .peakRate] {
      guard let id = program.id(of: .optimizer(name)), program[id].producer == nil else { continue }
      runner.set(id, to: Tensor(scalar: 0.01))
    }
    return runner
  }

  /// Does an update, as far as its rounds.
  private func rounds(of update: Int, _ run: TrainingRun, on fast: FastRunner) throws {
    if let time = fast.program.id(of: "t") { fast.set(time, to: Tensor(scalar: Double(update))) }
    let rounds = run.plan.optimizer.rounds
    for round in 0..<rounds {
      try fast.set(run.batches.batch((update - 1) * rounds + round))
      fast.run(round: round)
    }
  }

  /// The greatest difference, in units of the greatest number.
  private func difference(_ left: [Float], _ right: [Float]) -> Float {
    guard left.count == right.count else { return .infinity }
    let scale = max(right.filter(\.isFinite).map(abs).max() ?? 0, 1e-3)
    // What may not be looked at is minus infinity in both.
    return zip(left, right).map { $0 == $1 ? 0 : abs($0 - $1) }
      .reduce(0) { $0 < $1 || $1.isNaN ? $1 : $0 } / scale
  }

  @Test(arguments: cases, Kernels.available)
  func everyValueIsThatOfTheReadableProgram(_ test: Case, kernels: Kernels) throws {
    var (run, parameters) = try setUp(test)
    let program = run.plan.program
    let all = program.steps.map(\.output)
    let fast = try fast(program, parameters, reading: all, kernels: kernels)
    for update in 1...4 {
      try rounds(of: update, run, on: fast)
      try run.advance(to: run.plan.stepCount)
      // Later the noise of the key biases, see below, is in every value.
      if test.optimizer.rounds == 1, update == 1 { try compare(fast, run, kernels.name) }
      for name in ["grad_norm", "lr"] {
        guard let id = program.id(of: name) else { continue }
        let theirs = try run.execution.tensor(id)?.floats ?? []
        let allowed: Float = update == 1 ? 1e-5 : 1e-4
        #expect(difference(try fast.floats(name), theirs) < allowed, "\(name)")
      }
      fast.finishUpdate()
      try run.beginNextUpdate()
    }
    for (name, old) in parameters {
      let theirs = try run.execution.tensor(name)?.floats ?? []
      let ours = try fast.floats(name.description)
      // A gradient of rounding noise gives AdamW a full step in a random direction.
      if !name.description.hasSuffix("b_K") { #expect(difference(ours, theirs) < 2e-3, "\(name)") }
      #expect((ours == old.floats) == (theirs == old.floats), "\(name)")
    }
  }

  /// Compares all values of one update, within a part of the greatest number of each.
  func compareOneUpdate(_ test: Case, _ kernels: Kernels, within limit: Float = 1e-5) throws {
    var (run, parameters) = try setUp(test)
    let read = run.plan.program.steps.map(\.output)
    let fast = try fast(run.plan.program, parameters, reading: read, kernels: kernels)
    try rounds(of: 1, run, on: fast)
    try run.advance(to: run.plan.stepCount)
    try compare(fast, run, "\(kernels.name), \(test.testDescription)", within: limit)
  }

  private func compare(
    _ fast: FastRunner,
    _ run: TrainingRun,
    _ kernels: String,
    within limit: Float = 1e-5
  ) throws {
    let loss = try #require(try run.execution.tensor(.model(.loss))).floats
    #expect(abs(try fast.floats("loss")[0] - loss[0]) < 1e-5)
    var compared = 0
    for id in fast.execution.program.views.keys {
      guard let tensor = try run.execution.tensor(id),
        run.plan.program[id].role != .parameter, run.plan.program[id].role != .optimizer
      else { continue }
      let name = run.plan.program[id].name
      compared += 1
      let numbers = try fast.floats(name)
      // Without rotation each key gains the same and no softmax moves: 0 but for rounding.
      if name.hasSuffix("b_K"), tensor.floats.allSatisfy({ abs($0) < 1e-6 }) {
        #expect(numbers.allSatisfy { abs($0) < 1e-6 }, "\(name) by \(kernels)")
        continue
      }
      #expect(difference(numbers, tensor.floats) < limit, "\(name) by \(kernels)")
    }
    #expect(compared >= 8)
  }

  /// Generation reads how many positions are known wherever positions count.
  @Test func theDecoderReadsItsPositionAndItsCaches() throws {
    var builder = ProgramBuilder()
    let configuration = Self.llama(keyHeads: 2, bias: .none)
    _ = try Transformer(configuration, batch: BatchShape(rows: 1, length: 1), mask: .causal)
      .writeDecoder(into: &builder, capacity: configuration.contextLength)
    let fast = try Lowering.lower(builder.program)
    let known = try #require(fast.known)
    // In each of two blocks a rotation and an attention; the embedding has no positions.
    #expect(fast.steps.filter { $0.reads.contains(known) }.count >= 4)
    let caches = fast.steps.flatMap { Set($0.reads).intersection($0.writes) }
      .filter { fast.buffers[$0.index].name.contains("cache") }
    #expect(caches.count == 4)
  }

  @Test(arguments: [1, 2, 3, 5])
  func threadsAndPlannedMemoryDoNotChangeABit(threads: Int) throws {
    var test = Case(testDescription: "", configuration: Self.llama(keyHeads: 2, bias: .all))
    test.configuration.width = 128
    test.configuration.mlpWidth = 300
    test.batch = BatchShape(rows: 4, length: 96)
    let (run, parameters) = try setUp(test)
    let all = run.plan.program.steps.map(\.output)
    var results: [[Float]] = []
    for (read, threads) in [(all, 1), ([], threads)] {
      let fast = try fast(run.plan.program, parameters, reading: read, threads: threads)
      for update in 1...3 {
        try rounds(of: update, run, on: fast)
        fast.finishUpdate()
      }
      let names = parameters.keys.map(\.description).sorted()
      results.append(try names.flatMap(fast.floats) + fast.floats("loss"))
    }
    #expect(results[0] == results[1])
    let program = try Lowering.lower(run.plan.program)
    let viewed = Set(program.views.values.map(\.buffer))
    #expect(FastPlan(program).byteCount < FastPlan(program, keeping: viewed).byteCount)
  }

  /// Small programs are run once before anybody sees them.
  @Test func allNumbersAreZeroInTheBeginning() throws {
    for test in Self.cases {
      let program = try test.plan.program
      let fast = try Lowering.lower(program)
      let all = Set(fast.views.values.map(\.buffer))
      let execution = try FastExecution(fast, threads: 2, keeping: all)
      #expect(!fast.views.isEmpty)
      for view in fast.views.values {
        #expect(execution.numbers(view).allSatisfy { $0 == 0 }, "\(test.testDescription)")
      }
    }
  }

  /// One op without a fusion does not take the fast form from all the others.
  @Test func whatNoFusionTakesRunsAsItIs() throws {
    let configuration = Self.gpt2()
    func alone(_ program: Program) throws -> [String] {
      try Lowering.lower(program).steps.filter { $0.work.en.hasSuffix("as it is") }.map(\.name)
    }
    let training = try TrainingProgram(
      configuration,
      batch: BatchShape(rows: 2, length: 7),
      ablatedHeads: Self.ablated,
      optimizer: .standardAdamW
    )
    let names = (0...1).map { "blocks.\($0).attn.z" }
    #expect(
      try alone(training.program) == names.map { "\($0)_ablated" }
        + names.reversed().map { "grad.\($0)" }
    )
    for length in [1, 7] {
      var builder = ProgramBuilder()
      let shape = BatchShape(rows: 1, length: length)
      _ = try Transformer(configuration, batch: shape, mask: .causal, ablatedHeads: Self.ablated)
        .writeDecoder(into: &builder, capacity: configuration.contextLength)
      #expect(try alone(builder.program) == names.map { "\($0)_ablated" })
    }
  }

  /// Dropout, also within attention, does not take attention apart.
  @Test func dropoutLeavesAttentionWhole() throws {
    var configuration = Self.gpt2()
    configuration.dropout = 0.2
    let plan = try TrainingProgram(
      configuration,
      batch: BatchShape(rows: 2, length: 7),
      optimizer: .standardAdamW
    )
    let alone = try Lowering.lower(plan.program).steps.filter {
      $0.work.en.hasSuffix("as it is")
    }
    #expect(alone.allSatisfy { ["dropout, as it is", "add, as it is"].contains($0.work.en) })
    #expect(alone.allSatisfy { !$0.name.contains("pattern") })
  }

  @Test func whatIsNotATransformerHasNoFastForm() throws {
    var builder = ProgramBuilder()
    let x = builder.input("x", Shape((.item, 2)), .parameter)
    _ = try builder.record(GELU(), x, name: "y")
    #expect(throws: NotLowerable.self) { try Lowering.lower(builder.program) }
  }
}
