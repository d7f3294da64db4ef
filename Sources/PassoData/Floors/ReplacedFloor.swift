// SPDX-License-Identifier: MIT
import PassoText

/// The floor of saying whether a word is the one of the text, or another was put in its place.
///
/// One of n positions, j, is asked; with probability r = 0.5 its word is drawn anew from q, uniform
/// over the W ordinary words, and if that gives the same word it is the original. With t the word
/// in sight and c all others, and n:
///
///     P(original | t, c) = p(t | c) ((1 - r) + r q(t)) / ((1 - r) p(t | c) + r q(t))
///
/// Source: Clark et al. 2020, arXiv:2003.10555, section 2, for the question; the rest is Bayes.
///
/// The floor is the expected entropy of that yes or no, a difference of two entropies, with y the
/// row in sight:
///
///     H(answer | y) = H(answer, y) - H(y)
///
/// Both come of one machine, which tells the answer or does not. From a state s it shows at j each
/// word t that s allows: as the original with p(t | s) (1 - r + r/W), in the place of another one
/// with (1 - p(t | s)) r/W. A word that s does not allow leaves no doubt, and what follows it is of
/// the same entropy in both: there they end.
struct ReplacedFloor: FloorRule {
  let name = "replaced"

  var derivation: Bilingual {
    Bilingual(
      it: "il giudice ideale, con r = 0,5 e q(t) = 1/W: P(originale | t, c) ="
        + " p(t|c)((1−r) + r·q(t)) / ((1−r)·p(t|c) + r·q(t)), dove c sono tutte le altre parole;"
        + " il pavimento è l'entropia media di questo sì o no",
      en: "the ideal judge, with r = 0.5 and q(t) = 1/W: P(original | t, c) ="
        + " p(t|c)((1−r) + r·q(t)) / ((1−r)·p(t|c) + r·q(t)), where c are all other words; the"
        + " floor is the mean entropy of this yes or no"
    )
  }

  func floor(of language: ToyLanguage, _ work: inout FloorWork) throws -> ObjectiveFloor {
    let lengths = try SentenceLengths(language, &work)
    try lengths.expect(1)
    var sum = 0.0
    for (count, probability) in lengths.words {
      let row = JudgedRow(count: count, lengths: lengths)
      for entropy in try row.entropies(&work) { sum += probability / Double(count) * entropy }
    }
    return ObjectiveFloor(perSentence: sum, asked: 1)
  }
}

/// A row of which one word is judged.
private struct JudgedRow {
  /// The words.
  let count: Int

  let lengths: SentenceLengths

  /// What there is at a place, as far as the position is concerned that is judged.
  private enum Part {
    /// It is further on.
    case before
    /// Here, and what stands there is seen.
    case judged
    /// Here, and it is seen whether it is the original too.
    case told
    case after
  }

  private struct Place: Hashable {
    let position: Int
    let state: Int
    let part: Part

    func at(_ part: Part) -> Place { Place(position: position, state: state, part: part) }
  }

  private typealias Machine = HiddenMachine<Place>

  /// A word that no sentence has there.
  private static let impossible: Int32 = -1

  /// For each position that may be judged: H(answer, y) - H(y).
  ///
  /// What is seen before it is the same in both.
  func entropies(_ work: inout FloorWork) throws -> [Double] {
    let start = Place(position: 0, state: 0, part: .before)
    let machine = try Machine(
      from: [start],
      twins: { $0.part == .before ? [$0.at(.judged), $0.at(.told)] : [] },
      wordCount: lengths.wordCount,
      &work,
      ways: { place, _ in ways(from: place) }
    )
    var layer = machine.beliefs([(start, 1)])
    var entropies: [Double] = []
    for _ in 0..<count {
      let told = try machine.entropy(from: machine.moved(layer) { $0.at(.told) }, &work)
      let seen = try machine.entropy(from: machine.moved(layer) { $0.at(.judged) }, &work)
      entropies.append(told - seen)
      _ = try machine.advance(&layer, &work)
    }
    return entropies
  }

  private func ways(from place: Place) -> [Machine.Way] {
    guard place.position < (place.part == .before ? count - 1 : count) else { return [] }
    let words = lengths.ways(from: place.state, left: count + 1 - place.position)
    switch place.part {
    case .judged, .told: return judged(words, at: place)
    case .before, .after:
      return words.map { word in
        let next = Place(position: place.position + 1, state: word.next, part: place.part)
        return Machine.Way(
          symbol: Int32(word.token),
          probability: word.probability,
          next: next
        )
      }
    }
  }

  private func judged(_ words: [Automaton.Transition], at place: Place) -> [Machine.Way] {
    let all = Double(lengths.wordCount)
    let each = ReplacedObjective.share / all
    let end = Place(position: count, state: 0, part: .after)
    return words.flatMap { word in
      let next = Place(position: place.position + 1, state: word.next, part: .after)
      let others = word.probability * each * (all - Double(words.count))
      return [Machine.Way(symbol: Self.impossible, probability: others, next: end)]
        + words.map { shown in
          let isOriginal = shown.token == word.token
          let share = isOriginal ? 1 - ReplacedObjective.share + each : each
          return Machine.Way(
            symbol: 2 * Int32(shown.token) + (place.part == .told && isOriginal ? 1 : 0),
            probability: word.probability * share,
            next: next
          )
        }
    }
  }
}
