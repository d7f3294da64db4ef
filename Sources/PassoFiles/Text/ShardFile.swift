// SPDX-License-Identifier: MIT

import Glibc

/// The first bytes of a file of tokens.
///
///     "PassoTok", version UInt32, bytes of a token UInt32, tokens UInt64, checksum UInt64, zeros
///
/// All numbers are little-endian. The tokens follow, and after them the fingerprint of each
/// megabyte of tokens: the checksum is the fingerprint of these, so that a part can be checked
/// without the rest.
struct ShardHeader: Hashable {
  static let byteCount = 64
  static let version: UInt32 = 1

  /// The bytes of tokens under one fingerprint.
  static let chunk = 1 << 20

  private static let magic = Array("PassoTok".utf8)

  /// The bytes of a token, 2 or 4.
  let width: Int

  /// The number of tokens.
  let count: Int

  let checksum: UInt64

  var bytes: [UInt8] {
    var bytes = Self.magic
    let words = [UInt64(Self.version) | UInt64(width) << 32, UInt64(count), checksum]
    for word in words { withUnsafeBytes(of: word.littleEndian) { bytes += $0 } }
    return bytes + [UInt8](repeating: 0, count: Self.byteCount - bytes.count)
  }

  /// The most tokens of a file: their bytes can be counted with room to spare.
  static let mostTokens = 1 << 48

  /// Whether the numbers can be reckoned with; those of a damaged file are anything.
  static func isSound(width: Int, count: Int) -> Bool {
    (width == 2 || width == 4) && (0...mostTokens).contains(count)
  }

  /// The chunks that have a fingerprint.
  var chunks: Int { (count * width + Self.chunk - 1) / Self.chunk }
  var fileSize: Int { Self.byteCount + count * width + chunks * 8 }

  /// The bytes of the file that one fingerprint is of.
  func range(ofChunk number: Int) -> Range<Int> {
    let start = number * Self.chunk
    let end = min(start + Self.chunk, count * width)
    return Self.byteCount + start..<Self.byteCount + end
  }

  /// The bytes of the file that hold the fingerprints.
  var tableRange: Range<Int> { fileSize - chunks * 8..<fileSize }
}

/// A file of tokens that is being written.
final class ShardWriter {
  private let output: OutputFile
  private let width: Int
  private var chunk: [UInt8] = []
  private var table: [UInt64] = []

  /// The number of tokens so far.
  private(set) var count = 0

  init(path: String, width: Int) throws(FileProblem) {
    output = try OutputFile(new: path, for: path)
    self.width = width
    chunk.reserveCapacity(ShardHeader.chunk)
    try output.write([UInt8](repeating: 0, count: ShardHeader.byteCount))
  }

  /// Appends tokens.
  func write(_ ids: ArraySlice<Int32>) throws(FileProblem) {
    var rest = ids
    while !rest.isEmpty {
      let part = rest.prefix((ShardHeader.chunk - chunk.count) / width)
      if width == 2 {
        append(part) { UInt16(truncatingIfNeeded: $0).littleEndian }
      } else {
        append(part) { $0.littleEndian }
      }
      rest = rest.dropFirst(part.count)
      if chunk.count == ShardHeader.chunk { try flush() }
    }
    count += ids.count
  }

  private func append<Stored: BitwiseCopyable>(
    _ ids: ArraySlice<Int32>,
    _ stored: (Int32) -> Stored
  ) {
    withUnsafeTemporaryAllocation(of: Stored.self, capacity: ids.count) { room in
      for (place, id) in ids.enumerated() { room.initializeElement(at: place, to: stored(id)) }
      chunk.append(contentsOf: UnsafeRawBufferPointer(room))
    }
  }

  private func flush() throws(FileProblem) {
    try output.write(chunk)
    table.append(chunk.withUnsafeBytes { ContentHash.of($0) })
    chunk.removeAll(keepingCapacity: true)
  }

