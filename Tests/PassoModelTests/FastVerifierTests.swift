// SPDX-License-Identifier: MIT

import PassoText
import Testing

@testable import PassoEngine
@testable import PassoModel

/// What must be true of every fast program, and that it is noticed where it is not.
struct FastVerifierTests {
  @Test(arguments: ProgramKind.all)
  func everyProgramIsSound(_ kind: ProgramKind) throws {
    let program = try kind.make()
    let fast = try Lowering.lower(program)
    #expect(fast.orderFindings(program).isEmpty)
    let computed = program.steps.compactMap { fast.views[$0.output]?.buffer }
    for kept in [[], Set(computed.prefix(3)), Set(computed)] {
      #expect(FastVerifier(fast, FastPlan(fast, keeping: kept), keeping: kept).findings.isEmpty)
    }
    #expect(fast.steps.count >= 3)
  }

  // MARK: Damage

  private func damaged(
    _ test: FastProgramTests.Case = clipped,
    _ damage: (inout FastProgram) throws -> Void
  ) throws -> [String] {
    var fast = try Lowering.lower(test.plan.program)
    try damage(&fast)
    return FastVerifier(fast, FastPlan(fast)).findings.map(\.description)
  }

  private static func test(_ name: String) -> FastProgramTests.Case {
    FastProgramTests.cases.first { $0.testDescription == name }
      ?? FastProgramTests.Case(testDescription: name, configuration: FastProgramTests.gpt2())
  }

  private static let clipped = test("clip, schedule")
  private static let rounds = test("rounds")

  private func index(_ name: String, in fast: FastProgram) throws -> Int {
    try #require(fast.steps.firstIndex { $0.name == name })
  }

  /// Whichever it is: its readers find nothing, and the readable program misses its work.
  @Test(arguments: [clipped, rounds, test("llama, grouped"), test("ablated heads")])
  func aStepThatIsMissingIsNoticed(_ test: FastProgramTests.Case) throws {
    let program = try test.plan.program
    let whole = try Lowering.lower(program)
    for index in whole.steps.indices {
      var fast = whole
      let removed = fast.steps.remove(at: index)
      // One that changes numbers where they are leaves them to be read.
      let isMissed = !FastVerifier(fast, FastPlan(fast)).findings.isEmpty
      let accesses = removed.accesses(inLaterRound: false)
      let changes = accesses.contains { $0.writes && $0.reads }
      #expect(isMissed || changes, "\(removed.name)")
      let missing = fast.orderFindings(program).filter { $0.fault == .covered(times: 0) }
      #expect(missing.count == removed.covers.count, "\(removed.name)")
    }
  }

