// SPDX-License-Identifier: MIT

import PassoRuntime
import PassoText

/// Makes a tokenizer out of texts: which tokens there are is learned, nobody has to list them.
package struct TokenizerLearner: Sendable {
  /// What a token is to be.
  package var kind: TokenizerKind

  /// How many tokens there are to be at most, with the special ones; nil for as many as suit the
  /// texts.
  package var size: Int?

  /// Tokens that stand for no text.
  package var specials: [SpecialToken]

  /// How many threads count; what is learned does not depend on it.
  package var threads: Int

  package init(
    kind: TokenizerKind,
    size: Int? = nil,
    specials: [SpecialToken] = [.start],
    threads: Int = 1
  ) {
    self.kind = kind
    self.size = size
    self.specials = specials
    self.threads = threads
  }

  /// Merges of byte pairs where nobody says how many: few, as suits a few sentences.
  private static let fewMerges = 64

  /// A tokenizer that knows the texts.
  ///
  /// - Throws: `DataProblem` if there is nothing in them, or too little room for what must be
  ///   there.
  package func tokenizer(for texts: [String]) throws(DataProblem) -> any Tokenizer {
    switch kind {
    // Ids and pieces are learned from no text: its words are what it has.
    case .words, .ids, .pieces:
      return try limited(WordTokenizer(texts: texts, specials: specials), texts)
    case .characters:
      return try limited(CharacterTokenizer(texts: texts, specials: specials), texts)
    case .bytePairs:
      let few = 256 + specials.count + Self.fewMerges
      var plan = BytePairTrainer.Plan(vocabularySize: size ?? few)
      plan.specials = specials.map(\.rawValue)
      var trainer = try BytePairTrainer(texts: texts, plan: plan, threads: threads)
      // A learner that was stopped knows less; its caller checks.
      while !Interruption.isRequested(), trainer.step() != nil {}
      return try trainer.tokenizer()
    }
  }

  /// The tokens that come most often, of equal ones the first to come; the rest is unknown.
  package func limited(
    _ all: any Tokenizer,
    _ texts: [String]
  ) throws(DataProblem) -> any Tokenizer {
    guard let size, size < all.vocabularySize else { return all }
    guard specials.contains(.unknown) else {
      throw .tooFewTokensForText(needed: all.vocabularySize, found: size)
    }
    guard size > specials.count else {
      throw .onlySpecials(count: specials.count, found: size)
    }
    var counts = Array(repeating: 0, count: all.vocabularySize)
    for text in texts { for id in try all.encode(text) { counts[Int(id)] += 1 } }
    let kept = (specials.count..<counts.count).sorted { (counts[$1], $0) < (counts[$0], $1) }
      .prefix(size - specials.count).sorted()
    let ids = Array(0..<specials.count) + kept
    if let characters = all as? CharacterTokenizer {
      return try CharacterTokenizer(tokens: ids.map { characters.spellings[$0] })
    }
    let spellings = all.tokens
    return WordTokenizer(vocabulary: try Vocabulary(ids.map { spellings[$0] }))
  }
}
