// SPDX-License-Identifier: MIT

import PassoEngine

/// The sizes and parts of a new model, each of which a person may choose: see `Knob`.
package struct ModelKnobs: Hashable, Sendable {
  /// Hidden components of the MLP.
  package enum MLPSize: Hashable, Sendable {
    /// Four times the width; with a gate, which is a third matrix, two thirds of that.
    case usual
    /// Blocks without an MLP.
    case none
    case components(Int)
  }

  package var layers = 1
  package var heads = 2

  /// Key and value heads; nil for as many as there are query heads.
  package var keyHeads: Int?
  package var width = 16
  package var mlp = MLPSize.usual
  package var norm = ModelConfiguration.Norm.layer
  package var positions = PositionKind.learned

  /// How high the waves of sinusoidal positions are; 1 in the paper.
  package var positionScale = 1.0
  package var activation = ActivationKind.gelu
  package var isTied = false
  package var hasBiases = true
  package var attentionScale = ModelConfiguration.AttentionScale.head

  /// The part of the numbers that is turned off in training.
  package var dropout = 0.0

  /// The standard deviation of new weights; 0.02 keeps an untrained loss close to ln V.
  package var standardDeviation = 0.02

  /// That of the embedding, if it is another: tokens that differ more are told apart sooner.
  package var embeddingDeviation: Double?

  /// Whether the unembedding begins with zeros, so that all tokens are equally probable at first.
  package var hasZeroHead = false

  /// The longest row that the model reads, in tokens.
  package var context = 8

  package init() {}

  /// The configuration for a vocabulary.
  package func configuration(vocabularySize: Int) -> ModelConfiguration {
    var model = ModelConfiguration(
      vocabularySize: vocabularySize,
      contextLength: context,
      width: width,
      layerCount: layers,
      headCount: heads,
      mlpWidth: mlpWidth,
      isTied: isTied
    )
    model.keyHeadCount = keyHeads ?? heads
    (model.norm, model.activation) = (norm, activation.activation)
    model.positions = positions.positions(scale: positionScale)
    (model.hasBiases, model.attentionBias) = (hasBiases, hasBiases ? .all : .none)
    (model.attentionScale, model.dropout) = (attentionScale, dropout)
    return model
  }

  private var mlpWidth: Int {
    switch mlp {
    case .usual: activation == .swiGLU ? max(1, 8 * width / 3) : 4 * width
    case .none: 0
    case .components(let count): count
    }
  }

  /// Checks that the sizes go together.
  ///
  /// - Throws: What does not, with the two numbers.
  package func check() throws(KnobProblem) {
    guard width.isMultiple(of: heads) else {
      throw .notShared("width", width, among: "heads", heads)
    }
    if let keyHeads, !heads.isMultiple(of: keyHeads) {
      throw .notShared("heads", heads, among: "kv-heads", keyHeads)
    }
    if positions == .rotary, !(width / heads).isMultiple(of: 2) {
      throw .oddHead(headWidth: width / heads, heads: heads)
    }
    if hasZeroHead, isTied { throw .tiedZeroHead }
    let count = configuration(vocabularySize: 1).estimatedParameterCount
    guard count <= Double(Self.largestModel) else {
      throw .tooLarge(count, limit: Self.largestModel)
    }
  }

  /// The most numbers that a model may have, as in configurations of strangers.
  private static let largestModel = 1 << 36
}
