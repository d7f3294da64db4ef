// SPDX-License-Identifier: MIT

import Foundation
import PassoEngine
import PassoTestSupport
import Testing

struct OpCatalogTests {
  static let examples: [OpExample] = OpCatalog.all.flatMap { $0.examples }

  @Test(arguments: OpCatalog.all.indices)
  func everyCardIsComplete(index: Int) {
    let op = OpCatalog.all[index]
    let card = op.card
    #expect(!card.summary.it.isEmpty && !card.summary.en.isEmpty)
    #expect(card.summary.it != card.summary.en)
    #expect(!card.formula.isEmpty && !card.source.isEmpty)
    #expect(!op.examples.isEmpty, "\(card.name) has no example")
    #expect((op is any DifferentiableOp.Type) == (card.gradient != nil))
    if let gradient = card.gradient { #expect(gradient.it != gradient.en) }
  }

  @Test func namesAreUnique() {
    let names = OpCatalog.all.map { $0.card.name }
    #expect(Set(names).count == names.count)
  }

  @Test func listAndFolderAgree() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../Sources/PassoEngine/Ops").standardized
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    let source = try files.map {
      try String(contentsOf: folder.appending(path: $0), encoding: .utf8)
    }.joined()
    let declared = source.matches(of: /package struct (\w+): \w*Op \{/)
      .map { String($0.output.1) }
    let listed = OpCatalog.all.map { String(describing: $0) }
    for name in declared where !listed.contains(name) {
      Issue.record("add \(name).self to OpCatalog.all")
    }
    #expect(Set(declared) == Set(listed))
  }

  @Test(arguments: OpCatalogTests.examples.indices, [Precision.f32, .f64])
  func everyExampleGivesItsAnswer(index: Int, precision: Precision) throws {
    let example = Self.examples[index]
    var execution = try Self.prepare(example, precision).execution
    execution.run()
    let output = try #require(execution.tensor(execution.id(of: "y")))
    let tolerance = precision == .f32 ? 1e-6 : 1e-14
    #expect(relativeError(output.doubles, example.output) <= tolerance)
  }

  @Test(arguments: OpCatalogTests.examples.indices)
  func everyShapeRuleRefusesWhatDoesNotFit(index: Int) throws {
    let example = Self.examples[index]
    guard !example.inputs.isEmpty else { return }
    let odd = Shape((.item, 7), (.mlp, 3), (.head, 2), (.key, 5), (.vocab, 11))
    let odder = Shape((.mlp, 2), (.query, 9))
    // A norm takes gradients of any shapes; only none at all is wrong.
    let count = example.op is GlobalNorm ? 0 : example.inputs.count + 1
    let shapes = [odd, odder, odd, odder, odd].prefix(count)
    #expect(throws: ShapeProblem.self) { try example.op.outputShape(Array(shapes)) }
  }

  @Test(arguments: OpCatalogTests.examples.indices)
  func everyGradientEqualsCentralDifferences(index: Int) throws {
    let example = Self.examples[index]
    guard example.op is any DifferentiableOp else { return }
    var random = RandomSource(seed: UInt64(index) + 1)
    let check = try GradientCheck(example, random: &random)
    for (name, error) in try check.errors() {
      #expect(error <= 1e-6, "grad of input \(name)")
    }
  }

  static func prepare(
    _ example: OpExample,
    _ precision: Precision
  ) throws -> (builder: ProgramBuilder, execution: Execution) {
    var builder = ProgramBuilder()
    let inputs = example.inputs.enumerated().map { index, tensor in
      builder.input("x\(index)", tensor.shape, .parameter, element: tensor.element)
    }
    _ = try builder.append(example.op, inputs, name: "y", role: .activation)
    var execution = try Execution(builder.program, precision: precision)
    for (id, tensor) in zip(inputs, example.inputs) { execution.set(id, to: tensor) }
    return (builder, execution)
  }
}

/// Holds an op's gradient rule against central differences in f64.
///
/// The output is weighted with random numbers, so that one number has to be differentiated.
private struct GradientCheck {
  let example: OpExample
  let builder: ProgramBuilder
  var inputs: [Tensor]
  let weights: [Double]

  init(_ example: OpExample, random: inout RandomSource) throws {
    self.example = example
    builder = try OpCatalogTests.prepare(example, .f64).builder
    inputs = example.inputs.enumerated().map { index, tensor in
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
    weights = example.output.map { _ in random.normal() }
  }

  func errors() throws -> [(String, Double)] {
    var gradients = builder
    let y = try #require(gradients.program.id(of: "y"))
    let seed = gradients.input("seed", gradients.program[y].shape, .gradient)
    try gradients.appendGradients(of: y, seed: seed)
    #expect(gradients.program.flaw() == nil)
    var execution = try Execution(gradients.program, precision: .f64)
    execution.set(seed, to: Tensor(gradients.program[y].shape, weights))
    for (index, tensor) in inputs.enumerated() {
      execution.set(try execution.id(of: "x\(index)"), to: tensor)
    }
    execution.run()
    return try inputs.indices.compactMap { index in
      let name = "grad.x\(index)"
      guard let id = gradients.program.id(of: name) else { return nil }
      let found = try #require(execution.tensor(id)).doubles
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
      execution.set(try execution.id(of: "x\(index)"), to: tensor)
    }
    execution.run()
    let output = try #require(execution.tensor(execution.id(of: "y"))).doubles
    // A masked cell is -inf whatever the input: no slope to measure there.
    return zip(output, weights).reduce(0) { $1.0.isFinite ? $0 + $1.0 * $1.1 : $0 }
  }
}
