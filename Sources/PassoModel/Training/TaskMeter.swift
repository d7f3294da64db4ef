// SPDX-License-Identifier: MIT

import PassoData
import PassoEngine
import PassoRuntime
import PassoText

/// How a model does on a part of the rows of a task.
package struct TaskScore: Hashable, Sendable {
  package let part: TaskPart

  /// Rows that were looked at.
  package fileprivate(set) var rows = 0

  /// The mean loss over the answers that count, in nats.
  package fileprivate(set) var loss = 0.0

  /// Answers that follow from what stands before, and those of them that the model gives: that to
  /// which it gives the greatest probability.
  package fileprivate(set) var asked = 0
  package fileprivate(set) var right = 0

  fileprivate init(_ part: TaskPart) { self.part = part }

  /// From 0 to 1.
  package var accuracy: Double { Double(right) / Double(max(1, asked)) }
}

/// Looks at what a model makes of rows of a task, those that it learns from and others.
package struct TaskMeter {
  /// Rows that are computed at once.
  private static let batchRows = 64

  /// So many rows say an accuracy to a hundredth; of rows that have an end all are taken up to
  /// `mostRows`.
  package static let freshRows = 256
  package static let mostRows = 4_096

  private let task: TaskCorpus
  private let runner: ModelRunner
  private let shape: BatchShape
  private let vocabularySize: Int

  /// Prepares the forward pass of a model.
  ///
  /// - Throws: `TaskMeterProblem` if it has no room for the rows, `ShapeProblem` or
  ///   `ExecutionProblem` if it cannot be executed, or what its parameters throw.
  package init(_ model: Model, _ task: TaskCorpus) throws {
    try TaskMeterProblem.check(model.configuration, task)
    self.task = task
    shape = BatchShape(rows: Self.batchRows, length: task.task.positions)
    vocabularySize = model.configuration.vocabularySize
    var model = model
    // Rounding does not show in what is said of so many answers, waiting would.
    model.precision = .f32
    runner = try ModelRunner(model, batch: shape, reading: [.model(.logits)])
  }

  /// Why it takes longer than it could.
  package var slowness: Slowness? { runner.slowness }

  /// The seed of rows that are drawn: the same for every model, so that models can be compared.
  private static let seed: UInt64 = 0x5EED

  /// Rows of a part, the same for every model.
  package static func rows(
    _ numbers: Range<Int>,
    of part: TaskPart,
    _ task: TaskCorpus
  ) -> [TaskRow] {
    let end = min(numbers.upperBound, task.task.count(of: part) ?? numbers.upperBound)
    return (min(numbers.lowerBound, end)..<end).map {
      task.task.row($0, of: part, seed: seed)
    }
  }

  /// Measures a model on each part of the rows that there is.
  ///
  /// - Parameters:
  ///   - parameters: What the model has learned since; nil for those that it had.
  ///   - rows: Rows of a part that has no end.
  /// - Returns: A score for each part.
  /// - Throws: `Interrupted` if a person has asked to stop, or `ExecutionProblem.refused`.
  package func scores(
    of parameters: (any ParameterSource)? = nil,
    rows: Int = Self.freshRows
  ) throws -> [TaskScore] {
    if let parameters { try runner.load(parameters) }
    return try task.parts.map { try score($0, rows: rows) }
  }

  private func score(_ part: TaskPart, rows: Int) throws -> TaskScore {
    let all = min(task.task.count(of: part) ?? rows, Self.mostRows)
    var score = TaskScore(part)
    var count = 0
    for start in stride(from: 0, to: all, by: Self.batchRows) {
      try Interruption.check()
      let numbers = start..<min(start + Self.batchRows, all)
      count += try add(Self.rows(numbers, of: part, task), to: &score)
    }
    score.loss /= Double(max(1, count))
    return score
  }

  /// Adds a batch; rows that are missing in it come again and do not count.
  private func add(_ rows: [TaskRow], to score: inout TaskScore) throws -> Int {
    let logits = try logits(rows)
    var count = 0
    for (place, row) in rows.enumerated() {
      score.rows += 1
      for (position, answer) in row.tokens.dropFirst().enumerated() where row.counts[position] {
        let numbers = logits[place * shape.length + position]
        score.loss += Self.surprise(numbers, Int(answer))
        count += 1
        guard row.isDetermined[position] else { continue }
        score.asked += 1
        if Self.greatest(numbers) == Int(answer) { score.right += 1 }
      }
    }
    return count
  }

  /// The logits at each position of a batch, row by row.
  private func logits(_ rows: [TaskRow]) throws -> [ArraySlice<Double>] {
    let examples = (0..<shape.rows).map { rows[$0 % rows.count].example }
    let batch = Batch(examples: examples, padding: task.padding, length: shape.length)
    try runner.set(TokenBatch(batch.rows))
    try runner.run(to: .model(.logits))
    let numbers = try runner.computed(.model(.logits)).doubles
    return (0..<shape.rows * shape.length).map { place in
      numbers[place * vocabularySize..<(place + 1) * vocabularySize]
    }
  }

  private static func surprise(_ logits: ArraySlice<Double>, _ answer: Int) -> Double {
    let peak = logits.max() ?? 0
    let sum = logits.reduce(0) { $0 + Double.exponential($1 - peak) }
    return peak + Double.logarithm(sum) - logits[logits.startIndex + answer]
  }

  private static func greatest(_ logits: ArraySlice<Double>) -> Int {
    let place = logits.indices.max { logits[$0] < logits[$1] } ?? logits.startIndex
    return place - logits.startIndex
  }
}

