// SPDX-License-Identifier: MIT

import PassoEngine

/// One tensor of a model folder, and the parameters of ours that are packed in it side by side.
///
/// Hugging Face's GPT-2 keeps queries, keys and values in one matrix; the names of the house plan
/// are views of it.
package struct PackedTensor: Sendable {
  /// The name in `model.safetensors`.
  package let name: String

  /// The shape in `model.safetensors`.
  package let shape: [Int]

  /// Our parameters, each a run of outputs, from the first.
  package let parts: [ValueName]

  /// How many outputs each part has; nil where all have as many.
  private(set) var widths: [Int]?

  /// How often the parts take turns: once, or head by head.
  private(set) var turns = 1

  /// Whether the file holds the transposed matrix, [outputs, inputs].
  package let isTransposed: Bool

  /// What is added to the numbers of the file: Gemma keeps what a gain is more than 1.
  ///
  /// It is part of the weights alone, not of their gradients or of what an optimizer remembers.
  package private(set) var offset = 0.0

  private var outputs: Int { (isTransposed ? shape.first : shape.last) ?? 1 }
  private var inputs: Int { shape.reduce(1, *) / max(outputs, 1) }

  /// The numbers in a row of the tensor of the file.
  var rowLength: Int { isTransposed ? inputs : outputs }

  /// The rows of the tensor of the file.
  var rowCount: Int { isTransposed ? outputs : inputs }

  /// A tensor that is as ours.
  init(_ name: String, _ shape: [Int], _ parts: [ValueName]) {
    (self.name, self.shape, self.parts, isTransposed) = (name, shape, parts, false)
  }

  /// A matrix that the file holds as [outputs, inputs], or several whose outputs lie one behind the
  /// other.
  ///
  /// - Parameters:
  ///   - name: The name in the file.
  ///   - inputs: The inputs of all.
  ///   - parts: Each with its outputs.
  ///   - turns: How often the parts take turns.
  init(
    _ name: String,
    inputs: Int,
    _ parts: [(name: ValueName, outputs: Int)],
    turns: Int = 1
  ) {
    (self.name, self.turns, isTransposed) = (name, turns, true)
    shape = [parts.reduce(0) { $0 + $1.outputs }, inputs]
    self.parts = parts.map(\.name)
    widths = parts.map(\.outputs)
  }

  /// Vectors whose numbers take turns.
  init(_ name: String, _ parts: [(name: ValueName, outputs: Int)], turns: Int) {
    (self.name, self.turns, isTransposed) = (name, turns, false)
    shape = [parts.reduce(0) { $0 + $1.outputs }]
    self.parts = parts.map(\.name)
    widths = parts.map(\.outputs)
  }

  /// The same, in a file that holds less by a number.
  func adding(_ offset: Double) -> PackedTensor {
    var copy = self
    copy.offset = offset
    return copy
  }

  /// Where the outputs of each part lie among those of the file, run by run.
  private var runs: [[Range<Int>]] {
    let widths = widths ?? parts.map { _ in outputs / parts.count }
    var (start, runs) = (0, parts.map { _ in [Range<Int>]() })
    for _ in 0..<turns {
      for (index, width) in widths.enumerated() {
        let end = start + width / turns
        runs[index].append(start..<end)
        start = end
      }
    }
    return runs
  }
}

// MARK: - From the file and back

extension PackedTensor {
  /// Our parameters, from the tensor of the file.
  package func unpack<T>(_ packed: [T]) -> [(name: ValueName, numbers: [T])] {
    parts.indices.map { (parts[$0], part($0, of: packed)) }
  }

  private func part<T>(_ index: Int, of packed: [T]) -> [T] {
    let width = runs[index].reduce(0) { $0 + $1.count }
    return [T](unsafeUninitializedCapacity: inputs * width) { buffer, filled in
      packed.withUnsafeBufferPointer { copy($0, from: 0, toPart: index, buffer) { $0 } }
      filled = inputs * width
    }
  }

