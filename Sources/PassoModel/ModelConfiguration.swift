// SPDX-License-Identifier: MIT

import PassoEngine
import PassoFiles

/// The sizes and parts of a decoder-only transformer.
///
/// What differs between families is a setting of its own, so that the program never asks for a
/// family's name: GPT-2 is learned positions, layer norm, biases and GELU; Llama is rotary
/// positions, RMS norm, few biases and a gated MLP. Only files ask for it. Source: Radford et al.
/// 2019, section 2.3; Touvron et al. 2023, arXiv:2302.13971, section 2.2.
package struct ModelConfiguration: Hashable, Sendable {
  /// How the model knows where a token stands.
  package enum Positions: Hashable, Sendable {
    /// A learned vector for each position.
    case learned
    /// A fixed vector of waves for each position, so many times as high as in the paper.
    case sinusoidal(scale: Double)
    /// Queries and keys are turned by an angle that grows with the position.
    case rotary(RotaryAngles)
    /// Not at all but for the mask.
    case none

    /// Plain angles.
    package static func rotary(base: Double) -> Positions { .rotary(RotaryAngles(base: base)) }
  }

  /// How vectors are normalised before attention and MLP.
  package enum Norm: String, CaseIterable, Hashable, Sendable {
    /// Mean 0 and variance 1, gain and bias.
    case layer
    /// Root mean square 1, gain.
    case rootMeanSquare = "rms"
    /// Not at all.
    case none
  }

  /// Where the norms of a block stand.
  package enum NormPlace: Hashable, Sendable {
    /// Before attention and before the MLP.
    case before
    /// After them, before what they give is added to the stream.
    case after
    /// Before and after.
    case around
  }

  /// How queries and keys are normalised before their dot products.
  package enum HeadNorm: Hashable, Sendable {
    /// Not at all.
    case none
    /// The vector of each head for itself, with one gain for all heads.
    case each
    /// All heads of a position as one vector.
    case all
  }

  /// By what the dot products of queries and keys are divided.
  package enum AttentionScale: String, CaseIterable, Hashable, Sendable {
    /// The root of the width of a head.
    case head
    /// The root of the width of the model.
    case width
    /// By nothing.
    case none
  }

  /// Which projections of attention have biases.
  package enum AttentionBias: String, CaseIterable, Hashable, Sendable {
    /// None of them.
    case none
    /// Queries, keys and values, as in Qwen2.
    case input
    /// The output alone, as in GPT-Neo.
    case output
    /// The output as well.
    case all
  }

  /// Tokens in the vocabulary.
  package var vocabularySize: Int

  /// The longest text that the model can read, in tokens.
  package var contextLength: Int

  /// Components of the residual stream.
  package var width: Int

  /// Blocks.
  package var layerCount: Int

  /// Query heads of each block.
  package var headCount: Int

  /// Key and value heads of each block; a divisor of `headCount`.
  package var keyHeadCount: Int

  /// Components of one head.
  package var headWidth: Int

  /// Hidden components of the MLP; 0 where blocks have none.
  package var mlpWidth: Int

  /// What keeps the division of the norms finite.
  package var normEpsilon: Double

  /// Whether the unembedding is the embedding, transposed.
  package var isTied: Bool

  /// How the model knows where a token stands.
  package var positions = Positions.learned

  /// How vectors are normalised.
  package var norm = Norm.layer

  /// What the MLP does between its matrices.
  package var activation = Activation.gelu

  /// Which projections of attention have biases.
  package var attentionBias = AttentionBias.all

  /// Whether layer norms and the matrices of an MLP with one input have biases; the norms and MLPs
  /// of other kinds never do.
  package var hasBiases = true

  /// Whether the matrices of a gated MLP have biases.
  package var hasGateBiases = false

  /// By what dot products are divided.
  package var attentionScale = AttentionScale.head

  /// What dot products are multiplied by, where it is a number of its own.
  package var attentionMultiplier: Double?

  /// Where the norms of a block stand.
  package var normPlace = NormPlace.before

  /// How queries and keys are normalised.
  package var headNorm = HeadNorm.none

  /// Whether the MLP reads the stream beside attention, as it was at the entry of the block.
  ///
  /// Source: Wang and Komatsuzaki 2021, GPT-J-6B; Black et al. 2022, arXiv:2204.06745, section 2.1.
  package var isParallel = false

  /// What keeps some blocks from looking back far.
  package var window: AttentionWindow?

  /// Which blocks rotate queries and keys; empty for all, where positions are rotary at all.
  package var rotatingBlocks: [Bool] = []

  /// What the embedding, what is added to the stream, and the logits are multiplied by.
  package var embeddingFactor = 1.0
  package var residualFactor = 1.0
  package var logitFactor = 1.0

  /// The family whose files the model came from, where its parts alone do not say it.
  package var family: ModelFamily?

  /// The part of the numbers that is turned off while the model trains.
  ///
  /// Of the first stream, of the patterns of attention, and of what attention and MLP add to the
  /// stream. Source: Radford et al. 2018, Improving Language Understanding, section 4.1.
  package var dropout = 0.0

  /// Describes a GPT-2; `mlpWidth` is four times the width if it is not given.
  package init(
    vocabularySize: Int,
    contextLength: Int,
    width: Int,
    layerCount: Int,
    headCount: Int,
    mlpWidth: Int? = nil,
    normEpsilon: Double = 1e-5,
    isTied: Bool = false
  ) {
    self.vocabularySize = vocabularySize
    self.contextLength = contextLength
    self.width = width
    self.layerCount = layerCount
    self.headCount = headCount
    keyHeadCount = headCount
    headWidth = width / headCount
    self.mlpWidth = mlpWidth ?? 4 * width
    self.normEpsilon = normEpsilon
    self.isTied = isTied
  }
}

extension ModelConfiguration {
  /// Whether blocks have an MLP.
  package var hasMLP: Bool { mlpWidth > 0 }

  /// What dot products are multiplied by.
  package var attentionFactor: Double {
    if let attentionMultiplier { return attentionMultiplier }
    return switch attentionScale {
    case .head: 1 / Double(headWidth).squareRoot()
    case .width: 1 / Double(width).squareRoot()
    case .none: 1
    }
  }
}

/// How far back the queries of some blocks look.
package struct AttentionWindow: Hashable, Sendable {
  /// Positions that a query sees, itself and those before.
  package var size: Int

  /// Which blocks have it; empty for all.
  package var blocks: [Bool] = []

  /// By which angles those blocks rotate, where they are others than in the rest.
  package var angles: RotaryAngles?

  package init(size: Int, blocks: [Bool] = [], angles: RotaryAngles? = nil) {
    (self.size, self.blocks, self.angles) = (size, blocks, angles)
  }
}

extension ModelConfiguration {
  /// The positions that a query of a block sees, itself and those before; nil for all.
  package func window(ofBlock block: Int) -> Int? {
    guard let window, window.blocks.isEmpty || window.blocks[block] else { return nil }
    return window.size
  }

  /// By which angles a block rotates queries and keys; nil if it does not.
  package func angles(ofBlock block: Int) -> RotaryAngles? {
    guard case .rotary(let angles) = positions, rotatingBlocks.isEmpty || rotatingBlocks[block]
    else { return nil }
    return window(ofBlock: block) == nil ? angles : window?.angles ?? angles
  }
}
