// SPDX-License-Identifier: MIT

/// Finds the rows of a table in bytes that come part by part, and the columns of each.
///
/// Source: RFC 4180, with other separators than the comma too.
struct TableRecords {
  private static let quote = UInt8(ascii: "\"")
  private static let lineEnd = UInt8(ascii: "\n")

  private let separator: UInt8

  // Where the row under way begins, and where the scan stands: no byte is looked at twice.
  private var begin = 0
  private var scanned = 0
  private var isQuoted = false
  private var wasQuoted = false
  private var isAtStart = true

  init(separator: UInt8) {
    self.separator = separator
  }

  /// Whether the scan stands between quotation marks.
  var isOpen: Bool { isQuoted }

  /// The next row of a buffer with its line end; nil if more bytes are needed.
  mutating func next(_ bytes: [UInt8], isLast: Bool) -> Range<Int>? {
    let end = bytes.withUnsafeBufferPointer { bytes -> Int? in
      while scanned < bytes.count {
        let byte = bytes[scanned]
        scanned += 1
        if isQuoted {
          // Two in a row close and open again.
          if byte == Self.quote { (isQuoted, wasQuoted) = (false, true) }
          continue
        }
        if byte == Self.quote, isAtStart || wasQuoted { isQuoted = true }
        if byte == Self.lineEnd { return scanned }
        (isAtStart, wasQuoted) = (byte == separator, false)
      }
      return isLast && !isQuoted && begin < bytes.count ? bytes.count : nil
    }
    guard let end else { return nil }
    defer { (begin, scanned, wasQuoted, isAtStart) = (end, end, false, true) }
    return begin..<end
  }

  /// Says how many bytes belong to rows before, which the caller takes out of the buffer now.
  mutating func forget() -> Int {
    defer { (begin, scanned) = (0, scanned - begin) }
    return begin
  }

  /// The columns of a row, without the quotation marks around them.
  func columns(_ row: ArraySlice<UInt8>) -> [[UInt8]] {
    var (columns, column) = ([[UInt8]](), [UInt8]())
    var (isQuoted, wasQuoted, isAtStart) = (false, false, true)
    let body = row.last == Self.lineEnd ? row.dropLast() : row
    for byte in body {
      if isQuoted {
        if byte == Self.quote { (isQuoted, wasQuoted) = (false, true) } else { column.append(byte) }
        continue
      }
      if byte == separator {
        columns.append(column)
        column.removeAll(keepingCapacity: true)
        (isAtStart, wasQuoted) = (true, false)
        continue
      }
      if byte == Self.quote, isAtStart {
        isQuoted = true
      } else if byte == Self.quote, wasQuoted {
        column.append(byte)
        isQuoted = true
      } else {
        column.append(byte)
      }
      (isAtStart, wasQuoted) = (false, false)
    }
    return columns + [column]
  }

  /// The byte between the columns: whichever the header has most of.
  static func separator(of start: [UInt8]) -> UInt8 {
    let candidates = [",", ";", "\t", "|"].compactMap(\.utf8.first)
    let counts = candidates.map { candidate in
      var scanner = TableRecords(separator: candidate)
      let header = scanner.next(start, isLast: true) ?? start.indices
      return scanner.columns(start[header]).count
    }
    let most = counts.max() ?? 1
    return counts.firstIndex(of: most).map { candidates[$0] } ?? UInt8(ascii: ",")
  }

  /// The first rows that are whole and hold anything, as text.
  package static func rows(of start: [UInt8], _ separator: UInt8, atMost count: Int) -> [[String]] {
    var (rows, scanner) = ([[String]](), TableRecords(separator: separator))
    while rows.count < count, let row = scanner.next(start, isLast: false) {
      if row.count > 1 { rows.append(scanner.texts(start[row])) }
    }
    return rows
  }

  /// The columns of a row as text.
  func texts(_ row: ArraySlice<UInt8>) -> [String] {
    columns(row).map { String(decoding: $0, as: UTF8.self) }
  }
}
