// SPDX-License-Identifier: MIT

/// Says whether files are text in UTF-8, and what they are if not.
///
/// A few bytes that are not UTF-8 do no harm in a large text: they become U+FFFD and are counted.
/// More than three, if they are more than one in a thousand characters, are a text in another
/// encoding, or no text: learned from, they would teach nothing.
package enum TextSniffer {
  /// So many sequences that are not UTF-8 are always replaced.
  private static let few = 3

  /// Beyond them, one in so many characters is.
  private static let rare = 1_000

  /// Bytes at the start of a file that tell what it is.
  private static let start = 1 << 16

  /// Looks at the beginning of a file.
  ///
  /// - Throws: `FileProblem.foreign` for what is no text, and for text in wide units; or if the
  ///   file cannot be read.
  static func check(_ input: TextInput) throws(FileProblem) {
    let bytes = try beginning(of: input, from: 0)
    if let format = format(ofBeginning: bytes) { throw foreign(format, input) }
  }

  /// What the first bytes are, if they alone tell that they are no text in UTF-8.
  private static func format(ofBeginning bytes: [UInt8]) -> FileFormat? {
    if let format = FileFormat(bytes), !format.isText { return format }
    if LegacyEncoding.hasMailEscapes(bytes) { return .legacy(.japaneseMail) }
    guard isUnlikeText(bytes) else { return nil }
    return WideText(bytes).encoding.map { .wide($0) } ?? .unknown
  }

  /// Looks at what was found in all of a file.
  ///
  /// - Throws: `FileProblem.foreign` if too much of it is not UTF-8.
  static func check(_ cleaner: TextCleaner, of input: TextInput) throws(FileProblem) {
    guard isBroken(cleaner.tally), let first = cleaner.firstReplaced else { return }
    // The words before the first strange letter say nothing more.
    let sample = try beginning(of: input, from: max(0, first - 64))
    throw foreign(format(of: sample), input)
  }

  /// What bytes are that should be a text in UTF-8; nil if they are one.
  ///
  /// - Parameter bytes: All of a text that fits into memory.
  /// - Returns: The format, or nil.
  static func format(ofText bytes: [UInt8]) -> FileFormat? {
    if let format = format(ofBeginning: bytes) { return format }
    var (cleaner, output) = (TextCleaner(), [UInt8]())
    _ = bytes.withUnsafeBufferPointer { cleaner.clean($0, isLast: true, into: &output) }
    guard isBroken(cleaner.tally), let first = cleaner.firstReplaced else { return nil }
    return format(of: bytes[max(0, first - 64)...].prefix(start))
  }

  /// What bytes are that are known not to be a text in UTF-8.
  static func format(ofWrongText bytes: [UInt8]) -> FileFormat {
    format(ofText: bytes) ?? format(of: bytes.prefix(start))
  }

  /// The beginning of a text as it is read: mended, with plain line ends.
  static func cleanBeginning(of input: TextInput) throws(FileProblem) -> [UInt8] {
    let bytes = try beginning(of: input, from: 0)
    var (cleaner, output) = (TextCleaner(), [UInt8]())
    _ = bytes.withUnsafeBufferPointer { cleaner.clean($0, isLast: false, into: &output) }
    return output
  }

  /// The encoding of bytes that are not UTF-8.
  private static func format(of sample: some Collection<UInt8>) -> FileFormat {
    if let wide = WideText(sample).encoding { return .wide(wide) }
    return LegacyEncoding(guessing: sample).map { .legacy($0) } ?? .unknown
  }

  private static func isBroken(_ tally: TextTally) -> Bool {
    tally.replaced > few && tally.replaced > tally.scalars / rare
  }

  /// Whether control characters are too many for any text; NULs and white space alone are none.
  private static func isUnlikeText(_ bytes: [UInt8]) -> Bool {
    guard bytes.contains(where: { $0 > 0x20 }) else {
      // A short one has nothing in it, which is said in another way.
      return bytes.count == start && !bytes.contains { $0 != 0 }
    }
    let controls = bytes.count { $0 < 0x20 && !(0x08...0x0D).contains($0) && $0 != 0x1B }
    return controls > few && controls > bytes.count / 10
  }

  private static func foreign(_ format: FileFormat, _ input: TextInput) -> FileProblem {
    .foreign(ForeignFormat(format, needed: .text, file: input.name))
  }

  /// Some kilobytes from a place on.
  private static func beginning(of input: TextInput, from place: Int) throws(FileProblem) -> [UInt8]
  {
    let file = try input.open()
    let room = UnsafeMutableRawBufferPointer.allocate(byteCount: start, alignment: 8)
    defer { room.deallocate() }
    var (bytes, passed) = ([UInt8](), 0)
    while bytes.count < start {
      let count = try file.read(into: room, input.name)
      guard count > 0 else { break }
      let skipped = min(count, max(0, place - passed))
      bytes += room[skipped..<count]
      passed += count
    }
    return Array(bytes.prefix(start))
  }
}
