// SPDX-License-Identifier: MIT

/// A text that was normalized and is being cut: bytes, and which parts of them are pieces.
struct TextPieces {
  typealias Text = UnsafeBufferPointer<UInt8>

  private(set) var bytes: [UInt8]

  /// Parts with something in them, in order.
  private(set) var ranges: [Range<Int>]

  /// How many bytes at the beginning stand for the very first scalar of the whole text.
  private(set) var lead: Int

  init(_ bytes: [UInt8], lead: Int) {
    (self.bytes, self.lead) = (bytes, lead)
    ranges = bytes.isEmpty ? [] : [0..<bytes.count]
  }

  /// Cuts every piece.
  mutating func cut(_ parts: (Text) -> [Range<Int>]) {
    var cut: [Range<Int>] = []
    bytes.withUnsafeBufferPointer { bytes in
      for range in ranges {
        for part in parts(Text(rebasing: bytes[range])) where !part.isEmpty {
          cut.append(range.lowerBound + part.lowerBound..<range.lowerBound + part.upperBound)
        }
      }
    }
    ranges = cut
  }

  /// Writes every piece anew.
  mutating func rewrite(_ change: (Text, _ isFirst: Bool, inout [UInt8]) -> Void) {
    var (all, rewritten): ([UInt8], [Range<Int>]) = ([], [])
    var leadEnd = 0
    all.reserveCapacity(bytes.count * 2)
    bytes.withUnsafeBufferPointer { bytes in
      for range in ranges {
        let start = all.count
        let isFirst = range.lowerBound < lead
        change(Text(rebasing: bytes[range]), isFirst, &all)
        if all.count > start { rewritten.append(start..<all.count) }
        if isFirst { leadEnd = start + 1 }
      }
    }
    (bytes, ranges, lead) = (all, rewritten, leadEnd)
  }
}

/// How the `pre_tokenizer` of a tokenizer cuts a text, as `tokenizers` does it.
package enum PreTokenizer: Sendable {
  case split(TextPattern, SplitBehavior, isInverted: Bool)

  /// Blanks as a visible character, and one before the text.
  case metaspace(Unicode.Scalar, PrependScheme, splits: Bool)

  /// Bytes as visible characters, a blank before each piece, and the pattern of GPT-2.
  case byteLevel(addsPrefixSpace: Bool, usesRegex: Bool)

  /// - Throws: `DataProblem` if the text becomes longer than there is room for.
  func apply(
    to pieces: inout TextPieces,
    in room: inout GrowthRoom
  ) throws(DataProblem) {
    apply(to: &pieces)
    try room.ask(pieces.bytes.count)
  }

  /// Makes of each byte, and before each piece, a few at most.
  private func apply(to pieces: inout TextPieces) {
    switch self {
    case .split(let pattern, let behavior, let isInverted):
      pieces.cut { text in
        behavior.parts(text.count, pattern.matches(in: text), isInverted: isInverted)
      }
    case .metaspace(let mark, let scheme, let splits):
      Self.mark(&pieces, mark, scheme)
      guard splits else { return }
      let pattern = TextPattern.scalars(.scalar(mark))
      pieces.cut {
        SplitBehavior.mergedWithNext.parts($0.count, pattern.matches(in: $0), isInverted: false)
      }
    case .byteLevel(let addsPrefixSpace, let usesRegex):
      Self.spell(&pieces, addsPrefixSpace, usesRegex)
    }
  }

  private static func mark(
    _ pieces: inout TextPieces,
    _ mark: Unicode.Scalar,
    _ scheme: PrependScheme
  ) {
    let spelling = Array(String(mark).utf8)
    pieces.rewrite { text, isFirst, all in
      let begins = text[0] == UInt8(ascii: " ") || text.starts(with: spelling)
      if !begins, scheme == .always || scheme == .first && isFirst { all += spelling }
      for byte in text {
        if byte == UInt8(ascii: " ") { all += spelling } else { all.append(byte) }
      }
    }
  }

  private static func spell(
    _ pieces: inout TextPieces,
    _ addsPrefixSpace: Bool,
    _ usesRegex: Bool
  ) {
    if addsPrefixSpace {
      pieces.rewrite { text, _, all in
        if text[0] != UInt8(ascii: " ") { all.append(UInt8(ascii: " ")) }
        all += text
      }
    }
    if usesRegex {
      let scanner = scanners.take() ?? TextScanner(.gpt2)
      pieces.cut { scanner.pieces(of: $0) }
      scanners.put(scanner)
    }
    pieces.rewrite { text, _, all in
      for byte in text { all += spellings[Int(byte)] }
    }
  }

  private static let scanners = IdleWorkers<TextScanner>()

  private static let spellings = ByteSpelling.scalars.map { Array(String($0).utf8) }
}

/// Before which pieces a mark is put.
package enum PrependScheme: String, Sendable {
  case always, first, never
}

/// What becomes of matches and of what lies between them.
package enum SplitBehavior: String, Sendable {
  case removed = "Removed"
  case isolated = "Isolated"
  case mergedWithPrevious = "MergedWithPrevious"
  case mergedWithNext = "MergedWithNext"
  case contiguous = "Contiguous"

  private typealias Part = (range: Range<Int>, isMatch: Bool)

  /// The pieces of a text of so many bytes.
  func parts(_ count: Int, _ matches: [Range<Int>], isInverted: Bool) -> [Range<Int>] {
    var (parts, place): ([Part], Int) = ([], 0)
    for match in matches {
      if place < match.lowerBound { parts.append((place..<match.lowerBound, isInverted)) }
      parts.append((match, !isInverted))
      place = match.upperBound
    }
    if place < count { parts.append((place..<count, isInverted)) }
    switch self {
    case .removed: return parts.filter { !$0.isMatch }.map(\.range)
    case .isolated: return parts.map(\.range)
    case .contiguous: return Self.merged(parts) { $0 == $1 }
    case .mergedWithPrevious: return Self.merged(parts) { $1 && !$0 }
    case .mergedWithNext:
      return Self.merged(parts.reversed()) { $1 && !$0 }.reversed()
    }
  }

  /// Joins parts to the one before them where it is to be; none comes before the first.
  private static func merged(
    _ parts: [Part],
    _ joins: (_ before: Bool, _ here: Bool) -> Bool
  ) -> [Range<Int>] {
    var (merged, before): ([Range<Int>], Bool) = ([], false)
    for (range, isMatch) in parts {
      if joins(before, isMatch), let last = merged.last {
        let start = min(last.lowerBound, range.lowerBound)
        merged[merged.count - 1] = start..<max(last.upperBound, range.upperBound)
      } else {
        merged.append(range)
      }
      before = isMatch
    }
    return merged
  }
}
