// SPDX-License-Identifier: MIT

import PassoData
import PassoEngine
import PassoRuntime
import PassoText

/// Sentences of a toy language, one a row: always new ones, or a list that comes again and again.
///
/// The batch of any round can be computed without those before. Short rows are filled up, and
/// nothing is asked there: packing sentences into blocks that begin in the middle of one would
/// raise the floor, counting the filling would lower the loss. Where there is no longest sentence
/// the few that do not fit into a row are cut, as `Oracle.rowLength` says.
package struct LanguageBatches: BatchSource {
  /// What a person chooses of it.
  package struct Choice: Hashable, Sendable {
    /// The name of the language.
    package var language: String

    /// Sentences that are drawn once and learned from again and again; nil for always new ones.
    package var listed: Int?

    /// Sentences in a batch.
    package var rows = Experiment.Defaults.sentenceRows

    /// Decides which sentences come.
    package var seed = Experiment.Defaults.seed

    package init(language: String, listed: Int? = nil) {
      self.language = language
      self.listed = listed
    }
  }

  private let language: ToyLanguage
  private let objective: any Objective
  private let choice: Choice

  // Rounds below 0 are those of no training.
  private var isForExamination = false

  /// The list, if there is one; else sentences are always new.
  package let list: [[TokenID]]?

  /// Positions of a row: room for the longest sentence.
  package let length: Int

  /// Prepares a source.
  ///
  /// - Parameters:
  ///   - language: Where sentences come from.
  ///   - objective: What is made a question of.
  ///   - choice: How many sentences, and which.
  package init(_ language: ToyLanguage, _ objective: any Objective, _ choice: Choice) {
    self.language = language
    self.objective = objective
    self.choice = choice
    length = Self.length(language, objective)
    list = choice.listed.map { count in
      var random = RandomSource(seed: choice.seed, round: -1)
      var list: [[TokenID]] = []
      // A list that was stopped is short; its reader checks.
      while list.count < count, !list.count.isMultiple(of: 256) || !Interruption.isRequested() {
        list.append(Self.sentence(of: language, using: &random))
      }
      return list
    }
  }

  /// Bytes that the list of a choice takes at most.
  package static func listByteCount(_ choice: Choice, of language: ToyLanguage) -> Int {
    // A sentence has a head, room for sixteen tokens or more, and its place in the list, which
    // moves.
    let each = 96 + 4 * max(16, 2 * Oracle(language).rowLength - 16)
    return min(choice.listed ?? 0, .max / each) * each
  }

  /// Sentences on which a model is examined: no training draws them, whatever its seed.
  ///
  /// - Parameters:
  ///   - language: Where sentences come from.
  ///   - rows: Sentences in a batch.
  ///   - seed: Decides the sentences.
  package init(examining language: ToyLanguage, rows: Int, seed: UInt64) {
    var choice = Choice(language: language.name)
    (choice.rows, choice.seed) = (rows, seed)
    self.init(language, CausalObjective(language.tokenizer), choice)
    isForExamination = true
  }

  /// Checks that something can be asked of every sentence.
  ///
  /// - Throws: `DataProblem.tooFewTokens` if the shortest has too few words for the objective,
  ///   `.nothingAfter` if a sentence has nothing behind the token that has to come first.
  package static func check(
    _ language: ToyLanguage,
    _ objective: any Objective
  ) throws(DataProblem) {
    try objective.expectAfter(in: Oracle(language))
    var random = RandomSource(seed: 0)
    let shortest = Oracle(language).shortest - (type(of: objective).predictsEnd ? 0 : 1)
    let sentence = Array(repeating: language.id(of: .unknown), count: shortest)
    _ = try objective.ofAnyWords.example(from: sentence, using: &random)
  }

  /// A sentence as far as a row has room for it.
  private static func sentence(
    of language: ToyLanguage,
    using random: inout RandomSource
  ) -> [TokenID] {
    Array(language.sentence(using: &random).prefix(Oracle(language).rowLength))
  }

  /// The positions that the longest sentence takes.
  private static func length(_ language: ToyLanguage, _ objective: any Objective) -> Int {
    var random = RandomSource(seed: 0)
    let longest = Oracle(language).rowLength - (type(of: objective).predictsEnd ? 0 : 1)
    let sentence = Array(repeating: language.id(of: .unknown), count: longest)
    guard let example = try? objective.ofAnyWords.example(from: sentence, using: &random) else {
      preconditionFailure("sentences of \(language.name) are too short")
    }
    return example.inputs.count
  }

  /// Whether targets weigh differently.
  var weighsTargets: Bool { type(of: objective).weighsTargets }

  /// What one round works on.
  package var shape: BatchShape { BatchShape(rows: choice.rows, length: length) }

  /// Tells one source from another.
  package var fingerprint: UInt64 {
    var hash = StateHash()
    // A file that has moved holds the same rules.
    let name = language.origin == nil ? choice.language : ToyLanguage.fileEnding
    hash.add("\(name) \(objective.name)")
    for number in [choice.listed ?? 0, choice.rows] { hash.add(UInt64(number)) }
    hash.add(choice.seed)
    if let origin = language.origin { hash.add(origin.contentHash) }
    return hash.value
  }

  package func batch(_ round: Int) -> TokenBatch {
    let sentences = sentences(round)
    let texts =
      type(of: objective).predictsEnd ? sentences : sentences.map { Array($0.dropLast()) }
    return TokenBatch(texts, objective, length: length, seed: choice.seed, round: round)
  }

  package func texts(_ round: Int) -> [[TokenID]]? { sentences(round) }

  /// Whole sentences, each with its `<end>`.
  private func sentences(_ round: Int) -> [[TokenID]] {
    list.map { listed($0, round) } ?? fresh(round)
  }

  private func fresh(_ round: Int) -> [[TokenID]] {
    // The list of a training has the round -1.
    let stream = isForExamination ? -2 - round : round
    var random = RandomSource(seed: ~choice.seed, round: stream)
    return (0..<choice.rows).map { _ in Self.sentence(of: language, using: &random) }
  }

  /// A list in an order of its own in every epoch, as the blocks of a text are.
  private func listed(_ list: [[TokenID]], _ round: Int) -> [[TokenID]] {
    (0..<choice.rows).map { row in
      let (epoch, place) = (round * choice.rows + row).quotientAndRemainder(dividingBy: list.count)
      return list[Shuffle(count: list.count, seed: choice.seed &+ UInt64(epoch))[place]]
    }
  }
}

extension Objective {
  /// The same for words that are not known yet, of which none is waited for.
  fileprivate var ofAnyWords: Self {
    var copy = self
    copy.after = nil
    return copy
  }
}
