// SPDX-License-Identifier: MIT

/// What the elements of a value are.
package enum Element: Sendable, Hashable {
  /// Real numbers, in the precision of the execution.
  case real

  /// Token ids.
  case integer
}

/// A value taken out of an execution, or to be put into one: numbers with a shape.
package struct Tensor: Sendable, Equatable {
  /// The numbers, row-major.
  package enum Storage: Sendable, Equatable {
    /// 32-bit floats.
    case f32([Float])
    /// 64-bit floats.
    case f64([Double])
    /// Token ids.
    case integers([Int32])
  }

  /// The axes and their sizes.
  package let shape: Shape

  /// The numbers, row-major.
  package let storage: Storage

  /// A tensor from its parts; the number of elements must be that of the shape.
  package init(_ shape: Shape, _ storage: Storage) {
    self.shape = shape
    self.storage = storage
    precondition(count == shape.count, "\(count) numbers for shape \(shape)")
  }

  /// 64-bit floats.
  package init(_ shape: Shape, _ numbers: [Double]) {
    self.init(shape, .f64(numbers))
  }

  /// 32-bit floats.
  package init(_ shape: Shape, _ numbers: [Float]) {
    self.init(shape, .f32(numbers))
  }

  /// Token ids.
  package init(_ shape: Shape, _ ids: [Int32]) {
    self.init(shape, .integers(ids))
  }

  /// A list of numbers.
  static func items(_ numbers: Double...) -> Tensor {
    Tensor(Shape((.item, numbers.count)), numbers)
  }

  /// A single number.
  package init(scalar: Double) {
    self.init(.scalar, [scalar])
  }

  /// What the elements are.
  package var element: Element {
    if case .integers = storage { .integer } else { .real }
  }

  /// The number of elements.
  package var count: Int {
    switch storage {
    case .f32(let numbers): numbers.count
    case .f64(let numbers): numbers.count
    case .integers(let ids): ids.count
    }
  }

  /// The size of all elements in memory.
  package var byteCount: Int {
    if case .f64 = storage { count * 8 } else { count * 4 }
  }

  /// The element at a row-major position.
  package subscript(index: Int) -> Double {
    switch storage {
    case .f32(let numbers): Double(numbers[index])
    case .f64(let numbers): numbers[index]
    case .integers(let ids): Double(ids[index])
    }
  }

  /// The place of the largest number in a run of them, the first if several are equal.
  package func indexOfLargest(in range: Range<Int>) -> Int {
    func largest<Number: Comparable>(_ numbers: [Number]) -> Int {
      var best = range.lowerBound
      for index in range where numbers[index] > numbers[best] { best = index }
      return best
    }
    switch storage {
    case .f32(let numbers): return largest(numbers)
    case .f64(let numbers): return largest(numbers)
    case .integers(let ids): return largest(ids)
    }
  }

  /// All elements, row-major.
  package var doubles: [Double] {
    switch storage {
    case .f32(let numbers): numbers.map(Double.init)
    case .f64(let numbers): numbers
    case .integers(let ids): ids.map(Double.init)
    }
  }

  /// All elements in single precision, row-major.
  package var floats: [Float] {
    switch storage {
    case .f32(let numbers): numbers
    case .f64(let numbers): numbers.map(Float.init)
    case .integers(let ids): ids.map(Float.init)
    }
  }

  /// Bytes that `converted(to:)` needs for numbers of its own.
  func byteCount(ofConversionTo precision: Precision) -> Int {
    switch (storage, precision) {
    case (.f64, .f32), (.f32, .f64): count * precision.byteCount
    default: 0
    }
  }

  /// The same tensor with other numbers at some places, row-major; a place that it has not, and a
  /// number that is no id among ids, stays out.
  package func replacing(_ slots: [Int: Double]) -> Tensor {
    let slots = slots.filter { (0..<count).contains($0.key) }
    switch storage {
    case .f32(var numbers):
      for (index, number) in slots { numbers[index] = Float(number) }
      return Tensor(shape, numbers)
    case .f64(var numbers):
      for (index, number) in slots { numbers[index] = number }
      return Tensor(shape, numbers)
    case .integers(var ids):
      for (index, number) in slots { ids[index] = Int32(exactly: number) ?? ids[index] }
      return Tensor(shape, ids)
    }
  }

  /// The same numbers in another precision; token ids are left as they are.
  package func converted(to precision: Precision) -> Tensor {
    switch (storage, precision) {
    case (.f64(let numbers), .f32): Tensor(shape, numbers.map(Float.init))
    case (.f32(let numbers), .f64): Tensor(shape, numbers.map(Double.init))
    default: self
    }
  }
}
