// SPDX-License-Identifier: MIT

/// How often a sentence that may go around in circles passes through each state.
///
/// The states of a circle are taken out one after the other, and what led through them leads past
/// them: a linear system, solved without a single subtraction, so that every number is exact to a
/// few roundings however improbable the way out of a circle is.
///
/// Source: Grassmann, Taksar and Heyman 1985, doi 10.1287/opre.33.5.1107; the bound O'Cinneide
/// 1993, doi 10.1007/BF01385705.
struct VisitSolver {
  /// The states of one circle, in the order of the language; the first is taken out last.
  private let group: [Int]

  /// The probability of a way from each state to each other of the group.
  private var ways: [[Int: Double]]

  /// The states from which there is a way to each.
  private var sources: [Set<Int>]

  /// The probability of each state that the next word leads out of the group.
  private var exits: [Double]

  /// What comes to each state from those before, or has come past states that were taken out.
  private var inflow: [Double]

  /// Of a state that was taken out, the ways to it from those that were there still, and the
  /// probability of leaving it.
  private var taken: [(sources: [(state: Int, probability: Double)], leaving: Double)]

  /// Sums and products that the solver may take, about a second's worth.
  private static let mostWork = 6_000_000

  /// - Returns: The expected number of visits of each state in one sentence.
  /// - Throws: `GrammarFault` if circles hang together too much.
  static func visits(
    _ states: [[Automaton.Transition]],
    _ components: Components
  ) throws(GrammarFault) -> [Double] {
    var visits = Array(repeating: 0.0, count: states.count)
    visits[0] = 1
    var work = mostWork
    // A group comes after all that it leads to.
    for group in components.groups.reversed() {
      if group.count > 1 || states[group[0]].contains(where: { $0.next == group[0] }) {
        var solver = VisitSolver(group, states, inflow: group.map { visits[$0] })
        for (state, count) in zip(group, try solver.solved(&work)) { visits[state] = count }
      }
      for state in group {
        for way in states[state] where components.group[way.next] != components.group[state] {
          visits[way.next] += visits[state] * way.probability
        }
      }
    }
    return visits
  }

  private init(_ group: [Int], _ states: [[Automaton.Transition]], inflow: [Double]) {
    self.group = group
    self.inflow = inflow
    ways = Array(repeating: [:], count: group.count)
    sources = Array(repeating: [], count: group.count)
    exits = Array(repeating: 0, count: group.count)
    taken = Array(repeating: ([], 0), count: group.count)
    let places = Dictionary(uniqueKeysWithValues: zip(group, group.indices))
    for (place, state) in group.enumerated() {
      for way in states[state] {
        if let next = places[way.next] {
          ways[place][next, default: 0] += way.probability
          sources[next].insert(place)
        } else {
          exits[place] += way.probability
        }
      }
    }
  }

  /// The visits of each state of the group.
  private mutating func solved(_ work: inout Int) throws(GrammarFault) -> [Double] {
    for state in group.indices.reversed() { try takeOut(state, &work) }
    var visits = inflow
    for state in group.indices {
      for (source, probability) in taken[state].sources {
        visits[state] += visits[source] * probability
      }
      visits[state] /= taken[state].leaving
    }
    return visits
  }

  private mutating func takeOut(_ state: Int, _ work: inout Int) throws(GrammarFault) {
    let onward = ways[state].filter { $0.key < state }.sorted { $0.key < $1.key }
    let before = sources[state].filter { $0 < state }.sorted()
    work -= (before.count + 1) * (onward.count + 1)
    guard work > 0 else { throw .tooManyWays(limit: Self.mostWork) }
    // Whatever does not stay leaves: the way from a state to itself needs no number.
    let leaving = onward.reduce(exits[state]) { $0 + $1.value }
    for source in before {
      let share = (ways[source][state] ?? 0) / leaving
      for (next, probability) in onward {
        ways[source][next, default: 0] += share * probability
        sources[next].insert(source)
      }
      exits[source] += share * exits[state]
    }
    for (next, probability) in onward { inflow[next] += inflow[state] / leaving * probability }
    taken[state] = (before.map { ($0, ways[$0][state] ?? 0) }, leaving)
  }
}
