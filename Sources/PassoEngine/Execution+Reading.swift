// SPDX-License-Identifier: MIT

import PassoRuntime

// Whoever reads a large value may have to wait until it is computed again, and may be refused.
extension Execution {
  /// A value as it is now; nil if it is not computed.
  ///
  /// - Throws: `ExecutionProblem.refused` if there is no room for its numbers, or for what has to
  ///   be computed again to have them: then nothing has changed.
  package func tensor(_ id: ValueID) throws(ExecutionProblem) -> Tensor? {
    isComputed(id) ? try remembered(id) : nil
  }

  /// A value that is a single number; nil if it is not computed.
  package func number(_ id: ValueID) -> Double? {
    precondition(program[id].shape.count == 1, "\(program[id].name) is several numbers")
    guard isComputed(id) else { return nil }
    // No block: it lies side by side with others.
    let start = UnsafeRawPointer(address(plan.regions[id.index]))
    return Tensor(program[id].shape, program[id].element, precision, from: start)[0]
  }

  /// What the memory of a value holds, whether or not the cursor has come to it.
  ///
  /// Of a value that the cursor has not reached it is what was computed the last time.
  ///
  /// - Throws: `ExecutionProblem.refused`, as `tensor(_:)`.
  package func remembered(_ id: ValueID) throws(ExecutionProblem) -> Tensor {
    let value = program[id]
    try MemoryRoom.check(value.shape.count * width(of: value))
    let block = try block(of: id)
    return withExtendedLifetime(block) {
      let start = UnsafeRawPointer(block?.base ?? address(plan.regions[id.index]))
      return Tensor(value.shape, value.element, precision, from: start)
    }
  }

  /// Lends the numbers of a value where they are.
  ///
  /// - Throws: `ExecutionProblem.refused` if there is no room to compute again what was given up.
  func withNumbers<T, Result>(
    of id: ValueID,
    as type: T.Type,
    _ body: (UnsafeBufferPointer<T>) -> Result
  ) throws(ExecutionProblem) -> Result {
    let region = plan.regions[id.index]
    let block = try block(of: id)
    let start = UnsafeRawPointer(block?.base ?? address(region)).assumingMemoryBound(to: T.self)
    return withExtendedLifetime(block) {
      body(UnsafeBufferPointer(start: start, count: region.count))
    }
  }
}