  /// Copies rows of the tensor of the file to where one of our parameters has their numbers.
  ///
  /// - Parameters:
  ///   - rows: Whole rows of `rowLength` numbers.
  ///   - first: Which the first of them is.
  ///   - index: The place of the parameter in `parts`.
  ///   - target: The numbers of the parameter; those that are in other rows stay as they are.
  ///   - number: What becomes of each.
  func copy<T, U>(
    _ rows: UnsafeBufferPointer<T>,
    from first: Int,
    toPart index: Int,
    _ target: UnsafeMutableBufferPointer<U>,
    _ number: (T) -> U
  ) {
    let runs = runs[index]
    let width = runs.reduce(0) { $0 + $1.count }
    let found = first..<first + rows.count / max(1, rowLength)
    if isTransposed {
      // A row of the file is an output: a column of ours.
      var column = 0
      for run in runs {
        let part = run.clamped(to: found)
        let start = target.baseAddress.map { $0 + column + part.lowerBound - run.lowerBound }
        let source = rows.baseAddress.map { $0 + (part.lowerBound - first) * inputs }
        if !part.isEmpty, let start, let source {
          transpose(source, part.count, to: start, width, number)
        }
        column += run.count
      }
      return
    }
    for row in found {
      let start = (row - first) * outputs
      var place = row * width
      for run in runs {
        for column in run {
          target.initializeElement(at: place, to: number(rows[start + column]))
          place += 1
        }
      }
    }
  }

  /// Writes rows as columns that lie in rows of a width, by squares that stay in the cache.
  private func transpose<T, U>(
    _ rows: UnsafePointer<T>,
    _ count: Int,
    to target: UnsafeMutablePointer<U>,
    _ width: Int,
    _ number: (T) -> U
  ) {
    let edge = 32
    for top in stride(from: 0, to: count, by: edge) {
      for left in stride(from: 0, to: inputs, by: edge) {
        for column in left..<min(left + edge, inputs) {
          for row in top..<min(top + edge, count) {
            (target + column * width + row).initialize(to: number(rows[row * inputs + column]))
          }
        }
      }
    }
  }

  /// The tensor of the file, from our parameters in the order of `parts`.
  package func pack<T>(_ values: [[T]]) -> [T] {
    let all =
      isTransposed
      ? values.map { transposed($0, rows: inputs, columns: $0.count / inputs) } : values
    if all.count == 1 { return all[0] }
    // Of a transposed matrix each output is a row, and its parts are whole rows.
    let lines = isTransposed ? 1 : inputs
    var packed: [T] = []
    packed.reserveCapacity(all.reduce(0) { $0 + $1.count })
    for line in 0..<lines {
      for turn in 0..<turns {
        for numbers in all {
          let size = numbers.count / lines / turns
          let start = (line * turns + turn) * size
          packed += numbers[start..<start + size]
        }
      }
    }
    return packed
  }

  private func transposed<T>(_ matrix: [T], rows: Int, columns: Int) -> [T] {
    [T](unsafeUninitializedCapacity: matrix.count) { buffer, filled in
      filled = matrix.count
      matrix.withUnsafeBufferPointer { source in
        // By squares that stay in the cache: a column at a time would miss it at every element.
        let edge = 32
        for top in stride(from: 0, to: rows, by: edge) {
          for left in stride(from: 0, to: columns, by: edge) {
            for row in top..<min(top + edge, rows) {
              for column in left..<min(left + edge, columns) {
                buffer.initializeElement(
                  at: column * rows + row,
                  to: source[row * columns + column]
                )
              }
            }
          }
        }
      }
    }
  }
}

// MARK: - Weights

extension PackedTensor {
  /// Our weights, from the numbers of the file.
  package func weights<T: BinaryFloatingPoint>(
    _ stored: [T]
  ) -> [(name: ValueName, numbers: [T])] {
    unpack(offset == 0 ? stored : stored.map { $0 + T(offset) })
  }

  /// The numbers of the file, from our weights.
  package func stored<T: BinaryFloatingPoint>(_ weights: [[T]]) -> [T] {
    let packed = pack(weights)
    return offset == 0 ? packed : packed.map { $0 - T(offset) }
  }
}

extension ModelConfiguration {
  /// The tensors of a folder, in its layout.
  package var packedTensors: [PackedTensor] { format.tensors(of: self) }
}
