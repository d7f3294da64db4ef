// SPDX-License-Identifier: MIT

/// What a figure shows as records for other programs: with all digits, and under names that are
/// the same in every language.
package struct RecordTable: Sendable, Hashable {
  package enum Field: Sendable, Hashable {
    case text(String)
    case whole(Int)
    case number(Double)
    /// There is nothing to say.
    case none
  }

  /// The names of the columns.
  package let columns: [String]

  package private(set) var rows: [[Field]]

  package init(_ columns: [String], _ rows: [[Field]]) {
    precondition(rows.allSatisfy { $0.count == columns.count }, "rows of other lengths")
    (self.columns, self.rows) = (columns, rows)
  }

  /// Both, one after the other; nil if they have other columns.
  private func appending(_ other: RecordTable) -> RecordTable? {
    columns == other.columns ? RecordTable(columns, rows + other.rows) : nil
  }

  /// The records of what was shown together; nil if there are none.
  ///
  /// Figures of one kind are parts of one table; of several kinds the first counts.
  package init?(_ figures: [Figure]) {
    let tables = figures.flatMap(\.records)
    guard var table = tables.first else { return nil }
    for other in tables.dropFirst() { table = table.appending(other) ?? table }
    self = table
  }
}

extension RecordTable.Field {
  /// A number that there may not be.
  package init(_ number: Double?) { self = number.map(Self.number) ?? .none }

  /// The same of a whole number.
  package init(_ whole: Int?) { self = whole.map(Self.whole) ?? .none }
}

extension Figure {
  /// The records of the figure and of its parts.
  fileprivate var records: [RecordTable] {
    switch self {
    case .table(let table): [table.records].compactMap(\.self)
    case .matrix(let matrix): [matrix.records].compactMap(\.self)
    case .group(_, let figures): figures.flatMap(\.records)
    case .text, .bars, .curve, .multiples, .graph, .arcs, .points, .marked: []
    }
  }
}
