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
    guard program[id].element == .real, let tensor = tensor(id) else { return true }
    let isMasked = program.masks(id)
    func fits<T: BinaryFloatingPoint>(_ number: T) -> Bool {
      number.isFinite || isMasked && number == -.infinity
    }
    switch tensor.storage {
    case .f32(let numbers): return numbers.allSatisfy(fits)
    case .f64(let numbers): return numbers.allSatisfy(fits)
    case .integers: return true
    }
  }
}
