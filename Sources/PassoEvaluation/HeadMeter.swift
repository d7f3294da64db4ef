// SPDX-License-Identifier: MIT

import PassoData
import PassoEngine
import PassoModel
import PassoRuntime

/// What a head does with the rows of a task, and what becomes of the answers without it.
package struct HeadScore: Hashable, Sendable {
  package let head: HeadAddress

  /// Whether it is switched off already.
  package let isOff: Bool

  /// How much of its attention goes to the token just before: the mean over all positions but the
  /// first.
  package fileprivate(set) var previous = 0.0

  /// How much of it goes to what came after the token of now before: the mean over the answers that
  /// can be found there.
  package fileprivate(set) var match = 0.0

  /// The share of right answers with this head switched off.
  package fileprivate(set) var accuracyWithout = 0.0
}

/// Looks at every head of a model at work on rows that it has never learned from.
package struct HeadMeter {
  /// Rows whose patterns are looked at, and that are answered without a head.
  private static let patternRows = 64
  private static let answeredRows = 128

  private let model: Model
  private let task: TaskCorpus

  package init(_ model: Model, _ task: TaskCorpus) {
    (self.model, self.task) = (model, task)
  }

  /// The heads of all blocks, in order, and the accuracy of the model as it is.
  ///
  /// - Throws: `TaskMeterProblem` if the model has no room for the rows, `Interrupted` if a person
  ///   has asked to stop, or `ExecutionProblem`.
  package func measure() throws -> (accuracy: Double, heads: [HeadScore]) {
    let accuracy = try accuracy(without: nil)
    let patterns = try patterns()
    var heads: [HeadScore] = []
    for (block, pattern) in patterns.values.enumerated() {
      for head in 0..<model.configuration.headCount {
        let address = HeadAddress(block: block, head: head)
        var score = HeadScore(head: address, isOff: model.ablatedHeads.contains(address))
        (score.previous, score.match) = look(pattern, head, patterns.rows)
        score.accuracyWithout = score.isOff ? accuracy : try self.accuracy(without: address)
        heads.append(score)
      }
    }
    return (accuracy, heads)
  }

  private func accuracy(without head: HeadAddress?) throws -> Double {
    var model = model
    if let head { model.ablatedHeads.insert(head) }
    let scores = try TaskMeter(model, task).scores(rows: Self.answeredRows)
    return scores.last?.accuracy ?? 0
  }

  /// The patterns of all blocks, and the rows that were read.
  private func patterns() throws -> (rows: [TaskRow], values: [Tensor]) {
    let rows = TaskMeter.rows(0..<Self.patternRows, of: .test, task)
    let names = (0..<model.configuration.layerCount).map {
      ValueName.block($0, .attention(.pattern))
    }
    let shape = BatchShape(rows: rows.count, length: task.task.positions)
    // The fast form goes past the patterns without writing them down.
    let runner = try ModelRunner(model, batch: shape, reading: names, isForReading: true)
    let examples = rows.map(\.example)
    try runner.set(
      TokenBatch(Batch(examples: examples, padding: task.padding, length: shape.length).rows)
    )
    try runner.run()
    return (rows, try names.map { try runner.computed($0) })
  }

  private func look(
    _ pattern: Tensor,
    _ head: Int,
    _ rows: [TaskRow]
  ) -> (previous: Double, match: Double) {
    let length = task.task.positions
    var (previous, match) = (Mean(), Mean())
    for (place, row) in rows.enumerated() {
      let start = (place * model.configuration.headCount + head) * length * length
      func weight(_ query: Int, _ key: Int) -> Double { pattern[start + query * length + key] }
      for query in 0..<row.tokens.count - 1 {
        if query > 0 { previous.add(weight(query, query - 1)) }
        let keys = row.isDetermined[query] ? row.matches(of: query) : []
        if !keys.isEmpty { match.add(keys.reduce(0) { $0 + weight(query, $1) }) }
      }
    }
    return (previous.value, match.value)
  }
}

/// A mean that grows; 0 of nothing.
private struct Mean {
  private var (sum, count) = (0.0, 0)

  mutating func add(_ number: Double) {
    sum += number
    count += 1
  }

  var value: Double { count > 0 ? sum / Double(count) : 0 }
}

extension TaskRow {
  /// The places at which the answer of a position stands right behind a token like that position's.
  fileprivate func matches(of query: Int) -> [Int] {
    guard query > 0 else { return [] }
    return (1...query).filter {
      tokens[$0 - 1] == tokens[query] && tokens[$0] == tokens[query + 1]
    }
  }
}
