// SPDX-License-Identifier: MIT

import PassoFiles
import PassoSessionViews
import PassoText
import PassoView

extension RecordTable {
  /// The records as comma-separated values after RFC 4180, with their header.
  private var commaSeparated: String {
    let lines = [columns.map(CSVTable.field)] + rows.map { $0.map(Self.text) }
    return lines.map { $0.joined(separator: ",") + "\n" }.joined()
  }

  /// Refuses to write where something is that no table of Passo is.
  ///
  /// - Throws: `ExportProblem.otherFile`, or `FileProblem` if the file cannot be read.
  package static func expectTable(at path: String) throws {
    try ExportFormat.csv.expectSame(at: path)
  }

  /// Writes the records to a file, in the place of a table that is there.
  ///
  /// - Throws: `FileProblem`.
  package func write(to path: String) throws {
    try TextFile.write(bytes: Array(commaSeparated.utf8), to: path)
  }

  /// How the headers of tables begin that Passo writes: a file with another one is left alone.
  static let ownHeaders = [PatchGridView.columns, ExpectationsView.columns].map {
    $0.joined(separator: ",")
  }

  /// The shortest digits that are the number again; a field without a number is empty.
  private static func text(_ field: Field) -> String {
    switch field {
    case .text(let text): CSVTable.field(text)
    case .whole(let number): String(number)
    case .number(let number) where number.isNaN: "NaN"
    case .number(let number) where number.isInfinite: number < 0 ? "-inf" : "inf"
    case .number(let number): number.description
    case .none: ""
    }
  }
}
