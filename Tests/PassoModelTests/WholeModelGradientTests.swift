// SPDX-License-Identifier: MIT

import PassoEngine
import PassoModel
import PassoRuntime
import PassoTestSupport
import Testing

/// The gradient of the loss by every parameter of a whole model, against central differences in
/// f64.
struct WholeModelGradientTests {
  private static func gpt2(tied: Bool) -> ModelConfiguration {
    ModelConfiguration(
      vocabularySize: 7,
      contextLength: 6,
      width: 6,
      layerCount: 2,
      headCount: 3,
      mlpWidth: 5,
      isTied: tied
    )
  }

  private static func llama(bias: ModelConfiguration.AttentionBias) -> ModelConfiguration {
    var model = gpt2(tied: bias == .none)
    model.headCount = 4
    model.keyHeadCount = bias == .all ? 1 : 2
    model.headWidth = 4
    model.positions = .rotary(base: 50)
    model.norm = .rootMeanSquare
    model.activation = .swiGLU
    model.attentionBias = bias
    return model
  }

  static let models: [(name: String, configuration: ModelConfiguration, mask: MaskKind)] = [
    ("GPT-2", gpt2(tied: false), .causal), ("GPT-2, tied", gpt2(tied: true), .causal),
    ("GPT-2, masked objective", gpt2(tied: true), .none),
    ("GPT-2, the first position sees nothing", gpt2(tied: false), .strict),
    ("Llama, the first position sees nothing", llama(bias: .all), .strict),
    ("Llama, tied", llama(bias: .none), .causal), ("Qwen2", llama(bias: .input), .causal),
    ("Llama, biases, one key head", llama(bias: .all), .causal),
  ]

  @Test(arguments: models.indices)
  func everyParameterGradientIsTheSlopeOfTheLoss(index: Int) throws {
    let (name, configuration, mask) = Self.models[index]
    var random = RandomSource(seed: UInt64(index) + 1)
    let slope = try LossSlope(configuration, mask: mask, random: &random)
    for spec in configuration.parameterSpecs {
      for element in [0, spec.shape.count / 2, spec.shape.count - 1] {
        let found = try slope.gradient(spec.name)[element]
        let expected = try slope.difference(spec.name, element)
        #expect(
          abs(found - expected) <= 1e-7 * max(1, abs(expected)),
          "\(name): \(spec.name)[\(element)]"
        )
      }
    }
  }
}

/// The loss of a model as a function of its parameters.
private struct LossSlope {
  private let execution: Execution
  private let parameters: Parameters

  init(
    _ configuration: ModelConfiguration,
    mask: MaskKind,
    random: inout RandomSource
  ) throws {
    let batch = BatchShape(rows: 2, length: 5)
    var builder = ProgramBuilder()
    let loss = try Transformer(configuration, batch: batch, mask: mask).write(into: &builder)
    try builder.appendGradients(of: loss)
    var execution = try Execution(builder.program, precision: .f64)
    let size = configuration.vocabularySize
    for name in ["tokens", "targets"] {
      let ids = (0..<10).map { _ in Int32.random(in: 0..<Int32(size), using: &random) }
      let shape = Shape((.batch, 2), (.position, 5))
      try execution.set(try execution.id(of: name), to: Tensor(shape, ids))
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
    try #require(execution.tensor(name.gradient))
  }

  /// The five-point formula.
  func difference(_ name: ValueName, _ element: Int) throws -> Double {
    let step = 1e-3
    func at(_ offset: Double) throws -> Double {
      var moved = execution
      let tensor = try #require(parameters[name])
      var numbers = tensor.doubles
      numbers[element] += offset
      try moved.set(try moved.id(of: name), to: Tensor(tensor.shape, numbers))
      try moved.move(to: try moved.position(after: "loss"))
      return try #require(moved.tensor(moved.id(of: "loss")))[0]
    }
    let near = try at(step) - at(-step)
    let far = try at(2 * step) - at(-2 * step)
    return (8 * near - far) / (12 * step)
  }
}
