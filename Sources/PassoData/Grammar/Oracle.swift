// SPDX-License-Identifier: MIT

import PassoRuntime
import PassoText

/// Everything that can be known of a toy language, computed from its states and never by sampling.
///
/// All losses are in nats, and pooled: the sum over all tokens by the number of all tokens.
package struct Oracle: Sendable {
  package let language: ToyLanguage

  /// Knows a language, whose numbers were computed with it.
  package init(_ language: ToyLanguage) { self.language = language }

  private var states: [[Automaton.Transition]] { language.automaton.states }

  /// The expected number of times that each state is passed through in one sentence.
  private var visits: [Double] { language.visits.counts }
}

// MARK: - Floors

extension Oracle {
  /// The entropy of the next token in a state.
  package func entropy(ofState state: Int) -> Double {
    states[state].reduce(0) { $0 - $1.probability * Double.logarithm($1.probability) }
  }

  /// The entropy of one sentence.
  package var entropyPerSentence: Double {
    visits.indices.reduce(0) { $0 + visits[$1] * entropy(ofState: $1) }
  }

  /// The expected number of predictions in a sentence, that of `<end>` counted.
  package var expectedLength: Double {
    visits.indices.reduce(0) { $0 + (states[$1].isEmpty ? 0 : visits[$1]) }
  }

  /// The least loss that any model can reach on fresh sentences.
  package var floor: Double { entropyPerSentence / expectedLength }

  /// The longest sentence, its `<end>` counted; nil if there is no limit.
  package var longest: Int? { language.visits.longest }

  /// The shortest sentence, its `<end>` counted.
  package var shortest: Int { language.visits.shortest }

  /// The probability of each length up to `rowLength`, the `<end>` counted.
  package var lengths: [Int: Double] { language.visits.lengths }

  /// Positions that a sentence gets in a row; where there is no longest one, at most one word in
  /// ten thousand comes after them and is cut off.
  package var rowLength: Int { language.visits.rowLength }

  /// Whether some sentences are longer than their row.
  package var isCut: Bool { longest.map { $0 > rowLength } ?? true }

  /// The loss of guessing among all tokens of the vocabulary.
  package var uniformLoss: Double { Double.logarithm(Double(language.tokenizer.vocabularySize)) }

  /// How many different sentences there are, a whole number up to 2^53; infinity if there is no
  /// limit.
  package var sentenceCount: Double { language.visits.sentences }

  /// Ways between contexts that are told apart at most; each takes some hundred bytes.
  private static let mostContexts = 1_000_000

  /// The least loss of a model that sees the last `order - 1` tokens and where a sentence begins.
  ///
  /// - Parameter order: From 1, which sees nothing, to 7.
  /// - Returns: Nats per token; nil if there are too many contexts, with `order` above 2 only.
  package func loss(ofOrder order: Int) -> Double? {
    counts(ofOrder: order).map { $0.entropy / expectedLength }
  }

  /// How often each token is expected after each context, as `loss(ofOrder:)` needs it.
  func counts(ofOrder order: Int) -> ContextCounts? {
    precondition((1...7).contains(order), "contexts of \(order - 1) tokens")
    var counts = ContextCounts(states, base: UInt64(language.tokenizer.vocabularySize + 1), order)
    // Contexts that begin with a sentence, then all others: what was before does not matter.
    var beginnings = [Place(state: 0, context: 0): 1.0]
    var all: [Place: Double] = [:]
    for (state, count) in visits.enumerated() { all[Place(state: state, context: 0)] = count }
    for _ in 1..<order {
      counts.add(beginnings)
      if order > 2, counts.size(ofNext: all) > Self.mostContexts { return nil }
      (beginnings, all) = (counts.following(beginnings), counts.following(all))
    }
    counts.add(all)
    return counts
  }
}

/// A state, and the tokens before it, packed into one number; where a sentence has just begun there
/// are fewer of them.
private struct Place: Hashable, Comparable {
  let state: Int
  let context: UInt64

  static func < (left: Place, right: Place) -> Bool {
    (left.state, left.context) < (right.state, right.context)
  }
}

