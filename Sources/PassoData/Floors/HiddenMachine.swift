// SPDX-License-Identifier: MIT

/// A source of symbols whose state nobody sees: a text that is read with gaps, or with wrong words.
///
/// In each place some symbols may come, and one symbol may lead to several places. Who reads knows
/// of the place only how probable each one is, his *belief*, and that is all that matters for what
/// comes. Where everything is seen a belief is a single place; after a gap it is several, and soon
/// a single one again, because in a toy language the words tell the state.
///
/// A floor knows places by keys of its own.
struct HiddenMachine<Key: Hashable> {
  /// A symbol that may come, and where it leads.
  struct Way {
    /// The id of a word; less than 0 for what is no word, and `anyWord`.
    let symbol: Int32
    let probability: Double
    let next: Key
  }

  /// One of all ordinary words, each with the same probability.
  static var anyWord: Int32 { Int32.min }

  /// The same between places by number; also what of it a belief makes.
  private struct Link {
    let symbol: Int32
    let probability: Double
    let next: Int32
  }

  private var numbers: [Key: Int32] = [:]
  private var keys: [Key] = []

  /// What may come in each place; a place without links is an end.
  private var links: [[Link]] = []

  /// The ordinary words, of which one comes where `anyWord` does.
  private let wordCount: Int

  /// Follows places through everything that they lead to.
  ///
  /// - Parameters:
  ///   - starts: The places from which all others are come to.
  ///   - twins: Places to which beliefs are moved from a place.
  ///   - wordCount: The ordinary words.
  ///   - work: How much may be done.
  ///   - ways: What may come in a place; none where it ends.
  /// - Throws: `FloorProblem.tooLarge` or `Interrupted`.
  init(
    from starts: [Key],
    twins: (Key) -> [Key] = { _ in [] },
    wordCount: Int,
    _ work: inout FloorWork,
    ways: (Key, inout FloorWork) throws -> [Way]
  ) throws {
    self.wordCount = wordCount
    for start in starts { _ = number(start) }
    var size = 0
    while links.count < keys.count {
      for twin in twins(keys[links.count]) { _ = number(twin) }
      let found = try ways(keys[links.count], &work).map { way in
        Link(symbol: way.symbol, probability: way.probability, next: number(way.next))
      }
      links.append(found)
      size += found.count + 1
      try work.spend(found.count + 1)
      try work.hold(size)
    }
  }

  private mutating func number(_ key: Key) -> Int32 {
    if let number = numbers[key] { return number }
    let number = Int32(keys.count)
    numbers[key] = number
    keys.append(key)
    return number
  }
}

// MARK: - Entropy

extension HiddenMachine {
  /// The entropy of all that is seen until the end.
  ///
  /// By the chain rule it is the sum, over all places, of the expected entropy of the next symbol
  /// given those before, which is that of the belief. Beliefs that are the same are followed
  /// together: their number decides how long it takes, not that of the texts.
  ///
  /// - Parameters:
  ///   - start: What is believed before anything is seen, one belief or many.
  ///   - work: How much may be done.
  /// - Returns: The entropy, in nats.
  /// - Throws: `FloorProblem.tooLarge` or `Interrupted`.
  func entropy(from start: Beliefs, _ work: inout FloorWork) throws -> Double {
    var layer = start
    var entropy = 0.0
    while !layer.entries.isEmpty { entropy += try advance(&layer, &work) }
    return entropy
  }

  /// Goes on by one symbol.
  ///
  /// - Returns: The entropy of the symbol that comes.
  func advance(_ layer: inout Beliefs, _ work: inout FloorWork) throws -> Double {
    var next = Beliefs()
    var entropy = 0.0
    for entry in layer.entries {
      entropy += entry.mass * (try step(from: entry, into: &next, &work))
      try work.hold(next.size)
    }
    layer = next
    return entropy
  }

  /// One belief.
  func beliefs(_ places: [(key: Key, probability: Double)]) -> Beliefs {
    var beliefs = Beliefs()
    let all = places.compactMap { key, probability in
      numbers[key].map { Beliefs.Possibility(place: $0, weight: probability) }
    }
    beliefs.add(all.sorted { $0.place < $1.place }, weighing: 1, mass: 1)
    return beliefs
  }

  /// The same beliefs in other places.
  func moved(_ beliefs: Beliefs, to place: (Key) -> Key) -> Beliefs {
    var moved = Beliefs()
    for entry in beliefs.entries {
      let belief = entry.belief.compactMap { part in
        numbers[place(keys[Int(part.place)])].map {
          Beliefs.Possibility(place: $0, weight: part.weight)
        }
      }
      moved.add(belief.sorted { $0.place < $1.place }, weighing: 1, mass: entry.mass)
    }
    return moved
  }

