// SPDX-License-Identifier: MIT

import PassoData
import PassoRuntime
import PassoSession
import PassoText
import PassoView

/// Shows what an objective makes of the text: the same screen for each of them.
package struct ObjectiveView {
  /// Rows that one screen has room for.
  private static let mostRows = 3

  private let session: Session
  private let batch: Batch

  package init(_ session: Session) {
    self.session = session
    batch = session.batch
  }

  package var figure: Figure {
    let objective = session.experiment.objective
    let rows = batch.rows.indices.prefix(Self.mostRows).map { Figure.table(table(row: $0)) }
    return .group(
      title: Bilingual(it: "obiettivo: \(objective.name)", en: "objective: \(objective.name)"),
      [.line(objective.explanation, .dim)] + rows + [.line(count, .dim), DataView(session).mask]
    )
  }

  private func table(row: Int) -> TableFigure {
    let example = batch.rows[row]
    let inputs = session.inputTokens(row: row)
    let targets = session.targetTokens(row: row)
    return TableFigure(
      title: batch.rowCount > 1 ? Bilingual(it: "riga \(row)", en: "row \(row)") : nil,
      columns: DataView.columns(for: inputs.count),
      rows: [
        .same(["input"] + inputs), .same(["target"] + targets.map { $0.isEmpty ? "·" : $0 }),
        .row(it: "conta", en: "counts", counts(targets, in: example)),
        .row(it: "vede", en: "sees", inputs.indices.map { seen(from: $0, in: example) }),
      ]
    )
  }

  /// What each position weighs in the loss.
  private func counts(_ targets: [String], in example: Example) -> [String] {
    targets.indices.map { position in
      guard !targets[position].isEmpty else { return "·" }
      // In one notation for both languages, as all in these rows.
      return NumberText.code(example.weights?[position] ?? 1, digits: 3)
    }
  }

  /// The positions that one position may look at, as the mask says: `0–3`.
  private func seen(from position: Int, in example: Example) -> String {
    let mask = session.experiment.mask
    let keys = example.inputs.indices.filter {
      mask.allows(query: position, key: $0, prefix: example.prefix)
    }
    guard let first = keys.first, let last = keys.last else { return "–" }
    if keys.count != last - first + 1 { return "\(keys.count)" }
    return first == last ? "\(first)" : "\(first)–\(last)"
  }

  /// A word on answers that the objective has left among the inputs.
  private var kept: Bilingual {
    let kept = session.keptAnswers
    guard kept > 0 else { return Bilingual(same: "") }
    return Bilingual(
      it: "; in \(kept == 1 ? "una" : "\(kept)") la risposta è rimasta in vista",
      en: "; in \(kept == 1 ? "one" : "\(kept)") the answer has stayed in sight"
    )
  }

  private var count: Bilingual {
    let all = batch.rowCount * batch.length
    let counted = batch.targets.joined().count { $0 != ignoredTarget }
    let hidden = batch.rowCount - min(batch.rowCount, Self.mostRows)
    let more = Bilingual(
      it: hidden > 0 ? "; altre \(hidden) righe non mostrate" : "",
      en: hidden > 0 ? "; \(hidden) more rows are not shown" : ""
    )
    return Bilingual(
      it: counted == 1
        ? "conta nella loss 1 posizione su \(all)"
        : "contano nella loss \(counted) posizioni su \(all)",
      en: "\(counted) of \(all) positions \(counted == 1 ? "counts" : "count") in the loss"
    ) + kept + more
  }
}
