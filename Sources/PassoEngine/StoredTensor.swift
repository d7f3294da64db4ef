// SPDX-License-Identifier: MIT

import PassoRuntime
import Synchronization

/// A tensor that lies outside of memory, in a file, until somebody needs its numbers.
///
/// Whoever needs them shares one copy, which stays as long as somebody has it; nobody writes to it.
package final class StoredTensor: Sendable {
  package typealias Reader =
    @Sendable (Precision, UnsafeMutableRawBufferPointer)
    throws(ExecutionProblem) -> Void
  package typealias Check = @Sendable () throws(ExecutionProblem) -> Void

  package let shape: Shape
  private let read: Reader
  private let check: Check
  private let loaded = Mutex<[Precision: LoadedMemory]>([:])

  /// Describes real numbers.
  ///
  /// - Parameters:
  ///   - shape: Their shape.
  ///   - check: Refuses if they are not there any more, or may be others.
  ///   - read: Writes them in a precision, row-major, into room for all.
  package init(_ shape: Shape, check: @escaping Check, read: @escaping Reader) {
    (self.shape, self.check, self.read) = (shape, check, read)
  }

  /// Makes sure that they can be had, without reading them.
  func expectUnchanged() throws(ExecutionProblem) { try check() }

  /// The numbers in a precision.
  func tensor(in precision: Precision) throws(ExecutionProblem) -> Tensor {
    try MemoryRoom.check(shape.count * precision.byteCount)
    func numbers<T>() throws(ExecutionProblem) -> [T] {
      try [T](unsafeUninitializedCapacity: shape.count) {
        (buffer, filled) throws(ExecutionProblem) in
        try read(in: precision, into: UnsafeMutableRawBufferPointer(buffer))
        filled = shape.count
      }
    }
    switch precision {
    case .f32: return Tensor(shape, try numbers() as [Float])
    case .f64: return Tensor(shape, try numbers() as [Double])
    }
  }

  private func read(
    in precision: Precision,
    into target: UnsafeMutableRawBufferPointer
  ) throws(ExecutionProblem) {
    try read(precision, target)
    // After it: what was written meanwhile may be among the numbers.
    try check()
  }

  /// The numbers in memory, read unless somebody has them.
  ///
  /// - Throws: `ExecutionProblem.refused`, or `.unread` if they are not there any more.
  func memory(in precision: Precision) throws(ExecutionProblem) -> Memory {
    // The lock is held while they are read: a second reader waits for the same copy.
    try loaded.withLock { (loaded) throws(ExecutionProblem) in
      if let memory = loaded[precision]?.memory { return memory }
      let memory = try Memory.uncleared(shape.count * precision.byteCount)
      let target = UnsafeMutableRawBufferPointer(start: memory.base, count: memory.byteCount)
      try read(in: precision, into: target)
      memory.isFixed = true
      loaded[precision] = LoadedMemory(memory)
      return memory
    }
  }

  /// The numbers in memory if somebody has them.
  func memoryIfLoaded(in precision: Precision) -> Memory? {
    loaded.withLock { $0[precision]?.memory }
  }
}

/// Memory that others keep, or no longer.
private struct LoadedMemory: Sendable {
  weak let memory: Memory?

  init(_ memory: Memory) { self.memory = memory }
}

/// Where the numbers of a large value are.
struct Block: Sendable {
  /// Nil where nothing has been computed or read, or what was is given up.
  var memory: Memory?

  /// What an input was given that lies in a file: as long as it is there, the value is that.
  private(set) var stored: StoredTensor?

  init(_ memory: Memory? = nil) { self.memory = memory }

  /// Stored numbers, in memory at once if somebody has them there.
  init(_ stored: StoredTensor, in precision: Precision) {
    (self.stored, memory) = (stored, stored.memoryIfLoaded(in: precision))
  }

  /// Whether nothing is there that could be read.
  var isEmpty: Bool { memory == nil && stored == nil }

  /// The numbers; those of a file are read, and stay only as long as the caller keeps them.
  ///
  /// - Throws: `ExecutionProblem.refused` or `.unread`.
  func numbers(in precision: Precision) throws(ExecutionProblem) -> Memory? {
    if let memory { return memory }
    return try stored?.memory(in: precision)
  }
}

extension Execution {
  /// What an input was given that lies in a file; nil for one that has numbers of its own.
  package func stored(_ id: ValueID) -> StoredTensor? {
    plan.regions[id.index].block.flatMap { blocks[$0].stored }
  }

  /// Gives an input numbers that are read when a step needs them.
  ///
  /// A small one has them at once. Goes back to before the first step that reads the input.
  ///
  /// - Throws: `ExecutionProblem.refused`, or `.unread` for a small one.
  package mutating func set(_ id: ValueID, to stored: StoredTensor) throws(ExecutionProblem) {
    guard plan.regions[id.index].block != nil else {
      return try set(id, to: stored.tensor(in: precision))
    }
    try share(Block(stored, in: precision), with: id, stored.shape, .real)
  }
}
