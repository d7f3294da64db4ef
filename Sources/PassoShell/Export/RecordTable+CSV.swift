// SPDX-License-Identifier: MIT

import PassoSessionViews
import PassoText
import PassoView

extension RecordTable {
  /// The records as comma-separated values after RFC 4180, with their header.
  package var commaSeparated: String {
    let lines = [columns.map(CSVTable.field)] + rows.map { $0.map(Self.text) }
    return lines.map { $0.joined(separator: ",") + "\n" }.joined()
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
