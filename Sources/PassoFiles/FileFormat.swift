// SPDX-License-Identifier: MIT

import PassoData

/// What a file is, by its first bytes, whatever its name says.
///
/// One place for all readers: a model folder, a tokenizer and a text meet the same strangers.
/// Sources: file(1)'s magic numbers; https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md.
package enum FileFormat: Hashable, Sendable {
  /// A few lines of git-lfs that stand for a file of so many bytes, if they say how many.
  case lfsPointer(bytes: Int?)
  /// A link of git-annex that was written as a file.
  case annexPointer
  /// A page of the web, often in place of what was to be downloaded.
  case html
  /// Text between marks of other kinds: other programs' files, a text processor's document.
  case xml, rtf
  case gzip, bzip2, xz, zstd, zip, tar, sevenZip
  /// A text processor's document: a zip inside.
  case document(suffix: String)
  /// What PyTorch saves: pickled objects, alone or in a zip.
  case pickle
  /// Text in units of two or four bytes.
  case wide(WideEncoding)
  /// Text in an encoding from before UTF-8, by a guess.
  case legacy(LegacyEncoding)
  /// Bytes that are no text in any encoding.
  case unknown
  case safetensors, gguf, numpy, hdf5, parquet, sqlite, pdf, png, jpeg, gif
  case executable
  /// The tokenizer of SentencePiece, `tokenizer.model`.
  case sentencePiece
  /// A tokenizer of tiktoken: a token in base 64 and its rank on each line.
  case tiktoken
}

/// An encoding of text in units of two or four bytes, by the name that iconv has for it.
///
/// The names without an order are those of texts that begin with a mark, which iconv takes away.
package enum WideEncoding: String, Hashable, Sendable {
  case utf16 = "UTF-16"
  case utf16LittleEndian = "UTF-16LE"
  case utf16BigEndian = "UTF-16BE"
  case utf32 = "UTF-32"
  case utf32LittleEndian = "UTF-32LE"
  case utf32BigEndian = "UTF-32BE"
}

// MARK: - Recognition

extension FileFormat {
  /// How many bytes from the start of a file are enough to tell.
  package static let sniffedBytes = 4_096

  /// Recognises a file; nil for text in UTF-8, for JSON, and for what nobody here knows.
  ///
  /// - Parameter start: The first `sniffedBytes` bytes of the file, or all of it; more do no harm.
  package init?(_ start: some Collection<UInt8>) {
    let bytes = Array(start.prefix(Self.sniffedBytes))
    // The marks of wide encodings begin with bytes that no other format begins with.
    let found =
      Self.wide(bytes) ?? Self.binary(bytes) ?? Self.unmarked(bytes).map { .wide($0) }
      ?? Self.text(bytes)
    guard let found else { return nil }
    self = found
  }

  /// Whether the bytes are a text in UTF-8 all the same, which a reader of texts can take.
  package var isText: Bool {
    switch self {
    case .tiktoken: true
    default: isMarkup
    }
  }

  /// Whether it is text between marks, which a model would learn too.
  package var isMarkup: Bool { [.html, .xml, .rtf].contains(self) }

  private static func binary(_ bytes: [UInt8]) -> FileFormat? {
    if let known = magic.first(where: { bytes.starts(with: $0.bytes) }) { return known.format }
    if bytes.starts(with: [0x50, 0x4B, 0x03, 0x04]) { return zip(bytes) }
    if bytes.dropFirst(257).starts(with: "ustar".utf8) { return .tar }
    if isPickle(bytes) { return .pickle }
    if isSafetensors(bytes) { return .safetensors }
    return isSentencePiece(bytes) ? .sentencePiece : nil
  }

