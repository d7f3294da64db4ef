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
  func applied(to tensor: Tensor) -> Tensor {
    let slots = slots.filter { (0..<tensor.count).contains($0.key) }
    switch tensor.storage {
    case .f32(var numbers):
      for (index, number) in slots { numbers[index] = Float(number) }
      return Tensor(tensor.shape, numbers)
    case .f64(var numbers):
      for (index, number) in slots { numbers[index] = number }
      return Tensor(tensor.shape, numbers)
    case .integers(var ids):
      for (index, number) in slots { ids[index] = Int32(exactly: number) ?? ids[index] }
      return Tensor(tensor.shape, ids)
    }
  }
}
