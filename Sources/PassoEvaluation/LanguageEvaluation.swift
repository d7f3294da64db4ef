// SPDX-License-Identifier: MIT

import PassoData
import PassoEngine
import PassoModel
import PassoRuntime
import PassoText

/// How well a model knows a toy language, measured on sentences that are drawn anew.
package struct LanguageEvaluation: Sendable {
  /// How many of some questions were answered rightly.
  package struct Score: Hashable, Sendable {
    package fileprivate(set) var right = 0

    /// Those where the right answer was more probable than the wrong one, by however little.
    package fileprivate(set) var preferred = 0

    package fileprivate(set) var asked = 0

    init() {}

    /// From 0 to 1; NaN if nothing was asked.
    package var share: Double { asked > 0 ? Double(right) / Double(asked) : .nan }
  }

  /// How probable a model finds right and wrong answers to a question.
  package struct Answer: Sendable {
    package let question: ToyLanguage.Question
    package let right: Double
    package let wrong: Double
  }

  package fileprivate(set) var sentences = 0
  package fileprivate(set) var tokens = 0

  /// Nats per token, over all of them.
  package fileprivate(set) var loss = Double.nan

  /// By how much the loss may be off, because sentences were drawn.
  package fileprivate(set) var standardError = Double.nan

  /// The least loss that is possible.
  package let floor: Double

  /// The mean over all prefixes of the divergence of the model's next-token distribution from the
  /// true one, in nats: exact at each prefix, so that it has no noise from what was drawn next.
  package fileprivate(set) var divergence = Double.nan

  /// Verbs whose number was clear to the model, all of them; `LanguageExaminer.clearly` says how.
  package fileprivate(set) var verbs = Score()

  /// The same where the nearest noun has the other number.
  package fileprivate(set) var attractors = Score()

  /// The same by how many nouns of the other number stand between a verb and the last noun of its
  /// own number; 0 where the nearest noun agrees with it.
  package fileprivate(set) var verbsByAttractors: [Int: Score] = [:]

  package fileprivate(set) var answers: [Answer] = []
}

/// Asks a model about a toy language.
package struct LanguageExaminer {
  static let rows = 32

  /// How many times as probable the right verbs have to be as the wrong ones.
  ///
  /// Who guesses that most subjects are singular prefers the right form more often than not, and
  /// has not understood anything: a preference does not count, certainty does.
  package static let clearly = 10.0

  /// Which sentences every model is asked about, so that models can be compared.
  package static let usualSeed: UInt64 = 0xE7A1

  /// So many sentences say the loss to two digits after the point.
  package static let usualCount = 1_000

  package let language: ToyLanguage
  let oracle: Oracle
  private let batches: LanguageBatches
  private let runner: ModelRunner
  private let vocabularySize: Int

  /// Prepares the forward pass of a model.
  ///
  /// - Parameters:
  ///   - model: One whose vocabulary begins with that of the language.
  ///   - language: What it is asked about.
  ///   - seed: Decides the sentences.
  /// - Throws: `EvaluationProblem` if the model has no room for the language, `ShapeProblem` or
  ///   `ExecutionProblem` if it cannot be executed.
  package init(
    _ model: Model,
    _ language: ToyLanguage,
    seed: UInt64 = Self.usualSeed
  ) throws {
    self.language = language
    oracle = Oracle(language)
    batches = LanguageBatches(examining: language, rows: Self.rows, seed: seed)
    vocabularySize = model.configuration.vocabularySize
    try EvaluationProblem.check(model.configuration, language, length: batches.length)
    var model = model
    // Ten thousand tokens: rounding does not show in what is said of them, waiting would.
    model.precision = .f32
    runner = try ModelRunner(
      model,
      batch: BatchShape(rows: Self.rows, length: batches.length),
      reading: [.model(.logits)]
    )
  }

  /// Why it takes longer than it could.
  package var slowness: Slowness? { runner.slowness }

  /// Measures a model on so many fresh sentences.
  ///
  /// - Parameters:
  ///   - count: At least so many sentences.
  ///   - shouldStop: Asked between two batches.
  /// - Returns: The figures; nil if it was stopped.
  /// - Throws: `Interrupted` if a person has asked to stop, or `ExecutionProblem.refused`.
  package func examine(
    sentences count: Int = Self.usualCount,
    unless shouldStop: () -> Bool = { false }
  ) throws -> LanguageEvaluation? {
    var tally = Tally()
    for round in 0..<(count + Self.rows - 1) / Self.rows {
      if shouldStop() { return nil }
      let rows = batches.batch(round).rows(of: BatchShape(rows: Self.rows, length: batches.length))
      let logits = try logits(rows)
      for (row, example) in rows.enumerated() { add(example, logits, row, to: &tally) }
    }
    var evaluation = LanguageEvaluation(floor: oracle.floor)
    tally.sum(into: &evaluation)
    evaluation.answers = try language.questions.map { try answer($0) }
    return evaluation
  }

  /// Positions of a row.
  var length: Int { batches.length }

  /// The logits of as many rows as there are, none of them longer than `length`.
  func logits(_ rows: [Example]) throws -> Tensor {
    try runner.set(TokenBatch(rows))
    try runner.run(to: .model(.logits))
    return try runner.computed(.model(.logits))
  }

  /// Logarithms of probabilities at a position, in double precision.
  func logProbabilities(_ logits: Tensor, _ row: Int, _ position: Int) -> [Double] {
    let start = (row * batches.length + position) * vocabularySize
    let numbers = (0..<vocabularySize).map { logits[start + $0] }
    let peak = numbers.max() ?? 0
    let sum = peak + Double.logarithm(numbers.reduce(0) { $0 + Double.exponential($1 - peak) })
    return numbers.map { $0 - sum }
  }

  private func add(_ example: Example, _ logits: Tensor, _ row: Int, to tally: inout Tally) {
    var (state, losses) = (0, 0.0)
    var nouns: [Bool] = []
    var count = 0
    for (position, target) in example.targets.enumerated() where target != ignoredTarget {
      let found = logProbabilities(logits, row, position)
      let ways = language.automaton.states[state]
      losses -= found[Int(target)]
      count += 1
      tally.divergence += ways.reduce(0) {
        $0 + $1.probability * (Double.logarithm($1.probability) - found[Int($1.token)])
      }
      if let isPlural = language.isPluralVerb(target) {
        let others = nouns.reversed().prefix { $0 != isPlural }.count
        tally.verbs[others, default: .init()].note(
          right: mass(of: isPlural, found),
          wrong: mass(of: !isPlural, found)
        )
      }
      if let isPlural = language.isPluralNoun(target) { nouns.append(isPlural) }
      guard let way = ways.first(where: { $0.token == target }) else { break }
      state = way.next
    }
    tally.sentences.append((losses, count))
  }

  /// How probable verbs of a number are.
  private func mass(of isPlural: Bool, _ logProbabilities: [Double]) -> Double {
    language.classes.reduce(0) { sum, entry in
      entry.value == .verb(isPlural: isPlural)
        ? sum + Double.exponential(logProbabilities[Int(entry.key)]) : sum
    }
  }

  private func answer(
    _ question: ToyLanguage.Question
  ) throws -> LanguageEvaluation.Answer {
    let found = try probabilities(after: oracle.tokens(of: question.prefix))
    func mass(_ words: [String]) -> Double {
      words.compactMap { language.tokenizer.vocabulary.id(of: $0) }
        .reduce(0) { $0 + found[Int($1)] }
    }
    return LanguageEvaluation.Answer(
      question: question,
      right: mass(question.right),
      wrong: mass(question.wrong)
    )
  }

  /// What the model expects after some words of the language, by id.
  ///
  /// - Parameter words: No more than the longest sentence has.
  /// - Returns: A probability for each token.
  /// - Throws: `Interrupted` if a person has asked to stop, or `ExecutionProblem.refused`.
  package func probabilities(after words: [TokenID]) throws -> [Double] {
    let inputs = Array(([language.id(of: .start)] + words).prefix(batches.length))
    let asked = inputs.indices.map { $0 == inputs.count - 1 ? inputs[0] : ignoredTarget }
    let example = Example(inputs: inputs, targets: asked)
    let batch = Batch(
      examples: Array(repeating: example, count: Self.rows),
      padding: language.id(of: .pad),
      length: batches.length
    )
    return logProbabilities(try logits(batch.rows), 0, inputs.count - 1).map(Double.exponential)
  }
}

