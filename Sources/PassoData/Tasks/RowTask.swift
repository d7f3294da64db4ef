// SPDX-License-Identifier: MIT

import PassoRuntime
import PassoText

/// Rows of tokens that a rule makes, so that it is known of every answer whether it can be found.
///
/// Adding one is adding a file with a type, and a line to `RowTasks.all`.
package protocol RowTask: Sendable {
  /// The word that chooses it, as `eco`.
  static var name: String { get }

  /// What a person should understand of it.
  static var explanation: Bilingual { get }

  /// What may be chosen of it, the most important first.
  static var parameters: [TaskParameter] { get }

  /// With what it is usually learned.
  static var learning: TaskLearning { get }

  /// Takes a value for each of its parameters.
  ///
  /// - Throws: `TaskProblem` if they do not go together.
  init(_ values: TaskValues) throws(TaskProblem)

  /// The tokens, with their ids.
  var tokenizer: WordTokenizer { get }

  /// Input positions of its longest row.
  var positions: Int { get }

  /// How many rows a part has; nil where every row is drawn anew, without end.
  func count(of part: TaskPart) -> Int?

  /// A row by its number, the same whenever it is asked for.
  ///
  /// - Parameters:
  ///   - number: From 0; below `count(of:)`, if the part has an end.
  ///   - part: Rows to learn from, or others.
  ///   - seed: Decides rows that are drawn.
  /// - Returns: The row.
  func row(_ number: Int, of part: TaskPart, seed: UInt64) -> TaskRow

  /// The least mean loss over the answers that count, in nats: that of whoever knows the rule.
  var floor: Double { get }
}

extension RowTask {
  package var name: String { Self.name }

  /// Every row is drawn anew, if the task does not say otherwise.
  package func count(of part: TaskPart) -> Int? { nil }

  /// The numbers that decide a row which is drawn: those of other rows and parts are others.
  func random(_ number: Int, of part: TaskPart, seed: UInt64) -> RandomSource {
    var first = RandomSource(seed: part == .training ? seed : ~seed)
    var second = RandomSource(seed: first.next() ^ UInt64(bitPattern: Int64(number)))
    return RandomSource(seed: second.next())
  }
}

/// Every task, in the order in which they are listed.
package enum RowTasks {
  package static let all: [any RowTask.Type] = [
    EchoTask.self, SumTask.self, SegmentTask.self,
  ]

  package static let names = all.map { $0.name }

  /// Whether a line begins with the name of a task.
  package static func isTask(_ line: String) -> Bool {
    line.split(separator: " ").first.flatMap { named(String($0)) } != nil
  }

  package static func named(_ name: String) -> (any RowTask.Type)? {
    all.first { $0.name == name }
  }
}

/// What rows are for.
package enum TaskPart: String, CaseIterable, Hashable, Sendable {
  /// A model learns from them.
  case training
  /// A model never learns from them.
  case test
}

/// A row, and what is asked of it.
package struct TaskRow: Hashable, Sendable {
  /// The whole row: each token but the first is the answer at the position before it.
  package let tokens: [TokenID]

  /// Which answers count in the loss; one for each token but the first.
  package let counts: [Bool]

  /// Which of them follow from what stands before: an answer that is drawn can only be guessed.
  package let isDetermined: [Bool]

  init(_ tokens: [TokenID], counts: [Bool], isDetermined: [Bool]) {
    precondition(
      counts.count == tokens.count - 1 && isDetermined.count == counts.count,
      "a row of \(tokens.count) tokens has \(tokens.count - 1) answers"
    )
    (self.tokens, self.counts, self.isDetermined) = (tokens, counts, isDetermined)
  }

  /// What a model is trained on.
  package var example: Example {
    Example(
      inputs: Array(tokens.dropLast()),
      targets: zip(tokens.dropFirst(), counts).map { $1 ? $0 : ignoredTarget }
    )
  }
}

/// With what a task is usually learned: rows of a batch, and the numbers of AdamW.
package struct TaskLearning: Hashable, Sendable {
  package let rows: Int
  package let rate: Double
  package let decay: Double
  package static let beta2 = 0.98
  package var clip: Double?
  package var warmup = 0

  init(rows: Int, rate: Double, decay: Double, clip: Double? = nil, warmup: Int = 0) {
    (self.rows, self.rate, self.decay) = (rows, rate, decay)
    (self.clip, self.warmup) = (clip, warmup)
  }
}

extension WordTokenizer {
  /// The tokens of a task: special ones, marks of its own, then symbols.
  ///
  /// - Parameters:
  ///   - specials: Tokens that stand for no text.
  ///   - marks: Tokens that are written with signs, as `<sep>`, and are found in a text as they
  ///     stand.
  ///   - symbols: Words of letters or digits, all different.
  init(task specials: [SpecialToken], marks: [String] = [], symbols: [String]) {
    let all = specials.map(\.rawValue) + marks + symbols
    let added = all.prefix(specials.count + marks.count).enumerated().map { id, token in
      AddedToken(token, id: TokenID(id), isSpecial: id < specials.count)
    }
    guard let vocabulary = try? Vocabulary(all),
      let tokenizer = try? WordTokenizer(vocabulary: vocabulary, added: added, clings: true)
    else { preconditionFailure("symbols of a task that are no vocabulary") }
    self = tokenizer
  }
}

/// Symbols that are one letter each: `a` to `z`, then `A` to `Z`.
enum TaskSymbols {
  /// As many as there are.
  static let most = 52

  static func letters(_ count: Int) -> [String] {
    let cases = [UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z")]
    return cases.joined().prefix(count).map { String(UnicodeScalar($0)) }
  }
}
