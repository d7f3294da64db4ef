// SPDX-License-Identifier: MIT

import PassoData
import PassoSession
import PassoText
import PassoView

/// Shows to which language a model was nearest at each update.
package struct ChaptersView {
  private let found: Chapters

  package init(_ found: Chapters) {
    self.found = found
  }

  /// How far the work is, for a line that is written over.
  package static func progress(_ done: Int) -> Bilingual {
    let done = NumberText.count(done)
    return Bilingual(
      it: "modelli misurati \(done)  Ctrl-C ferma",
      en: "models measured \(done)  Ctrl-C stops"
    )
  }

  // MARK: Curves

  /// The distance to each language over the updates.
  package var curves: Figure {
    .curve(
      CurveFigure(
        title: Bilingual(
          it: "distanza del modello da ogni lingua, KL in nat per token",
          en: "distance of the model from each language, KL in nats per token"
        ),
        horizontal: Bilingual(it: "aggiornamento", en: "update"),
        start: 0,
        series: found.kinds.indices.map { CurveFigure.Series(found.kinds[$0].name, values($0)) }
      )
    )
  }

  /// Between the models that were measured lie straight lines: every place is an update.
  private func values(_ language: Int) -> [Double] {
    var values: [Double] = []
    for (from, to) in zip(found.points, found.points.dropFirst()) {
      let steps = to.update - from.update
      let (start, end) = (from.divergences[language], to.divergences[language])
      values += (0..<steps).map { start + Double($0) / Double(steps) * (end - start) }
    }
    return values + found.points.suffix(1).map { $0.divergences[language] }
  }

  // MARK: Chapters

  package var table: Figure {
    .table(
      TableFigure(
        columns: [
          .init(it: "dall'aggiornamento", en: "from update", .right),
          .init(it: "al", en: "to", .right),
          .init(it: "la lingua più vicina", en: "the nearest language"),
          .init(it: "KL all'inizio", en: "KL at start", .right),
          .init(it: "alla fine", en: "at end", .right),
        ],
        rows: found.chapters.map(row),
        notes: [borders, measured]
      )
    )
  }

  private func row(_ chapter: Chapters.Chapter) -> [Bilingual] {
    let kind = found.kinds[chapter.language]
    let ends = [chapter.first, chapter.last]
    return .same(ends.map { "\($0.update)" }) + [kind.article]
      + ends.map { NumberText.fixed($0.divergences[chapter.language], 4) }
  }

  /// Each border in words.
  private var borders: Bilingual {
    let chapters = found.chapters
    guard chapters.count > 1 else {
      let name = chapters.first.map { found.kinds[$0.language].article }
      return Bilingual(it: "resta vicino a un'unica lingua: ", en: "it stays near one language: ")
        + (name ?? Bilingual(same: ""))
    }
    return zip(chapters, chapters.dropFirst()).map { left, right in
      let (before, after) = (
        found.kinds[left.language].article, found.kinds[right.language].article
      )
      let update = right.first.update
      return Bilingual(
        it: "all'aggiornamento \(update) lascia \(before.it) per \(after.it)",
        en: "at update \(update) it leaves \(before.en) for \(after.en)"
      )
    }.joined(separator: "; ")
  }

  /// On what all this is measured.
  private var measured: Bilingual {
    let count = NumberText.count(found.prefixes.prefixes.count)
    let beginnings =
      found.prefixes.isComplete
      ? Bilingual(
        it: "tutti i \(count) inizi di frase, ognuno con la sua probabilità",
        en: "all \(count) beginnings of sentences, each with its probability"
      )
      : Bilingual(
        it: "\(count) inizi di frase, i più probabili di ogni stato della grammatica, pesati con"
          + " quante volte una frase ci passa",
        en: "\(count) beginnings of sentences, the most probable of each state of the grammar,"
          + " weighed by how often a sentence passes there"
      )
    let models =
      found.isWhole
      ? Bilingual(
        it: "; misurato prima di ogni aggiornamento e dopo l'ultimo",
        en: "; measured before every update and after the last"
      )
      : Bilingual(
        it: "; misurati \(found.points.count) modelli su \(found.count), e fra questi ogni confine"
          + " è trovato all'aggiornamento esatto",
        en: "; \(found.points.count) of \(found.count) models are measured, and each border between"
          + " them is found to the update"
      )
    return Bilingual(it: "KL su ", en: "KL over ") + beginnings + models
  }
}