/// How often each token is expected after each context in one sentence.
struct ContextCounts {
  private let states: [[Automaton.Transition]]
  private let base: UInt64
  private let span: UInt64
  private var joint: [UInt64: [TokenID: Double]] = [:]

  /// - Parameters:
  ///   - states: Those of the language.
  ///   - base: More than all ids.
  ///   - order: One more than the tokens of a context.
  fileprivate init(_ states: [[Automaton.Transition]], base: UInt64, _ order: Int) {
    (self.states, self.base) = (states, base)
    span = (1..<order).reduce(UInt64(1)) { product, _ in product * base }
  }

  /// Counts the tokens that may come at some places.
  fileprivate mutating func add(_ layer: [Place: Double]) {
    // In a fixed order: sums have to come out the same every time.
    for (place, mass) in layer.sorted(by: { $0.key < $1.key }) {
      for way in states[place.state] {
        joint[place.context, default: [:]][way.token, default: 0] += mass * way.probability
      }
    }
  }

  /// The ways that lead from some places to those one token later.
  fileprivate func size(ofNext layer: [Place: Double]) -> Int {
    layer.keys.reduce(0) { $0 + states[$1.state].count }
  }

  /// The places one token later.
  fileprivate func following(_ layer: [Place: Double]) -> [Place: Double] {
    var next: [Place: Double] = [:]
    for (place, mass) in layer.sorted(by: { $0.key < $1.key }) {
      for way in states[place.state] {
        let context = place.context % (span / base) * base + UInt64(way.token) + 1
        next[Place(state: way.next, context: context), default: 0] += mass * way.probability
      }
    }
    return next
  }

  /// What is left to be guessed when the context is known.
  var entropy: Double {
    joint.sorted { $0.key < $1.key }.reduce(0.0) { sum, entry in
      let shares = entry.value.sorted { $0.key < $1.key }.map(\.value)
      let all = shares.reduce(0, +)
      return sum - shares.reduce(0) { $0 + $1 * Double.logarithm($1 / all) }
    }
  }
}

extension ContextCounts {
  /// What is expected after some words, by id, of whoever knows but the last of them.
  ///
  /// - Parameter words: The beginning of a sentence.
  /// - Returns: Probabilities that sum to 1; none if the language has no sentence that begins so.
  func expected(after words: [TokenID]) -> [(token: TokenID, probability: Double)] {
    let context = words.reduce(UInt64(0)) { context, word in
      span == 1 ? 0 : context % (span / base) * base + UInt64(word) + 1
    }
    let shares = (joint[context] ?? [:]).sorted { $0.key < $1.key }
    let all = shares.reduce(0) { $0 + $1.value }
    return shares.map { ($0.key, $0.value / all) }
  }
}

// MARK: - Sentences

extension Oracle {
  /// What may follow some words, the most probable first.
  ///
  /// - Throws: `LanguageProblem` if the language has no sentence that begins so.
  package func distribution(
    after tokens: [TokenID]
  ) throws(LanguageProblem) -> [(token: TokenID, probability: Double)] {
    let (state, possible) = language.automaton.state(after: tokens)
    guard let state else { throw impossible(possible, of: tokens) }
    return states[state].map { ($0.token, $0.probability) }
      .sorted { $0.1 == $1.1 ? $0.0 < $1.0 : $0.1 > $1.1 }
  }

  /// Why a word cannot stand at a place, from 0, after some that are possible.
  private func impossible(_ place: Int, of tokens: [TokenID]) -> LanguageProblem {
    let state = language.automaton.state(after: tokens[..<place]).state
    let ways = state.map { states[$0] } ?? []
    let allowed = ways.sorted { $0.probability > $1.probability }.prefix(6)
    return .impossible(
      word: text(tokens[place]),
      number: place + 1,
      allowed: allowed.map { text($0.token) }
    )
  }

  private func text(_ token: TokenID) -> String {
    language.tokenizer.token(of: token) ?? "\(token)"
  }

