// SPDX-License-Identifier: MIT
import PassoText

/// The floor of writing down what was cut out of a text.
///
/// Of n words h are hidden in g gaps; every way of laying gaps and text out has the same
/// probability, and there are C(h - 1, g - 1) · C(n - h + 1, g) of them. The answer is written
/// after the text with gaps, the question q, of which everything is seen, its length too. It tells
/// the words of each gap and where each ends, so that question and answer tell the sentence and the
/// layout, and they tell question and answer. By the chain rule
///
///     floor per sentence = H(answer | q) = H(sentence) + E[ln layouts(n)] - H(q)
///
/// over h + g tokens: the hidden words, and the mark that ends each gap. H(q) is the entropy of
/// what a hidden machine emits, whose reader knows neither how many words a gap has nor n.
struct SpanFloor: FloorRule {
  let name = "span"

  let derivation = Bilingual(
    it: "H(frase) + H(dove cadono i buchi) − H(testo bucato): ciò che le parole rimaste non dicono"
      + " di quelle tolte, compreso quante sono",
    en: "H(sentence) + H(where the gaps are) − H(the text with gaps): what the words that are left"
      + " do not tell of those cut out, also how many they are"
  )

  func floor(of language: ToyLanguage, _ work: inout FloorWork) throws -> ObjectiveFloor {
    let lengths = try SentenceLengths(language, &work)
    try lengths.expect(2)
    let layouts = lengths.mean { Double.logarithm(GapLayout(words: $0).ways) }
    let question = try entropyOfQuestion(lengths, &work)
    return ObjectiveFloor(
      perSentence: Oracle(language).entropyPerSentence + layouts - question,
      asked: lengths.mean { words in
        let layout = GapLayout(words: words)
        return Double(layout.hidden + layout.gaps)
      }
    )
  }

  private struct Place: Hashable {
    let layout: GapLayout

    /// Tokens that are left of the sentence, its `<end>` counted.
    let left: Int
    let state: Int
  }

  private typealias Machine = HiddenMachine<Place>

  private static let mark: Int32 = -1
  private static let over: Int32 = -2

  /// H(q), of what is seen of the text with gaps.
  private func entropyOfQuestion(
    _ lengths: SentenceLengths,
    _ work: inout FloorWork
  ) throws -> Double {
    let starts = lengths.words.map { words, probability in
      (Place(layout: GapLayout(words: words), left: words + 1, state: 0), probability)
    }
    let machine = try Machine(
      from: starts.map(\.0),
      wordCount: lengths.wordCount,
      &work
    ) { place, work in try Self.ways(from: place, lengths, &work) }
    return try machine.entropy(from: machine.beliefs(starts), &work)
  }

  private static func ways(
    from place: Place,
    _ lengths: SentenceLengths,
    _ work: inout FloorWork
  ) throws -> [Machine.Way] {
    guard place.left > 0 else { return [] }
    guard place.left > 1 else {
      let end = Place(layout: place.layout, left: 0, state: 0)
      return [Machine.Way(symbol: over, probability: 1, next: end)]
    }
    return try place.layout.next.flatMap { gap, layout -> [Machine.Way] in
      let share = layout.ways / place.layout.ways
      guard share > 0 else { return [] }
      if gap == 0 { return words(place, layout, share, lengths) }
      return try afterGap(of: gap, place, lengths, &work).map { state, probability in
        let next = Place(layout: layout, left: place.left - gap, state: state)
        return Machine.Way(symbol: mark, probability: share * probability, next: next)
      }
    }
  }

  private static func words(
    _ place: Place,
    _ layout: GapLayout,
    _ share: Double,
    _ lengths: SentenceLengths
  ) -> [Machine.Way] {
    lengths.ways(from: place.state, left: place.left).map { way in
      let next = Place(layout: layout, left: place.left - 1, state: way.next)
      return Machine.Way(symbol: Int32(way.token), probability: share * way.probability, next: next)
    }
  }

  /// The states after some words that nobody sees, in a fixed order.
  private static func afterGap(
    of words: Int,
    _ place: Place,
    _ lengths: SentenceLengths,
    _ work: inout FloorWork
  ) throws -> [(state: Int, probability: Double)] {
    var layer = [(state: place.state, probability: 1.0)]
    for step in 0..<words {
      var next: [Int: Double] = [:]
      for (state, probability) in layer {
        let ways = lengths.ways(from: state, left: place.left - step)
        try work.spend(ways.count + 1)
        for way in ways {
          next[way.next, default: 0] += probability * way.probability
        }
      }
      layer = next.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }
    return layer
  }
}

/// What is left of a text that is laid out from left to right in words and gaps.
private struct GapLayout: Hashable {
  /// Words that stay.
  let shown: Int

  /// Gaps to come.
  let gaps: Int

  /// Words that are hidden in them.
  let hidden: Int

  /// Whether a gap may begin here: between two of them a word stays.
  let mayHide: Bool

  /// A whole text of so many words, as `SpanObjective` cuts it.
  init(words: Int) {
    let (hidden, gaps) = SpanObjective.gaps(in: words, atMost: SpanObjective.mostGaps)
    self.init(shown: words - hidden, gaps: gaps, hidden: hidden, mayHide: true)
  }

  private init(shown: Int, gaps: Int, hidden: Int, mayHide: Bool) {
    (self.shown, self.gaps, self.hidden, self.mayHide) = (shown, gaps, hidden, mayHide)
  }

  /// What may come next: a word, as a gap of 0, or a gap of so many words.
  var next: [(gap: Int, layout: GapLayout)] {
    var next: [(Int, GapLayout)] = []
    if shown > 0 {
      next.append((0, GapLayout(shown: shown - 1, gaps: gaps, hidden: hidden, mayHide: true)))
    }
    guard gaps > 0, mayHide, hidden >= gaps else { return next }
    for gap in 1...hidden - gaps + 1 {
      let rest = hidden - gap
      next.append((gap, GapLayout(shown: shown, gaps: gaps - 1, hidden: rest, mayHide: false)))
    }
    return next
  }

  /// In how many ways it can be laid out: gaps share the hidden words, none of them without one,
  /// and stand before, between and after the words that stay, at most one in each place.
  var ways: Double {
    if gaps == 0 { return hidden == 0 ? 1 : 0 }
    let places = shown + (mayHide ? 1 : 0)
    return Self.choices(gaps - 1, of: hidden - 1) * Self.choices(gaps, of: places)
  }

  /// The subsets of so many things.
  private static func choices(_ count: Int, of all: Int) -> Double {
    guard count <= all else { return 0 }
    return (0..<count).reduce(1.0) { $0 * Double(all - $1) / Double($1 + 1) }
  }
}
