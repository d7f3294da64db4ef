// SPDX-License-Identifier: MIT
import PassoText

/// A small language of which everything is known: what may come next, and how surprising it is.
///
/// Its rules are a text, see `Grammar`: a file of somebody, or one of those that are built in.
/// Adding one of these is adding the file, and its name to `ToyLanguage.names`.
package struct ToyLanguage: Sendable {
  /// A word, as far as agreement is concerned.
  package enum WordClass: Hashable, Sendable {
    case noun(isPlural: Bool)
    case verb(isPlural: Bool)
  }

  /// The file that rules were read from.
  package struct Origin: Hashable, Sendable {
    /// Where it was.
    package let path: String

    /// A fingerprint of what its rules say.
    package let contentHash: UInt64

    package init(path: String, contentHash: UInt64) {
      (self.path, self.contentHash) = (path, contentHash)
    }
  }

  /// The word that chooses it, or the name of its file.
  package let name: String

  /// Where its rules are; nil for a language that is built in.
  package var origin: Origin?

  package let summary: Bilingual
  package let tokenizer: WordTokenizer
  package let automaton: Automaton

  /// How often a sentence comes through each state, and how long sentences are.
  let visits: Visits

  /// The words that agree with each other, by id.
  package private(set) var classes: [TokenID: WordClass] = [:]

  /// A sentence that everyone understands; nil if nobody has written one.
  package private(set) var example: String?

  /// Questions that only those answer who have understood how its words hang together.
  package private(set) var questions: [Question] = []

  /// Compiles rules.
  ///
  /// - Parameters:
  ///   - name: The word that chooses the language, or the name of its file.
  ///   - rules: The text of the rules, as `Grammar` describes it.
  /// - Throws: `GrammarProblem` if they are no rules of a language, or of one that is too large.
  package init(name: String, rules: String) throws(GrammarProblem) {
    let read = try GrammarReader(rules)
    let grammar = try Grammar(read)
    let tokens = SpecialToken.single.map(\.rawValue) + grammar.words
    guard let vocabulary = try? Vocabulary(tokens), let end = vocabulary.id(of: .end) else {
      preconditionFailure("words of rules that are no vocabulary")
    }
    self.name = name
    tokenizer = WordTokenizer(vocabulary: vocabulary)
    do throws(GrammarFault) {
      automaton = try Automaton(grammar, end: end)
      visits = try Visits(automaton)
    } catch {
      throw GrammarProblem(error, line: nil)
    }
    let texts = read.fields.texts.mapValues { $0.text.printable }
    let count = grammar.words.count
    summary = Bilingual(
      it: texts["it"] ?? texts["en"] ?? "una lingua di \(count) parole",
      en: texts["en"] ?? texts["it"] ?? "a language of \(count) words"
    )
    let checked = try FieldCheck(read.fields, Oracle(self))
    (classes, example, questions) = (checked.classes, checked.example, checked.questions)
  }

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

// MARK: - What is built in

extension ToyLanguage {
  /// The names of the languages that are built in; no rules are read for them.
  package static let names = ["gatto-1"]

  /// Articles, adjectives and verbs agree with nouns, at a distance too.
  package static let gatto1 = builtIn(names[0], PackageResources.gatto_1_grammar)

  package static var all: [ToyLanguage] { [gatto1] }

  package static func named(_ name: String) -> ToyLanguage? {
    names.contains(name) ? all.first { $0.name == name } : nil
  }

  private static func builtIn(_ name: String, _ bytes: [UInt8]) -> ToyLanguage {
    guard let language = try? ToyLanguage(name: name, rules: String(decoding: bytes, as: UTF8.self))
    else { preconditionFailure("the rules of \(name) are none") }
    return language
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

/// A language is what its name stands for, or the rules in its file.
extension ToyLanguage: Hashable {
  package static func == (left: ToyLanguage, right: ToyLanguage) -> Bool {
    left.name == right.name && left.origin == right.origin
  }

  package func hash(into hasher: inout Hasher) { hasher.combine(name) }
}
