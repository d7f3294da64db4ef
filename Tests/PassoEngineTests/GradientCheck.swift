// SPDX-License-Identifier: MIT

import PassoEngine
import PassoRuntime
import PassoTestSupport
import Testing

/// Holds an op's gradient rule against central differences in f64.
///
/// The output is weighted with random numbers, so that one number has to be differentiated.
struct GradientCheck {
  let builder: ProgramBuilder
  var inputs: [Tensor]
  let weights: [Double]

  /// An op on inputs as they are.
  init(op: any Op, inputs: [Tensor], random: inout RandomSource) throws {
    let example = OpExample(op, inputs, gives: [])
    builder = try OpCatalogTests.prepare(example, .f64).builder
    self.inputs = inputs
    let y = try #require(builder.program.id(of: "y"))
    weights = (0..<builder.program[y].shape.count).map { _ in random.normal() }
  }

  /// An op on random numbers in the shapes of an example.
  init(_ example: OpExample, random: inout RandomSource) throws {
    let inputs = example.inputs.enumerated().map { index, tensor in
      let described = type(of: example.op).card.inputs
      let isFixed = !described[min(index, described.count - 1)].isDifferentiable
      if tensor.element == .integer || isFixed { return tensor }
      // Logarithms and roots have no slope where they have no value.
      let isPositive = ["log", "sqrt"].contains(type(of: example.op).card.name)
      return Tensor(
        tensor.shape,
        tensor.doubles.map { _ in isPositive ? 0.2 + random.uniform() : random.normal() }
      )
    }
    try self.init(op: example.op, inputs: inputs, random: &random)
  }

  /// Runs the op and its gradient rule, and gives the program and its values.
  private func run() throws -> (builder: ProgramBuilder, execution: Execution) {
    var gradients = builder
    let y = try #require(gradients.program.id(of: "y"))
    let seed = gradients.input("seed", gradients.program[y].shape, .gradient)
    try gradients.appendGradients(of: y, seed: seed)
    #expect(gradients.program.flaw() == nil)
    var execution = try Execution(gradients.program, precision: .f64)
    try execution.set(seed, to: Tensor(gradients.program[y].shape, weights))
    for (index, tensor) in inputs.enumerated() {
      try execution.set(try execution.id(of: "x\(index)"), to: tensor)
    }
    try execution.run()
    return (gradients, execution)
  }

  /// Where a formula and its kernel do not agree, in the op and in its gradients.
  func formulaErrors() throws -> [FormulaError] {
    try run().execution.formulaErrors(tolerance: 1e-9).errors
  }

  func errors() throws -> [(String, Double)] {
    let (gradients, execution) = try run()
    return try inputs.indices.compactMap { index in
      let name = "grad.x\(index)"
      guard let id = gradients.program.id(of: name) else { return nil }
      let found = try #require(try execution.tensor(id)).doubles
      return (name, relativeError(found, try differences(index)))
    }
  }

  // A five-point formula: its error falls with the fourth power of the step, so that 1e-6 is a
  // test of the rule and not of the difference.
  private func differences(_ index: Int) throws -> [Double] {
    let step = 1e-3
    return try inputs[index].doubles.indices.map { element in
      func at(_ offset: Double) throws -> Double {
        var moved = inputs
        var numbers = moved[index].doubles
        numbers[element] += offset
        moved[index] = Tensor(moved[index].shape, numbers)
        return try weightedOutput(moved)
      }
      let near = try at(step) - at(-step)
      let far = try at(2 * step) - at(-2 * step)
      return (8 * near - far) / (12 * step)
    }
  }

  private func weightedOutput(_ inputs: [Tensor]) throws -> Double {
    var execution = try Execution(builder.program, precision: .f64)
    for (index, tensor) in inputs.enumerated() {
      try execution.set(try execution.id(of: "x\(index)"), to: tensor)
    }
    try execution.run()
    let output = try #require(try execution.tensor(execution.id(of: "y"))).doubles
    // A masked cell is -inf whatever the input: no slope to measure there.
    return zip(output, weights).reduce(0) { $1.0.isFinite ? $0 + $1.0 * $1.1 : $0 }
  }
}
