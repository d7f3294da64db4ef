// SPDX-License-Identifier: MIT

/// Looks for windows and whole texts of the kept part in the part that is learned from.
///
/// What is looked for lies in a table of bounded size, an evenly spaced sample if there is more;
/// the other part passes by once with a rolling fingerprint. Whatever seems to match is compared
/// token by token.
/// Source: Karp and Rabin 1987, doi 10.1147/rd.312.0249; windows of 13 tokens: Brown et al. 2020,
/// arXiv 2005.14165, appendix C.
struct OverlapCheck {
  /// The longest window; a short text is looked at in shorter ones.
  static let longest = 13

  private let kept: any TokenStore
  private let other: any TokenStore
  private let start: Int32?
  private let length: Int
  private var windows: RunTable
  private var texts: RunTable
  private var report = OverlapReport()

  /// Prepares a check.
  ///
  /// - Parameters:
  ///   - kept: What is kept for tests.
  ///   - other: What is learned from.
  ///   - start: The token before each text; without one only windows are looked for.
  ///   - limit: The most windows, and the most texts, that are looked for.
  init(_ kept: any TokenStore, in other: any TokenStore, start: Int32?, limit: Int = 1 << 18) {
    self.kept = kept
    self.other = other
    self.start = start
    length = min(Self.longest, max(3, kept.count / 8), kept.count)
    let all = kept.count - length + 1
    windows = RunTable(limit: limit, step: (all + limit - 1) / limit)
    texts = RunTable(limit: limit, step: 1)
  }

  /// Compares; nil if it was told to stop.
  mutating func run(unless shouldStop: () -> Bool) -> OverlapReport? {
    guard length > 0, collect(unless: shouldStop) else { return nil }
    report.length = length
    report.windows = windows.total
    report.documents = texts.total
    report.isSampled = windows.step > 1 || texts.step > 1
    guard search(unless: shouldStop) else { return nil }
    if let first = windows.found.min(by: { $0.lowerBound < $1.lowerBound }) {
      report.example = kept.tokens(first)
    }
    report.found = windows.foundTotal
    report.duplicates = texts.foundTotal
    return report
  }

  /// Puts what is looked for into the tables.
  private mutating func collect(unless shouldStop: () -> Bool) -> Bool {
    let scanner = RunScanner(tokens: kept, length: length, start: start)
    return scanner.scan(
      unless: shouldStop,
      until: { false },
      onWindow: { windows.insert($0, $1, in: kept) },
      onText: { texts.insert($0, $1, in: kept) }
    )
  }

  private mutating func search(unless shouldStop: () -> Bool) -> Bool {
    let scanner = RunScanner(tokens: other, length: length, start: start)
    return scanner.scan(
      unless: shouldStop,
      // A text that stands in the other as a whole is soon found.
      until: { windows.missing + texts.missing == 0 },
      onWindow: { if windows.mayHave($0) { windows.look(for: $0, $1, of: other, in: kept) } },
      onText: { if texts.mayHave($0) { texts.look(for: $0, $1, of: other, in: kept) } }
    )
  }
}

/// Goes over tokens once and gives the fingerprint of every window and of every text.
private struct RunScanner {
  private static let base: UInt64 = 0x9E37_79B9_7F4A_7C15

  /// Tokens that are looked at between two questions whether to stop.
  private static let step = 1 << 20

  let tokens: any TokenStore
  let length: Int
  let start: Int32?

  /// Scans everything, or until it is enough; false if it was told to stop.
  func scan(
    unless shouldStop: () -> Bool,
    until isEnough: () -> Bool,
    onWindow: (UInt64, Range<Int>) -> Void,
    onText: (UInt64, Range<Int>) -> Void
  ) -> Bool {
    let leaving = (0..<length).reduce(UInt64(1)) { power, _ in power &* Self.base }
    var (window, text, textStart) = (UInt64(0), UInt64(0), 0)
    var buffer: [Int32] = []
    for begin in stride(from: 0, to: tokens.count, by: Self.step) {
      if shouldStop() { return false }
      if isEnough() { return true }
      // The window before goes along: its tokens leave one by one.
      let first = max(0, begin - length)
      let end = min(begin + Self.step, tokens.count)
      buffer.removeAll(keepingCapacity: true)
      tokens.append(first..<end, to: &buffer)
      for place in begin..<end {
        let token = buffer[place - first]
        let word = UInt64(truncatingIfNeeded: token) &+ 1
        window = window &* Self.base &+ word
        if place >= length {
          let old = UInt64(truncatingIfNeeded: buffer[place - first - length]) &+ 1
          window = window &- old &* leaving
        }
        if place + 1 >= length { onWindow(window, place + 1 - length..<place + 1) }
        if token == start {
          if textStart < place { onText(text, textStart..<place) }
          (text, textStart) = (0, place + 1)
        } else {
          text = text &* Self.base &+ word
        }
      }
    }
    if start != nil, textStart < tokens.count { onText(text, textStart..<tokens.count) }
    return true
  }
}

