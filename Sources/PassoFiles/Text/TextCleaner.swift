// SPDX-License-Identifier: MIT

/// Makes well-formed UTF-8 with plain line ends of the bytes of one file, part by part.
///
/// What is not UTF-8 becomes U+FFFD, one for each maximal subpart, as in Swift's own decoding;
/// a byte order mark at the start and NULs are dropped; CR LF and CR become LF. Clean text is
/// copied in long runs.
struct TextCleaner {
  private(set) var tally = TextTally()

  /// Where the first bytes stand that are not UTF-8, in bytes of the file.
  private(set) var firstReplaced: Int?

  private var isAtStart = true
  private var isAfterCR = false

  private static let replacement: [UInt8] = [0xEF, 0xBF, 0xBD]
  private static let lineEnd = UInt8(ascii: "\n")
  private static let carriageReturn = UInt8(ascii: "\r")

  /// Appends the clean text of bytes that follow those before.
  ///
  /// - Parameters:
  ///   - bytes: Begins with what the call before did not take.
  ///   - isLast: Whether nothing follows.
  ///   - output: Where the text goes.
  /// - Returns: How many bytes were taken; all but at most three.
  mutating func clean(
    _ bytes: UnsafeBufferPointer<UInt8>,
    isLast: Bool,
    into output: inout [UInt8]
  ) -> Int {
    var run = 0
    var index = 0
    while index < bytes.count {
      index = skipPlain(bytes, from: index)
      guard index < bytes.count else { break }
      var piece = Piece(bytes, at: index)
      if piece == .cut {
        guard isLast else { break }
        piece = .broken(bytes.count - index)
      }
      let length = piece.length
      if let instead = instead(of: piece, bytes, at: index) {
        output.append(contentsOf: bytes[run..<index])
        output.append(contentsOf: instead)
        run = index + length
      }
      index += length
    }
    output.append(contentsOf: bytes[run..<index])
    tally.bytes += index
    return index
  }

  /// The first place from which on eight bytes are not all plain: ASCII, neither NUL nor CR.
  private mutating func skipPlain(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    guard !isAfterCR else { return start }
    let raw = UnsafeRawBufferPointer(bytes)
    let (ones, high): (UInt64, UInt64) = (0x0101_0101_0101_0101, 0x8080_8080_8080_8080)
    var index = start
    while index + 8 <= raw.count {
      let word = raw.loadUnaligned(fromByteOffset: index, as: UInt64.self)
      let returns = word ^ (ones &* UInt64(Self.carriageReturn))
      // The high bit of a byte is set where the byte is 0 or above 127.
      let marks = word | (word &- ones) | (returns &- ones) & ~returns
      guard marks & high == 0 else { break }
      index += 8
    }
    if index > start {
      tally.scalars += index - start
      isAtStart = false
    }
    return index
  }

  /// What stands for a piece of the file in the text; nil for the piece itself.
  private mutating func instead(
    of piece: Piece,
    _ bytes: UnsafeBufferPointer<UInt8>,
    at index: Int
  ) -> [UInt8]? {
    let byte = bytes[index]
    if byte == 0 {
      tally.nuls += 1
      isAtStart = false
      return []
    }
    defer {
      isAtStart = false
      isAfterCR = byte == Self.carriageReturn
    }
    if case .broken = piece {
      if firstReplaced == nil { firstReplaced = tally.bytes + index }
      tally.replaced += 1
      tally.scalars += 1
      return Self.replacement
    }
    if isAtStart, piece.length == 3, byte == 0xEF, bytes[index + 1] == 0xBB,
      bytes[index + 2] == 0xBF
    {
      tally.boms += 1
      return []
    }
    if byte == Self.lineEnd, isAfterCR {
      tally.crlfs += 1
      tally.crs -= 1
      return []
    }
    tally.scalars += 1
    guard byte == Self.carriageReturn else { return nil }
    tally.crs += 1
    return [Self.lineEnd]
  }
}

/// What begins at a place in bytes that should be UTF-8.
///
/// Source: The Unicode Standard 15.0, table 3-7 (well-formed sequences), and section 3.9 on the
/// substitution of maximal subparts.
private enum Piece: Equatable {
  /// A scalar of so many bytes.
  case whole(Int)
  /// So many bytes that no continuation could make a scalar.
  case broken(Int)
  /// The start of a scalar, as far as the bytes go.
  case cut

  init(_ bytes: UnsafeBufferPointer<UInt8>, at start: Int) {
    let lead = bytes[start]
    let length: Int
    var second: ClosedRange<UInt8> = 0x80...0xBF
    switch lead {
    case 0x00...0x7F: length = 1
    case 0xC2...0xDF: length = 2
    case 0xE0: (length, second) = (3, 0xA0...0xBF)
    case 0xED: (length, second) = (3, 0x80...0x9F)
    case 0xE1...0xEF: length = 3
    case 0xF0: (length, second) = (4, 0x90...0xBF)
    case 0xF1...0xF3: length = 4
    case 0xF4: (length, second) = (4, 0x80...0x8F)
    default:
      self = .broken(1)
      return
    }
    for offset in 1..<max(length, 1) {
      guard start + offset < bytes.count else {
        self = .cut
        return
      }
      let range = offset == 1 ? second : 0x80...0xBF
      guard range.contains(bytes[start + offset]) else {
        self = .broken(offset)
        return
      }
    }
    self = .whole(length)
  }

  var length: Int {
    switch self {
    case .whole(let length), .broken(let length): length
    case .cut: 0
    }
  }
}
