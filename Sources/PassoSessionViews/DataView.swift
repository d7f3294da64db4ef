// SPDX-License-Identifier: MIT

import PassoData
import PassoEngine
import PassoEvaluation
import PassoFiles
import PassoModel
import PassoSession
import PassoText
import PassoView

/// Shows text, tokens, pairs and mask.
package struct DataView {
  let session: Session

  package init(_ session: Session) {
    self.session = session
  }

  package var text: Figure {
    let (count, size) = (tokenCount, session.tokenizer.vocabularySize)
    let summary = Bilingual(
      it: "\(count) token in ingresso, vocabolario di \(size)",
      en: "\(count) input tokens, a vocabulary of \(size)"
    )
    return .text(TextFigure(source + [.init(summary, .dim)]))
  }

  /// What a person should know whose text is cut at blanks, and has none.
  package var advice: Bilingual? {
    guard case .typed(let texts) = session.experiment.data, session.tokenizer.kind == .words,
      texts.contains(where: { UnspacedText.isOne($0) })
    else { return nil }
    return TextAdvice.wordsWithoutBlanks.commandNote
  }

  /// Rows that one screen has room for.
  private static let mostRows = 4

  /// Columns of a row that was drawn; more of it says no more.
  private static let widestRow = 100

  /// The texts as they were typed, or the first of those that were drawn.
  private var source: [TextFigure.Paragraph] {
    let (name, kind): (String, Bilingual)
    switch session.experiment.data {
    case .typed(let texts): return texts.map { .init([Self.quoted($0)]) }
    case .sentences(let language, let listed):
      name = language.name
      kind =
        listed.map(Self.listed)
        ?? Bilingual(
          it: "frasi estratte ogni volta di nuovo",
          en: "sentences drawn anew every time"
        )
    case .files(let files):
      name = files.source.names.joined(separator: " ")
      kind = session.opened.corpus.map { CorpusView($0).size } ?? Bilingual(same: "")
    case .rows(let path): (name, kind) = (path, Bilingual(same: ""))
    case .unread(let rules, _): (name, kind) = (rules.path, Bilingual(same: ""))
    }
    let rows = session.batch.rowCount
    let size = Bilingual(it: ", \(rows) per aggiornamento", en: ", \(rows) an update")
    let head = [Run("\(name):", .code), Run(Bilingual(same: " ") + kind + size)]
    return [.init(head)]
      + session.sources.prefix(Self.mostRows).map { row in
        let text = ((try? session.tokenizer.decode(row)) ?? "").truncated(to: Self.widestRow)
        return .init([Self.quoted(text)], indent: 2)
      }
  }

  private static func listed(_ count: Int) -> Bilingual {
    count == 1
      ? Bilingual(it: "sempre la stessa frase", en: "always the same sentence")
      : Bilingual(it: "le stesse \(count) frasi", en: "the same \(count) sentences")
  }

  private static func quoted(_ text: String) -> Run {
    Run(Bilingual(it: "«\(text)»", en: "\u{201C}\(text)\u{201D}"), .emphasis)
  }

  /// A word on rows that are not shown.
  private var moreRows: [Figure] {
    let hidden = session.batch.rowCount - Self.mostRows
    guard hidden > 0 else { return [] }
    return [.line(Bilingual(it: "altre \(hidden) righe", en: "\(hidden) more rows"), .dim)]
  }

  private var tokenCount: Int {
    let batch = session.batch
    return batch.rows.indices.reduce(0) { $0 + session.lengthWithoutPadding(row: $1, of: batch) }
  }

  package var tokens: Figure {
    let inputs = session.batch.inputs
    let rows = tables { row in
      [["token"] + session.inputTokens(row: row), ["id"] + inputs[row].map { String($0) }]
    } title: { row in
      inputs.count > 1 ? Bilingual(it: "riga \(row)", en: "row \(row)") : nil
    }
    return .group(
      title: Bilingual(it: "token in ingresso (tokens)", en: "input tokens (tokens)"),
      rows + moreRows + [VocabularyView(session).beside]
    )
  }

  /// Inputs and targets one below the other, then one line for each pair.
  package func pairs() throws -> Figure {
    let shift = tables { row in
      [
        ["input"] + session.inputTokens(row: row), ["target"] + session.targetTokens(row: row),
      ]
    }
    let objective = session.experiment.objective
    return .group(
      title: shiftTitle(objective)
        ?? Bilingual(
          it: "obiettivo \(objective.name): dove c'è un target, il modello deve trovarlo",
          en: "objective \(objective.name): where there is a target, the model has to find it"
        ),
      shift + [.table(try pairTable())] + moreRows
    )
  }

  /// How far the targets are from the inputs, where that is the same everywhere.
  private func shiftTitle(_ objective: ObjectiveChoice) -> Bilingual? {
    guard objective.kind.predictsNext, objective.options.after == nil else { return nil }
    return switch objective.options.distance {
    case 0:
      Bilingual(
        it: "il target è l'input stesso, non spostato: la risposta è in vista",
        en: "the target is the input itself, not shifted: the answer is in plain sight"
      )
    case 1:
      Bilingual(
        it: "il target è l'input spostato di uno",
        en: "the target is the input shifted by one"
      )
    default:
      Bilingual(
        it: "il target è l'input spostato di \(objective.options.distance)",
        en: "the target is the input shifted by \(objective.options.distance)"
      )
    }
  }

  private func pairTable() throws -> TableFigure {
    TableFigure(
      columns: [.init(it: "dato", en: "given"), .init(it: "prevedi", en: "predict")],
      rows: try session.pairs.filter { $0.row < Self.mostRows }.map { pair in
        .same([pair.visible.joined(separator: " "), pair.target])
      }
    )
  }

  /// The first row of those that are computed.
  private var row: Int { session.rowsAtWork.lowerBound }

  /// The mask of the current length, whether or not the program has reached it.
  package var mask: Figure {
    let sight = session.sight(row: row)
    let (ones, all) = (sight.cells.count { $0 }, sight.cells.count)
    var matrix = MatrixFigure(
      title: Bilingual(same: "mask (") + maskName
        + Bilingual(it: "): 1 = può guardare", en: "): 1 = may look")
        + session.remarkOnPadding(row: row),
      sight,
      rows: Axis.query.word,
      columns: Axis.key.word,
      labels: session.inputTokens(row: row)
    )
    matrix.notes = [
      Bilingual(
        it: "valgono 1: \(ones) su \(all); ogni riga guarda, ogni colonna è guardata",
        en: "\(ones) of \(all) are 1; each row looks, each column is looked at"
      )
    ]
    if let blind = blindRows(sight) { matrix.notes.append(blind) }
    return .matrix(matrix)
  }

  /// What becomes of positions that may look at nothing; nil if there are none.
  private func blindRows(_ sight: SightMatrix) -> Bilingual? {
    let places = 0..<sight.length
    let rows = places.filter { query in !places.contains { sight[query, $0] } }
    guard let first = rows.first else { return nil }
    let who =
      rows.count == 1
      ? Bilingual(it: "la posizione \(first) non vede nulla", en: "position \(first) sees nothing")
      : Bilingual(
        it: "\(rows.count) posizioni, a partire dalla \(first), non vedono nulla",
        en: "\(rows.count) positions, from \(first) on, see nothing"
      )
    return who
      + Bilingual(
        it: ": la softmax sarebbe 0/0, qui resta di zeri; va avanti il solo flusso residuo",
        en: ": the softmax would be 0/0 and stays all zeros; the residual stream alone goes on"
      )
  }

  /// What the mask does; one that opens the start of each row has the name of no single objective.
  private var maskName: Bilingual {
    let mask = session.experiment.mask
    guard mask == .prefix else { return mask.words }
    let (prefix, all) = (session.batch.rows[row].prefix, session.lengthWithoutPadding(row: row))
    return prefix >= all
      ? Bilingual(it: "tutti vedono tutti", en: "all see all")
      : Bilingual(
        it: "i primi \(prefix) si vedono tutti, poi causale",
        en: "the first \(prefix) all see each other, then causal"
      )
  }

  /// The mask beside what it leads to: who can influence whom through all blocks.
  package var maskAndInfluence: Figure {
    let influence = MatrixFigure(
      title: Bilingual(
        it: "influenza: 1 = può influire sull'uscita",
        en: "influence: 1 = can change the output"
      ),
      session.sight(row: row).throughLayers(session.configuration.layerCount),
      rows: Bilingual(it: "uscita", en: "output"),
      columns: Bilingual(it: "ingresso", en: "input"),
      labels: session.inputTokens(row: row)
    )
    return .group(
      title: Bilingual(
        it: "chi può guardare chi in un blocco, e chi può influire su chi alla fine del modello",
        en: "who may look at whom in a block, and who can influence whom at the end of the model"
      ),
      [mask, .matrix(influence)]
    )
  }

  /// A table for each row that is shown, with a column for each position.
  private func tables(
    _ lines: (Int) -> [[String]],
    title: (Int) -> Bilingual? = { _ in nil }
  ) -> [Figure] {
    let columns = Self.columns(for: session.batch.length)
    return session.batch.inputs.indices.prefix(Self.mostRows).map { row in
      .table(TableFigure(title: title(row), columns: columns, rows: lines(row).map { .same($0) }))
    }
  }

  /// The name of a line, then a column for each position.
  static func columns(for length: Int) -> [TableFigure.Column] {
    [.init(it: "posizione", en: "position")] + (0..<length).map { .init(same: String($0)) }
  }
}
