// SPDX-License-Identifier: MIT

/// Whose names and shapes the files of a model have.
///
/// `transformers` has a place for the models of two families. All others are written under names
/// of our own, which it refuses: better than to be opened as something that computes otherwise.
package enum FolderLayout: Sendable {
  case gpt2, llama, passo
}

extension ModelConfiguration {
  /// How a folder holds such a model.
  package var layout: FolderLayout {
    if isGPT2 { return .gpt2 }
    return isLlama ? .llama : .passo
  }

  private var isGPT2: Bool {
    positions == .learned && norm == .layer && hasMLP && activation != .swiGLU
      && attentionBias == .all && hasBiases && attentionScale != .width
      && keyHeadCount == headCount && headCount * headWidth == width
  }

  private var isLlama: Bool {
    guard case .rotary = positions else { return false }
    return norm == .rootMeanSquare && hasMLP && activation == .swiGLU && attentionScale == .head
  }

  /// About as many numbers as the model has, never fewer; sizes that were only just checked could
  /// overflow a sum of integers.
  package var estimatedParameterCount: Double {
    let (d, m) = (Double(width), Double(mlpWidth))
    let heads = Double(headCount + keyHeadCount) * Double(headWidth)
    // Matrices of attention and of the MLP; their biases, and the gains and biases of two norms.
    let block = 2 * d * heads + (activation == .swiGLU ? 3 : 2) * d * m + 2 * heads + m + 6 * d
    let rows = Double(vocabularySize) * (isTied ? 1 : 2) + 2
    return block * Double(layerCount) + rows * d
      + (positions == .learned ? Double(contextLength) * d : 0)
  }
}
