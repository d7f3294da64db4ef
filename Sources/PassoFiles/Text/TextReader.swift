// SPDX-License-Identifier: MIT

import Glibc
import PassoData

/// What counts as one text in a file that is read as it stands.
package enum DocumentUnit: String, CaseIterable, Sendable {
  /// Each line that holds anything, without its end.
  case line

  /// Each file that holds anything, with its line ends.
  case file
}

/// A part of a text, in order; a short text is one piece.
package struct TextPiece {
  /// Well-formed UTF-8, valid only while the piece is looked at; empty at most in a last piece.
  package let bytes: UnsafeBufferPointer<UInt8>

  /// Whether a text begins here.
  package let isFirst: Bool

  /// Whether the text ends here.
  package let isLast: Bool

  /// The place of the file in the list, from 0.
  package let file: Int

  /// The line of the file in which the piece begins, from 1.
  package let line: Int
}

/// Reads texts of any size and of any kind, piece by piece, in memory that does not grow with them.
///
/// The bytes are mended as `TextCleaner` says and cut as `PieceBoundary` says. Neither depends on
/// how the system hands out the bytes.
package struct TextReader {
  /// The files, and how texts are taken out of them.
  package let source: TextSource

  /// What was found so far.
  package private(set) var tally = TextTally()

  /// A fingerprint of the bytes of each file that was read to its end.
  package private(set) var hashes: [UInt64] = []

  private let boundary: PieceBoundary
  private let bufferSize: Int

  /// Prepares to read; no file is opened yet.
  ///
  /// - Parameters:
  ///   - source: Which files, read in their order, and how.
  ///   - cuts: Where the tokens of the pieces are those of the text.
  ///   - pieceLimit: The most bytes of a piece; decides where long texts are cut.
  ///   - longest: The most bytes of a piece that has no place to cut; eight times as many if not
  ///     given.
  ///   - bufferSize: How many bytes the system is asked for at once; decides nothing.
  package init(
    _ source: TextSource,
    cuts: TextCuts = .beforeSpace,
    pieceLimit: Int = 1 << 20,
    longest: Int? = nil,
    bufferSize: Int = 1 << 20
  ) {
    self.source = source
    boundary = PieceBoundary(cuts: cuts, limit: pieceLimit, bound: longest ?? 8 * pieceLimit)
    self.bufferSize = bufferSize
  }

  /// Reads all files.
  ///
  /// - Parameters:
  ///   - shouldStop: Asked at every buffer.
  ///   - body: Called with every piece.
  /// - Returns: Whether everything was read; false if it was told to stop.
  /// - Throws: `FileProblem` if a file cannot be read or is no text in UTF-8, `RecordProblem` if a
  ///   field cannot be found, or what `body` throws.
  package mutating func read(
    unless shouldStop: () -> Bool = { false },
    _ body: (TextPiece) throws -> Void
  ) throws -> Bool {
    for index in source.inputs.indices {
      try TextSniffer.check(source.inputs[index])
      var splitter = DocumentSplitter(source, boundary: boundary, file: index)
      guard try read(index, &splitter, shouldStop, body) else { return false }
    }
    return true
  }

  private mutating func read(
    _ index: Int,
    _ splitter: inout DocumentSplitter,
    _ shouldStop: () -> Bool,
    _ body: (TextPiece) throws -> Void
  ) throws -> Bool {
    let input = source.inputs[index]
    let file = try input.open()
    var cleaner = TextCleaner()
    var hash = ContentHash()
    let before = tally
    let room = UnsafeMutableRawBufferPointer.allocate(byteCount: bufferSize + 4, alignment: 8)
    defer { room.deallocate() }
    // The start of a scalar whose rest has not been read yet.
    var held = 0
    var isLast = false
    while !isLast {
      if shouldStop() { return false }
      let free = UnsafeMutableRawBufferPointer(rebasing: room[held..<held + bufferSize])
      let count = try file.read(into: free, input.name)
      isLast = count == 0
      hash.add(UnsafeRawBufferPointer(rebasing: free[..<count]))
      let bytes = UnsafeRawBufferPointer(rebasing: room[..<(held + count)])
        .bindMemory(to: UInt8.self)
      let taken = cleaner.clean(bytes, isLast: isLast, into: &splitter.buffer)
      held = bytes.count - taken
      UnsafeMutableRawBufferPointer(rebasing: room[..<held])
        .copyMemory(from: UnsafeRawBufferPointer(rebasing: room[taken..<taken + held]))
      try splitter.drain(isLast: isLast, body)
      tally = before
      tally.add(cleaner.tally)
      tally.add(splitter.tally)
    }
    if !source.replacesInvalid { try TextSniffer.check(cleaner, of: input) }
    hashes.append(hash.value)
    return true
  }
}

