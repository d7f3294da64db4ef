// SPDX-License-Identifier: MIT

import PassoData
import PassoEngine
import PassoModel
import PassoRuntime

/// How far a model is from each of the languages that it may be near to.
///
/// The distance to a language q is the mean over beginnings w of the divergence
///
///     KL(q ‖ model) = sum over tokens x of q(x | w) ln(q(x | w) / model(x | w))
///
/// by which who expects q is surprised too much when the model tells him what to expect: 0 only
/// where they agree, and finite, because a model finds nothing impossible.
package struct NearnessMeter {
  /// The languages, from the simplest to the grammar.
  package let kinds: [NearLanguage]

  /// The beginnings on which it is measured.
  package let prefixes: LikelyPrefixes

  private let language: ToyLanguage
  private let length: Int
  private let expected: [[NearLanguage.Distribution]]

  /// Of each language, the mean of the sums of q ln q.
  private let certainties: [Double]

  private let rows: [Example]

  /// Of each beginning, the row in which it is read, and the position that answers.
  private let places: [(row: Int, position: Int)]

  private var known: (runner: ModelRunner, mask: MaskKind, heads: Set<HeadAddress>)?

  private static let rowsAtOnce = 32

  /// Bytes that the longest contexts take, as for a picture of their losses.
  private static let contextByteCount = 96 << 20

  /// Prepares to measure models.
  ///
  /// - Parameters:
  ///   - configuration: The sizes of all of them.
  ///   - language: What they learn.
  ///   - most: Beginnings that are read at most.
  /// - Throws: `EvaluationProblem` if they have no room for the language,
  ///   `ExecutionProblem.refused`, or `Interrupted`.
  package init(
    _ configuration: ModelConfiguration,
    _ language: ToyLanguage,
    atMost most: Int = LikelyPrefixes.most
  ) throws {
    self.language = language
    length = Oracle(language).rowLength
    try EvaluationProblem.check(configuration, language, length: length)
    try MemoryRoom.check(Self.contextByteCount)
    prefixes = LikelyPrefixes(of: language, atMost: most)
    let all = try NearLanguage.all(
      near: language,
      after: prefixes.prefixes,
      vocabularySize: configuration.vocabularySize
    )
    kinds = all.map(\.kind)
    expected = all.map(\.expected)
    certainties = expected.map { [prefixes] distributions in
      zip(prefixes.prefixes, distributions).reduce(0) { sum, entry in
        sum
          + entry.0.weight
          * entry.1.reduce(0) { $0 + $1.probability * Double.logarithm($1.probability) }
      }
    }
    (rows, places) = Self.rows(of: prefixes.prefixes, language, length)
  }

  /// One row for each beginning with which no other one begins.
  private static func rows(
    of prefixes: [LikelyPrefixes.Prefix],
    _ language: ToyLanguage,
    _ length: Int
  ) -> ([Example], [(row: Int, position: Int)]) {
    let start = language.id(of: .start)
    var places: [[TokenID]: Int] = [:]
    var rows: [[TokenID]] = []
    for prefix in prefixes.sorted(by: { $0.words.count > $1.words.count })
    where places[prefix.words] == nil {
      for count in 0...prefix.words.count where places[Array(prefix.words[..<count])] == nil {
        places[Array(prefix.words[..<count])] = rows.count
      }
      rows.append(prefix.words)
    }
    let examples = rows.map { words in
      // Of a row that only is read, any target will do.
      Example(inputs: [start] + words, targets: [start] + words)
    }
    let filled = Batch(examples: examples, padding: language.id(of: .pad), length: length).rows
    return (filled, prefixes.map { (places[$0.words] ?? 0, $0.words.count) })
  }

  /// The distance to each language, in nats per token.
  ///
  /// - Parameter model: One of the sizes that were given.
  /// - Returns: A number for each of `kinds`.
  /// - Throws: `Interrupted`, or `ExecutionProblem`.
  package mutating func divergences(of model: Model) throws -> [Double] {
    let runner = try runner(of: model)
    return divergences(from: try surprises(runner, size: model.configuration.vocabularySize))
  }

  /// The distance from each language to whoever is surprised so much.
  ///
  /// - Parameter surprises: After each beginning, by each token, in nats.
  /// - Returns: A number for each of `kinds`.
  package func divergences(from surprises: [[Double]]) -> [Double] {
    expected.indices.map { index in
      zip(prefixes.prefixes, zip(expected[index], surprises)).reduce(certainties[index]) {
        sum,
        entry in
        let (distribution, surprise) = entry.1
        return sum
          + entry.0.weight
          * distribution.reduce(0) { $0 + $1.probability * surprise[Int($1.token)] }
      }
    }
  }

  /// After each beginning, how surprised the model would be by each token.
  private func surprises(_ runner: ModelRunner, size: Int) throws -> [[Double]] {
    var byRow: [Tensor] = []
    for start in stride(from: 0, to: rows.count, by: Self.rowsAtOnce) {
      let part = rows[start..<min(start + Self.rowsAtOnce, rows.count)]
      let more = Array(repeating: rows[start], count: Self.rowsAtOnce - part.count)
      try runner.set(TokenBatch(part + more))
      try runner.run(to: .model(.logits))
      byRow.append(try runner.computed(.model(.logits)))
    }
    return places.map { row, position in
      let (batch, place) = row.quotientAndRemainder(dividingBy: Self.rowsAtOnce)
      let start = (place * length + position) * size
      let numbers = (0..<size).map { byRow[batch][start + $0] }
      let peak = numbers.max() ?? 0
      let whole = numbers.reduce(0) { $0 + Double.exponential($1 - peak) }
      return numbers.map { peak + Double.logarithm(whole) - $0 }
    }
  }

  /// What runs a model: the same for all that are built alike.
  private mutating func runner(of model: Model) throws -> ModelRunner {
    if let known, known.mask == model.mask, known.heads == model.ablatedHeads {
      try known.runner.load(model.parameters)
      return known.runner
    }
    let runner = try ModelRunner(
      model,
      batch: BatchShape(rows: Self.rowsAtOnce, length: length),
      reading: [.model(.logits)]
    )
    known = (runner, model.mask, model.ablatedHeads)
    return runner
  }
}
