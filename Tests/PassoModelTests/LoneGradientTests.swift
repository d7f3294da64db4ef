// SPDX-License-Identifier: MIT

import PassoEngine
import PassoTestSupport
import Testing

@testable import PassoModel

/// A parameter of an op that no fusion knows: its gradient is written by the readable step, and
/// rounds are added up all the same.
struct LoneGradientTests {
  private static let shape = Shape((.batch, 2), (.position, 2), (.model, 3))
  private static let table = Shape((.vocab, 3), (.model, 3))
  private static let weights: [Double] = [0.1, 0.5, -0.3, 0.2, 0, 1, -1, 0.4, 0.3, 0.7, -0.2, 0.6]
  private static let targets: [Int32] = [0, 2, 1, 2]

  private func program(rounds: Int) throws -> Program {
    var builder = ProgramBuilder()
    let places = Shape((.batch, 2), (.position, 2))
    let targets = builder.input("targets", places, .data, element: .integer)
    let tokens = builder.input("tokens", places, .data, element: .integer)
    let table = builder.input("W_E", Self.table, .parameter)
    let weight = builder.input("W_pos", Self.shape, .parameter)
    builder.phase = .forward
    let embed = try builder.record(Embedding(), table, tokens, name: "embed")
    let powers = try builder.record(Exponential(), weight, name: "pos_embed")
    let logits = try builder.record(Plus(), embed, powers, name: "logits")
    builder.phase = .loss
    let each = try builder.record(CrossEntropy(), logits, targets, name: "loss_per_token")
    let loss = try builder.record(MeanLoss(), each, targets, name: "loss")
    try builder.appendGradients(of: loss)
    var optimizer = Optimizer.sgd
    optimizer.rounds = rounds
    try builder.appendUpdate(
      optimizer,
      of: [
        ParameterSpec(name: .model(.embedding), shape: Self.table),
        ParameterSpec(name: .model(.positions), shape: Self.shape),
      ]
    )
    return builder.program
  }

  @Test(arguments: [1, 2], Kernels.available)
  func itLearnsInTheFastForm(rounds: Int, kernels: Kernels) throws {
    let places = Shape((.batch, 2), (.position, 2))
    let given: [(name: String, value: Tensor)] = [
      ("W_pos", Tensor(Self.shape, Self.weights)),
      ("W_E", Tensor(Self.table, Array(Self.weights.prefix(9)))),
      ("tokens", Tensor(places, [Int32(1), 0, 2, 1])), ("targets", Tensor(places, Self.targets)),
      ("lr", Tensor(scalar: 0.5)),
    ]
    var execution = try Execution(program(rounds: 1), precision: .f64)
    for (name, value) in given { try execution.set(execution.id(of: name), to: value) }
    try execution.run()
    let wanted = try #require(try execution.tensor(execution.id(of: "next.W_pos"))).doubles

    let program = try program(rounds: rounds)
    let fast = try FastRunner(
      program,
      Lowering.lower(program),
      threads: 1,
      reading: [],
      kernels: kernels
    )
    for (name, value) in given {
      let id = try #require(program.id(of: name))
      fast.set(id, to: value)
    }
    // The same batch in every round has the same mean.
    for round in 0..<rounds { fast.run(round: round) }
    fast.finishUpdate()
    let weight = try #require(program.id(of: "W_pos"))
    let found = try #require(fast.value(weight)).doubles
    #expect(zip(found, wanted).allSatisfy { abs($0 - $1) < 1e-6 })
    #expect(zip(wanted, Self.weights).contains { abs($0 - $1) > 1e-2 })
  }
}
