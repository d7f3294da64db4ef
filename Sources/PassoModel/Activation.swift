// SPDX-License-Identifier: MIT

import PassoEngine

extension ModelConfiguration {
  /// What the MLP does between its matrices.
  package enum Activation: Hashable, Sendable {
    /// A curve between two matrices.
    case plain(Curve)
    /// A curve that opens a gate, times an upward projection.
    case gated(Curve)

    /// The tanh form of GELU.
    package static let gelu = plain(.geluTanh)
    /// Zero in place of what is negative.
    package static let relu = plain(.relu)
    /// SwiGLU: a gate times an upward projection.
    package static let swiGLU = gated(.silu)

    /// Whether there is a gate.
    package var isGated: Bool {
      if case .gated = self { true } else { false }
    }

    /// The curve.
    package var curve: Curve {
      switch self {
      case .plain(let curve), .gated(let curve): curve
      }
    }
  }

  /// A curve without which two matrices in a row would be worth one, by its name in configurations.
  package enum Curve: String, CaseIterable, Hashable, Sendable {
    case geluTanh = "gelu_pytorch_tanh"
    case gelu
    case quickGELU = "quick_gelu"
    case relu
    case squaredReLU = "relu2"
    case silu

    /// Other names of the same curves.
    ///
    /// Source: `transformers`, `activations.py`, version 5.
    private static let synonyms: [String: Curve] = [
      "gelu_new": .geluTanh, "gelu_fast": .geluTanh, "gelu_accurate": .geluTanh,
      "gelu_python_tanh": .geluTanh, "gelu_python": .gelu, "swish": .silu,
    ]

    /// The curve that a configuration names; nil for one that is not computed.
    package init?(named name: String) {
      guard let curve = Curve(rawValue: name) ?? Self.synonyms[name] else { return nil }
      self = curve
    }

    /// The step that computes it.
    var op: any DifferentiableOp {
      switch self {
      case .geluTanh: GELU()
      case .gelu: GELUExact()
      // Source: Hendrycks and Gimpel 2016, arXiv:1606.08415, section 2.
      case .quickGELU: Swish(steepness: 1.702)
      case .relu: ReLU()
      case .squaredReLU: SquaredReLU()
      case .silu: Swish()
      }
    }
  }
}
