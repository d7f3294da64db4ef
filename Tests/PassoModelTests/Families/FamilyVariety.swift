// SPDX-License-Identifier: MIT

import PassoEngine
import PassoFiles

@testable import PassoModel

/// Small models with what each family has beside GPT-2 and Llama.
enum FamilyVariety {
  /// As Llama: keys that serve two queries, heads of a width of their own.
  static func llama(_ change: (inout ModelConfiguration) -> Void = { _ in }) -> ModelConfiguration {
    var model = ModelConfiguration(
      vocabularySize: 13,
      contextLength: 24,
      width: 12,
      layerCount: 2,
      headCount: 4,
      mlpWidth: 10
    )
    (model.keyHeadCount, model.headWidth) = (2, 6)
    (model.norm, model.positions) = (.rootMeanSquare, .rotary(base: 100))
    (model.activation, model.attentionBias) = (.swiGLU, .none)
    change(&model)
    return model
  }

  /// As GPT-2.
  static func gpt2(_ change: (inout ModelConfiguration) -> Void = { _ in }) -> ModelConfiguration {
    var model = ModelConfiguration(
      vocabularySize: 13,
      contextLength: 24,
      width: 12,
      layerCount: 2,
      headCount: 2,
      mlpWidth: 10,
      isTied: true
    )
    change(&model)
    return model
  }

  private static func angles(
    _ stretch: RotaryAngles.Stretch,
    width: Int? = nil,
    magnitude: Double = 1
  ) -> ModelConfiguration.Positions {
    var angles = RotaryAngles(base: 100)
    (angles.stretch, angles.width, angles.magnitude) = (stretch, width, magnitude)
    return .rotary(angles)
  }

  static let all: [(name: String, model: ModelConfiguration)] = [
    ("norm of each head", llama { $0.headNorm = .each }),
    (
      "norm of all heads, norms after",
      llama {
        ($0.headNorm, $0.normPlace, $0.attentionBias) = (.all, .after, .all)
      }
    ),
    (
      "norms around, a window with its own angles, GELU in the gate",
      llama {
        ($0.headNorm, $0.normPlace, $0.isTied) = (.each, .around, true)
        $0.window = AttentionWindow(
          size: 3,
          blocks: [true, false],
          angles: RotaryAngles(base: 20)
        )
        ($0.embeddingFactor, $0.attentionMultiplier) = (12.0.squareRoot(), 0.3)
        $0.activation = .gated(.geluTanh)
      }
    ),
    (
      "fixed factors",
      llama {
        ($0.embeddingFactor, $0.residualFactor, $0.logitFactor) = (3, 0.22, 0.125)
        ($0.hasGateBiases, $0.isTied) = (true, true)
      }
    ),
    (
      "blocks that rotate nothing, a window in all",
      llama {
        ($0.rotatingBlocks, $0.window) = ([true, false], AttentionWindow(size: 4))
        $0.activation = .gated(.gelu)
      }
    ),
    (
      "attention beside the MLP, a part rotated",
      gpt2 {
        ($0.isParallel, $0.positions) = (true, angles(.none, width: 2))
        ($0.activation, $0.isTied) = (.plain(.gelu), false)
      }
    ),
    (
      "a bias of the output alone, a window in one block",
      gpt2 {
        ($0.attentionBias, $0.attentionScale) = (.output, .none)
        $0.window = AttentionWindow(size: 3, blocks: [false, true])
      }
    ),
    ("linear angles", llama { $0.positions = angles(.linear(factor: 4)) }),
    (
      "angles of Llama 3",
      llama {
        $0.positions = angles(.llama3(factor: 8, low: 1, high: 4, original: 16))
        $0.activation = .gated(.quickGELU)
      }
    ),
    (
      "YaRN",
      llama {
        $0.positions = angles(
          .yarn(factor: 4, fast: 32, slow: 1, original: 8, isRounded: false),
          magnitude: 1.14
        )
        $0.activation = .gated(.squaredReLU)
      }
    ),
    ("SiLU between two matrices", gpt2 { $0.activation = .plain(.silu) }),
  ]
}
