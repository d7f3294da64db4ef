// SPDX-License-Identifier: MIT

import PassoEngine
import PassoModel
import PassoRuntime
import Testing

/// The loss of a model as a function of its parameters.
struct LossSlope {
  private let execution: Execution
  private let parameters: Parameters

  init(
    _ configuration: ModelConfiguration,
    mask: MaskKind,
    weighsTargets: Bool = false,
    random: inout RandomSource
  ) throws {
    let batch = BatchShape(rows: 2, length: 5)
    var builder = ProgramBuilder()
    let transformer = Transformer(
      configuration,
      batch: batch,
      mask: mask,
      weighsTargets: weighsTargets,
      dropout: configuration.dropout
    )
    let loss = try transformer.write(into: &builder)
    try builder.appendGradients(of: loss)
    var execution = try Execution(builder.program, precision: .f64)
    let size = configuration.vocabularySize
    for name in ["tokens", "targets"] {
      let ids = (0..<10).map { _ in Int32.random(in: 0..<Int32(size), using: &random) }
      let shape = Shape((.batch, 2), (.position, 5))
      try execution.set(try execution.id(of: name), to: Tensor(shape, ids))
    }
    if let weights = builder.program.id(of: "target_weights") {
      let numbers = (0..<10).map { _ in Double.random(in: 0..<3, using: &random) }
      try execution.set(weights, to: Tensor(Shape((.batch, 2), (.position, 5)), numbers))
    }
    if let seed = builder.program.id(of: "dropout_seed") {
      try execution.set(seed, to: Tensor(.scalar, [Int32(7)]))
    }
    parameters = Dictionary(
      uniqueKeysWithValues: configuration.parameterSpecs.map { spec in
        (spec.name, Tensor(spec.shape, (0..<spec.shape.count).map { _ in 0.5 * random.normal() }))
      }
    )
    for (name, tensor) in parameters { try execution.set(try execution.id(of: name), to: tensor) }
    try execution.run()
    self.execution = execution
  }

  func gradient(_ name: ValueName) throws -> Tensor {
    try #require(try execution.tensor(name.gradient))
  }

  /// The five-point formula.
  func difference(
    _ name: ValueName,
    _ element: Int,
    step: Double = 1e-3
  ) throws -> Double {
    func at(_ offset: Double) throws -> Double {
      var moved = execution
      let tensor = try #require(parameters[name])
      var numbers = tensor.doubles
      numbers[element] += offset
      try moved.set(try moved.id(of: name), to: Tensor(tensor.shape, numbers))
      try moved.move(to: try moved.position(after: "loss"))
      return try #require(try moved.tensor(moved.id(of: "loss")))[0]
    }
    let near = try at(step) - at(-step)
    let far = try at(2 * step) - at(-2 * step)
    return (8 * near - far) / (12 * step)
  }
}