/// A bounded table of runs of tokens, by their fingerprints.
private struct RunTable {
  private let limit: Int

  /// Only every so many runs are in the table.
  private(set) var step: Int

  private var seen = 0
  private var runs: [Run] = []

  private struct Run {
    let place: Range<Int>
    let hash: UInt64

    /// How many runs have the same tokens, itself among them.
    var weight = 1
    var isFound = false
  }

  /// Runs of the table that were not found.
  private(set) var missing = 0

  /// The number of a run and 1, at its place or after it; 0 where nothing is.
  private var slots: [Int32]

  /// A bit for some fingerprints each: most runs that are not in the table are known by theirs,
  /// without a look at the table, which no cache of a processor holds.
  private var filter: [UInt64]

  private static let filterBits: UInt64 = 22

  init(limit: Int, step: Int) {
    self.limit = limit
    self.step = max(1, step)
    slots = [Int32](repeating: 0, count: 1 << 10)
    filter = [UInt64](repeating: 0, count: 1 << (Self.filterBits - 6))
  }

  /// Runs that were taken into the table.
  var total: Int { runs.reduce(0) { $0 + $1.weight } }
  var foundTotal: Int { runs.reduce(0) { $0 + ($1.isFound ? $1.weight : 0) } }

  /// The runs that were found, each one once.
  var found: [Range<Int>] { runs.filter(\.isFound).map(\.place) }

  mutating func insert(_ hash: UInt64, _ run: Range<Int>, in tokens: any TokenStore) {
    defer { seen += 1 }
    guard seen.isMultiple(of: step) else { return }
    if runs.count == limit { thin() }
    guard seen.isMultiple(of: step) else { return }
    if let same = number(hash, run, of: tokens, in: tokens) {
      runs[same].weight += 1
      return
    }
    runs.append(Run(place: run, hash: hash))
    missing += 1
    let bit = Self.bit(hash)
    filter[bit >> 6] |= 1 << UInt64(bit & 63)
    if runs.count * 2 > slots.count { rebuild(slots.count * 2) } else { place(runs.count - 1) }
  }

  /// Keeps every second run, when nobody knew how many there would be.
  private mutating func thin() {
    step *= 2
    runs = stride(from: 0, to: runs.count, by: 2).map { runs[$0] }
    missing = runs.count
    rebuild(slots.count)
  }

  /// Whether a run with this fingerprint can be in the table.
  func mayHave(_ hash: UInt64) -> Bool {
    let bit = Self.bit(hash)
    return filter[bit >> 6] >> UInt64(bit & 63) & 1 == 1
  }

  /// Notes that a run stands in the other part, if it is one of the table.
  mutating func look(
    for hash: UInt64,
    _ run: Range<Int>,
    of tokens: any TokenStore,
    in kept: any TokenStore
  ) {
    guard let number = number(hash, run, of: tokens, in: kept), !runs[number].isFound else {
      return
    }
    runs[number].isFound = true
    missing -= 1
  }

  /// The run of the table with the same tokens; one that was found already is not compared again.
  private func number(
    _ hash: UInt64,
    _ run: Range<Int>,
    of tokens: any TokenStore,
    in kept: any TokenStore
  ) -> Int? {
    var slot = slot(hash)
    while slots[slot] != 0 {
      let number = Int(slots[slot]) - 1
      if runs[number].hash == hash, runs[number].place.count == run.count,
        runs[number].isFound || kept.matches(runs[number].place, tokens, run)
      {
        return number
      }
      slot = (slot + 1) & (slots.count - 1)
    }
    return nil
  }

  private mutating func rebuild(_ size: Int) {
    slots = [Int32](repeating: 0, count: size)
    for number in runs.indices { place(number) }
  }

  private mutating func place(_ number: Int) {
    var slot = slot(runs[number].hash)
    while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
    slots[slot] = Int32(number + 1)
  }

  private func slot(_ hash: UInt64) -> Int {
    Int(truncatingIfNeeded: Self.mixed(hash) >> 24) & (slots.count - 1)
  }

  private static func bit(_ hash: UInt64) -> Int {
    Int(truncatingIfNeeded: mixed(hash) >> (64 - filterBits))
  }

  private static func mixed(_ hash: UInt64) -> UInt64 {
    (hash ^ hash >> 32) &* 0xD6E8_FEB8_6659_FD93
  }
}
