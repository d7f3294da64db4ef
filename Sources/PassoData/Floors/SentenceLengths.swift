// SPDX-License-Identifier: MIT

import PassoRuntime

/// How a language goes on when it is known how long the sentence is, as a model knows it that sees
/// all of its positions.
///
/// With h(r, s) the probability that a sentence in state s ends after exactly r more tokens, a word
/// of probability p that leads to s' has the probability p · h(r - 1, s') / h(r, s) among the
/// sentences of which r tokens are left.
struct SentenceLengths {
  private let states: [[Automaton.Transition]]

  /// h, by the tokens that are left and by the state.
  private let ends: [[Double]]

  /// Tokens of the longest sentence, its `<end>` counted.
  let longest: Int

  /// The ordinary words of the language.
  let wordCount: Int

  /// - Throws: `FloorProblem` if sentences have no longest one, or are too many or too long.
  init(_ language: ToyLanguage, _ work: inout FloorWork) throws {
    let oracle = Oracle(language)
    guard let longest = oracle.longest, !oracle.isCut else {
      throw FloorProblem.endless(language: language.name)
    }
    states = language.automaton.states
    self.longest = longest
    wordCount = language.tokenizer.ordinaryIDs.count
    let size = states.reduce(0) { $0 + $1.count + 1 }
    try work.spend(size * longest)
    try work.hold(states.count * longest)
    var ends = [states.map { $0.isEmpty ? 1.0 : 0 }]
    for left in 0..<longest {
      try Interruption.check()
      ends.append(states.map { $0.reduce(0) { $0 + $1.probability * ends[left][$1.next] } })
    }
    self.ends = ends
  }

  /// How probable it is that after so many tokens more the sentence ends.
  func end(after left: Int, in state: Int) -> Double { ends[left][state] }

  /// The words of a sentence, without its `<end>`, and how probable it is that it has so many.
  var words: [(count: Int, probability: Double)] {
    (1...longest).compactMap { tokens in
      ends[tokens][0] > 0 ? (tokens - 1, ends[tokens][0]) : nil
    }
  }

  /// What comes in a state when so many tokens are left.
  func ways(from state: Int, left: Int) -> [Automaton.Transition] {
    states[state].compactMap { way in
      let share = way.probability * ends[left - 1][way.next] / ends[left][state]
      guard share > 0 else { return nil }
      return Automaton.Transition(token: way.token, probability: share, next: way.next)
    }
  }

  /// The expectation of a number that depends on how many words a sentence has.
  func mean(_ number: (Int) -> Double) -> Double {
    words.reduce(0) { $0 + $1.probability * number($1.count) }
  }

  /// Checks that something can be asked of the shortest sentence.
  ///
  /// - Throws: `FloorProblem.tooShort`.
  func expect(_ least: Int) throws(FloorProblem) {
    let shortest = words.first?.count ?? 0
    guard shortest >= least else { throw .tooShort(needed: least, found: shortest) }
  }
}
