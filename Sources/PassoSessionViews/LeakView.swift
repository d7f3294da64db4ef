// SPDX-License-Identifier: MIT

import PassoData
import PassoEngine
import PassoEvaluation
import PassoModel
import PassoSession
import PassoText
import PassoView

/// Shows what a leak check found: what moves beside what may be seen, then a verdict in words.
package struct LeakView {
  private let session: Session
  private let report: LeakReport
  private let tokens: [String]
  private let targets: [String]

  package init(_ session: Session, _ report: LeakReport) throws(ExecutionProblem) {
    self.session = session
    self.report = report
    tokens = try Self.labels(.tokens, session)
    targets = try Self.labels(.targets, session)
  }

  /// The tokens as they are in the execution: a person may have changed them.
  private static func labels(
    _ part: ModelPart,
    _ session: Session
  ) throws(ExecutionProblem) -> [String] {
    let execution = session.timeline.execution
    guard let ids = try execution.tensor(.model(part)) else { return [] }
    return ids.doubles.map { TokenID(exactly: $0).map(session.label) ?? NumberText.code($0) }
  }

  package var figures: [Figure] {
    [
      .group(
        title: Bilingual(
          it: "quali uscite si muovono quando cambia un token in ingresso",
          en: "which outputs move when an input token changes"
        ),
        matrices
      ),
      .text(TextFigure(verdict + remarks)),
    ]
  }

  // MARK: Matrices

  private var length: Int { report.mask.length }

  private var matrices: [Figure] {
    let moved = matrix(
      Bilingual(it: "si muove", en: "moves"),
      report.influence,
      Self.flow
    )
    let mask = matrix(
      Bilingual(it: "la maschera lascia guardare", en: "the mask lets look"),
      report.mask,
      (Axis.query.word, Axis.key.word)
    )
    guard report.allowed != report.mask else { return [moved, mask] }
    let layers = session.configuration.layerCount
    let title =
      layers == 1
      ? Bilingual(it: "e con il flusso residuo", en: "and with the residual stream")
      : Bilingual(it: "e attraverso \(layers) blocchi", en: "and through \(layers) blocks")
    return [moved, mask, matrix(title, report.allowed, Self.flow)]
  }

  /// The axes of what flows from tokens to outputs.
  private static let flow = (
    rows: Bilingual(it: "uscita", en: "output"), columns: Bilingual(same: "token")
  )

  private func matrix(
    _ title: Bilingual,
    _ sight: SightMatrix,
    _ axes: (rows: Bilingual, columns: Bilingual)
  ) -> Figure {
    .matrix(
      MatrixFigure(title: title, sight, rows: axes.rows, columns: axes.columns, labels: tokens)
    )
  }

  // MARK: Words

  private var verdict: [TextFigure.Paragraph] {
    guard report.seesAnswer else {
      guard report.notNumbers.isEmpty else { return [.init(Self.unknown, .bad)] }
      return [.init([Run("no: ", .good), Run(allClear)])]
    }
    return report.findings.enumerated().map { index, finding in
      let opening =
        index == 0 ? Bilingual(it: "SÌ: ", en: "YES: ") : Bilingual(it: "e ", en: "and ")
      return .init([Run(opening, index == 0 ? .bad : .plain), Run(text(finding))])
    }
  }

  private var allClear: Bilingual {
    if report.runCount == 1 {
      return Bilingual(
        it: "con un solo token nel vocabolario non c'è niente da cambiare, né da indovinare",
        en: "with a single token in the vocabulary there is nothing to change, nor to guess"
      )
    }
    let seesLater = (0..<length).contains { output in
      (output + 1..<max(length, output + 1)).contains { report.influence[output, $0] }
    }
    if seesLater {
      return Bilingual(
        it:
          "qualche uscita vede più avanti, ma nessuna vede la posizione che tiene la sua risposta",
        en: "some outputs see ahead, but none sees the position that holds its answer"
      )
    }
    return Bilingual(
      it: "il modello non può vedere la sua risposta: nessuna uscita si muove quando cambia un"
        + " token che viene dopo",
      en: "the model cannot see its answer: no output moves when a later token changes"
    )
  }

  private static let unknown = Bilingual(
    it: "non si può dire: delle uscite che sono NaN non si vede se si muovono",
    en: "nobody can tell: of outputs that are NaN one cannot see whether they move"
  )

  private func text(_ finding: LeakReport.Finding) -> Bilingual {
    switch finding {
    case .notShifted(let rows):
      let which = rowsInWords(rows)
      return Bilingual(
        it: "i target\(which.it) sono gli input stessi, non spostati di uno: ogni posizione ha già"
          + " in mano la sua risposta",
        en: "the targets\(which.en) are the inputs themselves, not shifted by one: every position"
          + " already holds its answer"
      )
    case .answerVisible(let sightings):
      return list(sightings) { sighting in
        let answer = label(targets, sighting.row, sighting.output)
        return moves(sighting)
          + Bilingual(
            it: "che tiene la sua risposta \(it: answer)",
            en: "which holds its answer \(en: answer)"
          )
      }
    case .answerKept(let sightings):
      return kept(sightings)
    case .futureVisible(let sightings) where report.findings.count > 1:
      return Bilingual(
        it: "in altri \(sightings.count) casi un'uscita si muove quando cambia un token che viene"
          + " dopo",
        en: "in \(sightings.count) more cases an output moves when a later token changes"
      )
    case .futureVisible(let sightings):
      return list(sightings) {
        moves($0) + Bilingual(it: "che viene dopo", en: "which comes later")
      }
    case .betweenTexts(let crossings): return text(crossings)
    case .pastTheMask(let sightings):
      return list(sightings) { sighting in
        let (output, position) = (name(sighting, \.output), name(sighting, \.position))
        return rowInWords(sighting.row)
          + Bilingual(
            it: "l'uscita \(output.it) vede la posizione \(position.it), che la maschera nasconde",
            en: "output \(output.en) sees position \(position.en), which the mask hides"
          )
      }
    }
  }

  private func moves(_ sighting: LeakReport.Sighting) -> Bilingual {
    let (output, position) = (name(sighting, \.output), name(sighting, \.position))
    return rowInWords(sighting.row)
      + Bilingual(
        it: "l'uscita \(output.it) si muove quando cambia la posizione \(position.it), ",
        en: "output \(output.en) moves when position \(position.en) changes, "
      )
  }

  /// An answer that the objective has left where it was.
  private func kept(_ sightings: [LeakReport.Sighting]) -> Bilingual {
    let places = list(sightings) { sighting in
      let (output, place) = (name(sighting, \.output), rowInWords(sighting.row))
      return Bilingual(
        it: "\(place.it)alla posizione \(output.it) la risposta è rimasta fra gli input, e"
          + " l'uscita la vede",
        en: "\(place.en)at position \(output.en) the answer has stayed among the inputs, and the"
          + " output sees it"
      )
    }
    return places
      + Bilingual(
        it: ". La maschera non c'entra: l'obiettivo lascia com'è un token scelto su dieci",
        en: ". The mask is not to blame: the objective leaves one chosen token in ten as it is"
      )
  }

  private func text(_ crossings: [LeakReport.Crossing]) -> Bilingual {
    guard let first = crossings.first else { return Bilingual(same: "") }
    return Bilingual(
      it:
        "i testi si vedono tra loro: nella riga \(first.otherRow) l'uscita \(first.output) si muove"
        + " quando cambia la posizione \(first.position) della riga \(first.row)",
      en: "the texts see each other: in row \(first.otherRow) output \(first.output) moves when"
        + " position \(first.position) of row \(first.row) changes"
    )
  }

  /// What is good to know, and no leak.
  private var remarks: [TextFigure.Paragraph] {
    var remarks: [Bilingual] = []
    if let first = report.notNumbers.first {
      remarks.append(
        Bilingual(
          it: "uscite che sono NaN: \(report.notNumbers.count), la prima è la \(first.output)"
            + "; di queste non si può dire nulla",
          en:
            "outputs that are NaN: \(report.notNumbers.count), the first is \(first.output);"
            + " nothing can be said of these"
        )
      )
    }
    if let first = report.unmoved.first {
      let (output, position) = (name(first, \.output), name(first, \.position))
      remarks.append(
        Bilingual(
          it:
            "potrebbe vedere di più e non lo fa (non è una fuga di informazione): in"
            + " \(report.unmoved.count) casi un'uscita non si muove dove la maschera lo permette;"
            + " il primo: uscita \(output.it), posizione \(position.it)",
          en: "it could see more and does not (no leak): in \(report.unmoved.count) cases an output"
            + " does not move where the mask allows it; the first: output \(output.en), position"
            + " \(position.en)"
        )
      )
    }
    let rows = tokens.count / max(1, length)
    let shown =
      rows > 1
      ? Bilingual(
        it: "; 1 se si muove in una delle \(rows) righe, i nomi sono quelli della riga 0",
        en: "; 1 if it moves in one of the \(rows) rows, the labels are those of row 0"
      ) : Bilingual(same: "")
    remarks.append(
      Bilingual(
        it: "passi in avanti: \(report.runCount), confrontati bit per bit",
        en: "forward passes: \(report.runCount), compared bit for bit"
      ) + shown
    )
    return remarks.map { .init($0, .dim) }
  }
}

