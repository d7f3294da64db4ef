// SPDX-License-Identifier: MIT

import Synchronization

extension Execution {
  /// The first computed value that is NaN, or infinite where nothing was masked.
  ///
  /// - Throws: `ExecutionProblem.refused`, as `tensor(_:)`.
  package var firstNotFinite: String? {
    get throws(ExecutionProblem) {
      for index in program.values.indices where try !isFinite(ValueID(index: index)) {
        return program.values[index].name
      }
      return nil
    }
  }

  /// Whether the last step is where NaN or infinity came from: its inputs had none.
  ///
  /// - Throws: `ExecutionProblem.refused`, as `tensor(_:)`.
  package var hasJustLostFiniteness: Bool {
    get throws(ExecutionProblem) {
      guard cursor > 0 else { return false }
      let step = program.steps[cursor - 1]
      if try isFinite(step.output) { return false }
      for input in step.inputs where try !isFinite(input) { return false }
      return true
    }
  }

  /// Whether every number of a computed value is finite; the mask writes minus infinity on purpose.
  ///
  /// - Throws: `ExecutionProblem.refused`, as `tensor(_:)`.
  package func isFinite(_ id: ValueID) throws(ExecutionProblem) -> Bool {
    guard program[id].element == .real, isComputed(id) else { return true }
    let isMasked = program.masks(id)
    func fits<T: BinaryFloatingPoint>(_ numbers: UnsafeBufferPointer<T>) -> Bool {
      if Self.areFiniteShared(numbers) { return true }
      return isMasked && numbers.allSatisfy { $0.isFinite || $0 == -.infinity }
    }
    switch precision {
    case .f32: return try withNumbers(of: id, as: Float.self, fits)
    case .f64: return try withNumbers(of: id, as: Double.self, fits)
    }
  }

  /// The same as `areFinite`, on all threads where the numbers are many.
  private static func areFiniteShared<T: BinaryFloatingPoint>(
    _ numbers: UnsafeBufferPointer<T>
  ) -> Bool {
    let count = numbers.count
    guard count >= SharedWork.worthSharing else { return areFinite(numbers) }
    let parts = SharedWork.usualParts
    let outcome = Mutex(true)
    SharedWork.run(parts) { part in
      let range = count * part / parts..<count * (part + 1) / parts
      let isFinite = areFinite(UnsafeBufferPointer(rebasing: numbers[range]))
      if !isFinite { outcome.withLock { $0 = false } }
    }
    return outcome.withLock { $0 }
  }

  /// Whether the sum of x - x is 0, as it is unless an x is not finite: in many sums, because each
  /// waits for its last term.
  private static func areFinite<T: BinaryFloatingPoint>(_ numbers: UnsafeBufferPointer<T>) -> Bool {
    var sums = [T](repeating: 0, count: 64)
    return sums.withUnsafeMutableBufferPointer { sums in
      let whole = numbers.count / 64 * 64
      for start in stride(from: 0, to: whole, by: 64) {
        for i in 0..<64 { sums[i] += numbers[start + i] - numbers[start + i] }
      }
      for i in whole..<numbers.count { sums[0] += numbers[i] - numbers[i] }
      return sums.reduce(0, +) == 0
    }
  }
}
