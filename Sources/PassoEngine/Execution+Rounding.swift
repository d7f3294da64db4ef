// SPDX-License-Identifier: MIT

extension Execution {
  /// Whether a sum over rows is 0 but for rounding: all that its terms have left is in their last
  /// digits.
  ///
  /// The gradient of a bias that changes nothing is such a sum. A term is itself a result of many
  /// roundings, hence the factor; a gradient that teaches something is thousands of times larger.
  ///
  /// - Throws: `ExecutionProblem.refused`, as `tensor(_:)`.
  package func isZeroButForRounding(_ id: ValueID) throws(ExecutionProblem) -> Bool {
    guard let producer = program[id].producer, program.steps[producer].op is SumLeading,
      let sum = try tensor(id), let terms = try tensor(program.steps[producer].inputs[0])
    else { return false }
    let digit = precision == .f32 ? Double(Float.ulpOfOne) : Double.ulpOfOne
    return (0..<sum.count).allSatisfy { index in
      let size = stride(from: index, to: terms.count, by: sum.count).reduce(0) {
        $0 + abs(terms[$1])
      }
      return abs(sum[index]) <= 64 * digit * size
    }
  }
}
