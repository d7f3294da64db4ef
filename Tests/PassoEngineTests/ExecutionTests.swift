// SPDX-License-Identifier: MIT

import PassoEngine
import PassoTestSupport
import Testing

struct ExecutionTests {
  /// y = softmax(x W + b), with a loss and its gradients.
  static func prepare(_ precision: Precision) throws -> Execution {
    var builder = ProgramBuilder()
    let x = builder.input("x", Shape((.batch, 1), (.position, 3), (.model, 2)), .parameter)
    let w = builder.input("W", Shape((.model, 2), (.vocab, 4)), .parameter)
    let targets = builder.input(
      "targets",
      Shape((.batch, 1), (.position, 3)),
      .data,
      element: .integer
    )
    let logits = try builder.record(Linear(), x, w, name: "logits")
    builder.phase = .loss
    let losses = try builder.record(CrossEntropy(), logits, targets, name: "loss_per_token")
    let loss = try builder.record(MeanLoss(), losses, targets, name: "loss")
    try builder.appendGradients(of: loss)
    var execution = try Execution(builder.program, precision: precision)
    try execution.set(x, to: Tensor(builder.program[x].shape, [1.0, -2, 0.5, 3, -1, 0.25]))
    try execution.set(w, to: Tensor(builder.program[w].shape, (0..<8).map { Double($0) / 4 - 1 }))
    try execution.set(targets, to: Tensor(builder.program[targets].shape, [Int32(3), 0, 1]))
    return execution
  }

  @Test func theProgramVerifies() throws {
    #expect(try Self.prepare(.f64).program.flaw() == nil)
  }

  @Test(arguments: Precision.allCases)
  func steppingToTheEndEqualsRunning(precision: Precision) throws {
    var stepped = try Self.prepare(precision)
    var ran = stepped
    while !stepped.isAtEnd { try stepped.step() }
    try ran.run()
    #expect(try stepped.stateHash == ran.stateHash)
  }

  @Test(arguments: Precision.allCases)
  func stepsForwardAndBackRestoreEveryBit(precision: Precision) throws {
    var execution = try Self.prepare(precision)
    for start in 0...execution.program.steps.count {
      try execution.move(to: start)
      let before = try execution.stateHash
      for count in 0...execution.program.steps.count - start {
        for _ in 0..<count { try execution.step() }
        execution.back(count)
        #expect(try execution.stateHash == before)
      }
    }
  }

  @Test func everyStepChangesTheHash() throws {
    var execution = try Self.prepare(.f32)
    var hashes: Set<UInt64> = try [execution.stateHash]
    while !execution.isAtEnd {
      try execution.step()
      hashes.insert(try execution.stateHash)
    }
    #expect(hashes.count == execution.program.steps.count + 1)
  }

  @Test func valuesBehindTheCursorAreNotComputed() throws {
    var execution = try Self.prepare(.f32)
    let logits = try execution.id(of: "logits")
    #expect(try execution.tensor(logits) == nil)
    try execution.step()
    #expect(try execution.tensor(logits) != nil)
    execution.back()
    #expect(try execution.tensor(logits) == nil)
  }

  @Test func aCopyIsAFork() throws {
    var execution = try Self.prepare(.f32)
    try execution.run()
    let hash = try execution.stateHash
    var fork = execution
    let w = try fork.id(of: "W")
    try fork.set(w, to: Tensor(fork.program[w].shape, Array(repeating: 1.0, count: 8)))
    try fork.run()
    #expect(try fork.stateHash != hash)
    #expect(try execution.stateHash == hash)
  }

  @Test func settingAnInputGoesBackToItsFirstReader() throws {
    var execution = try Self.prepare(.f32)
    try execution.run()
    let targets = try execution.id(of: "targets")
    try execution.set(targets, to: Tensor(execution.program[targets].shape, [Int32(0), 0, 0]))
    #expect(execution.cursor == 1)
    #expect(try execution.tensor(execution.id(of: "logits")) != nil)
  }

  @Test func untilStopsJustBehindAValue() throws {
    var execution = try Self.prepare(.f32)
    try execution.move(to: execution.position(after: "loss"))
    #expect(execution.cursor == 3)
    #expect(throws: ExecutionProblem.unknownName("logit", closest: "logits")) {
      try execution.position(after: "logit")
    }
    #expect(execution.cursor == 3)
  }

  @Test func anInterruptStopsBetweenSteps() throws {
    var execution = try Self.prepare(.f32)
    var asked = 0
    try execution.run {
      asked += 1
      return asked > 2
    }
    #expect(execution.cursor == 2)
  }

  @Test func aProgramLargerThanTheMachineIsRefused() throws {
    var builder = ProgramBuilder()
    _ = builder.input("x", Shape((.batch, 1 << 30), (.model, 1 << 30)), .parameter)
    #expect {
      _ = try Execution(builder.program, precision: .f32)
    } throws: {
      guard case .tooLarge(let bytes, let limit) = $0 as? ExecutionProblem else { return false }
      return bytes > limit
    }
  }

  @Test func gradientsOfAValueUsedTwiceAddUp() throws {
    var builder = ProgramBuilder()
    let x = builder.input("x", Shape((.item, 2)), .parameter)
    let half = try builder.record(Scale(factor: 0.5), x, name: "half")
    let y = try builder.record(Add(), x, half, name: "y")
    let seed = builder.input("seed", Shape((.item, 2)), .gradient)
    try builder.appendGradients(of: y, seed: seed)
    var execution = try Execution(builder.program, precision: .f64)
    try execution.set(seed, to: Tensor(Shape((.item, 2)), [1.0, 10]))
    try execution.run()
    #expect(try execution.tensor(execution.id(of: "grad.x"))?.doubles == [1.5, 15])
    #expect(builder.program.names.contains("grad.x.from.half"))
  }
}