  /// Writes what is left and then the header, and waits until the disk has everything.
  func finish() throws(FileProblem) -> ShardHeader {
    if !chunk.isEmpty { try flush() }
    try output.write(table.map(\.littleEndian))
    let header = ShardHeader(width: width, count: count, checksum: ContentHash.of(table))
    try output.overwriteStart(with: header.bytes)
    try output.flush()
    return header
  }
}

/// Why kept tokens cannot be used.
enum ShardDamage: Error, Hashable {
  /// The list of files is not there, is of another version, or was changed.
  case manifest
  /// A file is not there or cannot be read.
  case missing(String)
  /// A file is longer or shorter than it was.
  case size(String)
  /// The first bytes of a file are not those that were written.
  case header(String)
  /// Tokens of a file are not those that were written.
  case content(String)
}

/// Opens files of tokens and checks them.
enum ShardFile {
  /// Opens the files of one part of a text, and checks every byte of them.
  ///
  /// The text itself was read to find them, which takes longer.
  ///
  /// - Parameters:
  ///   - part: The files, and how many tokens each has.
  ///   - folder: Where they are.
  ///   - manifest: What is known of the whole text.
  ///   - isNew: Whether they were written just now, and need no check.
  /// - Returns: The tokens.
  /// - Throws: `ShardDamage` if a file is not what was written.
  static func open(
    _ part: ShardManifest.Part,
    in folder: String,
    _ manifest: ShardManifest,
    isNew: Bool = false
  ) throws(ShardDamage) -> StoredTokens {
    var files: [(file: RandomAccessFile, header: ShardHeader, name: String)] = []
    for shard in part.shards {
      let file = try open(shard, in: folder, width: manifest.width)
      if !isNew { for chunk in 0..<file.header.chunks { try check(chunk, of: file) } }
      files.append(file)
    }
    return StoredTokens(
      files.map { ($0.file, $0.header.count) },
      width: manifest.width,
      vocabularySize: manifest.vocabularySize,
      folder: folder
    )
  }

  private static func open(
    _ shard: ShardManifest.Shard,
    in folder: String,
    width: Int
  ) throws(ShardDamage) -> (file: RandomAccessFile, header: ShardHeader, name: String) {
    let name = shard.name
    guard ShardHeader.isSound(width: width, count: shard.tokens) else { throw .manifest }
    let path = "\(folder)/\(name)"
    guard !isLink(path), let file = try? RandomAccessFile(path: path) else { throw .missing(name) }
    guard file.count >= ShardHeader.byteCount else { throw .size(name) }
    let needed = ShardHeader(width: width, count: shard.tokens, checksum: shard.checksum)
    let header = try bytes(0..<ShardHeader.byteCount, of: file, name)
    guard header == needed.bytes else { throw .header(name) }
    guard file.count == needed.fileSize else { throw .size(name) }
    let table = try bytes(needed.tableRange, of: file, name)
    guard table.withUnsafeBytes({ ContentHash.of($0) }) == needed.checksum else {
      throw .content(name)
    }
    return (file, needed, name)
  }

  private static func check(
    _ chunk: Int,
    of shard: (file: RandomAccessFile, header: ShardHeader, name: String)
  ) throws(ShardDamage) {
    let place = shard.header.tableRange.lowerBound + chunk * 8
    let needed = try bytes(place..<place + 8, of: shard.file, shard.name)
    let found = try bytes(shard.header.range(ofChunk: chunk), of: shard.file, shard.name)
    let hash = found.withUnsafeBytes { ContentHash.of($0) }
    let isSame = withUnsafeBytes(of: hash.littleEndian) { $0.elementsEqual(needed) }
    guard isSame else { throw .content(shard.name) }
  }

  /// Bytes of a file that was whole when it was opened.
  private static func bytes(
    _ range: Range<Int>,
    of file: RandomAccessFile,
    _ name: String
  ) throws(ShardDamage) -> [UInt8] {
    guard let bytes = try? file.bytes(range) else { throw .size(name) }
    return bytes
  }

  private static func isLink(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
  }
}
