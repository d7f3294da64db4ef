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
    ("GPT-2 with weights", gpt2(tied: true), .none),
    ("Llama with weights", llama(bias: .all), .causal),
    ("GPT-2, the first position sees nothing", gpt2(tied: false), .strict),
    ("Llama, the first position sees nothing", llama(bias: .all), .strict),
    ("Llama, tied", llama(bias: .none), .causal), ("Qwen2", llama(bias: .input), .causal),
    ("Llama, biases, one key head", llama(bias: .all), .causal),
  ]

  @Test(arguments: models.indices)
  func everyParameterGradientIsTheSlopeOfTheLoss(index: Int) throws {
    let (name, configuration, mask) = Self.models[index]
    var random = RandomSource(seed: UInt64(index) + 1)
    let slope = try LossSlope(
      configuration,
      mask: mask,
      weighsTargets: name.hasSuffix("weights"),
      random: &random
    )
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
