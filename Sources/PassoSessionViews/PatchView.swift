// SPDX-License-Identifier: MIT

import PassoEvaluation
import PassoSession
import PassoText
import PassoView

/// Shows what became of a prediction when a value was replaced by that of a twin.
package struct PatchView {
  private let session: Session
  private let effect: PatchEffect
  private let fork: String

  private static let mostAnswers = 8

  /// - Parameters:
  ///   - session: The run before.
  ///   - effect: What has changed.
  ///   - fork: The name of the twin.
  package init(_ session: Session, _ effect: PatchEffect, from fork: String) {
    (self.session, self.effect, self.fork) = (session, effect, fork)
  }

  package var figures: [Figure] {
    guard effect.hasChanged else {
      return [
        .line(
          Bilingual(
            it: "la previsione è quella di prima: da qui non dipende",
            en: "the prediction is what it was: it does not depend on this"
          )
        )
      ]
    }
    let sentence = Figure.line(Run(probabilities), Run(way, .emphasis))
    return effect.answers.count > 1 ? [table, sentence] : [sentence]
  }

  /// The probability of the answers in both runs, before and after.
  private var probabilities: Bilingual {
    guard let before = effect.mean(\.before), let after = effect.mean(\.after) else {
      return Bilingual(it: "qui non si chiede niente", en: "nothing is asked here")
    }
    let (old, new) = (NumberText.fixed(before, 4), NumberText.fixed(after, 4))
    let isOne = effect.answers.count == 1
    var text = Bilingual(
      it: (isOne ? "la risposta: probabilità " : "le risposte: probabilità ")
        + "\(old.it) → \(new.it)",
      en: (isOne ? "the answer: probability " : "the answers: probability ")
        + "\(old.en) → \(new.en)"
    )
    if let source = effect.mean(\.source) {
      let there = NumberText.fixed(source, 4)
      text =
        text
        + Bilingual(it: ", in \(it: fork) \(there.it)", en: ", in \(en: fork) \(there.en)")
    }
    return isOne ? text : text + Bilingual(it: " (media geometrica)", en: " (geometric mean)")
  }

  /// How far it is from one run to the other.
  private var way: Bilingual {
    guard let share = effect.recovered else {
      return Bilingual(
        it: "; la previsione di \(it: fork) non si può confrontare: è la stessa di prima, o di un"
          + " altro testo",
        en: "; the prediction of \(en: fork) cannot be compared: it is what was here before, or of"
          + " another text"
      )
    }
    let percent = NumberText.percent(share)
    return effect.resemblesSource
      ? Bilingual(
        it: "; strada recuperata verso \(it: fork): \(percent.it), ora la previsione somiglia di"
          + " più a quella di \(it: fork)",
        en: "; \(percent.en) of the way to \(en: fork) recovered: the prediction now resembles that"
          + " of \(en: fork) more"
      )
      : Bilingual(
        it: "; strada recuperata verso \(it: fork): \(percent.it), la previsione somiglia ancora di"
          + " più a quella di prima",
        en: "; \(percent.en) of the way to \(en: fork) recovered: the prediction still resembles"
          + " what it was more"
      )
  }

  /// The answers whose probability has changed most, in the order of the text.
  private var table: Figure {
    let places = effect.answers.indices.sorted { change($0) > change($1) }
      .prefix(Self.mostAnswers).sorted()
    let left = effect.answers.count - places.count
    return .table(
      TableFigure(
        columns: [
          .init(it: "dopo", en: "after"), .init(it: "risposta", en: "answer"),
          .init(it: "prima", en: "before", .right), .init(it: "ora", en: "now", .right),
          .init(Bilingual(it: "in \(it: fork)", en: "in \(en: fork)"), .right),
        ],
        rows: places.map { row(effect.answers[$0]) },
        notes: left > 0
          ? [Bilingual(it: "e altre \(left) risposte", en: "and \(left) more answers")] : []
      )
    )
  }

  private func change(_ index: Int) -> Double {
    abs(effect.answers[index].after - effect.answers[index].before)
  }

  private func row(_ answer: PatchEffect.Answer) -> [Bilingual] {
    let tokens = session.inputTokens(row: session.rowsAtWork.lowerBound + answer.row)
    return .same([tokens[answer.position], session.label(answer.token)])
      + [answer.before, answer.after, answer.source].map(Self.number)
  }

  private static func number(_ number: Double?) -> Bilingual {
    guard let number else { return Bilingual(same: "") }
    return NumberText.fixed(number, 4)
  }
}
