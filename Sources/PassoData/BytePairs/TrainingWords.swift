// SPDX-License-Identifier: MIT

/// The different pieces of a text as tokens, with the counts of their pairs.
///
/// The counts are kept as `tokenizers` keeps them: what a merge takes away is not subtracted from
/// the merged pair itself, which is not looked at again, unless another merge makes the same token.
struct TrainingWords: Sendable {
  private var symbols: [TokenID] = []
  private var starts: [Int] = []
  private var lengths: [Int32] = []
  private var weights: [Int] = []

  // Pairs by number: their keys, their counts, and what merges have taken of them.
  private var numbers = PairTable(capacity: 1 << 12)
  private var keys: [UInt64] = []
  private var pairCounts: [Int] = []
  private var merged: [Int] = []

  // Pairs that have come up since they were last asked for, the words in which each has, and for
  // each pair its place among them, or -1.
  private var fresh: [(number: Int, words: [Int32])] = []
  private var freshPlaces: [Int32] = []

  /// How many tokens all pieces have together, each as often as it comes.
  var tokenCount: Int {
    zip(lengths, weights).reduce(0) { $0 + Int($1.0) * $1.1 }
  }

  init(_ counts: PieceCounts, byteIDs: [TokenID]) {
    weights = counts.counts
    symbols = counts.pieces.all.map { byteIDs[Int($0)] }
    for number in counts.counts.indices {
      let range = counts.pieces.range(number)
      starts.append(range.lowerBound)
      lengths.append(Int32(range.count))
    }
  }

  /// Counts all pairs for the first time.
  mutating func countAll() {
    for word in starts.indices {
      for place in starts[word]..<starts[word] + Int(lengths[word]) - 1 {
        change(symbols[place], symbols[place + 1], by: weights[word], in: word)
      }
    }
  }

  /// Takes the pairs that have come up, each with the words in which it has.
  mutating func takeNew() -> [QueuedPair] {
    let entries = fresh.compactMap { number, words in
      pairCounts[number] > 0
        ? QueuedPair(count: pairCounts[number], key: keys[number], words: words) : nil
    }
    for (number, _) in fresh { freshPlaces[number] = -1 }
    fresh.removeAll(keepingCapacity: true)
    return entries
  }

  /// Brings to the front of a queue the pair that is the most frequent now.
  func settle(_ queue: inout Heap<QueuedPair>) {
    while let top = queue.first {
      let count = pairCounts[Int(numbers[top.key])]
      if top.count == count { return }
      queue.replaceFirst(QueuedPair(count: count, key: top.key, words: top.words))
    }
  }

  /// Merges a pair in the words where it is, and tells by how much the text became shorter.
  mutating func merge(_ entry: QueuedPair, into token: TokenID) -> Int {
    var fewer = 0
    let pair = TokenPair(key: entry.key)
    for word in entry.words { fewer += merge(pair, into: token, in: Int(word)) }
    merged[Int(numbers[entry.key])] += fewer
    return fewer
  }

  private mutating func merge(_ pair: TokenPair, into token: TokenID, in word: Int) -> Int {
    let (start, weight) = (starts[word], weights[word])
    let end = start + Int(lengths[word])
    var (from, to) = (start, start)
    var fewer = 0
    while from < end {
      guard symbols[from] == pair.left, from + 1 < end, symbols[from + 1] == pair.right else {
        symbols[to] = symbols[from]
        (from, to) = (from + 1, to + 1)
        continue
      }
      if to > start {
        change(symbols[to - 1], pair.left, by: -weight, in: word)
        change(symbols[to - 1], token, by: weight, in: word)
      }
      if from + 2 < end {
        change(pair.right, symbols[from + 2], by: -weight, in: word)
        change(token, symbols[from + 2], by: weight, in: word)
      }
      symbols[to] = token
      (from, to) = (from + 2, to + 1)
      fewer += weight
    }
    lengths[word] = Int32(to - start)
    return fewer
  }

  private mutating func change(_ left: TokenID, _ right: TokenID, by change: Int, in word: Int) {
    let key = TokenPair(left, right).key
    var found = numbers[key]
    if found == PairTable.none {
      found = UInt64(keys.count)
      numbers.set(key, found)
      keys.append(key)
      pairCounts.append(0)
      merged.append(0)
      freshPlaces.append(-1)
    }
    let number = Int(found)
    pairCounts[number] += change
    if change > 0 { note(number, Int32(word)) }
  }

  private mutating func note(_ number: Int, _ word: Int32) {
    let place = Int(freshPlaces[number])
    if place < 0 {
      freshPlaces[number] = Int32(fresh.count)
      fresh.append((number, [word]))
    } else if fresh[place].words.last != word {
      fresh[place].words.append(word)
    }
  }

  /// The most frequent pairs as the words are now, of equal ones the lowest ids first.
  func counts(top: Int) -> [BytePairTrainer.Count] {
    var best: [BytePairTrainer.Count] = []
    var least = 0
    for number in keys.indices {
      let count = pairCounts[number] - merged[number]
      guard count > least else { continue }
      best.append(BytePairTrainer.Count(pair: TokenPair(key: keys[number]), count: count))
      guard best.count >= max(64, top * 4) else { continue }
      best = Self.sorted(best, top)
      // Those that are as frequent may still have lower ids.
      least = max(0, (best.last?.count ?? 1) - 1)
    }
    return Self.sorted(best, top)
  }

  private static func sorted(
    _ counts: [BytePairTrainer.Count],
    _ top: Int
  ) -> [BytePairTrainer.Count] {
    Array(counts.sorted { ($1.count, $0.pair) < ($0.count, $1.pair) }.prefix(max(0, top)))
  }
}

/// A pair with its count and the words where it has come up; the most frequent comes first, of
/// equal ones that of the lowest ids.
struct QueuedPair: Sendable, Comparable {
  let count: Int
  let key: UInt64
  let words: [Int32]

  static func < (left: QueuedPair, right: QueuedPair) -> Bool {
    left.count != right.count ? left.count > right.count : left.key < right.key
  }

  static func == (left: QueuedPair, right: QueuedPair) -> Bool {
    left.count == right.count && left.key == right.key
  }
}
