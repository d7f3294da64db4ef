// SPDX-License-Identifier: MIT

/// How often a sentence passes through each state, and how long sentences are: computed from the
/// states, once for a language.
struct Visits: Sendable {
  /// The expected number of times that each state is passed through in one sentence.
  let counts: [Double]

  /// The probability of each length up to `rowLength`, the `<end>` counted.
  let lengths: [Int: Double]

  /// The longest sentence, its `<end>` counted; nil if there is no limit.
  let longest: Int?

  /// The shortest sentence, its `<end>` counted.
  let shortest: Int

  /// How many sentences there are; infinity if there is no limit.
  let sentences: Double

  /// Positions in which a sentence stands when models learn from it: the longest sentence, or so
  /// many that at most one word in ten thousand comes after them.
  ///
  /// Longer sentences are cut there. To draw others in their place would teach a model that
  /// sentences end before; a word that is not seen teaches it nothing false.
  let rowLength: Int

  /// More positions than a session keeps every value of.
  static let mostPositions = 1_024

  /// The share of all words that may be cut off.
  private static let lostShare = 1e-4

  /// Computes everything.
  ///
  /// - Throws: `GrammarFault` if sentences are too long, or if states hang together too much.
  init(_ automaton: Automaton) throws(GrammarFault) {
    let states = automaton.states
    let components = Components(count: states.count) { states[$0].map(\.next) }
    let isEndless = components.groups.contains { group in
      group.count > 1 || states[group[0]].contains { $0.next == group[0] }
    }
    longest = isEndless ? nil : Self.along(states, components, of: 0) { ($0.max() ?? -1) + 1 }
    sentences =
      isEndless ? .infinity : Self.along(states, components, of: 1) { $0.reduce(0, +) }
    shortest = Self.shortest(states)
    let layers = Layers(states, most: min(longest ?? .max, Self.mostPositions))
    guard let longest, longest <= Self.mostPositions else {
      counts = try VisitSolver.visits(states, components)
      let all = zip(states, counts).reduce(0) { $0 + ($1.0.isEmpty ? 0 : $1.1) }
      var seen = 0.0
      let enough = layers.going.prefix(Self.mostPositions).firstIndex { share in
        seen += share
        return all - seen <= Self.lostShare * all
      }
      guard let enough else { throw .sentencesTooLong(limit: Self.mostPositions) }
      rowLength = enough + 1
      lengths = layers.ended.filter { $0.key <= enough + 1 }
      return
    }
    (counts, lengths, rowLength) = (layers.counts, layers.ended, longest)
  }

  /// A number of each state, computed from those of the states to which it leads.
  ///
  /// - Parameters:
  ///   - states: Those of the language, in which there is no circle.
  ///   - components: The same, in the order in which they are come to.
  ///   - last: The number of the state in which sentences have ended.
  ///   - number: Makes one of those of the states that follow.
  /// - Returns: The number of the beginning.
  private static func along<Number: Numeric>(
    _ states: [[Automaton.Transition]],
    _ components: Components,
    of last: Number,
    _ number: ([Number]) -> Number
  ) -> Number {
    var numbers = Array(repeating: last, count: states.count)
    for group in components.groups {
      for state in group where !states[state].isEmpty {
        numbers[state] = number(states[state].map { numbers[$0.next] })
      }
    }
    return numbers[0]
  }

  private static func shortest(_ states: [[Automaton.Transition]]) -> Int {
    var seen = Array(repeating: false, count: states.count)
    var layer = [0]
    var length = 0
    while !layer.contains(where: { states[$0].isEmpty }), !layer.isEmpty {
      let next = layer.flatMap { states[$0].map(\.next) }
      layer = []
      for state in next where !seen[state] {
        seen[state] = true
        layer.append(state)
      }
      length += 1
    }
    return length
  }
}

/// What comes of all sentences at once, word by word.
private struct Layers {
  /// The expected number of times that each state was passed through.
  private(set) var counts: [Double]

  /// The probability of each length.
  private(set) var ended: [Int: Double] = [:]

  /// The probability that a sentence has a word at each place, from 0.
  private(set) var going: [Double] = []

  /// Walks through the states, with all the probability at their beginning.
  ///
  /// - Parameters:
  ///   - states: Those of the language.
  ///   - most: Words after which it stops.
  init(_ states: [[Automaton.Transition]], most: Int) {
    counts = Array(repeating: 0, count: states.count)
    var layer = counts
    layer[0] = 1
    for length in 0...most {
      var next = Array(repeating: 0.0, count: states.count)
      var share = 0.0
      // In the order of the states: sums have to come out the same every time.
      for (state, mass) in layer.enumerated() where mass > 0 {
        counts[state] += mass
        if states[state].isEmpty {
          ended[length, default: 0] += mass
        } else {
          share += mass
        }
        for way in states[state] { next[way.next] += mass * way.probability }
      }
      if share == 0 { return }
      going.append(share)
      layer = next
    }
  }
}
