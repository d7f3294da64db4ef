// SPDX-License-Identifier: MIT

import PassoEngine
import PassoFiles

/// Every computed value of an execution, in a safetensors file.
package enum ValueFile {
  /// Writes every value under its name and its other names; a scalar gets the shape [1].
  ///
  /// - Throws: `FileProblem` if the file cannot be written, or there is no room for a copy of the
  ///   largest value.
  package static func write(_ execution: Execution, to path: String) throws(FileProblem) {
    let largest = execution.program.values.map(\.shape.count).max() ?? 0
    try SystemFault.checkMemory(largest * copiedByteCount, for: path)
    try SafetensorsWriter.write(values(of: execution), to: path)
  }

  /// Bytes that a number takes on its way to the file: as it is kept, and as it is written.
  private static let copiedByteCount = 24

  /// The tokens and the values that steps have computed from them.
  static func values(of execution: Execution) -> [OutgoingTensor] {
    let program = execution.program
    return program.names.flatMap { name -> [OutgoingTensor] in
      let isQuestion = [ModelPart.tokens, .targets].contains { $0.rawValue == name }
      guard let id = program.id(of: name), program[id].producer != nil || isQuestion,
        execution.isComputed(id)
      else { return [] }
      return program[id].names.map { outgoing($0, id, execution) }
    }
  }

  /// A value that is copied when its turn comes: all at once would take as much memory as the run.
  private static func outgoing(
    _ name: String,
    _ id: ValueID,
    _ execution: Execution
  ) -> OutgoingTensor {
    let value = execution.program[id]
    let isDouble = value.element == .real && execution.precision == .f64
    return OutgoingTensor(
      name: name,
      shape: value.shape.rank == 0 ? [1] : value.shape.sizes,
      values: isDouble
        ? .doubles { tensor(id, execution).doubles } : .floats { tensor(id, execution).floats }
    )
  }

  private static func tensor(_ id: ValueID, _ execution: Execution) -> Tensor {
    guard let tensor = execution.tensor(id) else {
      preconditionFailure("a value that was computed is not there any more")
    }
    return tensor
  }
}
