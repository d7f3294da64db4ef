// SPDX-License-Identifier: MIT

extension Execution {
  /// The first computed value that is NaN, or infinite where nothing was masked.
  package var firstNotFinite: String? {
    let first = program.values.indices.first { !isFinite(ValueID(index: $0)) }
    return first.map { program.values[$0].name }
  }

  /// Whether the last step is where NaN or infinity came from: its inputs had none.
  package var hasJustLostFiniteness: Bool {
    guard cursor > 0 else { return false }
    let step = program.steps[cursor - 1]
    return !isFinite(step.output) && step.inputs.allSatisfy(isFinite)
  }

  /// Whether every number of a computed value is finite; the mask writes minus infinity on purpose.
  package func isFinite(_ id: ValueID) -> Bool {
    guard program[id].element == .real, isComputed(id) else { return true }
    let isMasked = program.masks(id)
    func fits<T: BinaryFloatingPoint>(_ numbers: UnsafeBufferPointer<T>) -> Bool {
      // The sum of x - x is 0 unless an x is not finite.
      if numbers.reduce(0, { $0 + ($1 - $1) }) == 0 { return true }
      return isMasked && numbers.allSatisfy { $0.isFinite || $0 == -.infinity }
    }
    switch precision {
    case .f32: return fits(numbers(of: id, as: Float.self))
    case .f64: return fits(numbers(of: id, as: Double.self))
    }
  }
}