  @Test func aMissingStepIsNamedByWhoReadsIt() throws {
    let found = try damaged { $0.steps.remove(at: try index("blocks.0.ln1.out", in: $0)) }
    #expect(
      found.first
        == "step 2, blocks.0.attn.q, reads numbers 0..<336 of blocks.0.ln1.out, which nothing has"
        + " written"
    )
  }

  @Test func stepsInTheWrongOrderAreNoticed() throws {
    for test in [Self.clipped, Self.rounds, Self.test("llama, grouped")] {
      let program = try test.plan.program
      let whole = try Lowering.lower(program)
      for index in whole.steps.indices.dropLast() {
        let (first, second) = (whole.steps[index], whole.steps[index + 1])
        let needed = Set(first.writes).intersection(second.reads)
        // Gradients are in one buffer, whoever makes them.
        guard needed.contains(where: { whole.buffers[$0.index].lifetime == .step }) else {
          continue
        }
        var fast = whole
        fast.steps.swapAt(index, index + 1)
        let found =
          FastVerifier(fast, FastPlan(fast)).findings.map(\.step?.index)
          + fast.orderFindings(program).map(\.step?.index)
        #expect(found.contains(index), "\(first.name) and \(second.name)")
      }
    }
  }

  /// In memory a rotation in its place leaves no trace.
  @Test func aValueThatIsChangedTooLateIsNoticed() throws {
    let program = try Self.test("llama").plan.program
    var fast = try Lowering.lower(program)
    let rotation = try #require(fast.steps.firstIndex { $0.operation is Rotation })
    fast.steps.swapAt(rotation, rotation + 1)
    #expect(FastVerifier(fast, FastPlan(fast)).findings.isEmpty)
    #expect(
      fast.orderFindings(program).first?.description
        == "step 4, blocks.0.attn.z, needs blocks.0.attn.rot_q, which step 5, blocks.0.attn.q,"
        + " computes later"
    )
  }

  @Test func phasesThatDoNotFollowEachOtherAreNoticed() throws {
    let found = try damaged { fast in
      fast.steps.append(fast.steps.remove(at: fast.roundLength))
    }
    #expect(found.contains { $0.hasPrefix("step") && $0.contains("grad_norm") }, "\(found)")
    let early = try damaged { fast in
      fast.steps.insert(fast.steps.removeLast(), at: 3)
    }
    #expect(early.contains { $0.contains("is of the phase forward and not in its place") })
  }

  /// Two values anywhere that live at the same time.
  @Test func memoryOfTwoValuesIsNoticed() throws {
    let fast = try Lowering.lower(Self.clipped.plan.program)
    let plan = FastPlan(fast)
    var shared = 0
    for (index, step) in fast.steps.enumerated() {
      let own = { (id: BufferID) in fast.buffers[id.index].lifetime == .step }
      guard let read = step.reads.first(where: own), let written = step.writes.first(where: own),
        read != written
      else { continue }
      shared += 1
      var wrong = plan
      wrong.offsets[written.index] = wrong.offsets[read.index]
      let found = FastVerifier(fast, wrong).findings.map(\.step?.index)
      #expect(found.contains(index), "\(step.name)")
    }
    #expect(shared > 10)
  }

  @Test func aValueThatMakesRoomTooSoonIsNamed() throws {
    let fast = try Lowering.lower(Self.clipped.plan.program)
    let (skip, other) = try (
      #require(fast.buffers.firstIndex { $0.name == "blocks.0.resid_pre" }),
      #require(fast.buffers.firstIndex { $0.name == "blocks.0.attn.z" })
    )
    var plan = FastPlan(fast)
    plan.offsets[skip] = plan.offsets[other]
    #expect(
      FastVerifier(fast, plan).findings.first?.description
        == "step 5, blocks.0.resid_mid, reads blocks.0.resid_pre where step 4, blocks.0.attn.z,"
        + " has written blocks.0.attn.z"
    )
  }

  @Test func whatOutlivesARunKeepsItsMemory() throws {
    let fast = try Lowering.lower(Self.clipped.plan.program)
    let names = ["parameters", "gradients", "m", "v", "tokens", "loss", "settings"]
    let step = try #require(fast.buffers.firstIndex { $0.name == "blocks.1.mlp.post" })
    for buffer in fast.buffers.indices where fast.buffers[buffer].lifetime != .step {
      var plan = FastPlan(fast)
      // What is kept has a memory of its own, before the other.
      let isKept = fast.buffers[buffer].lifetime == .kept
      plan.offsets[step] = plan.offsets[buffer] - (isKept ? plan.keptByteCount : 0)
      let found = FastVerifier(fast, plan).findings
      #expect(!found.isEmpty, "\(fast.buffers[buffer].name)")
    }
    #expect(Set(names).isSubset(of: fast.buffers.filter { $0.lifetime != .step }.map(\.name)))
  }

  /// A caller may read what no step needs any more.
  @Test func whatACallerReadsIsThereInTheEnd() throws {
    let fast = try Lowering.lower(Self.clipped.plan.program)
    let logits = try #require(fast.buffers.firstIndex { $0.name == "logits" })
    let found = FastVerifier(fast, FastPlan(fast), keeping: [BufferID(index: logits)]).findings
    #expect(found.count == 1)
    let text = try #require(found.first?.description)
    #expect(text.hasPrefix("the caller reads logits where step"), "\(text)")
  }

  @Test func sumsThatNobodyBeganAreNoticed() throws {
    let found = try damaged(Self.test("gpt2, tied")) { fast in
      let step = try #require(fast.steps.firstIndex { $0.operation is AddedRows })
      let name = fast.steps[step].name
      fast.steps.remove(at: try index(name, in: fast))
    }
    #expect(
      found.first?.hasSuffix("of gradients, which nothing has written") == true
        && found.first?.contains("adds to numbers") == true,
      "\(found)"
    )
  }

  @Test func aRoundThatForgetsTheOnesBeforeIsNoticed() throws {
    let found = try damaged(Self.rounds) { fast in
      let step = try #require(fast.steps.firstIndex { ($0.operation as? Product)?.adds == true })
      let product = try #require(fast.steps[step].operation as? Product)
      let forgets = Product(a: product.a, b: product.b, c: product.c, finish: Finish())
      fast.steps[step] = fast.steps[step].doing(forgets)
    }
    #expect(found.count == 1)
    let words = "overwrites what an earlier round has left in gradients"
    #expect(found.first?.hasSuffix(words) == true)
  }

  @Test func aRangeThatIsTooLongIsNoticed() throws {
    let found = try damaged { fast in
      let step = try #require(fast.steps.firstIndex { $0.operation is ColumnSums })
      let sums = try #require(fast.steps[step].operation as? ColumnSums)
      var x = sums.x
      x.rows += 1
      fast.steps[step] = fast.steps[step].doing(ColumnSums(x: x, out: sums.out))
    }
    #expect(found.count == 1)
    #expect(found.first?.contains("uses numbers 0..<") == true, "\(found)")
    var plan = FastPlan(try Lowering.lower(Self.clipped.plan.program))
    let fast = try Lowering.lower(Self.clipped.plan.program)
    plan.offsets[fast.steps[0].writes[0].index] = plan.ownByteCount - 64
    let outside = FastVerifier(fast, plan).findings.map(\.description)
    #expect(outside.contains { $0.hasSuffix("has room for 16") }, "\(outside)")
  }

  /// Lets the first sums of columns go to another place.
  private func sendSums(in fast: inout FastProgram, to place: (FastView) -> FastView) throws {
    let step = try #require(fast.steps.firstIndex { $0.operation is ColumnSums })
    let sums = try #require(fast.steps[step].operation as? ColumnSums)
    fast.steps[step] = fast.steps[step].doing(ColumnSums(x: sums.x, out: place(sums.x)))
  }

  @Test func whatIsWrittenOverWhatIsReadIsNoticed() throws {
    let found = try damaged { fast in
      try sendSums(in: &fast) { FastView($0.buffer, 1, $0.columns) }
    }
    let name = "grad.blocks.1.resid_post"
    let words = "mlp.b_out, writes \(name) over \(name), with which it works"
    #expect(found.contains { $0.hasSuffix(words) }, "\(found)")
  }

  @Test func aStepThatWritesNothingIsNoticed() throws {
    let found = try damaged { fast in
      let step = fast.steps[0]
      fast.steps.insert(step.doing(OnlyReading(x: FastView(step.writes[0], 1, 1))), at: 1)
    }
    #expect(found == ["step 2, blocks.0.resid_pre, writes nothing"])
  }

  @Test func whatIsOnlyGivenIsNotWritten() throws {
    let found = try damaged { fast in
      let tokens = try #require(fast.buffers.firstIndex { $0.name == "tokens" })
      try sendSums(in: &fast) { _ in FastView(BufferID(index: tokens), 1, 4) }
    }
    #expect(found.contains { $0.hasSuffix("writes tokens, which it is only given") }, "\(found)")
  }
}

/// What no program should have.
private struct OnlyReading: FastOperation {
  let x: FastView
  let work = Bilingual(it: "lettura", en: "reading")

  func bind(_ binder: inout FastBinder) { _ = binder.reads(x) }
}

extension Product {
  fileprivate var adds: Bool { finish.addsRounds }
}

extension FastStep {
  /// The step with another operation.
  fileprivate func doing(_ operation: some FastOperation) -> FastStep {
    let accesses = FastBinder.accesses(of: operation, inLaterRound: true)
    return FastStep(
      name: name,
      phase: phase,
      covers: covers,
      operation: operation,
      reads: accesses.filter(\.reads).map(\.view.buffer),
      writes: accesses.filter(\.writes).map(\.view.buffer),
      bytes: bytes
    )
  }
}