  /// Adds the beliefs that may follow one to the next layer.
  ///
  /// - Returns: The entropy of the symbol that comes.
  private func step(
    from entry: Beliefs.Entry,
    into next: inout Beliefs,
    _ work: inout FloorWork
  ) throws -> Double {
    let seen = seen(from: entry.belief)
    var place = 0
    var entropy = 0.0
    func group(onto share: [Beliefs.Possibility] = []) -> [Beliefs.Possibility] {
      let end = seen[place...].firstIndex { $0.symbol != seen[place].symbol } ?? seen.count
      defer { place = end }
      return Self.merged(seen[place..<end], share)
    }
    func see(_ belief: [Beliefs.Possibility], times count: Int) {
      let probability = belief.reduce(0) { $0 + $1.weight }
      guard probability > 0 else { return }
      entropy -= Double(count) * probability * Double.logarithm(probability)
      next.add(belief, weighing: probability, mass: entry.mass * Double(count) * probability)
    }
    // The least of all symbols.
    var share = seen.first?.symbol == Self.anyWord ? group() : []
    for index in share.indices { share[index].weight /= Double(wordCount) }
    try work.spend(seen.count + seen.count * share.count / 4 + 1)
    var others = wordCount
    while place < seen.count {
      let isWord = seen[place].symbol >= 0
      others -= isWord ? 1 : 0
      see(group(onto: isWord ? share : []), times: 1)
    }
    // Words that could come by chance only: all of them say the same.
    if others > 0 { see(share, times: others) }
    return entropy
  }

  /// Every way from a belief, in a fixed order: sums have to come out the same every time.
  private func seen(from belief: [Beliefs.Possibility]) -> [Link] {
    var seen: [Link] = []
    seen.reserveCapacity(belief.reduce(0) { $0 + links[Int($1.place)].count })
    for part in belief {
      for way in links[Int(part.place)] {
        let weight = part.weight * way.probability
        seen.append(Link(symbol: way.symbol, probability: weight, next: way.next))
      }
    }
    seen.sort { ($0.symbol, $0.next) < ($1.symbol, $1.next) }
    return seen
  }

  /// The places to which ways lead, with others, in their order.
  private static func merged(
    _ ways: ArraySlice<Link>,
    _ others: [Beliefs.Possibility]
  ) -> [Beliefs.Possibility] {
    var merged: [Beliefs.Possibility] = []
    merged.reserveCapacity(ways.count + others.count)
    func add(_ place: Int32, _ weight: Double) {
      if let last = merged.indices.last, merged[last].place == place {
        merged[last].weight += weight
      } else {
        merged.append(Beliefs.Possibility(place: place, weight: weight))
      }
    }
    var next = 0
    for way in ways {
      while next < others.count, others[next].place < way.next {
        add(others[next].place, others[next].weight)
        next += 1
      }
      add(way.next, way.probability)
    }
    for other in others[next...] { add(other.place, other.weight) }
    return merged
  }
}

/// What may be believed after so many symbols, and how probable it is that one comes to believe it.
struct Beliefs {
  /// One of the places in which a machine may be, by number.
  struct Possibility {
    let place: Int32
    var weight: Double
  }

  struct Entry {
    /// In the order of the places; it weighs 1.
    let belief: [Possibility]
    var mass: Double
  }

  /// In the order in which they were found.
  private(set) var entries: [Entry] = []

  private var places: [[UInt64]: Int] = [:]

  /// How much is kept, in what a possibility takes.
  private(set) var size = 0

  /// - Parameters:
  ///   - belief: In the order of the places.
  ///   - whole: What it weighs.
  ///   - mass: How probable it is that one comes to believe it.
  mutating func add(_ belief: [Possibility], weighing whole: Double, mass: Double) {
    var belief = belief
    var key: [UInt64] = []
    key.reserveCapacity(2 * belief.count)
    for index in belief.indices {
      belief[index].weight /= whole
      key.append(UInt64(UInt32(bitPattern: belief[index].place)))
      key.append(Self.rounded(belief[index].weight))
    }
    if let place = places[key] {
      entries[place].mass += mass
      return
    }
    places[key] = entries.count
    entries.append(Entry(belief: belief, mass: mass))
    // Its place in the lists counts too.
    size += belief.count + 4
  }

  /// A weight without its last 10 bits: what was computed in another order is the same belief.
  private static func rounded(_ weight: Double) -> UInt64 { (weight.bitPattern &+ 512) >> 10 }
}
