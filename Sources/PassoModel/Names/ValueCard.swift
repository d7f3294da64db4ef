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
