// SPDX-License-Identifier: MIT

import PassoEngine

/// Where the formula of an op and its kernel do not give the same number.
package struct FormulaError {
  /// The value.
  package let name: String

  /// The row-major position of the number.
  package let index: Int

  /// What was computed.
  package let kernel: Double

  /// What the formula gives.
  package let formula: Double
}

extension Execution {
  /// Holds what every step computed against the formula of its op.
  ///
  /// - Parameters:
  ///   - tolerance: The greatest difference, absolute for small numbers, relative for large ones.
  ///   - most: Numbers of each value that are tried, spread over all of it.
  /// - Returns: All that are further apart, and how many were tried.
  /// - Throws: `ExecutionProblem.refused`.
  package func formulaErrors(
    tolerance: Double,
    most: Int = 64
  ) throws(ExecutionProblem) -> (errors: [FormulaError], tried: Int) {
    var (errors, tried): ([FormulaError], Int) = ([], 0)
    for step in program.steps {
      guard let output = try tensor(step.output) else { continue }
      let inputs = try step.inputs.map { (input) throws(ExecutionProblem) in try remembered(input) }
      for index in stride(from: 0, to: output.count, by: max(1, output.count / most)) {
        guard let (formula, _) = try formula(of: step.output, at: index) else { continue }
        let value = formula.value { inputs[$0][$1] }
        let (kernel, scale) = (output[index], max(1, abs(output[index])))
        tried += 1
        let isSame = value == kernel || value.isNaN && kernel.isNaN
        if !isSame, !(abs(value - kernel) <= tolerance * scale) {
          errors.append(
            FormulaError(
              name: program[step.output].name,
              index: index,
              kernel: kernel,
              formula: value
            )
          )
        }
      }
    }
    return (errors, tried)
  }
}
