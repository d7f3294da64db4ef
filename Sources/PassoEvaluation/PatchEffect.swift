// SPDX-License-Identifier: MIT

import PassoData
import PassoEngine
import PassoRuntime

/// What has become of a prediction since a value of one run was replaced by that of another.
///
/// Source: Meng et al. 2022, arXiv:2202.05262, section 2.1 (causal tracing); Heimersheim and Nanda
/// 2024, arXiv:2404.15255.
package struct PatchEffect: Sendable {
  /// The probability of an answer in the run before, after, and in the run that the value is from.
  package struct Answer: Sendable, Hashable {
    package let row: Int
    package let position: Int
    package let token: TokenID
    package let before: Double
    package let after: Double
    package let source: Double?
  }

  /// One for each place where an answer is asked for.
  package private(set) var answers: [Answer] = []

  /// How far the prediction has come on the way from the run before, 0, to the source, 1.
  ///
  /// The way is that of all log-probabilities at the places where something is asked, and how far
  /// they have come along it is a projection: numbers that have moved aside count for nothing. Nil
  /// where both runs expect the same, or where the source has other places.
  package private(set) var recovered: Double?

  /// Whether the prediction is nearer to that of the source now than to what it was.
  package private(set) var resemblesSource = false

  /// Whether anything of the prediction has changed at all.
  package private(set) var hasChanged = false

  /// Compares logits, [batch, position, vocab].
  ///
  /// - Parameters:
  ///   - before: Those of the run before.
  ///   - after: Those after the value was replaced, in the same shape.
  ///   - source: Those of the run that the value is from; what has another shape is left out.
  ///   - targets: The answer of each place, or `ignoredTarget`.
  package init(before: Tensor, after: Tensor, source: Tensor?, targets: [TokenID]) {
    let (width, length) = (before.shape.lastSize, before.shape.sizes[1])
    let source = source?.shape == before.shape ? source : nil
    precondition(after.shape == before.shape, "\(after.shape) is not \(before.shape)")
    precondition(targets.count == before.count / width, "\(targets.count) targets")
    func row(_ tensor: Tensor, _ place: Int) -> [Double] {
      LogProbabilities((0..<width).map { tensor[place * width + $0] }).numbers
    }
    var way = Way()
    for (place, token) in targets.enumerated() where token != ignoredTarget {
      let (old, new, aim) = (row(before, place), row(after, place), source.map { row($0, place) })
      hasChanged = hasChanged || old != new
      if let aim { way.add(old, new, aim) }
      answers.append(
        Answer(
          row: place / length,
          position: place % length,
          token: token,
          before: .exponential(old[Int(token)]),
          after: .exponential(new[Int(token)]),
          source: aim.map { .exponential($0[Int(token)]) }
        )
      )
    }
    if source != nil { (recovered, resemblesSource) = (way.share, way.isBeyondHalf) }
  }

  /// The way from one prediction to another, and where a third one is.
  private struct Way {
    private var along = 0.0
    private var whole = 0.0
    private var fromStart = 0.0
    private var fromEnd = 0.0

    mutating func add(_ old: [Double], _ new: [Double], _ aim: [Double]) {
      for index in old.indices {
        let (moved, way) = (new[index] - old[index], aim[index] - old[index])
        along += moved * way
        whole += way * way
        fromStart += moved * moved
        fromEnd += (aim[index] - new[index]) * (aim[index] - new[index])
      }
    }

    var share: Double? { whole == 0 ? nil : along / whole }
    var isBeyondHalf: Bool { fromEnd < fromStart }
  }
}

extension PatchEffect {
  /// The geometric mean of the probabilities of all answers: exp(-loss).
  ///
  /// - Parameter part: Which of the probabilities of an answer.
  /// - Returns: Their mean; nil if one of them is not known, or nothing is asked.
  package func mean(_ part: (Answer) -> Double?) -> Double? {
    let known = answers.compactMap(part)
    guard known.count == answers.count, !known.isEmpty else { return nil }
    return .exponential(known.reduce(0) { $0 + .logarithm($1) } / Double(known.count))
  }
}
