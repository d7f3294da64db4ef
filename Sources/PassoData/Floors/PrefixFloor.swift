// SPDX-License-Identifier: MIT
import PassoText

/// The floor of reading a beginning and writing the rest.
///
/// Of N tokens, `<end>` counted, the first t are given, t any of 1 … N - 1 (of a sentence that is
/// `<end>` alone, 0). All positions of the beginning see each other, so that a model can tell t;
/// and t tells something of N, because a short sentence is cut early more often. What is asked is
/// all that follows, and by the chain rule its ideal losses sum to -ln P(rest | beginning, t):
///
///     floor per sentence = H(sentence, t) - H(beginning, t)
///     H(sentence, t) = H(sentence) + E[ln c(N)],   c(N) = max(1, N - 1)
///
/// A beginning w in state s is seen with the probability P(w) g(s, t), where g(s, t) is the sum
/// over N of the probability that the sentence has N tokens, given s after t, divided by c(N). So
/// H(beginning, t) needs, of each state and place, the sums of P(w) and of P(w) ln P(w).
struct PrefixFloor: FloorRule {
  let name = "prefix"

  let derivation = Bilingual(
    it: "H(frase, taglio) − H(inizio, taglio): ciò che resta da indovinare quando l'inizio e la sua"
      + " lunghezza sono noti, e il taglio può cadere dopo ogni parola con la stessa probabilità",
    en: "H(sentence, cut) − H(beginning, cut): what is left to guess when the beginning and its"
      + " length are known, and the cut falls after any word with the same probability"
  )

  /// How many cuts a sentence of so many tokens has.
  private static func cuts(_ tokens: Int) -> Double { Double(max(1, tokens - 1)) }

  func floor(of language: ToyLanguage, _ work: inout FloorWork) throws -> ObjectiveFloor {
    let lengths = try SentenceLengths(language, &work)
    let whole =
      Oracle(language).entropyPerSentence
      + lengths.mean { Double.logarithm(Self.cuts($0 + 1)) }
    let beginning = try entropyOfBeginnings(language.automaton.states, lengths, &work)
    return ObjectiveFloor(
      perSentence: whole - beginning,
      asked: lengths.mean { $0 == 0 ? 1 : Double($0 + 1) / 2 }
    )
  }

  private func entropyOfBeginnings(
    _ states: [[Automaton.Transition]],
    _ lengths: SentenceLengths,
    _ work: inout FloorWork
  ) throws -> Double {
    // Of all beginnings of so many tokens, by state: the sums of P and of P ln P.
    var layer = Array(repeating: (mass: 0.0, logs: 0.0), count: states.count)
    layer[0].mass = 1
    var entropy = 0.0
    for given in 0..<lengths.longest {
      try work.spend(states.count * (lengths.longest - given))
      var next = Array(repeating: (mass: 0.0, logs: 0.0), count: states.count)
      for (state, sums) in layer.enumerated() where sums.mass > 0 {
        let share = Self.share(of: given, state, lengths)
        if share > 0 { entropy -= share * (sums.logs + sums.mass * Double.logarithm(share)) }
        for way in states[state] {
          let mass = sums.mass * way.probability
          next[way.next].mass += mass
          next[way.next].logs +=
            sums.logs * way.probability + mass * Double.logarithm(way.probability)
        }
      }
      layer = next
    }
    return entropy
  }

  /// How probably a sentence that is in a state after so many tokens is cut there.
  private static func share(of given: Int, _ state: Int, _ lengths: SentenceLengths) -> Double {
    // Before the first word only a sentence without words is cut.
    let longest = given == 0 ? 1 : lengths.longest - given
    guard longest > 0 else { return 0 }
    return (1...longest).reduce(0) { sum, left in
      sum + lengths.end(after: left, in: state) / cuts(given + left)
    }
  }
}
