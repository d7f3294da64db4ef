// SPDX-License-Identifier: MIT

import PassoText

extension MatrixFigure {
  /// The label of rows and columns that stand for others.
  static let ellipsis = "\u{2026}"

  /// The matrix cut to so many rows and columns: the first, a mark, and the last few.
  func elided(maxRows: Int, maxColumns: Int) -> MatrixFigure {
    let keptRows = Self.kept(rows.labels.count, max(3, maxRows))
    let keptColumns = Self.kept(columns.labels.count, max(3, maxColumns))
    guard keptRows.contains(nil) || keptColumns.contains(nil) else { return self }
    let cells = keptRows.flatMap { row in
      keptColumns.map { column in
        if let row, let column { cell(row, column) } else { Cell.omitted }
      }
    }
    let size = "\(rows.labels.count) × \(columns.labels.count)"
    let note = Bilingual(
      it: "matrice \(size): una fetta, per esempio [0:10, 0:10], ne mostra una parte",
      en: "matrix of \(size): a slice, for example [0:10, 0:10], shows a part of it"
    )
    return MatrixFigure(
      title: title,
      rows: Axis(rows.name, keptRows.map { $0.map { rows.labels[$0] } ?? Self.ellipsis }),
      columns: Axis(
        columns.name,
        keptColumns.map { $0.map { columns.labels[$0] } ?? Self.ellipsis }
      ),
      cells: cells,
      scale: scale,
      notes: notes + [note]
    )
  }

  /// Indices to keep; nil is the mark.
  private static func kept(_ count: Int, _ limit: Int) -> [Int?] {
    guard count > limit else { return Array(0..<count) }
    let tail = max(1, limit / 4)
    let head = limit - 1 - tail
    return Array(0..<head) + [nil] + Array(count - tail..<count)
  }
}
