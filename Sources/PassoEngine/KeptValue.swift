// SPDX-License-Identifier: MIT

/// The numbers of a value as they were at some moment.
///
/// Those of a large one are where the execution had them, until that writes others.
package struct KeptValue: Sendable {
  private enum Numbers: Sendable {
    case tensor(Tensor)
    case block(Memory, Precision)
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

  package var byteCount: Int {
    switch numbers {
    case .tensor(let tensor): tensor.byteCount
    case .block(let memory, _): memory.byteCount
    }
  }

  /// The numbers with their shape.
  package var tensor: Tensor {
    switch numbers {
    case .tensor(let tensor): tensor
    case .block(let memory, let precision): memory.tensor(shape, element, precision)
    }
  }

  /// The memory, if an execution of a precision can have the same.
  fileprivate func memory(in wanted: Precision) -> Memory? {
    guard case .block(let memory, let precision) = numbers, precision == wanted else { return nil }
    return memory
  }
}

extension KeptValue: Equatable {
  package static func == (left: KeptValue, right: KeptValue) -> Bool {
    if case .block(let one, _) = left.numbers, case .block(let other, _) = right.numbers,
      one === other
    {
      return true
    }
    return left.tensor == right.tensor
  }
}

extension Memory {
  fileprivate func tensor(_ shape: Shape, _ element: Element, _ precision: Precision) -> Tensor {
    func numbers<T>(_ type: T.Type) -> [T] {
      let start = UnsafeRawPointer(base).assumingMemoryBound(to: T.self)
      return Array(UnsafeBufferPointer(start: start, count: shape.count))
    }
    switch (element, precision) {
    case (.integer, _): return Tensor(shape, numbers(Int32.self))
    case (.real, .f32): return Tensor(shape, numbers(Float.self))
    case (.real, .f64): return Tensor(shape, numbers(Double.self))
    }
  }
}

extension Execution {
  /// A value as it is now, to be kept; nil if it is not computed.
  package func kept(_ id: ValueID) -> KeptValue? {
    guard isComputed(id) else { return nil }
    if let memory = block(of: id) { return KeptValue(memory, of: program[id], precision) }
    return KeptValue(remembered(id))
  }

  /// Gives an input the numbers that were kept, and goes back to before the first step that reads
  /// it.
  ///
  /// - Throws: `ExecutionProblem.refused`.
  package mutating func set(_ id: ValueID, to kept: KeptValue) throws(ExecutionProblem) {
    guard let memory = kept.memory(in: precision), plan.regions[id.index].block != nil else {
      return try set(id, to: kept.tensor)
    }
    try share(memory, with: id, kept.shape, kept.element)
  }
}
