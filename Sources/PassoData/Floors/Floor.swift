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

  /// The floor of an objective; nil if none is known, as where only some of its targets count.
  package static func of(_ objective: ObjectiveChoice) -> (any FloorRule)? {
    guard objective.options.after == nil else { return nil }
    if objective.kind.name == CausalObjective.name {
      return AheadFloor(distance: objective.options.distance)
    }
    return all.first { $0.name == objective.name }
  }
}

/// How much may be done and kept for one floor: some seconds, and less than a
/// hundred megabytes.
package struct FloorWork {
  /// Sums and products: some seconds.
  package static let mostSteps = 40_000_000

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

  /// No sentence has a token so many places on.
  case tooFar(Int, longest: Int)

  /// Only some of the targets count: those after a token.
  case notAll(String)

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
      ).hint(
        it: "togli dalle regole le frasi più corte",
        en: "take the shorter sentences out of the rules"
      )
    case .tooFar(let distance, let longest):
      Bilingual(
        it: "ahead \(distance) vuole frasi di \(distance) token, e la più lunga ne ha \(longest)",
        en: "ahead \(distance) needs sentences of \(distance) tokens, the longest has \(longest)"
      ).hint(it: "prova una distanza minore", en: "try a smaller distance")
    case .notAll(let name):
      Bilingual(
        it: "di \(it: name) non si conosce il pavimento: conta solo una parte dei target",
        en: "the floor of \(en: name) is not known: only a part of its targets counts"
      ).hint(it: "senza after si conosce", en: "without 'after' it is known")
    }
  }
}
