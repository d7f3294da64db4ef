// SPDX-License-Identifier: MIT

import PassoEngine
import PassoText

/// What belongs to a value, whatever its numbers are.
package struct ValueCard: Sendable {
  /// How the numbers of a value are shown.
  package enum Display: Sendable {
    /// Numbers of any sign.
    case numbers
    /// Parts of a whole, from 0 to 1.
    case shares
    /// Attention scores: minus infinity where nothing may be seen.
    case maskedScores
  }

  /// What it is, in words.
  package let meaning: Bilingual

  /// What each of its axes stands for, outermost first.
  package let axes: [Axis]

  /// How its numbers are shown.
  package let display: Display

  init(_ axes: [Axis], _ display: Display = .numbers, it: String, en: String) {
    (self.axes, self.display) = (axes, display)
    meaning = Bilingual(it: it, en: en)
  }
}

// The axes that many values have.
extension ValueCard {
  /// A vector of the residual stream at each position.
  static func stream(it: String, en: String) -> ValueCard {
    ValueCard([.batch, .position, .model], it: it, en: en)
  }

  /// A vector of each head at each position.
  static func heads(it: String, en: String) -> ValueCard {
    ValueCard([.batch, .position, .head, .headDim], it: it, en: en)
  }

  /// A vector of each head at each position that is looked at.
  static func cache(it: String, en: String) -> ValueCard {
    ValueCard([.batch, .key, .head, .headDim], it: it, en: en)
  }

  /// A number of each head for each query and key.
  static func square(_ display: Display = .numbers, it: String, en: String) -> ValueCard {
    ValueCard([.batch, .head, .query, .key], display, it: it, en: en)
  }

  /// The hidden components of the MLP at each position.
  static func hidden(it: String, en: String) -> ValueCard {
    ValueCard([.batch, .position, .mlp], it: it, en: en)
  }

  /// A single number, or a value whose axes are not its own.
  static func single(it: String, en: String) -> ValueCard { ValueCard([], it: it, en: en) }
}
