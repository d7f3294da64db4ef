// SPDX-License-Identifier: MIT

import Dispatch
import PassoRuntime
import PassoText
import Testing

@testable import PassoEngine

/// A step of a readable program may take long: whoever waits is answered all the same.
struct StoppedStepTests {
  /// Doubles its input once it may.
  private struct Gated: Op {
    static let card = OpCard(
      name: "gated",
      inputs: [.fixed("x", "[n]")],
      output: "[n]",
      formula: Bilingual(same: "y = 2 x"),
      summary: Bilingual(it: "raddoppia", en: "doubles"),
      source: "-"
    )
    static let examples: [OpExample] = []
    let gate: DispatchSemaphore

    func outputShape(_ inputs: [Shape]) throws(ShapeProblem) -> Shape { inputs[0] }

    func run<S: Scalar>(_ operands: Operands<S>) {
      gate.wait()
      let (x, y) = (operands.input(0), operands.output)
      for i in 0..<y.count { y[i] = 2 * x[i] }
      gate.signal()
    }

    func formula(at index: Int, in scope: FormulaScope) -> Formula { .number(0) }
  }

  private static let shape = Shape((.item, 1 << 18))

  private static func execution(_ gate: DispatchSemaphore) throws -> (Execution, x: ValueID) {
    var builder = ProgramBuilder()
    let x = builder.input("x", shape, .parameter)
    let half = try builder.record(Scale(factor: 0.5), x, name: "half")
    _ = try builder.append(Gated(gate: gate), [half], name: "gated", role: .activation)
    var execution = try Execution(builder.program, precision: .f32)
    try execution.set(x, to: Tensor(shape, (0..<shape.count).map { Float($0) }))
    return (execution, x)
  }

  @Test func aStepThatWasLeftIsNotDoneAndIsDoneAgain() throws {
    let gate = DispatchSemaphore(value: 0)
    var (execution, _) = try Self.execution(gate)
    try execution.step()
    let hash = try execution.stateHash
    var questions = 0
    try execution.move(to: 2) {
      questions += 1
      return questions > 3
    }
    #expect(questions == 4)
    #expect(execution.cursor == 1)
    #expect(try execution.stateHash == hash)
    // Nor does the next move wait for ever.
    try execution.move(to: 2) {
      questions += 1
      return questions > 8
    }
    #expect(execution.cursor == 1)
    gate.signal()
    try execution.run()
    #expect(try execution.tensor(try execution.id(of: "gated"))?[5] == 5)
    let free = DispatchSemaphore(value: 1)
    var (whole, _) = try Self.execution(free)
    try whole.run()
    #expect(try execution.stateHash == whole.stateHash)
  }

  /// What reads the memory still must not see other inputs.
  @Test func newInputsWaitForItsEnd() throws {
    let gate = DispatchSemaphore(value: 0)
    var (execution, x) = try Self.execution(gate)
    try execution.step()
    var isAsked = false
    try execution.move(to: 2) {
      defer { isAsked = true }
      return isAsked
    }
    #expect(execution.cursor == 1)
    let copy = execution
    Thread.later { gate.signal() }
    let threes = Array(repeating: Float(3), count: Self.shape.count)
    try execution.set(x, to: Tensor(Self.shape, threes))
    try execution.run()
    #expect(try execution.tensor(try execution.id(of: "gated"))?[5] == 3)
    #expect(try copy.tensor(copy.id(of: "half"))?[5] == 2.5)
  }

  private enum Thread {
    static func later(_ body: @escaping @Sendable () -> Void) {
      DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(20), execute: body)
    }
  }

  @Test func aFingerprintThatIsNotWantedIsNotMade() throws {
    let (execution, _) = try Self.execution(DispatchSemaphore(value: 1))
    let whole = try execution.stateHash
    let stopped = Interruption.askingWith(
      { true },
      { try? execution.stateHash }
    )
    #expect(stopped != whole)
    #expect(try execution.stateHash == whole)
  }

  @Test func infinityIsFoundWithoutACopy() throws {
    var (execution, x) = try Self.execution(DispatchSemaphore(value: 1))
    try execution.run()
    #expect(try execution.firstNotFinite == nil)
    var numbers = Array(repeating: Float(1), count: Self.shape.count)
    numbers[7] = .infinity
    try execution.set(x, to: Tensor(Self.shape, numbers))
    #expect(try execution.firstNotFinite == "x")
    numbers[7] = .greatestFiniteMagnitude
    numbers[8] = -.greatestFiniteMagnitude
    try execution.set(x, to: Tensor(Self.shape, numbers))
    #expect(try execution.firstNotFinite == nil)
  }
}
