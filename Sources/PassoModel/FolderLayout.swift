// SPDX-License-Identifier: MIT

import PassoFiles

/// Whose names and shapes the files of a model have.
///
/// `transformers` has a place for the models of its families. All others are written under names
/// of our own, which it refuses: better than to be opened as something that computes otherwise.
package enum FolderLayout: Sendable, Hashable {
  case family(ModelFamily)
  case passo

  package static let gpt2 = family(.gpt2)
  package static let llama = family(.llama)
}

extension ModelConfiguration {
  /// How a folder holds such a model: as the family that it came from, or as one whose parts it
  /// has.
  package var layout: FolderLayout {
    if let family { return .family(family) }
    if isGPT2 { return .gpt2 }
    guard isLlama else { return .passo }
    // Qwen2 is the family whose queries, keys and values alone have biases.
    return attentionBias == .input ? .family(.qwen2) : .llama
  }

  private var isGPT2: Bool {
    positions == .learned && norm == .layer && hasMLP && !activation.isGated
      && attentionBias == .all && hasBiases && attentionScale != .width
      && keyHeadCount == headCount && headCount * headWidth == width
  }

  private var isLlama: Bool {
    guard case .rotary = positions else { return false }
    return norm == .rootMeanSquare && hasMLP && activation.isGated && attentionScale == .head
  }

  /// About as many numbers as the model has, never fewer; sizes that were only just checked could
  /// overflow a sum of integers.
  package var estimatedParameterCount: Double {
    let (d, m) = (Double(width), Double(mlpWidth))
    let heads = Double(headCount + keyHeadCount) * Double(headWidth)
    // Matrices of attention and of the MLP; their biases, the gains of queries and keys, and the
    // gains and biases of two norms, or the gains of four.
    let block = 2 * d * heads + (activation.isGated ? 3 : 2) * d * m + 3 * heads + 2 * m + 6 * d
    let rows = Double(vocabularySize) * (isTied ? 1 : 2) + 2
    return block * Double(layerCount) + rows * d
      + (positions == .learned ? Double(contextLength) * d : 0)
  }
}