// MARK: - Samples

extension TaskMeter {
  /// A row with what the model makes of it.
  package struct Sample: Hashable, Sendable {
    package let part: TaskPart
    package let row: TaskRow

    /// The token that the model finds most probable at each position.
    package let found: [TokenID]

    /// Whether every answer that follows from what stands before is the model's.
    package var isRight: Bool {
      zip(row.tokens.dropFirst(), found).enumerated().allSatisfy { place, pair in
        !row.isDetermined[place] || pair.0 == pair.1
      }
    }
  }

  /// The first rows of a part, with what the model makes of them.
  ///
  /// - Throws: `Interrupted` if a person has asked to stop, or `ExecutionProblem.refused`.
  package func samples(_ count: Int, of part: TaskPart) throws -> [Sample] {
    let rows = Self.rows(0..<min(count, shape.rows), of: part, task)
    let logits = try logits(rows)
    return rows.enumerated().map { place, row in
      let found = (0..<row.tokens.count - 1).map { position in
        TokenID(Self.greatest(logits[place * shape.length + position]))
      }
      return Sample(part: part, row: row, found: found)
    }
  }
}

/// Why a model cannot be asked about a task.
package enum TaskMeterProblem: Problem, Equatable {
  /// Fewer tokens than the task has.
  case vocabularyTooSmall(Int, needed: Int, task: String)

  /// Fewer positions than its longest row needs.
  case contextTooShort(Int, needed: Int, task: String)

  static func check(
    _ model: ModelConfiguration,
    _ task: TaskCorpus
  ) throws(TaskMeterProblem) {
    let (tokens, length) = (task.task.tokenizer.vocabularySize, task.task.positions)
    guard model.vocabularySize >= tokens else {
      throw .vocabularyTooSmall(model.vocabularySize, needed: tokens, task: task.name)
    }
    guard model.contextLength >= length else {
      throw .contextTooShort(model.contextLength, needed: length, task: task.name)
    }
  }

  package var message: Bilingual {
    switch self {
    case .vocabularyTooSmall(let size, let needed, let task):
      Bilingual(
        it: "il modello deve conoscere i \(needed) token del compito \(task), ne conosce \(size)",
        en: "the model needs to know the \(needed) tokens of the task \(task), it knows \(size)"
      )
    case .contextTooShort(let length, let needed, let task):
      Bilingual(
        it: "il modello deve leggere le \(needed) posizioni di una riga del compito \(task), ne"
          + " legge \(length)",
        en: "the model needs to read the \(needed) positions of a row of the task \(task), it"
          + " reads \(length)"
      )
    }
  }
}