  /// The ids of words that a person has typed; special tokens are written as they are shown.
  ///
  /// - Parameters:
  ///   - text: Words with white space between them.
  ///   - count: How many words came before, for the number of one that is not known.
  /// - Returns: An id for each word, and for each mark of punctuation that clings to one.
  /// - Throws: `LanguageProblem.unknownWord`.
  package func tokens(
    of text: String,
    after count: Int = 0
  ) throws(LanguageProblem) -> [TokenID] {
    let vocabulary = language.tokenizer.vocabulary
    var tokens: [TokenID] = []
    for word in text.split(whereSeparator: \.isWhitespace).flatMap({ words(of: String($0)) }) {
      guard let id = vocabulary.id(of: word) else {
        throw .unknownWord(
          word,
          number: count + tokens.count + 1,
          closest: vocabulary.closest(to: word)
        )
      }
      tokens.append(id)
    }
    return tokens
  }

  /// The words of what a person has typed without white space: `divano<end>` is two.
  private func words(of piece: String) -> [String] {
    let vocabulary = language.tokenizer.vocabulary
    let end = SpecialToken.end.rawValue
    var (rest, ends) = (piece[...], 0)
    while rest.hasSuffix(end) { (rest, ends) = (rest.dropLast(end.count), ends + 1) }
    let isKnown = vocabulary.id(of: String(rest)) != nil
    let words = isKnown ? [String(rest)] : WordSplitter.words(of: String(rest)).map(\.text)
    return words + Array(repeating: end, count: ends)
  }

  /// How surprising each token of a sentence is.
  ///
  /// - Throws: `LanguageProblem` if the language has no sentence that begins so.
  package func surprisals(of tokens: [TokenID]) throws(LanguageProblem) -> [Double] {
    var surprisals: [Double] = []
    var state = 0
    for (index, token) in tokens.enumerated() {
      guard let way = states[state].first(where: { $0.token == token }) else {
        throw impossible(index, of: tokens)
      }
      surprisals.append(-Double.logarithm(way.probability))
      state = way.next
    }
    return surprisals
  }

  /// Whether a sentence with its `<end>` belongs to the language.
  package func isGrammatical(_ tokens: [TokenID]) -> Bool { possibleWords(of: tokens) == nil }

  /// How many of the first words of a sentence are possible; nil if it belongs to the language.
  ///
  /// All of them are where a sentence has no `<end>`.
  package func possibleWords(of tokens: [TokenID]) -> Int? {
    let (state, possible) = language.automaton.state(after: tokens)
    return state.map { states[$0].isEmpty } == true ? nil : possible
  }

  /// The least loss on a list of sentences that a model may learn by heart.
  ///
  /// It is what is not known before the first words tell which sentence of the list it is.
  package static func memorizingFloor(_ sentences: [[TokenID]]) -> Double {
    var counts: [[TokenID]: Int] = [:]
    for sentence in sentences { counts[sentence, default: 0] += 1 }
    let total = Double(sentences.count)
    let entropy = counts.values.sorted().reduce(0.0) { sum, count in
      sum - Double(count) / total * Double.logarithm(Double(count) / total)
    }
    return entropy * total / Double(sentences.reduce(0) { $0 + $1.count })
  }
}

/// Words that a toy language does not have, or not in this order.
package enum LanguageProblem: WordedProblem, Hashable {
  /// A word that no sentence has; the number counts from 1.
  case unknownWord(String, number: Int, closest: String?)

  /// A word that cannot stand there, and some that can.
  case impossible(word: String, number: Int, allowed: [String])

  /// Which word it is, from 1.
  package var number: Int {
    switch self {
    case .unknownWord(_, let number, _), .impossible(_, let number, _): number
    }
  }

  package var wording: Wording {
    switch self {
    case .unknownWord(let word, let number, let closest):
      Bilingual(
        it: "\(it: word), parola \(number), non è una parola della lingua",
        en: "needs words of the language, got \(en: word), word \(number)"
      ).hint(closest.map(Bilingual.didYouMean))
    case .impossible(let word, let number, let allowed):
      Bilingual(
        it: "\(it: word) non può essere la parola \(number): nessuna frase comincia così",
        en: "\(en: word) cannot be word \(number): no sentence begins so"
      ).hint(
        allowed.isEmpty
          ? Bilingual(it: "la frase era già finita", en: "the sentence was over already")
          : Bilingual(
            it: "lì può stare: \(allowed.joined(separator: ", "))",
            en: "there may stand: \(allowed.joined(separator: ", "))"
          )
      )
    }
  }
}
