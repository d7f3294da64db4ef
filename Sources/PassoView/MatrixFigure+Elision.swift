// SPDX-License-Identifier: MIT

import PassoText

extension MatrixFigure {
  /// The label of rows and columns that stand for others.
  package static let ellipsis = "\u{2026}"

  /// More rows and columns than these no renderer shows.
  package static let most = (rows: 32, columns: 64)

  /// The matrix cut to so many rows and columns: the first, a mark, and the last few.
  ///
  /// Shades and outliers stay those of the whole.
  func elided(maxRows: Int = most.rows, maxColumns: Int = most.columns) -> MatrixFigure {
    let keptRows = Self.kept(rows.labels.count, max(3, maxRows))
    let keptColumns = Self.kept(columns.labels.count, max(3, maxColumns))
    let isCut = keptRows.contains(nil) || keptColumns.contains(nil)
    guard isCut || size != (rows.labels.count, columns.labels.count) else { return self }
    var cut = self
    cut.cells = keptRows.flatMap { row in
      keptColumns.map { column in
        if let row, let column { cell(row, column) } else { Cell.omitted }
      }
    }
    cut.rows = rows.picking(keptRows)
    cut.columns = columns.picking(keptColumns)
    let size = "\(size.rows) × \(size.columns)"
    cut.notes.append(
      Bilingual(
        it: "matrice \(size): una fetta, per esempio \(slice), ne mostra una parte",
        en: "matrix of \(size): a slice, for example \(slice), shows a part of it"
      )
    )
    return cut
  }

  /// Indices to keep of so many; nil is the mark.
  package static func kept(_ count: Int, _ limit: Int) -> [Int?] {
    guard count > limit else { return Array(0..<count) }
    let tail = max(1, limit / 4)
    let head = limit - 1 - tail
    return Array(0..<head) + [nil] + Array(count - tail..<count)
  }
}
