// SPDX-License-Identifier: MIT

import PassoText

/// Text in files that fit into memory; `TextReader` reads those that do not.
package enum TextFile {
  /// More than fits into memory beside a model of lesson size.
  private static let largest = 1 << 30

  /// A hundred thousand lines of a recording.
  private static let largestByHand = 1 << 23

  /// All of a file, line ends included; bytes that are not UTF-8 are replaced.
  package static func text(path: String) throws(FileProblem) -> String {
    let bytes = try InputFile.read(path: path, limit: largest)
    guard !bytes.isEmpty else { throw .system(.emptyText, file: path) }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Whether there is something of that name.
  package static func exists(_ path: String) -> Bool { InputFile.exists(path) }

  /// The bytes of some files together, from what the system says of them.
  ///
  /// - Throws: `FileProblem` if one cannot be opened, or is no regular file.
  package static func size(of paths: [String]) throws(FileProblem) -> Int {
    var total = 0
    for path in paths { total += try InputFile(path: path).size }
    return total
  }

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

  /// All bytes of a text of at most a few megabytes, as a person may write one.
  package static func bytes(path: String) throws(FileProblem) -> [UInt8] {
    try InputFile.read(path: path, limit: largestByHand)
  }

  /// Replaces a file, or makes it: whole or not at all.
  package static func write(_ text: String, to path: String) throws(FileProblem) {
    try AtomicFile.write(Array(text.utf8), to: path)
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
