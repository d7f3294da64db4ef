// SPDX-License-Identifier: MIT

import PassoRuntime
import PassoText

/// A language that a model may be near to while it learns a toy language: that of someone who knows
/// nothing, of someone who knows the last few words, or the toy language itself.
package enum NearLanguage: Hashable, Sendable {
  /// All tokens of the vocabulary are equally probable.
  case uniform

  /// What the last words say of the next one, one word less than this; 1 is the bare frequencies.
  case grams(Int)

  /// The language itself.
  case grammar

  package var name: Bilingual {
    switch self {
    case .uniform: Bilingual(it: "uniforme", en: "uniform")
    case .grams(1): Bilingual(it: "unigrammi", en: "unigrams")
    case .grams(2): Bilingual(it: "bigrammi", en: "bigrams")
    case .grams(3): Bilingual(it: "trigrammi", en: "trigrams")
    case .grams(let order): Bilingual(it: "\(order)-grammi", en: "\(order)-grams")
    case .grammar: Bilingual(it: "grammatica", en: "grammar")
    }
  }

  /// The name as it stands in a sentence.
  package var article: Bilingual {
    switch self {
    case .uniform:
      Bilingual(it: "la distribuzione uniforme", en: "the uniform distribution")
    case .grams(1): Bilingual(it: "gli unigrammi", en: "the unigrams")
    case .grams(let order) where order == 8 || order == 11:
      Bilingual(it: "gli \(order)-grammi", en: "the \(order)-grams")
    case .grams: Bilingual(it: "i ", en: "the ") + name
    case .grammar: Bilingual(it: "la grammatica", en: "the grammar")
    }
  }

  /// A longer context than this tells little that is new, and there are many of them.
  package static let longestOrder = 6

  /// What each of them expects after some beginnings.
  ///
  /// Orders that say all that the grammar says are left out, and those with too many contexts.
  ///
  /// - Parameters:
  ///   - language: The toy language.
  ///   - prefixes: Beginnings of its sentences.
  ///   - vocabularySize: The tokens among which the model chooses.
  /// - Returns: From the simplest to the grammar, each with a distribution for each beginning.
  /// - Throws: `Interrupted` if a stop was requested.
  package static func all(
    near language: ToyLanguage,
    after prefixes: [LikelyPrefixes.Prefix],
    vocabularySize: Int
  ) throws(Interrupted) -> [(kind: NearLanguage, expected: [Distribution])] {
    let share = 1 / Double(vocabularySize)
    let uniform = (0..<TokenID(vocabularySize)).map { (token: $0, probability: share) }
    var all: [(NearLanguage, [Distribution])] = [(.uniform, prefixes.map { _ in uniform })]
    let oracle = Oracle(language)
    var last = Double.infinity
    for order in 1...longestOrder {
      try Interruption.check()
      guard let counts = oracle.counts(ofOrder: order) else { break }
      // One that knows no more than the one before is no language of its own.
      let loss = counts.entropy / oracle.expectedLength
      guard loss > oracle.floor + 1e-9 else { break }
      guard loss < last - 1e-9 else { continue }
      last = loss
      all.append((.grams(order), prefixes.map { counts.expected(after: $0.words) }))
    }
    let states = language.automaton.states
    let truth = prefixes.map { prefix in states[prefix.state].map { ($0.token, $0.probability) } }
    return all + [(.grammar, truth)]
  }

  package typealias Distribution = [(token: TokenID, probability: Double)]
}

/// Beginnings of sentences on which a model can be held against a language, the same every time.
///
/// All of them, each as probable as it is, if they are few. Else the most probable ones of each
/// state of the language, which together weigh as much as a sentence passes through that state: no
/// turn of the grammar is left out because it comes late.
package struct LikelyPrefixes: Sendable {
  package struct Prefix: Sendable {
    package let words: [TokenID]

    /// The state that the words lead to.
    package let state: Int

    /// The part of all predictions for which it stands; they sum to 1.
    package fileprivate(set) var weight: Double
  }

  /// Each after those with which it begins.
  package private(set) var prefixes: [Prefix]

  /// Whether there are no others.
  package let isComplete: Bool

  /// The part of all predictions that is made in states which have a beginning here.
  package let coverage: Double

  /// So many are read in some hundredths of a second.
  package static let most = 600

  package init(of language: ToyLanguage, atMost most: Int = Self.most) {
    let states = language.automaton.states
    let all = Self.found(in: language, atMost: most, ofEach: .max)
    let visits = language.visits.counts
    let predictions = states.indices.reduce(0) { $0 + (states[$1].isEmpty ? 0 : visits[$1]) }
    if all.isAll {
      (prefixes, isComplete, coverage) = (all.prefixes, true, 1)
    } else {
      let going = states.count { !$0.isEmpty }
      prefixes = Self.found(in: language, atMost: most, ofEach: max(1, most / going)).prefixes
      isComplete = false
      var sums = Array(repeating: 0.0, count: states.count)
      for prefix in prefixes { sums[prefix.state] += prefix.weight }
      let covered = states.indices.reduce(0) { $0 + (sums[$1] > 0 ? visits[$1] : 0) }
      coverage = covered / predictions
      for index in prefixes.indices {
        let state = prefixes[index].state
        prefixes[index].weight *= visits[state] / sums[state]
      }
    }
    let whole = prefixes.reduce(0) { $0 + $1.weight }
    for index in prefixes.indices { prefixes[index].weight /= whole }
  }

  private struct Candidate: Comparable {
    let words: [TokenID]
    let state: Int
    let probability: Double
    let number: Int

    static func < (left: Candidate, right: Candidate) -> Bool {
      (-left.probability, left.number) < (-right.probability, right.number)
    }
  }

  /// The most probable beginnings, in their order: the best of a state go on from the best of those
  /// before.
  private static func found(
    in language: ToyLanguage,
    atMost most: Int,
    ofEach share: Int
  ) -> (prefixes: [Prefix], isAll: Bool) {
    let states = language.automaton.states
    let longest = Oracle(language).rowLength - 1
    var counts = Array(repeating: 0, count: states.count)
    var open = Heap<Candidate>()
    var number = 0
    var prefixes: [Prefix] = []
    open.insert(Candidate(words: [], state: 0, probability: 1, number: 0))
    while let next = open.popFirst() {
      guard !states[next.state].isEmpty, counts[next.state] < share else { continue }
      guard prefixes.count < most else { return (prefixes, false) }
      counts[next.state] += 1
      prefixes.append(Prefix(words: next.words, state: next.state, weight: next.probability))
      guard next.words.count < longest else { continue }
      for way in states[next.state] where counts[way.next] < share {
        number += 1
        open.insert(
          Candidate(
            words: next.words + [way.token],
            state: way.next,
            probability: next.probability * way.probability,
            number: number
          )
        )
      }
    }
    return (prefixes, !Oracle(language).isCut)
  }
}