// MARK: - Names

extension LeakView {
  /// The first few, and how many more.
  private func list(
    _ sightings: [LeakReport.Sighting],
    _ describe: (LeakReport.Sighting) -> Bilingual
  ) -> Bilingual {
    let shown = sightings.prefix(3).map(describe)
    let rest = sightings.count - shown.count
    let more = Bilingual(
      it: rest == 1 ? "; e un altro caso" : "; e altri \(rest) casi",
      en: "; and \(rest) more"
    )
    return shown.joined(separator: "; ") + (rest > 0 ? more : Bilingual(same: ""))
  }

  private func name(
    _ sighting: LeakReport.Sighting,
    _ place: KeyPath<LeakReport.Sighting, Int>
  ) -> Bilingual {
    let position = sighting[keyPath: place]
    let token = label(tokens, sighting.row, position)
    return Bilingual(it: "\(position) (\(it: token))", en: "\(position) (\(en: token))")
  }

  private func label(_ labels: [String], _ row: Int, _ position: Int) -> String {
    let index = row * length + position
    return labels.indices.contains(index) ? labels[index] : String(position)
  }

  private func rowInWords(_ row: Int) -> Bilingual {
    guard tokens.count > length else { return Bilingual(same: "") }
    return Bilingual(it: "riga \(row), ", en: "row \(row), ")
  }

  private func rowsInWords(_ rows: [Int]) -> Bilingual {
    guard rows.count * length < tokens.count else { return Bilingual(same: "") }
    let list = rows.map { String($0) }.joined(separator: ", ")
    return rows.count == 1
      ? Bilingual(it: " della riga \(list)", en: " of row \(list)")
      : Bilingual(it: " delle righe \(list)", en: " of rows \(list)")
  }
}
