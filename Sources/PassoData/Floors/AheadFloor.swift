// SPDX-License-Identifier: MIT
import PassoText

/// The floor of predicting the token some places on, from all up to here; of the next one, causal.
///
/// The words so far tell the state s, and nothing else matters. Asked is where there is a token K
/// places on, and a model that is asked knows that there is one. With D(K, s, x) the probability
/// that the sentence goes on for K tokens and the K-th is x,
///
///     D(1, s, x) = p(x | s),   D(K, s, x) = sum over words w of p(w | s) D(K - 1, s', x)
///     floor per sentence = sum over s of visits(s) · Z(s) · H(D(K, s, ·) / Z(s))
///
/// where Z(s) = sum over x of D(K, s, x) is the probability of being asked. For K = 1, Z is 1
/// wherever a sentence goes on, and the sum is the entropy of the sentence, by the chain rule. For
/// K = 0 the answer is in sight: nothing has to be guessed.
///
/// Source: Gloeckle et al. 2024, arXiv:2404.19737, section 2, for the question.
struct AheadFloor: FloorRule {
  let distance: Int

  var name: String { distance == 1 ? "causal" : "ahead \(distance)" }

  var derivation: Bilingual {
    switch distance {
    case 0:
      return Bilingual(
        it: "il token chiesto è quello in vista: basta copiarlo, e il pavimento è 0",
        en: "the token asked is the one in sight: copying is enough, and the floor is 0"
      )
    case 1:
      return Bilingual(
        it: "le parole fin qui dicono lo stato della grammatica: somma, su tutti gli stati, di"
          + " quante volte una frase ci passa, per l'entropia del token che segue",
        en: "the words so far tell the state of the grammar: the sum, over all states, of how often"
          + " a sentence passes through, times the entropy of the token that follows"
      )
    default:
      return Bilingual(
        it: "H(x[t+\(distance)] | x[≤t]), chiesta solo dove quel token c'è: somma, su tutti gli"
          + " stati, di quante volte una frase ci passa e va avanti di \(distance) token, per"
          + " l'entropia dell'ultimo di questi",
        en: "H(x[t+\(distance)] | x[≤t]), asked only where that token exists: the sum, over all"
          + " states, of how often a sentence passes through and goes on for \(distance) tokens,"
          + " times the entropy of the last of these"
      )
    }
  }

  func floor(of language: ToyLanguage, _ work: inout FloorWork) throws -> ObjectiveFloor {
    if let longest = Oracle(language).longest, longest < distance {
      throw FloorProblem.tooFar(distance, longest: longest)
    }
    let visits = language.visits.counts
    // Every token of the row is asked, that before the first one too.
    guard distance > 0 else {
      return ObjectiveFloor(perSentence: 0, asked: Oracle(language).expectedLength + 1)
    }
    let states = language.automaton.states
    var next = states.map { ways in ways.map { ($0.token, $0.probability) } }
    for _ in 1..<distance { next = try Self.further(next, states, &work) }
    var (entropy, asked) = (0.0, 0.0)
    for (count, tokens) in zip(visits, next) where !tokens.isEmpty {
      let going = tokens.reduce(0) { $0 + $1.1 }
      asked += count * going
      entropy -= count * tokens.reduce(0) { $0 + $1.1 * Double.logarithm($1.1 / going) }
    }
    return ObjectiveFloor(perSentence: entropy, asked: asked)
  }

  private typealias Tokens = [(TokenID, Double)]

  /// What comes one place further on than in a table, by state.
  private static func further(
    _ table: [Tokens],
    _ states: [[Automaton.Transition]],
    _ work: inout FloorWork
  ) throws -> [Tokens] {
    var size = 0
    return try states.map { ways in
      var found: Tokens = []
      for way in ways {
        try work.spend(table[way.next].count + 1)
        found += table[way.next].map { ($0.0, way.probability * $0.1) }
      }
      // In a fixed order: sums have to come out the same every time.
      found.sort { ($0.0, $0.1) < ($1.0, $1.1) }
      let summed = found.reduce(into: Tokens()) { tokens, more in
        if let last = tokens.last, last.0 == more.0 {
          tokens[tokens.count - 1].1 += more.1
        } else {
          tokens.append(more)
        }
      }
      size += summed.count
      try work.hold(size)
      return summed
    }
  }
}
