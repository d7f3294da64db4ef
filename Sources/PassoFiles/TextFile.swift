// SPDX-License-Identifier: MIT

import PassoText

/// Text in files that fit into memory; `TextReader` reads those that do not.
package enum TextFile {
  /// More than fits into memory beside a model of lesson size.
  private static let largest = 1 << 30

  /// A hundred thousand lines of a recording.
  package static let largestByHand = 1 << 23

  /// All of a file, line ends included; a few bytes that are not UTF-8 are replaced.
  ///
  /// - Throws: `FileProblem` if it cannot be read, or is no text as `TextSniffer` says.
  package static func text(path: String) throws(FileProblem) -> String {
    try text(of: TextInput(path: path))
  }

  /// The same of a text that may have come from a pipe; any number of wrong bytes may be replaced
  /// if a person wants that.
  package static func text(
    of input: TextInput,
    replacesInvalid: Bool = false
  ) throws(FileProblem) -> String {
    let bytes = try input.bytes(limit: largest)
    guard !bytes.isEmpty else { throw .system(.emptyText, file: input.name) }
    if let format = TextSniffer.format(ofText: bytes) {
      let fault = ForeignFormat(format, needed: .text, file: input.name)
      guard replacesInvalid, fault.isReplaceable else { throw .foreign(fault) }
    }
    return String(decoding: ByteOrderMark.dropped(from: bytes), as: UTF8.self)
  }

  /// The same in UTF-8 to the last byte: nothing is replaced.
  ///
  /// - Throws: `FileProblem` if it cannot be read, or is something else.
  package static func exactText(path: String, limit: Int) throws(FileProblem) -> String {
    let bytes = try bytes(path: path, limit: limit)
    if let text = String(validating: bytes, as: UTF8.self), !text.utf8.contains(0) { return text }
    let found = TextSniffer.format(ofWrongText: bytes)
    throw .foreign(ForeignFormat(found, needed: .text, file: path))
  }

  /// Whether there is something of that name.
  package static func exists(_ path: String) -> Bool { InputFile.exists(path) }

  /// The first bytes of a file, as many as it has of so many.
  package static func beginning(path: String, _ count: Int) throws(FileProblem) -> [UInt8] {
    let file = try RandomAccessFile(path: path)
    return try file.bytes(0..<min(count, file.count))
  }

  /// All bytes of a file of any size that fits into memory, at least one.
  package static func allBytes(path: String) throws(FileProblem) -> [UInt8] {
    let bytes = try InputFile.read(path: path, limit: .max)
    guard !bytes.isEmpty else { throw .system(.emptyText, file: path) }
    return bytes
  }

  /// All bytes of a text of at most a few megabytes, as a person may write one, without a mark at
  /// its start.
  ///
  /// - Throws: `FileProblem` if it cannot be read, or is known to be something else.
  package static func bytes(
    path: String,
    limit: Int = largestByHand
  ) throws(FileProblem) -> [UInt8] {
    let bytes = try InputFile.read(path: path, limit: limit)
    if let format = FileFormat(bytes), !format.isText {
      throw .foreign(ForeignFormat(format, needed: .text, file: path))
    }
    return Array(ByteOrderMark.dropped(from: bytes))
  }

  /// Replaces a file, or makes it: whole or not at all.
  package static func write(_ text: String, to path: String) throws(FileProblem) {
    try AtomicFile.write(Array(text.utf8), to: path)
  }

  /// The same of the bytes of a text.
  package static func write(bytes: [UInt8], to path: String) throws(FileProblem) {
    try AtomicFile.write(bytes, to: path)
  }

  /// Whether a file is where one is to be written.
  ///
  /// - Throws: `FileProblem` if it is a folder or a device, which nobody wants replaced.
  package static func isThere(_ path: String) throws(FileProblem) -> Bool {
    guard InputFile.exists(path) else { return false }
    _ = try InputFile(path: path)
    return true
  }
}
