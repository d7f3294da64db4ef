// SPDX-License-Identifier: MIT

/// How a model knows where a token stands, as a word.
package enum PositionKind: String, CaseIterable, Hashable, Sendable {
  case learned, sinusoidal, rotary, none

  /// How slowly the slowest pair turns in a new model: that of the paper.
  static let rotaryBase = 10_000.0

  init(_ positions: ModelConfiguration.Positions) {
    switch positions {
    case .learned: self = .learned
    case .sinusoidal: self = .sinusoidal
    case .rotary: self = .rotary
    case .none: self = .none
    }
  }

  /// Those of a new model.
  ///
  /// - Parameter scale: How many times as high the waves are as in the paper.
  /// - Returns: What a configuration says of them.
  func positions(scale: Double) -> ModelConfiguration.Positions {
    switch self {
    case .learned: .learned
    case .sinusoidal: .sinusoidal(scale: scale)
    case .rotary: .rotary(base: Self.rotaryBase)
    case .none: .none
    }
  }
}
