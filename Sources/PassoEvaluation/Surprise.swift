// SPDX-License-Identifier: MIT

import PassoData
import PassoEngine
import PassoFiles
import PassoModel
import PassoRuntime

/// How much each token of a text surprised a model.
package struct Surprise: Sendable, Hashable {
  /// A token that the model did not expect.
  package struct Moment: Sendable, Hashable {
    /// Where the token stands in the text, from 0.
    package let place: Int

    package let token: Int32

    /// What it cost, in nats.
    package let loss: Double

    /// What the model expected most.
    package let expected: Int32

    /// How likely the model thought that was.
    package let expectedProbability: Double

    /// The tokens just before it.
    package let before: [Int32]

    /// How likely the model thought the token was.
    package var probability: Double { Double.exponential(-loss) }
  }

  /// How many tokens were read, without the first of the text, which follows nothing.
  package let count: Int

  /// What they cost together, in nats.
  package let total: Double

  /// What each of them costs, if that was to be kept.
  package let losses: [Double]

  /// The most surprising tokens, the greatest loss first; of equal ones the first in the text.
  package let moments: [Moment]

  /// What a token costs in the mean, in nats.
  package var loss: Double { count > 0 ? total / Double(count) : .nan }

  /// Among so many equally likely tokens the model seems to choose, in the mean.
  package var perplexity: Double { Self.perplexity(ofLoss: loss) }

  /// The same of a loss in nats per token.
  package static func perplexity(ofLoss loss: Double) -> Double { Double.exponential(loss) }
}

/// Reads texts with a model and notes what every token costs.
///
/// A text longer than the context is read in windows that overlap: each token is counted once, in
/// the first window that has it, so that all but the first few have something before them.
package struct SurpriseMeter {
  /// The tokens shown before a surprising one.
  private static let tokensBefore = 8

  private let runner: ModelRunner
  private let batch: BatchShape

  /// Prepares to read texts of at least `length + 1` tokens.
  ///
  /// - Parameters:
  ///   - model: Who reads.
  ///   - length: The tokens that are read at once, at most what the model reads.
  /// - Throws: `ShapeProblem` or `ExecutionProblem` if the model cannot be executed, or what its
  ///   parameters throw.
  package init(_ model: Model, length: Int) throws {
    let configuration = model.configuration
    precondition((1...configuration.contextLength).contains(length), "windows of \(length)")
    // As many rows as keep the logits at some megabytes.
    let rows = min(8, max(1, (1 << 22) / (length * configuration.vocabularySize)))
    batch = BatchShape(rows: rows, length: length)
    runner = try ModelRunner(
      model,
      batch: batch,
      reading: [.model(.lossPerToken), .model(.logits)]
    )
  }

  /// Why it takes longer than it could.
  package var slowness: Slowness? { runner.slowness }

  /// Reads a text.
  ///
  /// - Parameters:
  ///   - text: At least `length + 1` tokens of the model.
  ///   - stride: Tokens from one window to the next; half a window if not given.
  ///   - top: The most surprising tokens to list.
  ///   - keepsLosses: Whether what each token costs is kept; memory grows with the text then.
  ///   - shouldStop: Asked before each pass.
  /// - Returns: What the tokens cost; nil if it was told to stop.
  /// - Throws: `ExecutionProblem` if the model cannot be executed.
  package func measure(
    _ text: any TokenStore,
    stride: Int? = nil,
    top: Int = 20,
    keepsLosses: Bool = true,
    unless shouldStop: () -> Bool = { false }
  ) throws -> Surprise? {
    precondition(text.count > batch.length, "\(text.count) tokens for windows of \(batch.length)")
    let starts = starts(text.count, stride: stride ?? max(1, batch.length / 2))
    var losses: [Double] = []
    var (count, total) = (0, 0.0)
    var ranking = Ranking(limit: top)
    for first in Swift.stride(from: 0, to: starts.count, by: batch.rows) {
      if shouldStop() { return nil }
      // The last rows of the last pass may be there for nothing.
      let rows = (first..<first + batch.rows).map { starts[min($0, starts.count - 1)] }
      let each = try run(rows, of: text)
      var candidates: [(row: Int, place: Int, loss: Double)] = []
      for (row, start) in rows.enumerated() {
        // Windows come in order, and repeated ones have nothing new.
        for offset in (count - start)..<batch.length {
          let loss = each[row * batch.length + offset]
          (count, total) = (count + 1, total + loss)
          if keepsLosses { losses.append(loss) }
          if ranking.takes(loss) {
            ranking.add(loss)
            candidates.append((row * batch.length + offset, start + offset + 1, loss))
          }
        }
      }
      if !candidates.isEmpty {
        ranking.note(candidates, text, logits: try runner.computed(.model(.logits)))
      }
    }
    return Surprise(count: count, total: total, losses: losses, moments: ranking.moments)
  }

  /// Where windows begin; the last ends where the text ends.
  private func starts(_ count: Int, stride: Int) -> [Int] {
    precondition((1...batch.length).contains(stride), "a stride of \(stride)")
    let last = count - 1 - batch.length
    return Array(Swift.stride(from: 0, to: last, by: stride)) + [last]
  }

  private func run(
    _ starts: [Int],
    of text: any TokenStore
  ) throws -> [Double] {
    var (inputs, targets): ([Int32], [Int32]) = ([], [])
    for start in starts {
      let window = text.tokens(start..<start + batch.length + 1)
      inputs += window[..<batch.length]
      targets += window[1...]
    }
    try runner.set(TokenBatch(inputs: inputs, targets: targets))
    try runner.run()
    return try runner.computed(.model(.lossPerToken)).doubles
  }

  /// The greatest losses so far.
  private struct Ranking {
    let limit: Int

    // In no order, and with some that others have overtaken.
    private var found: [Surprise.Moment] = []

    // The greatest losses of `found` and of those still to be noted, the least of them first.
    private var greatest = Heap<Double>()

    init(limit: Int) { self.limit = limit }

    /// The greatest losses, the greatest first; of equal ones the first in the text.
    var moments: [Surprise.Moment] {
      Array(found.sorted { ($1.loss, $0.place) < ($0.loss, $1.place) }.prefix(limit))
    }

    func takes(_ loss: Double) -> Bool {
      greatest.count < limit || limit > 0 && loss > greatest.first ?? .infinity
    }

    mutating func add(_ loss: Double) {
      if greatest.count < limit { greatest.insert(loss) } else { greatest.replaceFirst(loss) }
    }

    mutating func note(
      _ candidates: [(row: Int, place: Int, loss: Double)],
      _ text: any TokenStore,
      logits: Tensor
    ) {
      guard let least = greatest.first else { return }
      let columns = logits.shape.lastSize
      for (row, place, loss) in candidates where loss >= least {
        let token = text.tokens(place..<place + 1)[0]
        let places = row * columns..<(row + 1) * columns
        let best = logits.indexOfLargest(in: places)
        let lead = logits[best] - logits[places.lowerBound + Int(token)]
        found.append(
          Surprise.Moment(
            place: place,
            token: token,
            loss: loss,
            expected: Int32(best - places.lowerBound),
            expectedProbability: min(1, Double.exponential(lead - loss)),
            before: text.tokens(max(0, place - SurpriseMeter.tokensBefore)..<place)
          )
        )
      }
      if found.count > 2 * limit + 64 { found = moments }
    }
  }
}
