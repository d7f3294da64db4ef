// SPDX-License-Identifier: MIT

/// A piece of a grammar: which words may come, and how probably.
package indirect enum Rule: Hashable, Sendable {
  case word(String)

  /// One after the other; empty for nothing at all.
  case sequence([Rule])

  /// One of several. No two may begin with the same word, or the words would not tell which it was.
  case choice([Branch])

  /// A rule, and the probability that it is taken.
  package struct Branch: Hashable, Sendable {
    package let probability: Double
    package let rule: Rule
  }

  package static let nothing = Rule.sequence([])

  /// One of several, each with its probability.
  package static func oneOf(_ branches: (Double, Rule)...) -> Rule {
    .choice(branches.map { Branch(probability: $0.0, rule: $0.1) })
  }

  /// One of several words, each with its probability.
  package static func oneOf(_ words: [String], _ probabilities: [Double]) -> Rule {
    .choice(zip(words, probabilities).map { Branch(probability: $1, rule: .word($0)) })
  }
}

/// A language as a machine: in each state some words may come, and each leads to one state.
///
/// Given the words so far the state is certain, so that the true distribution of the next word is
/// a row of a table.
package struct Automaton: Sendable {
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
  ///   - grammar: Whole sentences, with the token that ends them.
  ///   - vocabulary: Has every word of the grammar.
  init(_ grammar: Rule, _ vocabulary: Vocabulary) {
    // A state is what may still come.
    var numbers: [[Rule]: Int] = [[grammar]: 0]
    var waiting = [[grammar]]
    var states: [[Transition]] = []
    while states.count < waiting.count {
      var transitions: [Transition] = []
      Self.expand(waiting[states.count], 1) { word, probability, rest in
        guard let token = vocabulary.id(of: word) else { preconditionFailure("no word \(word)") }
        precondition(!transitions.contains { $0.token == token }, "two ways to read \(word)")
        if numbers[rest] == nil {
          numbers[rest] = waiting.count
          waiting.append(rest)
        }
        let next = numbers[rest] ?? 0
        transitions.append(Transition(token: token, probability: probability, next: next))
      }
      states.append(transitions)
    }
    self.states = states
  }

  /// Every first word of what may come, and what may come after it.
  private static func expand(
    _ rules: [Rule],
    _ probability: Double,
    _ found: (_ word: String, _ probability: Double, _ rest: [Rule]) -> Void
  ) {
    guard let first = rules.first else { return }
    let rest = Array(rules.dropFirst())
    switch first {
    case .word(let word): found(word, probability, rest)
    case .sequence(let parts): expand(parts + rest, probability, found)
    case .choice(let branches):
      for branch in branches {
        expand([branch.rule] + rest, probability * branch.probability, found)
      }
    }
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