  private static let magic: [(bytes: [UInt8], format: FileFormat)] = [
    ([0x1F, 0x8B, 0x08], .gzip), (Array("BZh".utf8), .bzip2),
    ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], .xz), ([0x28, 0xB5, 0x2F, 0xFD], .zstd),
    ([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], .sevenZip),
    (Array("GGUF".utf8), .gguf), ([0x93] + Array("NUMPY".utf8), .numpy),
    ([0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A], .hdf5), (Array("PAR1".utf8), .parquet),
    (Array("SQLite format 3\0".utf8), .sqlite), (Array("%PDF-".utf8), .pdf),
    ([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], .png), ([0xFF, 0xD8, 0xFF], .jpeg),
    (Array("GIF8".utf8), .gif), ([0x7F] + Array("ELF".utf8), .executable),
  ]

  /// What is in a zip says what it is: its first entries are in its first bytes.
  private static func zip(_ bytes: [UInt8]) -> FileFormat {
    let kinds: [(name: String, format: FileFormat)] = [
      ("data.pkl", .pickle), (".npy", .numpy), ("[Content_Types].xml", .document(suffix: "docx")),
      ("mimetypeapplication/vnd.oasis", .document(suffix: "odt")),
      ("mimetypeapplication/epub", .document(suffix: "epub")),
    ]
    return kinds.first { bytes.contains(Array($0.name.utf8)) }?.format ?? .zip
  }

  /// Protocols 2 to 5, and the number with which older files of PyTorch begin.
  private static func isPickle(_ bytes: [UInt8]) -> Bool {
    guard bytes.count > 2, bytes[0] == 0x80, (2...5).contains(bytes[1]) else { return false }
    // A frame, an object, a list, a mark, a global, a text, a number of many bytes.
    return [0x95, 0x7D, 0x5D, 0x28, 0x63, 0x58, 0x8A, 0x8C].contains(bytes[2])
  }

  /// The length of a header, and its brace.
  private static func isSafetensors(_ bytes: [UInt8]) -> Bool {
    guard bytes.count > 8, bytes[8] == UInt8(ascii: "{") else { return false }
    let length = bytes[..<8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return length >= 2 && length <= UInt64(SafetensorsHeader.longest)
  }

  /// A message that begins with a piece: its text and its weight, as a float.
  private static func isSentencePiece(_ bytes: [UInt8]) -> Bool {
    guard bytes.count > 4, bytes[0] == 0x0A, bytes[2] == 0x0A else { return false }
    let end = 4 + Int(bytes[3])
    return bytes[3] > 0 && bytes[1] > bytes[3] && end < bytes.count && bytes[end] == 0x15
  }
}

// MARK: - Text that is not what it should be

extension FileFormat {
  private static func wide(_ bytes: [UInt8]) -> FileFormat? {
    let marks: [(bytes: [UInt8], encoding: WideEncoding)] = [
      ([0xFF, 0xFE, 0, 0], .utf32), ([0, 0, 0xFE, 0xFF], .utf32),
      ([0xFF, 0xFE], .utf16), ([0xFE, 0xFF], .utf16),
    ]
    return marks.first { bytes.starts(with: $0.bytes) }.map { .wide($0.encoding) }
  }

  /// Without a mark the NULs tell: each stands beside a character of ASCII, always on one side.
  private static func unmarked(_ bytes: [UInt8]) -> WideEncoding? {
    if let short = ShortText(bytes) { return short.encoding }
    guard bytes.contains(0) else { return nil }
    // Plain text into which some NULs have come stays what it is.
    let nuls = bytes.count { $0 == 0 }
    if nuls * 4 < bytes.count, bytes.allSatisfy({ $0 == 0 || isPlain($0) }) { return nil }
    return WideText(bytes).encoding
  }

  /// Text of one byte, Latin-1 included: no control characters but for space.
  private static func isPlain(_ byte: UInt8) -> Bool {
    byte >= 0xA0 || (0x20..<0x7F).contains(byte) || (0x09...0x0D).contains(byte)
  }

  private static func text(_ bytes: [UInt8]) -> FileFormat? {
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    let body = bytes.starts(with: mark) ? bytes.dropFirst(mark.count) : bytes[...]
    let text = String(decoding: body, as: UTF8.self)
    if let pointer = lfsPointer(text) { return pointer }
    if text.contains("/annex/objects/"), text.split(whereSeparator: \.isWhitespace).count == 1 {
      return .annexPointer
    }
    if let markup = markup(text) { return markup }
    return isTiktoken(text) ? .tiktoken : nil
  }

  private static func lfsPointer(_ text: String) -> FileFormat? {
    let versions = ["git-lfs.github.com/spec", "hawser.github.com/spec"]
    guard versions.contains(where: { text.hasPrefix("version https://\($0)") }) else { return nil }
    let size = text.split(whereSeparator: \.isNewline).first { $0.hasPrefix("size ") }
    return .lfsPointer(bytes: size.flatMap { Int($0.dropFirst(5)) })
  }

  private static func markup(_ text: String) -> FileFormat? {
    let start = text.drop(while: \.isWhitespace).prefix(512).lowercased()
    if start.hasPrefix("{\\rtf") { return .rtf }
    if ["<!doctype html", "<html", "<head>", "<body"].contains(where: start.hasPrefix) {
      return .html
    }
    let isXML = start.hasPrefix("<?xml") || start.hasPrefix("<!doctype")
    // A page may begin as XML, or with a comment.
    if isXML || start.hasPrefix("<!--"), start.contains("<html") { return .html }
    return isXML ? .xml : nil
  }

  private static func isTiktoken(_ text: String) -> Bool {
    let lines = text.split(whereSeparator: \.isNewline).prefix(3)
    guard lines.count == 3 else { return false }
    return lines.enumerated().allSatisfy { rank, line in
      let parts = line.split(separator: " ", omittingEmptySubsequences: false)
      guard parts.count == 2, parts[1] == "\(rank)" else { return false }
      return parts[0].utf8.count.isMultiple(of: 4) && !parts[0].isEmpty
        && parts[0].utf8.allSatisfy { TextCuts.isWord($0) || "+/=".utf8.contains($0) }
    }
  }
}
