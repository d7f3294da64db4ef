// SPDX-License-Identifier: MIT

import PassoEngine

/// Numbers that a person puts into a value, in the place of what was computed.
package struct Patch: Sendable, Hashable {
  package let name: String

  /// The round of the update in which it holds.
  package let round: Int

  /// The new numbers, by row-major position.
  package let slots: [Int: Double]

  /// The value with the numbers in their places; a place that it has not stays out.
  func applied(to tensor: Tensor) -> Tensor { tensor.replacing(slots) }
}
