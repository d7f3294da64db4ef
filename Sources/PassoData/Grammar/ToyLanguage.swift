// SPDX-License-Identifier: MIT
import PassoText

/// A small language of which everything is known: what may come next, and how surprising it is.
///
/// Adding one is adding a file with its words and rules, and its name to `ToyLanguage.all`.
package struct ToyLanguage: Sendable {
  /// A word, as far as agreement is concerned.
  package enum WordClass: Hashable, Sendable {
    case noun(isPlural: Bool)
    case verb(isPlural: Bool)
  }

  /// The word that chooses it.
  package let name: String

  package let summary: Bilingual
  package let tokenizer: WordTokenizer
  package let automaton: Automaton

  /// The words that agree with each other, by id.
  package let classes: [TokenID: WordClass]

  /// A sentence that everyone understands.
  package let example: String

  /// Questions that only those answer who have understood how its words hang together.
  package let questions: [Question]

  /// Compiles a grammar.
  ///
  /// - Parameters:
  ///   - name: The word that chooses it.
  ///   - summary: What a person should know of it.
  ///   - words: All words, each once; special tokens come before them.
  ///   - classes: Those that agree with each other.
  ///   - example: A sentence, without its `<end>`.
  ///   - questions: What to ask a model.
  ///   - grammar: Whole sentences, which end in `<end>`.
  package init(
    name: String,
    summary: Bilingual,
    words: [String],
    classes: [String: WordClass],
    example: String,
    questions: [Question],
    grammar: Rule
  ) {
    let tokens = SpecialToken.single.map(\.rawValue) + words
    guard let vocabulary = try? Vocabulary(tokens) else {
      preconditionFailure("the words of \(name) are no vocabulary")
    }
    self.name = name
    self.summary = summary
    self.example = example
    self.questions = questions
    tokenizer = WordTokenizer(vocabulary: vocabulary)
    automaton = Automaton(grammar, vocabulary)
    self.classes = Dictionary(
      uniqueKeysWithValues: classes.compactMap { word, kind in
        vocabulary.id(of: word).map { ($0, kind) }
      }
    )
  }

  package static let all: [ToyLanguage] = [gatto1]

  package static func named(_ name: String) -> ToyLanguage? { all.first { $0.name == name } }

  /// A sentence with its `<end>`, drawn with its probability.
  package func sentence(using random: inout some RandomNumberGenerator) -> [TokenID] {
    automaton.sample(using: &random)
  }

  /// The id of a special token; every toy language has all that are not counted.
  package func id(of token: SpecialToken) -> TokenID {
    guard let id = tokenizer.id(of: token) else { preconditionFailure("no \(token.rawValue)") }
    return id
  }
}

extension ToyLanguage {
  /// A beginning after which a model that has understood the language prefers some words to others.
  package struct Question: Hashable, Sendable {
    package let prefix: String
    package let right: [String]
    package let wrong: [String]

    /// What it takes to answer.
    package let tests: Bilingual
  }

  /// The number of a noun.
  package func isPluralNoun(_ token: TokenID) -> Bool? {
    if case .noun(let isPlural)? = classes[token] { isPlural } else { nil }
  }

  /// The number of a verb.
  package func isPluralVerb(_ token: TokenID) -> Bool? {
    if case .verb(let isPlural)? = classes[token] { isPlural } else { nil }
  }

  /// Whether a tokenizer gives the words the ids that the language gives them.
  package func isNumbered(by other: any Tokenizer) -> Bool {
    let words = tokenizer.tokens
    return other.vocabularySize >= words.count
      && words.indices.allSatisfy { other.token(of: TokenID($0)) == words[$0] }
  }

  /// A tokenizer with more special tokens; the ids of words stay what they are.
  package func tokenizer(with specials: [SpecialToken]) -> WordTokenizer {
    let more = specials.map(\.rawValue).filter { tokenizer.vocabulary.id(of: $0) == nil }
    guard !more.isEmpty, let all = try? Vocabulary(tokenizer.tokens + more) else {
      return tokenizer
    }
    return WordTokenizer(vocabulary: all)
  }
}

/// A language is what its name stands for.
extension ToyLanguage: Hashable {
  package static func == (left: ToyLanguage, right: ToyLanguage) -> Bool {
    left.name == right.name
  }

  package func hash(into hasher: inout Hasher) { hasher.combine(name) }
}
