// SPDX-License-Identifier: MIT

import PassoRuntime
import PassoText

/// The least loss that any model can have under an objective, on fresh sentences of a toy language.
package struct ObjectiveFloor: Hashable, Sendable {
  /// The expected sum of the losses of all that is asked of one sentence, in nats.
  package let perSentence: Double

  /// The expected weight of all that is asked of one sentence: the number of its targets, where all
  /// weigh 1.
  package let asked: Double

  /// The loss as training shows it, in nats per token asked: pooled over all sentences.
  package var perToken: Double { asked > 0 ? perSentence / asked : 0 }
}

/// How the floor of one objective follows from the probabilities of a language.
///
/// Adding one is adding a file with a type, and a line in `Floors`.
package protocol FloorRule: Sendable {
  /// What chooses the objective, as it is typed: `ahead 2`.
  var name: String { get }

  /// How the number comes about, for a person.
  var derivation: Bilingual { get }

  /// Computes the floor from the states of a language, never by sampling.
  ///
  /// - Throws: `FloorProblem` if there is no exact number, or `Interrupted`.
  func floor(of language: ToyLanguage, _ work: inout FloorWork) throws -> ObjectiveFloor
}

extension FloorRule {
  /// The floor of a language.
  ///
  /// - Throws: `FloorProblem` if there is no exact number, or `Interrupted`.
  package func floor(of language: ToyLanguage) throws -> ObjectiveFloor {
    var work = FloorWork()
    return try floor(of: language, &work)
  }
}

/// The floors that are known.
package enum Floors {
  /// One for each objective, in the order in which they are shown.
  package static let all: [any FloorRule] = [
    AheadFloor(distance: 1), AheadFloor(distance: 2), AheadFloor(distance: 3), PrefixFloor(),
    SpanFloor(), MiddleFloor(), AnyOrderFloor(), MaskedFloor(covers: false),
    MaskedFloor(covers: true), ReplacedFloor(),
  ]

  /// The names of the objectives that have one, without what may follow them.
  package static let names = [
    "causal", "ahead", "prefix", "span", "middle", "any-order", "masked", "replaced",
  ]

  /// The floor of an objective as it is typed.
  ///
  /// - Parameter typed: Its name, and what follows it: `ahead 3`, `masked always`.
  /// - Returns: The floor; nil if none is known.
  package static func named(_ typed: String) -> (any FloorRule)? {
    let words = typed.split(separator: " ")
    if words.count == 2, words[0] == "ahead", let distance = Int(words[1]),
      AheadFloor.distances.contains(distance)
    {
      return AheadFloor(distance: distance)
    }
    return all.first { $0.name == words.joined(separator: " ") }
  }
}

/// How much may be done and kept for one floor: some seconds, and less than a
/// hundred megabytes.
package struct FloorWork {
  /// Sums and products: some seconds.
  package static let mostSteps = 60_000_000

  /// Numbers with what belongs to them, some 50 bytes each.
  static let mostKept = 1_000_000

  /// Bytes that a floor takes at most.
  package static let byteCount = mostKept * 64

  private var steps: Int
  private var untilQuestion = 0

  /// As much as a person waits for, or less.
  package init(steps: Int = mostSteps) { self.steps = steps }

  /// Takes steps from those that are left.
  mutating func spend(_ count: Int) throws {
    steps -= count
    untilQuestion -= count
    guard steps > 0 else { throw FloorProblem.tooLarge }
    guard untilQuestion < 0 else { return }
    untilQuestion = 100_000
    try Interruption.check()
  }

  /// Asks whether so many numbers may be kept at a time.
  func hold(_ count: Int) throws(FloorProblem) {
    guard count <= Self.mostKept else { throw .tooLarge }
  }
}

/// Why a floor is not known exactly.
package enum FloorProblem: WordedProblem, Hashable {
  /// There is no longest sentence, or rows do not hold it.
  case endless(language: String)

  /// The language has too many states, lengths or ways.
  case tooLarge

  /// The shortest sentence has too few words.
  case tooShort(needed: Int, found: Int)

  /// No distance of `ahead`.
  case distance(String)

  package var wording: Wording {
    switch self {
    case .endless(let language):
      Bilingual(
        it: "per un pavimento esatto \(it: language) deve avere una frase più lunga di tutte, che"
          + " entri in una riga, e non l'ha",
        en: "an exact floor needs a longest sentence that fits into a row, \(en: language) has none"
      ).hint(
        it: "quelli di causal e ahead si conoscono anche così",
        en: "those of causal and ahead are known all the same"
      )
    case .tooLarge:
      Bilingual(
        it: "la lingua ha troppi casi per calcolare questo pavimento esattamente",
        en: "the language has too many cases to compute this floor exactly"
      ).hint(
        it: "con frasi più corte, o con meno parole fra cui scegliere, è calcolato",
        en: "with shorter sentences, or fewer words to choose from, it is computed"
      )
    case .tooShort(let needed, let found):
      Bilingual(
        it: "questo obiettivo vuole frasi di almeno \(needed) parole, la più corta ne ha \(found)",
        en: "this objective needs sentences of at least \(needed) words, the shortest has \(found)"
      ).hint(nil)
    case .distance(let found):
      Bilingual(
        it: "ahead vuole una distanza da 0 a \(AheadFloor.distances.upperBound), non \(it: found)",
        en: "ahead needs a distance from 0 to \(AheadFloor.distances.upperBound), got \(en: found)"
      ).hint(it: "per esempio ahead 2", en: "for example ahead 2")
    }
  }
}
