// SPDX-License-Identifier: MIT
import PassoText

/// The floor of finding hidden words again.
///
/// Of n words c are chosen, every subset of so many with the same probability, and what the model
/// sees, y, is the row with these covered; or covered with 0.8, any word with 0.1 and themselves
/// with 0.1. It sees n too, because its positions are as many. The loss of a chosen position j is
/// that of the word x[j] alone, and counts only where j was chosen, so that no model is better than
/// P(x[j] | y, j chosen). With j any of the n positions:
///
///     floor per sentence = E over n of c(n) · mean over j of H(x[j] | y, n, j chosen)
///     H(x[j] | y, n, j chosen) = H(x[j], y | n, j chosen) - H(y | n, j chosen)
///
/// Both are entropies of what a hidden machine emits, whose nodes are a state of the language and
/// how many of the other c - 1 were chosen before. What stands at j itself depends on x[j] alone.
struct MaskedFloor: FloorRule {
  /// Whether every chosen word is covered.
  let covers: Bool

  var name: String { covers ? "masked always" : "masked" }

  var derivation: Bilingual {
    covers
      ? Bilingual(
        it: "media, su quante parole ha la frase e su quali sono coperte, dell'entropia di una"
          + " parola coperta date tutte quelle in vista, prima e dopo: H(x[j] | viste, n)",
        en: "the mean, over how many words a sentence has and which are covered, of the entropy of"
          + " a covered word given all that are in sight, before and after: H(x[j] | seen, n)"
      )
      : Bilingual(
        it: "media di H(x[j] | riga vista, n, j scelta): le parole chieste sono coperte all'80 %,"
          + " sostituite da una parola a caso al 10 %, e intatte al 10 %; il giudice ideale pesa"
          + " tutte le possibilità, anche che le altre parole in vista siano false",
        en: "the mean of H(x[j] | the row seen, n, j chosen): of the words asked 80 % are covered,"
          + " 10 % replaced by a random word, 10 % left; an ideal judge weighs all possibilities,"
          + " also that other words in sight are wrong"
      )
  }

  func floor(of language: ToyLanguage, _ work: inout FloorWork) throws -> ObjectiveFloor {
    let lengths = try SentenceLengths(language, &work)
    try lengths.expect(1)
    let ofSeen = covers ? 0 : Self.entropyOfSeen(lengths.wordCount)
    var sum = 0.0
    for (count, probability) in lengths.words {
      let chosen = MaskedObjective.chosen(of: count)
      let text = NoisyText(count: count, chosen: chosen, covers: covers, lengths: lengths)
      let each = probability * Double(chosen) / Double(count)
      for entropy in try text.entropies(&work) { sum += each * (entropy + ofSeen) }
    }
    return ObjectiveFloor(
      perSentence: sum,
      asked: lengths.mean { Double(MaskedObjective.chosen(of: $0)) }
    )
  }

  /// The entropy of what stands in a chosen place when its word is known: 80/10/10.
  private static func entropyOfSeen(_ wordCount: Int) -> Double {
    let other = NoisyText.replaced / Double(wordCount)
    let same = NoisyText.kept + other
    return -NoisyText.covered * Double.logarithm(NoisyText.covered)
      - same * Double.logarithm(same)
      - Double(wordCount - 1) * other * Double.logarithm(other)
  }
}

/// A row of which some words were chosen, one of them for certain: that which is asked.
private struct NoisyText {
  static let covered = 0.8
  static let replaced = 0.1
  static let kept = 0.1

  private static let mask: Int32 = -1

  /// The words.
  let count: Int

  /// How many of them were chosen.
  let chosen: Int

  /// Whether those that were chosen are covered, all of them.
  let covers: Bool

  let lengths: SentenceLengths

  /// What there is at a place, as far as the position is concerned that is asked.
  private enum Part {
    /// It is further on.
    case before
    /// Here, and what stands there is seen.
    case asked
    /// Here, and it is seen which word it is.
    case told
    case after
  }

  private struct Place: Hashable {
    let position: Int
    let state: Int

    /// The positions before that were chosen, without the one that is asked.
    let used: Int
    let part: Part

    func at(_ part: Part) -> Place {
      Place(position: position, state: state, used: used, part: part)
    }
  }

  private typealias Machine = HiddenMachine<Place>

  /// For each position that may be asked: H(x[j], y) - H(y), but for what stands at j where the
  /// word there is told.
  ///
  /// What is seen before j is the same in both, and for all later j too.
  func entropies(_ work: inout FloorWork) throws -> [Double] {
    let start = Place(position: 0, state: 0, used: 0, part: .before)
    let machine = try machine(from: start, &work)
    var layer = machine.beliefs([(start, 1)])
    var entropies: [Double] = []
    for _ in 0..<count {
      func entropy(_ part: Part) throws -> Double {
        try machine.entropy(from: machine.moved(layer) { $0.at(part) }, &work)
      }
      entropies.append(try entropy(.told) - entropy(.asked))
      _ = try machine.advance(&layer, &work)
    }
    return entropies
  }

  private func machine(from start: Place, _ work: inout FloorWork) throws -> Machine {
    try Machine(
      from: [start],
      twins: { $0.part == .before ? [$0.at(.asked), $0.at(.told)] : [] },
      wordCount: lengths.wordCount,
      &work,
      ways: { place, _ in ways(from: place) }
    )
  }

  private func ways(from place: Place) -> [Machine.Way] {
    // Where nothing was asked yet the last position has to be.
    let end = place.part == .before ? count - 1 : count
    guard place.position < end else { return [] }
    let words = lengths.ways(from: place.state, left: count + 1 - place.position)
    return words.flatMap { word -> [Machine.Way] in
      func next(_ used: Int) -> Place {
        let part: Part = place.part == .before ? .before : .after
        return Place(position: place.position + 1, state: word.next, used: used, part: part)
      }
      switch place.part {
      case .asked: return seen(word, share: 1, next(place.used))
      case .told:
        let symbol = Int32(word.token)
        return [Machine.Way(symbol: symbol, probability: word.probability, next: next(place.used))]
      case .before, .after:
        // All positions that are left, but for the one that is asked.
        let share = Double(chosen - 1 - place.used) / Double(end - place.position)
        let clean = word.probability * (1 - share)
        let isClean = Machine.Way(
          symbol: Int32(word.token),
          probability: clean,
          next: next(place.used)
        )
        return (share < 1 ? [isClean] : [])
          + (share > 0 ? seen(word, share: share, next(place.used + 1)) : [])
      }
    }
  }

  /// What may stand in a place that was chosen.
  private func seen(
    _ word: Automaton.Transition,
    share: Double,
    _ next: Place
  ) -> [Machine.Way] {
    let all = word.probability * share
    if covers { return [Machine.Way(symbol: Self.mask, probability: all, next: next)] }
    return [
      Machine.Way(symbol: Self.mask, probability: all * Self.covered, next: next),
      Machine.Way(symbol: Machine.anyWord, probability: all * Self.replaced, next: next),
      Machine.Way(symbol: Int32(word.token), probability: all * Self.kept, next: next),
    ]
  }
}
