// SPDX-License-Identifier: MIT

import PassoData
import PassoEvaluation
import PassoSession
import PassoText
import PassoView

/// Draws how much of the way between two texts each part of a model carries.
package struct PatchGridView {
  private let session: Session
  private let grid: PatchGrid

  package init(_ session: Session, _ grid: PatchGrid) {
    (self.session, self.grid) = (session, grid)
  }

  package var figure: Figure { .group(title: title, matrices + [.text(TextFigure(words))]) }

  private var title: Bilingual {
    Bilingual(
      it: "quanto della strada dal primo testo (0) al secondo (1) fa un valore solo, preso dal"
        + " secondo",
      en: "how much of the way from the first text (0) to the second (1) a single value makes,"
        + " taken from the second"
    )
  }

  // MARK: Matrices

  private typealias Row = (label: String, cells: [PatchGrid.Cell])

  private var matrices: [Figure] {
    if grid.cells.first?.position == nil {
      let rows = (0..<session.configuration.layerCount).map { block -> Row in
        ("\(block)", grid.cells.filter { $0.site.block == block })
      }
      let heads = (0..<session.configuration.headCount).map { "\($0)" }
      return [
        matrix(
          Bilingual(it: "teste, a tutte le posizioni", en: "heads, at all positions"),
          Bilingual(it: "testa", en: "head"),
          heads,
          rows
        )
      ]
    }
    return [
      panel(Bilingual(it: "flusso residuo dopo il blocco", en: "residual stream after the block")) {
        switch $0 {
        case .embedding, .residual: true
        default: false
        }
      },
      panel(Bilingual(it: "ciò che aggiunge l'attenzione", en: "what attention adds")) {
        if case .attention = $0 { true } else { false }
      },
      panel(Bilingual(it: "ciò che aggiunge l'MLP", en: "what the MLP adds")) {
        if case .mlp = $0 { true } else { false }
      },
    ].compactMap(\.self)
  }

  /// The vectors of one kind, block by block and position by position; nil if there are none.
  private func panel(_ title: Bilingual, _ isPart: (PatchGrid.Site) -> Bool) -> Figure? {
    let cells = grid.cells.filter { isPart($0.site) }
    let sites = cells.filter { $0.position == 0 }.map(\.site)
    guard !sites.isEmpty else { return nil }
    let rows = sites.map { site -> Row in
      (site.block.map(String.init) ?? "embed", cells.filter { $0.site == site })
    }
    return matrix(title, Bilingual(it: "posizione", en: "position"), tokens, rows)
  }

  private func matrix(
    _ title: Bilingual,
    _ columns: Bilingual,
    _ labels: [String],
    _ rows: [Row]
  ) -> Figure {
    var figure = MatrixFigure(
      title: title,
      rows: .init(Bilingual(it: "blocco", en: "block"), rows.map(\.label)),
      columns: .init(columns, labels),
      cells: rows.flatMap(\.cells).map { .number($0.recovered) },
      scale: .signed
    )
    figure.records = RecordTable(Self.columns, rows.flatMap(\.cells).map(record))
    return .matrix(figure)
  }

  /// The tokens of the first text, with a mark where the second has another one.
  private var tokens: [String] {
    zip(grid.first, grid.second).map { session.label($0) + ($0 == $1 ? "" : Self.mark) }
  }

  private static let mark = "*"

  // MARK: Records

  /// The names of the columns of its records.
  package static let columns = [
    "value", "block", "head", "position", "token_first", "token_second", "recovered",
  ]

  private func record(_ cell: PatchGrid.Cell) -> [RecordTable.Field] {
    var head: Int?
    if case .head(let address) = cell.site { head = address.head }
    return [
      .text(cell.site.value(session.configuration).description), .init(cell.site.block),
      .init(head), .init(cell.position),
      cell.position.map { .text(session.label(grid.first[$0])) } ?? .none,
      cell.position.map { .text(session.label(grid.second[$0])) } ?? .none,
      .number(cell.recovered),
    ]
  }

  // MARK: Words

  private var words: [TextFigure.Paragraph] {
    [.init(measure), .init(differing, .dim)] + greatest
  }

  private var measure: Bilingual {
    let (one, other) = (session.label(grid.answers.token), session.label(grid.answers.other))
    let (first, second) = (
      NumberText.fixed(grid.difference.first, 4), NumberText.fixed(grid.difference.second, 4)
    )
    return Bilingual(
      it: "logit di \(it: one) meno quello di \(it: other): dopo il primo testo \(first.it), dopo"
        + " il secondo \(second.it)",
      en: "logit of \(en: one) less that of \(en: other): after the first text \(first.en), after"
        + " the second \(second.en)"
    )
  }

  private var differing: Bilingual {
    let places = zip(grid.first, grid.second).filter { $0 != $1 }.map {
      "\(session.label($0)) → \(session.label($1))"
    }
    let list = places.prefix(4).joined(separator: ", ") + (places.count > 4 ? ", …" : "")
    return Bilingual(
      it: places.isEmpty ? "i due testi sono lo stesso" : "i testi differiscono (*): \(list)",
      en: places.isEmpty ? "both texts are the same" : "the texts differ (*): \(list)"
    )
  }

  /// The strongest head, or the strongest of what attention and MLPs add: some vector of the
  /// stream carries everything always.
  private var greatest: [TextFigure.Paragraph] {
    let cells = grid.cells.filter { cell in
      switch cell.site {
      case .attention, .mlp, .head: cell.recovered.isFinite
      case .embedding, .residual: false
      }
    }
    guard let best = cells.max(by: { $0.recovered < $1.recovered }) else { return [] }
    let share = NumberText.fixed(best.recovered, 2)
    let part = Self.name(best.site) + place(of: best)
    return [
      .init(
        Bilingual(
          it: "da sola la parte che porta di più è \(part.it): \(share.it)",
          en: "alone, the part that carries most is \(part.en): \(share.en)"
        )
      )
    ]
  }

  private func place(of cell: PatchGrid.Cell) -> Bilingual {
    guard let place = cell.position else { return Bilingual(same: "") }
    let token = session.label(grid.first[place])
    return Bilingual(
      it: ", posizione \(place) (\(token.visible))",
      en: ", position \(place) (\(token.visible))"
    )
  }

  private static func name(_ site: PatchGrid.Site) -> Bilingual {
    switch site {
    case .embedding: Bilingual(it: "l'embedding", en: "the embedding")
    case .residual(let block):
      Bilingual(it: "il flusso dopo il blocco \(block)", en: "the stream after block \(block)")
    case .attention(let block):
      Bilingual(it: "l'attenzione del blocco \(block)", en: "the attention of block \(block)")
    case .mlp(let block):
      Bilingual(it: "l'MLP del blocco \(block)", en: "the MLP of block \(block)")
    case .head(let head): Bilingual(it: "la testa \(head)", en: "head \(head)")
    }
  }
}

extension PatchGrid.Site {
  /// Nil before the first block.
  fileprivate var block: Int? {
    switch self {
    case .embedding: nil
    case .residual(let block), .attention(let block), .mlp(let block): block
    case .head(let head): head.block
    }
  }
}
