// SPDX-License-Identifier: MIT

/// What the MLP of a new model does between its matrices, as a word.
package enum ActivationKind: String, CaseIterable, Hashable, Sendable {
  case gelu, relu
  case swiGLU = "swiglu"

  /// The kind that is nearest: new models have no others.
  init(_ activation: ModelConfiguration.Activation) {
    self = activation.isGated ? .swiGLU : activation == .relu ? .relu : .gelu
  }

  /// What a configuration says of it.
  package var activation: ModelConfiguration.Activation {
    switch self {
    case .gelu: .gelu
    case .relu: .relu
    case .swiGLU: .swiGLU
    }
  }
}
