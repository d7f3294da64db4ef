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
    case .block(let memory, let precision):
      withExtendedLifetime(memory) { Tensor(shape, element, precision, from: memory.base) }
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
    if let memory = region.block.flatMap({ blocks[$0] }) {
      return KeptValue(memory, of: value, precision)
    }
    // Inputs are never given up, and the small ones need no room to speak of.
    return KeptValue(Tensor(value.shape, value.element, precision, from: address(region)))
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
