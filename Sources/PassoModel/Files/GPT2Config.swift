// SPDX-License-Identifier: MIT

import PassoFiles

/// The sizes and settings of a model of the GPT-2 family.
package struct GPT2Config: Hashable, Sendable {
  /// The largest single size; keeps products of three of them within 64 bits.
  static let largestSize = 1 << 24

  /// The most numbers that a model may have.
  static let largestModel = 1 << 36

  /// Tokens that the model knows, V.
  package var vocabularySize: Int

  /// Positions that the model can see at once.
  package var contextLength: Int

  /// Numbers in the vector of one position, d; a multiple of `headCount`.
  package var modelWidth: Int

  /// Blocks of attention and MLP.
  package var layerCount: Int

  /// Heads of attention in each block.
  package var headCount: Int

  /// Numbers between the two layers of each MLP; four times `modelWidth` if nothing else is said.
  package var mlpWidth: Int

  /// What layer norm adds to the variance before the root.
  package var normEpsilon: Double

  /// Whether the unembedding is the token embedding itself.
  package var tiedHead: Bool

  /// The id of the token that begins a text, if the model has one.
  package var startToken: Int?

  /// The ids of the tokens that end a text.
  package var endTokens: [Int]

  /// Describes a model; what is left out is as in GPT-2.
  package init(
    vocabularySize: Int,
    contextLength: Int,
    modelWidth: Int,
    layerCount: Int,
    headCount: Int,
    mlpWidth: Int? = nil,
    normEpsilon: Double = 1e-5,
    tiedHead: Bool = true,
    startToken: Int? = nil,
    endTokens: [Int] = []
  ) {
    self.vocabularySize = vocabularySize
    self.contextLength = contextLength
    self.modelWidth = modelWidth
    self.layerCount = layerCount
    self.headCount = headCount
    self.mlpWidth = mlpWidth ?? modelWidth.multipliedReportingOverflow(by: 4).partialValue
    self.normEpsilon = normEpsilon
    self.tiedHead = tiedHead
    self.startToken = startToken
    self.endTokens = endTokens
  }

  /// Checks that a model of these sizes can exist, before anything is multiplied or allocated.
  package func validate() throws(ConfigFault) {
    let sizes = [
      ("vocab_size", vocabularySize), ("n_positions", contextLength), ("n_embd", modelWidth),
      ("n_layer", layerCount), ("n_head", headCount), ("n_inner", mlpWidth),
    ]
    for (key, size) in sizes where !(1...Self.largestSize).contains(size) {
      throw .size(key: key, found: size, limit: Self.largestSize)
    }
    guard modelWidth.isMultiple(of: headCount) else {
      throw .heads(width: modelWidth, heads: headCount)
    }
    guard normEpsilon > 0 && normEpsilon < 1 else { throw .epsilon(normEpsilon) }
    let (inBlocks, overflow) = parametersPerBlock.multipliedReportingOverflow(by: layerCount)
    guard !overflow, inBlocks <= Self.largestModel - min(parametersOutside, Self.largestModel)
    else { throw .tooManyParameters(limit: Self.largestModel) }
  }

  // Attention c_attn and c_proj, MLP c_fc and c_proj, two norms; at most 2^52 of checked sizes.
  private var parametersPerBlock: Int {
    let (d, m) = (modelWidth, mlpWidth)
    return 4 * d * (d + 1) + m * (d + 1) + d * (m + 1) + 4 * d
  }

  // Embeddings, the last norm, and the unembedding if it is another matrix.
  private var parametersOutside: Int {
    (vocabularySize * (tiedHead ? 1 : 2) + contextLength + 2) * modelWidth
  }
}
