// SPDX-License-Identifier: MIT

/// Takes the text of one field out of the records of one file, which comes part by part.
struct RecordSplitter {
  /// A text, and the line in which its record begins.
  struct Found {
    let text: [UInt8]
    let line: Int
  }

  /// More than fits into memory beside a model, and more than any honest record has.
  private static let longest = 1 << 28

  /// Bytes that tell the format, unless the file ends before.
  private static let enough = 1 << 16

  private let field: String
  private let file: String

  /// Clean text that was not divided yet.
  var buffer: [UInt8] = []

  private var line = 1
  private var scanner: Scanner?
  private var column: Int?

  private enum Scanner {
    case table(TableRecords)
    case json(JSONRecords)
  }

  /// - Parameters:
  ///   - field: The name of the field; `outer.inner` for one inside another.
  ///   - file: The file, for problems.
  init(field: String, file: String) {
    (self.field, self.file) = (field, file)
  }

  /// Hands on the texts of all records that are whole.
  ///
  /// - Throws: `RecordProblem`, or what `body` throws.
  mutating func drain(isLast: Bool, _ body: (Found) throws -> Void) throws {
    if scanner == nil {
      guard isLast || buffer.count >= Self.enough else { return }
      switch RecordFormat(of: buffer) {
      case .table(let separator): scanner = .table(TableRecords(separator: separator))
      case .jsonLines: scanner = .json(JSONRecords(isOnLines: true))
      case .json: scanner = .json(JSONRecords(isOnLines: false))
      }
    }
    switch scanner {
    case .table(let table): try drain(table, isLast: isLast, body)
    case .json(let json): try drain(json, isLast: isLast, body)
    case nil: break
    }
    guard buffer.count <= Self.longest else {
      throw RecordProblem.tooLong(limit: Self.longest, file: file, line: line)
    }
  }

  private mutating func drain(
    _ table: TableRecords,
    isLast: Bool,
    _ body: (Found) throws -> Void
  ) throws {
    var table = table
    while let range = table.next(buffer, isLast: isLast) {
      let row = buffer[range]
      if row.first != UInt8(ascii: "\n") { try take(row, table, body) }
      line += row.count { $0 == UInt8(ascii: "\n") }
    }
    if isLast, table.isOpen { throw RecordProblem.openQuote(file: file, line: line) }
    buffer.removeSubrange(..<table.forget())
    scanner = .table(table)
  }

  private mutating func take(
    _ row: ArraySlice<UInt8>,
    _ table: TableRecords,
    _ body: (Found) throws -> Void
  ) throws {
    guard let column else {
      let names = table.texts(row)
      guard let found = names.firstIndex(of: field) else {
        throw RecordProblem.noField(field, known: names, file: file, line: line)
      }
      column = found
      return
    }
    let columns = table.columns(row)
    guard column < columns.count else {
      throw RecordProblem.shortRow(
        columns: columns.count,
        needed: column + 1,
        file: file,
        line: line
      )
    }
    try body(Found(text: columns[column], line: line))
  }

  private mutating func drain(
    _ json: JSONRecords,
    isLast: Bool,
    _ body: (Found) throws -> Void
  ) throws {
    var json = json
    while let part = json.next(buffer, isLast: isLast) {
      switch part {
      case .between(let range): line += lineEnds(in: range)
      case .object(let range):
        try take(Array(buffer[range]), body)
        line += lineEnds(in: range)
      }
    }
    buffer.removeSubrange(..<json.forget())
    scanner = .json(json)
  }

  private func lineEnds(in range: Range<Int>) -> Int {
    buffer[range].count { $0 == UInt8(ascii: "\n") }
  }

  private func take(_ object: [UInt8], _ body: (Found) throws -> Void) throws {
    let value: JSONRecords.Value
    do throws(JSONFault) {
      value = try JSONRecords.value(of: field, in: object)
    } catch {
      let lineInside = (error.line ?? 1) - 1
      if case .wrong(path: "", needed: .object, let found, _) = error {
        throw RecordProblem.noObject(found: found, file: file, line: line + lineInside)
      }
      throw RecordProblem.json(error, file: file, line: line + lineInside)
    }
    switch value {
    case .text(let text): try body(Found(text: Array(text.utf8), line: line))
    case .nothing: break
    case .other(let found):
      throw RecordProblem.noText(field, found: found, file: file, line: line)
    case .missing(let known):
      throw RecordProblem.noField(field, known: known, file: file, line: line)
    }
  }
}
