// SPDX-License-Identifier: MIT

import PassoEngine

/// The sizes of a decoder-only transformer: pre-norm blocks, learned positions, tanh-GELU.
///
/// Source: Radford et al. 2019, Language Models are Unsupervised Multitask Learners, section 2.3.
public struct ModelConfiguration: Hashable, Sendable {
  /// Tokens in the vocabulary.
  public var vocabularySize: Int

  /// The longest text that the model can read, in tokens.
  public var contextLength: Int

  /// Components of the residual stream.
  public var width: Int

  /// Blocks.
  public var layerCount: Int

  /// Attention heads of each block; a divisor of `width`.
  public var headCount: Int

  /// Hidden components of the MLP.
  public var mlpWidth: Int

  /// What keeps the division of layer normalisation finite.
  public var normEpsilon: Double

  /// Whether the unembedding is the embedding, transposed.
  public var isTied: Bool

  /// Describes a model; `mlpWidth` is four times the width if it is not given.
  public init(
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
    self.mlpWidth = mlpWidth ?? 4 * width
    self.normEpsilon = normEpsilon
    self.isTied = isTied
  }

  /// Components of one head.
  public var headWidth: Int { width / headCount }
}
