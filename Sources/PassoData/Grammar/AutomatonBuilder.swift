// SPDX-License-Identifier: MIT

/// Makes a machine of a grammar, in which no word leads to two states.
///
/// Where two alternatives begin with the same word the words so far do not tell which was taken: a
/// state is a list of what may still come, each with the probability that it is that. States are
/// the same if what may still come is, and the probabilities are up to rounding.
///
/// Source: weighted determinization, Mohri 1997, Computational Linguistics 23 (2), section 3.
struct AutomatonBuilder {
  /// What may still come, as the number of a list; 0 is nothing more.
  fileprivate typealias Rest = Int

  /// The first of what may still come, and what comes after it.
  private struct Link: Hashable {
    let first: Grammar.Symbol
    let rest: Rest
  }

  fileprivate struct Possibility {
    let rest: Rest
    let probability: Double
  }

  /// What was found behind a word.
  fileprivate struct Found {
    var probability = 0.0
    var rests: [Rest: Double] = [:]
  }

  private let grammar: Grammar
  private var links: [Link] = []
  private var numbers: [Link: Rest] = [:]
  private var known: [[UInt64]: Int] = [:]
  private var waiting: [[Possibility]] = []

  /// With so many states the figures of a language take about a second.
  static let mostStates = 20_000

  /// Ten words in each state, on average.
  private static let mostTransitions = 200_000

  /// Symbols that are looked at, about a second's worth: a few rules may ask for any number.
  private var work = mostWork
  private static let mostWork = 2_000_000

  init(_ grammar: Grammar, end: TokenID) {
    self.grammar = grammar
    let sentence = add([.rule(grammar.start), .word(end)], before: 0)
    _ = number(of: [Possibility(rest: sentence, probability: 1)])
  }

  /// All states, in the order in which they are come to.
  ///
  /// - Throws: `GrammarFault` if they are too many.
  mutating func states() throws(GrammarFault) -> [[Automaton.Transition]] {
    var states: [[Automaton.Transition]] = []
    var count = 0
    while states.count < waiting.count {
      let found = try transitions(from: waiting[states.count])
      count += found.count
      guard waiting.count <= Self.mostStates else {
        throw .tooManyStates(limit: Self.mostStates)
      }
      guard count <= Self.mostTransitions else {
        throw .tooManyWays(limit: Self.mostTransitions)
      }
      states.append(found)
    }
    return states
  }

  /// Every word that may come, in the order of the rules, and what may come after it.
  private mutating func transitions(
    from state: [Possibility]
  ) throws(GrammarFault) -> [Automaton.Transition] {
    var order: [TokenID] = []
    var found: [TokenID: Found] = [:]
    var open: [Possibility] = state.reversed()
    while let next = open.popLast() {
      work -= 1
      guard next.rest != 0 else { continue }
      let link = links[next.rest - 1]
      switch link.first {
      case .nothing: open.append(Possibility(rest: link.rest, probability: next.probability))
      case .word(let token):
        if found[token] == nil { order.append(token) }
        found[token, default: Found()].probability += next.probability
        found[token, default: Found()].rests[link.rest, default: 0] += next.probability
      case .rule(let rule):
        for alternative in grammar.rules[rule].alternatives.reversed() {
          work -= alternative.symbols.count
          open.append(
            Possibility(
              rest: add(alternative.symbols, before: link.rest),
              probability: next.probability * alternative.probability
            )
          )
        }
      }
      guard work > 0 else { throw .tooManyWays(limit: Self.mostWork) }
    }
    var transitions: [Automaton.Transition] = []
    for token in order {
      let behind = found[token] ?? Found()
      guard behind.probability >= Self.leastProbability else {
        throw .tooImprobable(grammar.word(token))
      }
      transitions.append(
        .init(token: token, probability: behind.probability, next: number(of: behind.possibilities))
      )
    }
    return transitions
  }

  /// Less is not a number of full precision.
  private static let leastProbability = 1e-300

  /// What comes, and then the rest.
  private mutating func add(_ symbols: [Grammar.Symbol], before rest: Rest) -> Rest {
    symbols.reversed().reduce(rest) { rest, symbol in
      let link = Link(first: symbol, rest: rest)
      if let number = numbers[link] { return number }
      links.append(link)
      numbers[link] = links.count
      return links.count
    }
  }

  /// The number of a state, which waits to be looked at if it is new.
  private mutating func number(of state: [Possibility]) -> Int {
    let key = state.flatMap { [UInt64($0.rest), Self.rounded($0.probability)] }
    if let number = known[key] { return number }
    known[key] = waiting.count
    waiting.append(state)
    return waiting.count - 1
  }

  /// A probability without its last 8 bits: what is computed in another order comes out the same.
  ///
  /// Below 2^-60 all are one: what is left of them is less than the rounding of everything else.
  private static func rounded(_ probability: Double) -> UInt64 {
    probability < 0x1p-60 ? 0 : (probability.bitPattern &+ 128) >> 8
  }
}

extension AutomatonBuilder.Found {
  /// What may still come, in a fixed order, with probabilities that sum to 1.
  fileprivate var possibilities: [AutomatonBuilder.Possibility] {
    let sorted = rests.sorted { $0.key < $1.key }
    let sum = sorted.reduce(0) { $0 + $1.value }
    return sorted.map { AutomatonBuilder.Possibility(rest: $0.key, probability: $0.value / sum) }
  }
}

extension Grammar {
  /// A word by its id.
  func word(_ token: TokenID) -> String {
    let index = Int(token) - Self.firstWord
    return words.indices.contains(index) ? words[index] : SpecialToken.end.rawValue
  }
}
