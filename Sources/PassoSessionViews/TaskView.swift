// SPDX-License-Identifier: MIT

import PassoData
import PassoEvaluation
import PassoModel
import PassoSession
import PassoText
import PassoView

/// Shows a task, and what a model makes of its rows.
package struct TaskView {
  private let task: TaskCorpus

  package init(_ task: TaskCorpus) { self.task = task }

  // MARK: The task

  /// What its rows are, in a few words.
  var rows: Bilingual {
    guard let count = task.task.count(of: .training) else {
      return Bilingual(it: "righe estratte ogni volta di nuovo", en: "rows drawn anew every time")
    }
    return Bilingual(
      it: "sempre le stesse \(NumberText.count(count)) righe",
      en: "always the same \(NumberText.count(count)) rows"
    )
  }

  /// The loss of whoever knows the rule.
  package var floor: CurveFigure.Reference {
    .init(Bilingual(it: "pavimento", en: "floor"), task.task.floor)
  }

  /// What the task is, what can be chosen of it, and its floor.
  package var facts: Figure {
    let type = type(of: task.task)
    return .group(
      title: Bilingual(same: task.words),
      [.line(type.explanation, .dim), .table(sizes), .table(choices)]
    )
  }

  private var sizes: TableFigure {
    var rows: [[Bilingual]] = [
      .row(
        it: "pavimento, in nat per risposta",
        en: "floor, in nats an answer",
        [NumberText.fixed(task.task.floor, 6)]
      ),
      .row(it: "token", en: "tokens", ["\(task.task.tokenizer.vocabularySize)"]),
      .row(it: "posizioni della riga più lunga", en: "longest row", ["\(task.task.positions)"]),
    ]
    let parts = [
      (TaskPart.training, Bilingual(it: "righe da cui imparare", en: "rows to learn from")),
      (.test, Bilingual(it: "altre righe", en: "other rows")),
    ]
    for (part, name) in parts {
      guard let count = task.task.count(of: part) else { continue }
      rows.append([name, Bilingual(same: NumberText.count(count))])
    }
    return TableFigure(columns: [.init(), .init(same: "", .right)], rows: rows)
  }

  private var choices: TableFigure {
    TableFigure(
      columns: [
        .init(it: "si può scegliere", en: "can be chosen"), .init(it: "adesso", en: "now"), .init(),
      ],
      rows: task.choices.map { parameter, word in
        .same(["\(parameter.name) \(parameter.placeholder)", word]) + [parameter.summary]
      }
    )
  }

  // MARK: A model

  /// The name of a part of the rows.
  private func name(_ part: TaskPart) -> Bilingual {
    switch part {
    case .training: Bilingual(it: "righe imparate", en: "learned rows")
    case .test where task.isFresh: Bilingual(it: "righe nuove", en: "fresh rows")
    case .test: Bilingual(it: "righe mai viste", en: "rows never seen")
    }
  }

  /// How well a model does on each part, and a few rows with its answers.
  package func evaluation(_ scores: [TaskScore], _ samples: [TaskMeter.Sample]) -> Figure {
    .group(
      title: Bilingual(same: task.words),
      [.table(table(scores)), .table(table(samples))]
    )
  }

  private func table(_ scores: [TaskScore]) -> TableFigure {
    TableFigure(
      columns: [
        .init(), .init(it: "righe", en: "rows", .right), .init(same: "loss", .right),
        .init(it: "pavimento", en: "floor", .right),
        .init(it: "risposte giuste", en: "right answers", .right),
      ],
      rows: scores.map { score in
        let right = NumberText.percent(score.accuracy)
        let asked = NumberText.count(score.asked)
        return [
          name(score.part), Bilingual(same: NumberText.count(score.rows)),
          NumberText.fixed(score.loss, 4), NumberText.fixed(task.task.floor, 4),
          Bilingual(it: "\(right.it) di \(asked)", en: "\(right.en) of \(asked)"),
        ]
      },
      notes: [
        Bilingual(
          it: "una risposta è giusta se è la più probabile; si chiedono quelle che seguono da ciò"
            + " che viene prima",
          en: "an answer is right if it is the most probable one; those are asked that follow from"
            + " what stands before"
        )
      ]
    )
  }

  /// Rows with the answers that could be found, wrong ones beside what was right.
  private func table(_ samples: [TaskMeter.Sample]) -> TableFigure {
    func label(_ id: TokenID) -> String { task.task.tokenizer.label(of: id) }
    return TableFigure(
      columns: [
        .init(it: "una riga", en: "a row"), .init(it: "il modello", en: "the model"), .init(),
      ],
      rows: samples.map { sample in
        let places = sample.row.isDetermined.indices.filter { sample.row.isDetermined[$0] }
        let found = places.map { label(sample.found[$0]) }.joined(separator: " ")
        let verdict =
          sample.isRight
          ? Bilingual(it: "giusto", en: "right") : Bilingual(it: "sbagliato", en: "wrong")
        let row = sample.row.tokens.map(label).joined(separator: " ")
        return .same([row, found]) + [verdict]
      }
    )
  }

  /// Right answers over updates, a curve for each part.
  ///
  /// Between moments that were measured lie straight lines: every place of a curve is an update.
  package func curves(
    _ moments: [(update: Int, scores: [TaskScore])],
    _ horizontal: Bilingual
  ) -> Figure {
    let series = task.parts.map { part in
      let known = moments.compactMap { moment in
        moment.scores.first { $0.part == part }.map { (moment.update, $0.accuracy) }
      }
      return CurveFigure.Series(name(part), Self.filled(known))
    }
    return .curve(
      CurveFigure(
        title: Bilingual(it: "parte di risposte giuste", en: "share of right answers"),
        horizontal: horizontal,
        start: moments.first?.update ?? 0,
        series: series
      )
    )
  }

  private static func filled(_ known: [(Int, Double)]) -> [Double] {
    var values: [Double] = []
    for (from, to) in zip(known, known.dropFirst()) where to.0 > from.0 {
      for step in 0..<to.0 - from.0 {
        values.append(from.1 + Double(step) / Double(to.0 - from.0) * (to.1 - from.1))
      }
    }
    return values + known.suffix(1).map(\.1)
  }

  /// One line: right answers of each part, for a line of progress.
  package func shares(_ scores: [TaskScore]) -> Bilingual {
    scores.map { score in
      name(score.part) + Bilingual(same: " ") + NumberText.percent(score.accuracy)
    }.joined(separator: ", ")
  }

  // MARK: Heads

  /// What each head does, and what becomes of the answers without it.
  package func heads(_ accuracy: Double, _ scores: [HeadScore]) -> Figure {
    .table(
      TableFigure(
        title: Bilingual(it: "le teste sulle righe di ", en: "the heads on rows of ")
          + Bilingual(same: task.words),
        columns: [
          .init(it: "testa", en: "head"), .init(it: "token prima", en: "token before", .right),
          .init(it: "dopo l'uguale", en: "prefix match", .right),
          .init(it: "risposte giuste senza", en: "right answers without it", .right),
        ],
        rows: scores.map { score in
          let off = Bilingual(it: " (spenta)", en: " (off)")
          return [
            Bilingual(same: "\(score.head)") + (score.isOff ? off : Bilingual(same: "")),
            NumberText.fixed(score.previous, 2), NumberText.fixed(score.match, 2),
            NumberText.percent(score.accuracyWithout),
          ]
        },
        notes: [note(accuracy)]
      )
    )
  }

  private func note(_ accuracy: Double) -> Bilingual {
    let right = NumberText.percent(accuracy)
    return Bilingual(
      it: "così com'è il modello dà \(right.it) di risposte giuste; le due colonne in mezzo dicono"
        + " quanta attenzione va al token appena prima, e a ciò che è già venuto dopo un token"
        + " uguale",
      en: "as it is the model gives \(right.en) right answers; the two columns in the middle say"
        + " how much attention goes to the token just before, and to what came after an equal token"
        + " before"
    )
  }
}
