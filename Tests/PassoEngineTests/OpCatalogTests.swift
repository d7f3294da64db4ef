// SPDX-License-Identifier: MIT

import Foundation
import PassoEngine
import PassoRuntime
import PassoTestSupport
import PassoText
import Testing

struct OpCatalogTests {
  static let examples: [OpExample] = OpCatalog.all.flatMap { $0.examples }

  @Test(arguments: OpCatalog.all.indices)
  func everyCardIsComplete(index: Int) {
    let op = OpCatalog.all[index]
    let card = op.card
    #expect(!card.summary.it.isEmpty && !card.summary.en.isEmpty)
    #expect(card.summary.it != card.summary.en)
    #expect(Language.allCases.allSatisfy { !card.formula[$0].isEmpty } && !card.source.isEmpty)
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
    let declared = source.matches(of: /package struct (\w+): [\w, ]*Op \{/)
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
    try execution.run()
    let output = try #require(try execution.tensor(execution.id(of: "y")))
    let tolerance = precision == .f32 ? 1e-6 : 1e-14
    #expect(relativeError(output.doubles, example.output) <= tolerance)
  }

  @Test(arguments: OpCatalogTests.examples.indices)
  func everyFormulaGivesWhatTheKernelGives(index: Int) throws {
    var execution = try Self.prepare(Self.examples[index], .f64).execution
    try execution.run()
    let (errors, tried) = try execution.formulaErrors(tolerance: 1e-12)
    for error in errors { Issue.record("\(error)") }
    #expect(tried > 0)
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
    for (id, tensor) in zip(inputs, example.inputs) { try execution.set(id, to: tensor) }
    return (builder, execution)
  }
}
