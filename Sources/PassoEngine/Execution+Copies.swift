// SPDX-License-Identifier: MIT

import PassoRuntime

extension Execution {
  /// A twin that does the first steps alone.
  ///
  /// It has the large values where this one has them, and memory of its own only for what it
  /// writes: of a large model much less than a copy takes. What comes from parameters alone, and
  /// is computed already, it does not compute again.
  ///
  /// - Parameter position: The cursor position at which it ends.
  /// - Returns: The twin, at the same step or at its end, with the same numbers in every value.
  /// - Throws: `ExecutionProblem` if the values do not fit into memory.
  package func beginning(to position: Int) throws -> Execution {
    precondition(shared == nil, "the parameters belong to others already")
    let fixed = Set(program.fixedValues.filter(isComputed))
    let part = try program.beginning(position).giving(fixed)
    var twin = try Execution(part, precision: precision, limits: limits)
    for index in twin.plan.regions.indices where isComputed(ValueID(index: index)) {
      try twin.take(ValueID(index: index), from: ValueID(index: index), of: self)
    }
    twin.cursor = part.steps.count { isComputed($0.output) }
    return twin
  }
}

// MARK: - Fingerprints

extension Execution {
  /// Bytes between two questions whether to stop.
  private static let hashedAtOnce = 1 << 22

  /// A fingerprint of the cursor and of the bits of every value that is computed.
  ///
  /// One that was stopped is none; its caller checks.
  ///
  /// - Throws: `ExecutionProblem.refused` if there is no room to compute again what was given up.
  package var stateHash: UInt64 {
    get throws(ExecutionProblem) {
      var hash = StateHash()
      hash.add(UInt64(cursor))
      try eachComputed { _, bytes in add(bytes, to: &hash) }
      return hash.value
    }
  }

  private func add(_ bytes: UnsafeRawBufferPointer, to hash: inout StateHash) {
    for start in stride(from: 0, to: bytes.count, by: Self.hashedAtOnce) {
      if Interruption.isRequested() { return }
      hash.add(UnsafeRawBufferPointer(rebasing: bytes[start...].prefix(Self.hashedAtOnce)))
    }
  }
}