/// What is counted while sentences go by.
private struct Tally {
  var sentences: [(loss: Double, count: Int)] = []
  var divergence = 0.0

  /// By how many nouns of the other number stand just before them.
  var verbs: [Int: LanguageEvaluation.Score] = [:]

  func sum(into evaluation: inout LanguageEvaluation) {
    let tokens = sentences.reduce(0) { $0 + $1.count }
    let loss = sentences.reduce(0) { $0 + $1.loss } / Double(tokens)
    // Tokens of one sentence hang together: what varies freely is the sentence.
    let squares = sentences.reduce(0.0) { sum, sentence in
      let excess = sentence.loss - loss * Double(sentence.count)
      return sum + excess * excess
    }
    evaluation.sentences = sentences.count
    evaluation.tokens = tokens
    evaluation.loss = loss
    evaluation.standardError = squares.squareRoot() / Double(tokens)
    evaluation.divergence = divergence / Double(tokens)
    evaluation.verbsByAttractors = verbs
    for (others, score) in verbs {
      evaluation.verbs.add(score)
      if others > 0 { evaluation.attractors.add(score) }
    }
  }
}

extension LanguageEvaluation.Score {
  fileprivate mutating func add(_ score: Self) {
    right += score.right
    preferred += score.preferred
    asked += score.asked
  }

  fileprivate mutating func note(right mass: Double, wrong: Double) {
    asked += 1
    if mass > wrong { preferred += 1 }
    if mass > LanguageExaminer.clearly * wrong { right += 1 }
  }
}

/// A loss that no honest model can have.
package struct LeakWarning: Sendable, Hashable {
  package let loss: Double
  package let floor: Double

  /// Holds a loss on fresh sentences against the floor; nil if chance may explain it.
  ///
  /// - Parameters:
  ///   - loss: Nats per token.
  ///   - standardError: By how much it may be off by chance.
  ///   - floor: The least loss that is possible.
  package init?(loss: Double, standardError: Double, floor: Double) {
    guard loss.isFinite, loss < floor - max(4 * standardError, 0.01) else { return nil }
    self.loss = loss
    self.floor = floor
  }

  /// The losses of the last updates, each over sentences of its own.
  package init?(batchLosses: some Collection<Double>, floor: Double) {
    let count = Double(batchLosses.count)
    guard count >= 5 else { return nil }
    let mean = batchLosses.reduce(0, +) / count
    let squares = batchLosses.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let error = (squares / (count - 1) / count).squareRoot()
    self.init(loss: mean, standardError: error, floor: floor)
  }

  package var message: Bilingual {
    let (found, least) = (NumberText.fixed(loss, 3), NumberText.fixed(floor, 3))
    return Bilingual(
      it: "fuga di informazione: la loss su frasi estratte di nuovo è \(found.it), sotto il"
        + " pavimento \(least.it): il modello vede le sue risposte",
      en: "leak: the loss on fresh sentences is \(found.en), below the floor \(least.en): the"
        + " model sees its answers"
    )
  }
}