/// Files with texts, and how the texts are taken out of them.
package struct TextSource: Hashable, Sendable {
  /// The files, in order.
  package var inputs: [TextInput]

  /// What counts as one text; of records each is one.
  package var unit = DocumentUnit.line

  /// The field of each record that is its text; nil for files that are read as they stand.
  package var field: String?

  /// Whether any number of bytes that are not UTF-8 may be replaced.
  package var replacesInvalid = false

  package init(_ inputs: [TextInput], unit: DocumentUnit = .line) {
    (self.inputs, self.unit) = (inputs, unit)
  }

  /// The names of the files, as a person gave them.
  package var names: [String] { inputs.map(\.name) }

  /// The bytes of all files, from what the system says.
  ///
  /// - Throws: `FileProblem` if one cannot be opened, or is no regular file.
  package func size() throws(FileProblem) -> Int {
    var total = 0
    for input in inputs { total += try input.size() }
    return total
  }
}

/// Divides the clean text of one file into texts and those into pieces.
private struct DocumentSplitter {
  let unit: DocumentUnit
  let boundary: PieceBoundary
  let file: Int

  /// Text that was not handed on yet.
  var buffer: [UInt8] = []

  private(set) var tally = TextTally()
  private var records: RecordSplitter?
  private var isInside = false
  private var line = 1

  private static let lineEnd = UInt8(ascii: "\n")

  init(_ source: TextSource, boundary: PieceBoundary, file: Int) {
    // A record is a text with all its lines.
    unit = source.field == nil ? source.unit : .file
    records = source.field.map { RecordSplitter(field: $0, file: source.inputs[file].name) }
    self.boundary = boundary
    self.file = file
  }

  /// Hands on all pieces whose end is known.
  mutating func drain(isLast: Bool, _ body: (TextPiece) throws -> Void) throws {
    guard var records else { return try drainText(isLast: isLast, body) }
    records.buffer += buffer
    buffer.removeAll(keepingCapacity: true)
    try records.drain(isLast: isLast) { found in
      line = found.line
      buffer = found.text
      try drainText(isLast: true, body)
    }
    self.records = records
  }

  /// Hands on all pieces whose end is known of what is in the buffer.
  private mutating func drainText(isLast: Bool, _ body: (TextPiece) throws -> Void) throws {
    var bytes: [UInt8] = []
    swap(&bytes, &buffer)
    let start = try bytes.withUnsafeBufferPointer { bytes in
      var start = 0
      while start < bytes.count || isLast && isInside {
        let rest = UnsafeBufferPointer(rebasing: bytes[start...])
        guard let taken = try next(rest, isLast: isLast, body) else { break }
        start += taken
      }
      return start
    }
    bytes.removeSubrange(..<start)
    swap(&bytes, &buffer)
  }

  /// Hands on one piece, or drops a blank text, and gives the bytes taken; nil if more are needed.
  private mutating func next(
    _ rest: UnsafeBufferPointer<UInt8>,
    isLast: Bool,
    _ body: (TextPiece) throws -> Void
  ) throws -> Int? {
    let end = unit == .line ? Self.lineEnd(in: rest, upTo: boundary.bound + 1) : nil
    let text = UnsafeBufferPointer(rebasing: rest[..<(end ?? rest.count)])
    if text.count > boundary.limit {
      guard let cut = boundary.cut(text, isWhole: end != nil || isLast) else { return nil }
      if cut.place < text.count {
        if !cut.isSafe { tally.hardCuts += 1 }
        try hand(UnsafeBufferPointer(rebasing: text[..<cut.place]), isLast: false, body)
        return cut.place
      }
    }
    if let end {
      try hand(text, isLast: true, body)
      tally.lines += 1
      line += 1
      return end + 1
    }
    guard isLast else { return nil }
    try hand(rest, isLast: true, body)
    if unit == .line || rest.last != Self.lineEnd { tally.lines += 1 }
    return rest.count
  }

  private static func lineEnd(in bytes: UnsafeBufferPointer<UInt8>, upTo count: Int) -> Int? {
    guard let start = bytes.baseAddress,
      let found = memchr(start, Int32(lineEnd), min(count, bytes.count))
    else { return nil }
    return UnsafeRawPointer(found) - UnsafeRawPointer(start)
  }

  private mutating func hand(
    _ bytes: UnsafeBufferPointer<UInt8>,
    isLast: Bool,
    _ body: (TextPiece) throws -> Void
  ) throws {
    let isFirst = !isInside
    let start = line
    if unit == .file {
      let ends = bytes.count { $0 == Self.lineEnd }
      line += ends
      tally.lines += ends
    }
    // A text longer than a piece holds something, be it white space.
    if isFirst, isLast, PieceBoundary.isBlank(bytes) { return }
    if isFirst { tally.documents += 1 }
    isInside = !isLast
    try body(
      TextPiece(bytes: bytes, isFirst: isFirst, isLast: isLast, file: file, line: start)
    )
  }
}

extension TextTally {
  /// Adds what was found elsewhere.
  mutating func add(_ other: TextTally) {
    for (_, path) in Self.names { self[keyPath: path] += other[keyPath: path] }
  }
}
