// SPDX-License-Identifier: MIT

import PassoEngine
import PassoModel
import PassoText

/// What a model would say if a vector of its residual stream were the last one.
///
/// The last norm and the unembedding are applied to it, as if no block followed.
/// Source: nostalgebraist 2020, "interpreting GPT: the logit lens".
package struct LogitLens: Sendable {
  private let runner: ModelRunner
  private let batch: BatchShape
  private let width: Int

  /// A token and its probability.
  package struct Guess: Sendable, Equatable {
    package let token: Int
    package let share: Double
  }

  /// Prepares the head of a model; of its parameters only those of the head are asked for.
  ///
  /// - Parameters:
  ///   - model: The model.
  ///   - batch: The shape of what it will read.
  /// - Throws: `ExecutionProblem.tooLarge` if the values do not fit into memory, or what the
  ///   parameters throw.
  package init(_ model: Model, batch: BatchShape) throws {
    var builder = ProgramBuilder()
    try model.transformer(batch).writeLens(into: &builder)
    runner = try ModelRunner(model, builder.program, isForReading: true)
    (self.batch, width) = (batch, model.configuration.width)
  }

  /// The probabilities of the next token, as the readable program has them.
  ///
  /// - Parameter vectors: A value of the residual stream, [batch, position, model].
  /// - Returns: Probabilities, [batch, position, vocab].
  /// - Throws: `Interrupted` if a stop was requested, or `ExecutionProblem.refused`.
  package func probabilities(of vectors: Tensor) throws -> Tensor {
    try runner.set(.model(.stream), to: vectors)
    try runner.run()
    return try runner.computed(.model(.probabilities))
  }

  /// The most probable token for each of several values of the residual stream.
  ///
  /// The head reads its weights once for many of them: of a large vocabulary they are most of the
  /// work.
  ///
  /// - Parameters:
  ///   - values: Values of the residual stream, each [batch, position, model].
  ///   - row: The row that is looked at.
  ///   - model: The model.
  /// - Returns: For each value a guess for each position.
  /// - Throws: `Interrupted` if a stop was requested, `ExecutionProblem`, or what the parameters
  ///   throw.
  package static func best(
    of values: [Tensor],
    row: Int,
    _ model: Model
  ) throws -> [[Guess]] {
    guard let length = values.first?.shape.sizes[1] else { return [] }
    let room = max(1, mostProbabilities / max(1, length * model.configuration.vocabularySize))
    let batch = BatchShape(rows: min(values.count, room), length: length)
    let lens = try LogitLens(model, batch: batch)
    var guesses: [[Guess]] = []
    for start in stride(from: 0, to: values.count, by: batch.rows) {
      guesses += try lens.best(of: values[start...].prefix(batch.rows), row: row)
    }
    return guesses
  }

  /// Probabilities that are there at once, if one value does not need more.
  private static let mostProbabilities = 1 << 24

  /// The same for at most as many values as the batch has rows; the rest of it stays 0.
  private func best(of values: ArraySlice<Tensor>, row: Int) throws -> [[Guess]] {
    let size = batch.length * width
    var numbers: [Double] = []
    numbers.reserveCapacity(batch.rows * size)
    for value in values {
      for place in row * size..<(row + 1) * size { numbers.append(value[place]) }
    }
    numbers += Array(repeating: 0, count: batch.rows * size - numbers.count)
    let probabilities = try probabilities(
      of: Tensor(runner.shape(of: .model(.stream)), numbers)
    )
    let vocabulary = probabilities.shape.lastSize
    return values.indices.map { index in
      (0..<batch.length).map { position in
        let start = ((index - values.startIndex) * batch.length + position) * vocabulary
        let best = probabilities.indexOfLargest(in: start..<start + vocabulary)
        return Guess(token: best - start, share: probabilities[best])
      }
    }
  }
}
