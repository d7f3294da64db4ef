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
    try SafetensorsWriter.write(values(of: execution, for: path), to: path)
  }

  /// Bytes that a number takes on its way to the file: as it is kept, and as it is written.
  private static let copiedByteCount = 24

  /// The tokens and the values that steps have computed from them.
  static func values(of execution: Execution, for path: String) -> [OutgoingTensor] {
    let program = execution.program
    return program.names.flatMap { name -> [OutgoingTensor] in
      let isQuestion = [ModelPart.tokens, .targets].contains { $0.rawValue == name }
      guard let id = program.id(of: name), program[id].producer != nil || isQuestion,
        execution.isComputed(id)
      else { return [] }
      return program[id].names.map { outgoing($0, id, execution, path) }
    }
  }

  /// A value that is copied when its turn comes: all at once would take as much memory as the run.
  private static func outgoing(
    _ name: String,
    _ id: ValueID,
    _ execution: Execution,
    _ path: String
  ) -> OutgoingTensor {
    let value = execution.program[id]
    let isDouble = value.element == .real && execution.precision == .f64
    return OutgoingTensor(
      name: name,
      shape: value.shape.rank == 0 ? [1] : value.shape.sizes,
      values: isDouble
        ? .doubles { try tensor(id, execution, path).doubles }
        : .floats { try tensor(id, execution, path).floats }
    )
  }

  private static func tensor(
    _ id: ValueID,
    _ execution: Execution,
    _ path: String
  ) throws(FileProblem) -> Tensor {
    let tensor = try FileProblem.refused(for: path) { () throws(ExecutionProblem) in
      try execution.tensor(id)
    }
    guard let tensor else { preconditionFailure("a value that was computed is not there any more") }
    return tensor
  }
}

extension FileProblem {
  /// Does what needs memory on the way to a file.
  ///
  /// - Parameters:
  ///   - path: The file that the problem names.
  ///   - body: What is done.
  /// - Returns: What `body` gives.
  /// - Throws: `FileProblem` with `noMemory` where the system gives none.
  package static func refused<Value>(
    for path: String,
    _ body: () throws(ExecutionProblem) -> Value
  ) throws(FileProblem) -> Value {
    do throws(ExecutionProblem) {
      return try body()
    } catch {
      switch error {
      case .tooLarge(let bytes, _), .refused(let bytes):
        throw .system(.noMemory(bytes: bytes), file: path)
      case .unread(let value):
        throw value.problem as? FileProblem ?? .system(.changed, file: path)
      case .unknownName(let name, _): preconditionFailure("no value is called \(name)")
      }
    }
  }
}
