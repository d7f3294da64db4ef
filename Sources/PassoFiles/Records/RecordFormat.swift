// SPDX-License-Identifier: MIT

import PassoText

/// How a file holds records, each with a text in one of its fields.
package enum RecordFormat: Hashable, Sendable {
  /// A row a record, with a byte between the columns; the first row names them.
  case table(separator: UInt8)

  /// A JSON object on each line.
  case jsonLines

  /// JSON objects one after the other, or a list of them.
  case json

  /// How people call it.
  package var name: Bilingual {
    switch self {
    case .table(UInt8(ascii: "\t")):
      Bilingual(it: "una tabella (TSV)", en: "a table (TSV)")
    case .table: Bilingual(it: "una tabella (CSV)", en: "a table (CSV)")
    case .jsonLines: Bilingual(it: "JSON, un oggetto per riga", en: "JSON, one object a line")
    case .json: Bilingual(it: "una lista di oggetti JSON", en: "a list of JSON objects")
    }
  }

  /// The format of clean text whose field a person named; what is no JSON is a table.
  ///
  /// - Parameter start: The text from its first byte; at least one line, or all there is.
  init(of start: [UInt8]) {
    let first = start.first { !JSONRecords.isSpace($0) }
    if first == UInt8(ascii: "[") {
      self = .json
    } else if first == UInt8(ascii: "{") {
      self = JSONRecords.objects(onLinesOf: start, atMost: 1).count == 1 ? .jsonLines : .json
    } else {
      self = .table(separator: TableRecords.separator(of: start))
    }
  }
}

/// What a text looks like that is read as plain text: records, with these fields.
package struct RecordGuess: Hashable, Sendable {
  /// How it holds records.
  package let format: RecordFormat

  /// The names of their fields, in order.
  package let fields: [String]

  /// The rows that have to agree before a text with commas counts as a table.
  private static let leastRows = 3

  private static let mostRows = 20

  /// Looks at the beginning of a text; nil for prose.
  ///
  /// - Parameters:
  ///   - start: Clean text from its first byte.
  ///   - isTable: Whether its name says that it is a table.
  init?(_ start: [UInt8], isTable: Bool) {
    let first = start.first { !JSONRecords.isSpace($0) }
    if first == UInt8(ascii: "{") || first == UInt8(ascii: "[") {
      let format = RecordFormat(of: start)
      guard let fields = JSONRecords.firstFields(of: start, format), !fields.isEmpty else {
        return nil
      }
      (self.format, self.fields) = (format, fields)
      return
    }
    let separator = TableRecords.separator(of: start)
    let rows = TableRecords.rows(of: start, separator, atMost: Self.mostRows)
    guard let header = rows.first, header.count > 1 || isTable,
      rows.count >= (isTable ? 1 : Self.leastRows)
    else { return nil }
    guard isTable || rows.allSatisfy({ $0.count == header.count }) && Self.areNames(header) else {
      return nil
    }
    (format, fields) = (.table(separator: separator), header)
  }

  /// Names are short, and each is another; verses with a comma are not.
  private static func areNames(_ header: [String]) -> Bool {
    Set(header).count == header.count
      && header.allSatisfy { name in
        let words = name.split(separator: " ")
        return (1...3).contains(words.count) && name.utf8.count <= 40
          && !name.contains { ".!?:\u{201C}\u{201D}«»".contains($0) }
          && name.first?.isWhitespace == false
      }
  }
}
