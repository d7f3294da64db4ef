// SPDX-License-Identifier: MIT

/// A language as a machine: in each state some words may come, and each leads to one state.
///
/// Given the words so far the state is certain, so that the true distribution of the next word is
/// a row of a table.
package struct Automaton: Hashable, Sendable {
  /// A word that may come, how probably, and the state that it leads to.
  package struct Transition: Hashable, Sendable {
    package let token: TokenID
    package let probability: Double
    package let next: Int
  }

  /// What may come in each state; the first state is the beginning, a state without any is the end.
  package let states: [[Transition]]

  /// Follows a grammar through all of its states.
  ///
  /// - Parameters:
  ///   - grammar: What a sentence consists of.
  ///   - end: The token that ends every sentence.
  /// - Throws: `GrammarFault` if there are too many states.
  init(_ grammar: Grammar, end: TokenID) throws(GrammarFault) {
    var builder = AutomatonBuilder(grammar, end: end)
    states = try builder.states()
  }

  /// A sentence, drawn with its probability.
  package func sample(using random: inout some RandomNumberGenerator) -> [TokenID] {
    var tokens: [TokenID] = []
    var state = 0
    while let last = states[state].last {
      var place = Double.random(in: 0..<1, using: &random)
      let chosen =
        states[state].first { transition in
          place -= transition.probability
          return place < 0
        } ?? last
      tokens.append(chosen.token)
      state = chosen.next
    }
    return tokens
  }

  /// The state after some words; nil, and how many were possible, if the language has no such
  /// words.
  package func state(after tokens: some Sequence<TokenID>) -> (state: Int?, possible: Int) {
    var state = 0
    var count = 0
    for token in tokens {
      guard let way = states[state].first(where: { $0.token == token }) else { return (nil, count) }
      state = way.next
      count += 1
    }
    return (state, count)
  }
}
