// SPDX-License-Identifier: MIT

/// The numbers of a value as they were at some moment.
///
/// Those of a large one are where the execution had them, until that writes others; what lies in a
/// file stays there.
package struct KeptValue: Sendable {
  private enum Numbers: Sendable {
    case tensor(Tensor)
    case block(Memory, Precision)
    case stored(StoredTensor, Precision)
  }

  package let shape: Shape
  package let element: Element
  private let numbers: Numbers

  /// Numbers in a tensor.
  package init(_ tensor: Tensor) {
    (shape, element, numbers) = (tensor.shape, tensor.element, .tensor(tensor))
  }

  fileprivate init(_ memory: Memory, of value: Value, _ precision: Precision) {
    (shape, element) = (value.shape, value.element)
    numbers = .block(memory, precision)
  }

  fileprivate init(_ stored: StoredTensor, _ precision: Precision) {
    (shape, element, numbers) = (stored.shape, .real, .stored(stored, precision))
  }

  /// Bytes of memory that it takes: none for what lies in a file.
  package var byteCount: Int {
    switch numbers {
    case .tensor(let tensor): tensor.byteCount
    case .block(let memory, _): memory.byteCount
    case .stored: 0
    }
  }

  /// The numbers with their shape.
  ///
  /// - Throws: `ExecutionProblem.refused` or `.unread` for what lies in a file.
  package func tensor() throws(ExecutionProblem) -> Tensor {
    switch numbers {
    case .tensor(let tensor): return tensor
    case .block(let memory, let precision):
      return withExtendedLifetime(memory) { Tensor(shape, element, precision, from: memory.base) }
    case .stored(let stored, let precision):
      return try stored.tensor(in: precision)
    }
  }

  /// Makes sure that the numbers can be had, without reading them: somebody may have them.
  ///
  /// - Throws: `ExecutionProblem.unread` for what lies in a file that is another one now.
  package func expectUnchanged() throws(ExecutionProblem) {
    guard case .stored(let stored, let precision) = numbers,
      stored.memoryIfLoaded(in: precision) == nil
    else { return }
    try stored.expectUnchanged()
  }

  /// The block, if an execution of a precision can have the same.
  fileprivate func block(in wanted: Precision) -> Block? {
    switch numbers {
    case .block(let memory, let precision) where precision == wanted: Block(memory)
    case .stored(let stored, _): Block(stored, in: wanted)
    case .tensor, .block: nil
    }
  }

  /// Whether two hold the same numbers; those that are in the same place are not looked at.
  ///
  /// - Throws: `ExecutionProblem.refused` or `.unread` for what lies in a file.
  package func isSame(as other: KeptValue) throws(ExecutionProblem) -> Bool {
    switch (numbers, other.numbers) {
    case (.block(let one, _), .block(let two, _)) where one === two: return true
    case (.stored(let one, _), .stored(let two, _)) where one === two: return true
    default: return try tensor() == other.tensor()
    }
  }
}

extension Tensor {
  /// A copy of numbers that lie somewhere, real ones in a precision.
  init(_ shape: Shape, _ element: Element, _ precision: Precision, from start: UnsafeRawPointer) {
    func numbers<T>(_ type: T.Type) -> [T] {
      Array(UnsafeBufferPointer(start: start.assumingMemoryBound(to: T.self), count: shape.count))
    }
    switch (element, precision) {
    case (.integer, _): self.init(shape, numbers(Int32.self))
    case (.real, .f32): self.init(shape, numbers(Float.self))
    case (.real, .f64): self.init(shape, numbers(Double.self))
    }
  }
}

extension Execution {
  /// An input as it is now, to be kept.
  package func kept(_ id: ValueID) -> KeptValue {
    let (value, region) = (program[id], plan.regions[id.index])
    precondition(value.producer == nil, "\(value.name) is computed, not given")
    if let block = region.block.map({ blocks[$0] }) {
      if let stored = block.stored { return KeptValue(stored, precision) }
      if let memory = block.memory { return KeptValue(memory, of: value, precision) }
    }
    // Inputs are never given up, and the small ones need no room to speak of.
    return KeptValue(Tensor(value.shape, value.element, precision, from: address(region)))
  }

  /// Gives an input the numbers that were kept, and goes back to before the first step that reads
  /// it.
  ///
  /// - Throws: `ExecutionProblem.refused`.
  package mutating func set(_ id: ValueID, to kept: KeptValue) throws(ExecutionProblem) {
    guard plan.regions[id.index].block != nil, let block = kept.block(in: precision) else {
      return try set(id, to: kept.tensor())
    }
    try share(block, with: id, kept.shape, kept.element)
  }
}
