// SPDX-License-Identifier: MIT

import PassoData
import PassoEngine
import PassoModel
import PassoRuntime

/// What a model expects at one place of a text, and what it thought of the token that stood there.
///
/// Units: probabilities are shares of 1, surprisal and entropy are in nats.
package struct Expectation: Sendable, Hashable {
  package struct Candidate: Sendable, Hashable {
    package let token: TokenID
    package let probability: Double
  }

  /// The token that was there.
  package struct Answer: Sendable, Hashable {
    package let token: TokenID
    package let probability: Double
    package let surprisal: Double

    /// Its place among all tokens, the most probable of which is 1; nil where there is no order.
    package let rank: Int?
  }

  /// The most probable tokens; of equally probable ones the lower id comes first.
  package let best: [Candidate]

  /// How much is left open: 0 where one token has all the probability.
  package let entropy: Double

  /// Nil where nobody knows what follows.
  package let answer: Answer?

  /// Reads an expectation off the logits.
  ///
  /// Where one of them is NaN there are no probabilities: nothing is probable, and every number
  /// is NaN.
  ///
  /// - Parameters:
  ///   - logits: A number for each token.
  ///   - answer: The token that was there, below the number of logits; nil if it is not known.
  ///   - most: So many of the most probable tokens are kept.
  package init(logits: [Double], answer: TokenID?, most: Int) {
    let logs = LogProbabilities(logits).numbers
    guard !logs.contains(where: \.isNaN) else {
      (best, entropy) = ([], .nan)
      self.answer = answer.map {
        Answer(token: $0, probability: .nan, surprisal: .nan, rank: nil)
      }
      return
    }
    best = Self.largest(logs, most).map {
      Candidate(token: TokenID($0), probability: .exponential(logs[$0]))
    }
    entropy = logs.reduce(0) { $1 == -.infinity ? $0 : $0 - .exponential($1) * $1 }
    self.answer = answer.map { token in
      let own = logs[Int(token)]
      let before = logs.indices.count { (-logs[$0], $0) < (-own, Int(token)) }
      return Answer(
        token: token,
        probability: .exponential(own),
        surprisal: own == 0 ? 0 : -own,
        rank: before + 1
      )
    }
  }

  /// The places of the largest numbers, in order; of equal ones the first comes first.
  private static func largest(_ numbers: [Double], _ most: Int) -> [Int] {
    var found: [Int] = []
    for index in numbers.indices {
      if found.count == most, let last = found.last, numbers[index] <= numbers[last] { continue }
      let place = found.firstIndex { numbers[$0] < numbers[index] } ?? found.count
      found.insert(index, at: place)
      if found.count > most { found.removeLast() }
    }
    return found
  }
}

/// The logarithms of the probabilities that logits stand for.
///
/// The largest logit is taken off first, which changes nothing on paper and keeps exp() finite.
struct LogProbabilities {
  /// Nats, one for each logit; all NaN if a logit is NaN or +inf.
  let numbers: [Double]

  init(_ logits: [Double]) {
    let top = logits.max() ?? 0
    let total = logits.reduce(0) { $0 + .exponential($1 - top) }
    let shift = top + .logarithm(total)
    numbers = logits.map { $0 - shift }
  }
}

// MARK: - Every place of a text

extension Expectation {
  /// What a model expects at each place of a row.
  ///
  /// - Parameters:
  ///   - row: What it reads, and the answer of each place where one is asked for.
  ///   - model: Who reads.
  ///   - most: So many of the most probable tokens are kept.
  /// - Returns: One for each place.
  /// - Throws: `ShapeProblem` or `ExecutionProblem` if the model cannot be executed, what its
  ///   parameters throw, or `Interrupted`.
  package static func places(of row: Example, _ model: Model, most: Int) throws -> [Expectation] {
    let reader = try PlaceReader(model, length: row.inputs.count, isForReading: true)
    return try reader.read(row, most: most)
  }

  /// What a model expects after each token of a text; the last is followed by nothing known.
  ///
  /// A text longer than the context is read in windows that overlap by half: each place counts in
  /// the first window that has it.
  ///
  /// - Parameters:
  ///   - text: At least one token of the model.
  ///   - model: Who reads.
  ///   - most: So many of the most probable tokens are kept.
  ///   - isForReading: Whether a person compares the numbers with those of the readable program.
  ///   - shouldStop: Asked before each window.
  /// - Returns: One for each token; nil if it was told to stop.
  /// - Throws: As `places(of:_:most:)`.
  package static func after(
    each text: [TokenID],
    _ model: Model,
    most: Int,
    isForReading: Bool = true,
    unless shouldStop: () -> Bool = { false }
  ) throws -> [Expectation]? {
    precondition(!text.isEmpty, "nothing to read")
    let length = min(model.configuration.contextLength, text.count)
    let reader = try PlaceReader(model, length: length, isForReading: isForReading)
    var found: [Expectation] = []
    let last = text.count - length
    let targets = Array(text.dropFirst()) + [ignoredTarget]
    for start in Array(stride(from: 0, to: last, by: max(1, length / 2))) + [last] {
      if shouldStop() { return nil }
      let window = start..<start + length
      let row = Example(inputs: Array(text[window]), targets: Array(targets[window]))
      found += try reader.read(row, most: most).dropFirst(found.count - start)
    }
    return found
  }
}

/// A model that reads rows of one length.
private struct PlaceReader {
  private let runner: ModelRunner
  private let vocabularySize: Int

  init(_ model: Model, length: Int, isForReading: Bool) throws {
    runner = try ModelRunner(
      model,
      batch: BatchShape(rows: 1, length: length),
      reading: [.model(.logits)],
      isForReading: isForReading
    )
    vocabularySize = model.configuration.vocabularySize
  }

  func read(_ row: Example, most: Int) throws -> [Expectation] {
    try runner.set(TokenBatch(CollectionOfOne(row)))
    try runner.run(to: .model(.logits))
    let logits = try runner.computed(.model(.logits)).doubles
    return row.targets.enumerated().map { place, target in
      Expectation(
        logits: Array(logits[place * vocabularySize..<(place + 1) * vocabularySize]),
        answer: target == ignoredTarget ? nil : target,
        most: most
      )
    }
  }
}
