// SPDX-License-Identifier: MIT

import PassoEngine
import PassoRuntime
import PassoText

/// Makes a row out of nothing but `<mask>`, one place after the other, in an order that the model
/// or chance decides.
///
/// Each step reads the whole row, and uncovers one place. At temperature 0 it is the place of
/// which the model is surest, with the token that it finds most probable there; above it is any
/// covered place, with a token that is drawn: then the text has the probability that the model
/// gives it, whatever the order. Source: Sahoo et al. 2024, arXiv:2406.07524, section 3.3, with one
/// place a step; the surest place first: Chang et al. 2022, arXiv:2202.04200, section 3.2.
package struct Unmasker {
  /// A place that was uncovered.
  package struct Step: Hashable, Sendable {
    /// Counted from 1.
    package let number: Int

    /// The place in the row, from 0.
    package let place: Int
    package let token: Int32

    /// What the model gave the token at this place.
    package let probability: Double

    /// The row from now on.
    package let row: [Int32]
  }

  private let runner: ModelRunner
  private let mask: Int32
  private let vocabularySize: Int

  /// How many places a row has.
  package let length: Int

  /// Why it takes longer than it could.
  package var slowness: Slowness? { runner.slowness }

  /// Prepares rows of a length.
  ///
  /// - Parameters:
  ///   - model: One that has learned to find covered tokens, with all others in sight.
  ///   - length: Places of a row.
  ///   - mask: The token that covers a place.
  /// - Throws: `UnmaskProblem` if the model does not read so many, `ShapeProblem` or
  ///   `ExecutionProblem` if it cannot be executed, or what its parameters throw.
  package init(_ model: Model, length: Int, mask: Int32) throws {
    let context = model.configuration.contextLength
    guard (1...context).contains(length) else {
      throw UnmaskProblem.length(length, context: context)
    }
    runner = try ModelRunner(
      model,
      batch: BatchShape(rows: 1, length: length),
      reading: [.model(.logits)]
    )
    (self.length, self.mask) = (length, mask)
    vocabularySize = model.configuration.vocabularySize
  }

  /// Uncovers all that the tokens which are known leave of the row.
  ///
  /// - Parameters:
  ///   - known: The beginning of the row.
  ///   - settings: How tokens are chosen.
  ///   - seed: Decides what is left to chance.
  ///   - shouldStop: Asked before each step.
  ///   - show: Called with each step.
  /// - Returns: The row; nil if it was stopped.
  /// - Throws: `Interrupted` or `ExecutionProblem`.
  package func uncover(
    after known: [Int32],
    _ settings: SamplingSettings,
    seed: UInt64,
    unless shouldStop: () -> Bool = { false },
    show: (Step) -> Void
  ) throws -> [Int32]? {
    precondition(known.count < length, "\(known.count) of \(length) places are known")
    var row = known + Array(repeating: mask, count: length - known.count)
    var sampler = Sampler(settings, seed: seed)
    var random = RandomSource(seed: ~seed)
    var covered = Array(known.count..<length)
    for number in 1...covered.count {
      if shouldStop() { return nil }
      let logits = try logits(of: row)
      let index =
        settings.temperature > 0
        ? Int.random(in: covered.indices, using: &random) : surest(covered, logits)
      let place = covered.remove(at: index)
      let token = sampler.choose(logits[place], after: row)
      row[place] = Int32(token)
      let probability = Self.probability(of: token, logits[place])
      show(
        Step(number: number, place: place, token: row[place], probability: probability, row: row)
      )
    }
    return row
  }

  /// The logits of every place; `<mask>` is no answer.
  private func logits(of row: [Int32]) throws -> [[Double]] {
    let nothing = Array(repeating: ignoredTarget, count: length)
    try runner.set(TokenBatch(inputs: row, targets: nothing, prefix: [Int32(length)]))
    try runner.run(to: .model(.logits))
    let all = try runner.computed(.model(.logits)).doubles
    return (0..<length).map { place in
      var logits = Array(all[place * vocabularySize..<(place + 1) * vocabularySize])
      logits[Int(mask)] = -.infinity
      return logits
    }
  }

  /// Which of some places has the most probable token; of equal ones the first.
  private func surest(_ places: [Int], _ logits: [[Double]]) -> Int {
    let best = places.map { place in
      logits[place].max().map { top in
        1 / logits[place].reduce(0) { $0 + Double.exponential($1 - top) }
      } ?? 0
    }
    return best.indices.reduce(0) { best[$1] > best[$0] ? $1 : $0 }
  }

  private static func probability(of token: Int, _ logits: [Double]) -> Double {
    let top = logits.max() ?? 0
    let total = logits.reduce(0) { $0 + Double.exponential($1 - top) }
    return Double.exponential(logits[token] - top) / total
  }
}

/// Why a row cannot be uncovered.
package enum UnmaskProblem: WordedProblem, Hashable {
  /// A model that has learned something else.
  case otherObjective(String)

  /// A tokenizer without `<mask>`.
  case noMask

  /// A row that the model does not read.
  case length(Int, context: Int)

  /// A beginning that leaves nothing to uncover.
  case nothingCovered(known: Int, length: Int)

  package var wording: Wording {
    switch self {
    case .otherObjective(let name):
      Bilingual(
        it: "per scoprire un testo ci vuole un modello dell'obiettivo any-order o masked always,"
          + " questo ha imparato \(name)",
        en: "needs a model of the objective any-order or masked always to uncover a text, this one"
          + " has learned \(name)"
      ).hint(nil)
    case .noMask:
      Bilingual(
        it: "il tokenizer del modello non ha il token <mask>",
        en: "needs a tokenizer with the token <mask>, the one of the model has none"
      ).hint(nil)
    case .length(let length, let context):
      Bilingual(
        it: "il modello legge righe da 1 a \(context) posti, non \(length)",
        en: "needs a row of 1 to \(context) places, which the model reads, got \(length)"
      ).hint(
        it: "accorcia l'inizio, o chiedi meno posti",
        en: "shorten the beginning, or ask for fewer places"
      )
    case .nothingCovered(let known, let length):
      Bilingual(
        it:
          "la riga ha \(length) posti e l'inizio ne occupa \(known): non resta niente da scoprire",
        en: "needs a place to uncover, the beginning takes \(known) of the \(length) of the row"
      ).hint(
        it: "accorcia l'inizio, o di' quanti posti vuoi dopo",
        en: "shorten the beginning, or say how many places you want after it"
      )
    }
  }
}
