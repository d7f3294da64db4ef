// SPDX-License-Identifier: MIT

import PassoText

/// Lays a table out in columns; where it is too wide, in panels below each other that all begin
/// with the first column.
struct TableLayout {
  private let table: TableFigure
  private let width: Int
  private let titles: [String]
  private let rows: [[String]]

  /// The widest cell of each column.
  private let natural: [Int]

  /// A single column may give way to the others, but not further than this.
  private static let least = 12

  init(_ table: TableFigure, width: Int, language: Language) {
    self.table = table
    self.width = width
    let titles = table.columns.map { $0.title[language].visible }
    let rows = table.rows.map { $0.map { $0[language].visible } }
    natural = titles.indices.map { index in
      ([titles[index]] + rows.map { $0[index] }).map { DisplayWidth.of($0) }.max() ?? 0
    }
    (self.titles, self.rows) = (titles, rows)
  }

  var lines: [StyledLine] { panels.flatMap(lines) }

  /// Which columns stand side by side, and how wide they are.
  private typealias Panel = [(column: Int, width: Int)]

  private var panels: [Panel] {
    let all = fitted(Array(natural.indices))
    let cut = all.filter { $0.width < natural[$0.column] }
    let isReadable = cut.isEmpty || cut.count == 1 && cut[0].width >= Self.least
    guard !isReadable, natural.count > 2 else { return [all] }
    return groups.map { fitted([0] + $0) }
  }

  /// The columns after the first, as many in each group as there is room for.
  private var groups: [[Int]] {
    let room = room(beside: 1) - min(natural[0], width / 3)
    var groups: [[Int]] = []
    var used = 0
    for column in natural.indices.dropFirst() {
      let wide = natural[column] + 2
      if groups.isEmpty || used + wide > room {
        groups.append([])
        used = 0
      }
      groups[groups.count - 1].append(column)
      used += wide
    }
    return groups
  }

  /// What so many columns have, without the blanks between them.
  private func room(beside count: Int) -> Int {
    width - 2 * (count - 1) - (table.markedRow == nil ? 0 : 2)
  }

  /// Each column as wide as its widest cell; where that is too much, the widest one gives way.
  private func fitted(_ columns: [Int]) -> Panel {
    var widths = columns.map { natural[$0] }
    let room = room(beside: columns.count)
    while widths.reduce(0, +) > room, let widest = widths.max(), widest > 1 {
      guard let index = widths.firstIndex(of: widest) else { break }
      widths[index] -= 1
    }
    return zip(columns, widths).map { (column: $0, width: $1) }
  }

  private func lines(_ panel: Panel) -> [StyledLine] {
    let header = titles.contains { !$0.isEmpty } ? [line(titles, panel, mark: " ", .dim)] : []
    return header
      + rows.enumerated().map { index, cells in
        let isMarked = index == table.markedRow
        return line(cells, panel, mark: isMarked ? "▶" : " ", isMarked ? .emphasis : .plain)
      }
  }

  private func line(_ cells: [String], _ panel: Panel, mark: String, _ role: TextRole) -> StyledLine
  {
    let texts = panel.map { column, width in
      let fitted = cells[column].truncated(to: width)
      let isRight = table.columns[column].alignment == .right
      return isRight ? fitted.leftPadded(to: width) : fitted.padded(to: width)
    }
    let start = table.markedRow == nil ? "" : mark + " "
    return StyledLine(start + texts.joined(separator: "  "), role)
  }
}
