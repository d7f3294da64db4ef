// SPDX-License-Identifier: MIT

/// A set of Unicode scalars, as a regular expression writes it: `\s`, `[^\r\n\p{L}]`, `a`.
struct ScalarSet: Hashable, Sendable {
  /// What is in a set, one beside the other.
  enum Part: Hashable, Sendable {
    case range(UInt32, UInt32)

    /// `\p{L}`, `\p{Lu}`: bits by the order of `ScalarSet.categories`.
    case categories(UInt32)

    /// `\s`, the property White_Space.
    case space

    /// `\w`: letters, marks, decimal digits, connectors; and the numbers ²³¹¼½¾, as in Oniguruma.
    case word

    /// `\w` between brackets, where Oniguruma leaves those numbers out.
    case wordInBrackets

    /// `\w` of the expressions of Rust, to which joiners belong too.
    case joinedWord

    /// `\p{Han}`.
    case han

    case set(ScalarSet)
  }

  var parts: [Part] = []
  var isNegated = false

  /// What else a scalar has to be in, as after `&&`.
  var others: [ScalarSet] = []

  init(_ parts: [Part] = [], isNegated: Bool = false) {
    (self.parts, self.isNegated) = (parts, isNegated)
  }

  /// A single scalar.
  init(_ scalar: Unicode.Scalar) { parts = [.range(scalar.value, scalar.value)] }

  /// Writes what is in it once: ranges in order, with a gap between them, then the other parts.
  ///
  /// Where case does not count, each letter is several ranges, and as often as it is written.
  mutating func simplify() {
    var (ranges, others, seen): ([(UInt32, UInt32)], [Part], Set<Part>) = ([], [], [])
    for part in parts {
      if case .range(let first, let last) = part {
        ranges.append((first, last))
      } else if seen.insert(part).inserted {
        others.append(part)
      }
    }
    var merged: [(UInt32, UInt32)] = []
    for range in ranges.sorted(by: <) {
      if let last = merged.last, range.0 <= last.1 + 1 {
        merged[merged.count - 1].1 = max(last.1, range.1)
      } else {
        merged.append(range)
      }
    }
    parts = merged.map { .range($0.0, $0.1) } + others
  }

  func contains(_ scalar: Unicode.Scalar) -> Bool {
    let isIn = parts.contains { Self.contains($0, scalar) }
    return (isIn && others.allSatisfy { $0.contains(scalar) }) != isNegated
  }

  private static func contains(_ part: Part, _ scalar: Unicode.Scalar) -> Bool {
    switch part {
    case .range(let first, let last): first <= scalar.value && scalar.value <= last
    case .categories(let mask): mask & bit(ScalarClass.category(scalar)) != 0
    case .space: scalar.properties.isWhitespace
    case .word: ScalarClass.isWord(scalar) || isLatinNumber(scalar)
    case .wordInBrackets: ScalarClass.isWord(scalar)
    case .joinedWord: ScalarClass.isWord(scalar) || scalar.properties.isJoinControl
    case .han: hanRanges.contains { $0.contains(scalar.value) }
    case .set(let set): set.contains(scalar)
    }
  }

  private static func isLatinNumber(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value < 0x100 && scalar.properties.generalCategory == .otherNumber
  }

  // MARK: Categories

  /// The general categories by their short names.
  private static let categories: [(name: String, category: Unicode.GeneralCategory)] = [
    ("Lu", .uppercaseLetter), ("Ll", .lowercaseLetter), ("Lt", .titlecaseLetter),
    ("Lm", .modifierLetter), ("Lo", .otherLetter), ("Mn", .nonspacingMark), ("Mc", .spacingMark),
    ("Me", .enclosingMark), ("Nd", .decimalNumber), ("Nl", .letterNumber), ("No", .otherNumber),
    ("Pc", .connectorPunctuation), ("Pd", .dashPunctuation), ("Ps", .openPunctuation),
    ("Pe", .closePunctuation), ("Pi", .initialPunctuation), ("Pf", .finalPunctuation),
    ("Po", .otherPunctuation), ("Sm", .mathSymbol), ("Sc", .currencySymbol),
    ("Sk", .modifierSymbol), ("So", .otherSymbol), ("Zs", .spaceSeparator), ("Zl", .lineSeparator),
    ("Zp", .paragraphSeparator), ("Cc", .control), ("Cf", .format), ("Cs", .surrogate),
    ("Co", .privateUse), ("Cn", .unassigned),
  ]

  private static let bits: [Unicode.GeneralCategory: UInt32] = Dictionary(
    uniqueKeysWithValues: categories.enumerated().map { ($0.element.category, 1 << $0.offset) }
  )

  private static func bit(_ category: Unicode.GeneralCategory) -> UInt32 { bits[category] ?? 0 }

  /// The part of a name as in `\p{Lu}` or `\p{L}`; nil for one that is not known.
  static func part(named name: String) -> Part? {
    if name == "Han" { return .han }
    let mask = categories.enumerated().reduce(UInt32(0)) { mask, entry in
      let isNamed = entry.element.name == name || entry.element.name.prefix(1) == name
      return isNamed ? mask | 1 << entry.offset : mask
    }
    return mask == 0 ? nil : .categories(mask)
  }

  /// The script Han of Unicode 16.
  private static let hanRanges: [ClosedRange<UInt32>] = [
    0x2E80...0x2E99, 0x2E9B...0x2EF3, 0x2F00...0x2FD5, 0x3005...0x3005, 0x3007...0x3007,
    0x3021...0x3029, 0x3038...0x303B, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFA6D,
    0xFA70...0xFAD9, 0x16FE2...0x16FE3, 0x16FF0...0x16FF1, 0x20000...0x2A6DF, 0x2A700...0x2B739,
    0x2B740...0x2B81D, 0x2B820...0x2CEA1, 0x2CEB0...0x2EBE0, 0x2EBF0...0x2EE5D, 0x2F800...0x2FA1D,
    0x30000...0x3134A, 0x31350...0x323AF,
  ]
}

/// Which scalars a set has, looked up 256 at a time when one is first met; for one thread.
final class ScalarSetTable {
  private let set: ScalarSet

  // For each block of 256 scalars where its bits begin, or -1; those of ASCII are always there.
  private let blocks: UnsafeMutableBufferPointer<Int32>
  private var bits: [UInt64] = []
  private let low: (UInt64, UInt64)

  init(_ set: ScalarSet) {
    self.set = set
    blocks = .allocate(capacity: 0x11_0000 >> 8)
    blocks.initialize(repeating: -1)
    bits = Self.bits(of: set, block: 0)
    blocks[0] = 0
    low = (bits[0], bits[1])
  }

  deinit { blocks.deallocate() }

  @inline(__always)
  func hasASCII(_ byte: UInt8) -> Bool {
    let word = byte < 64 ? low.0 : low.1
    return word &>> UInt64(byte & 63) & 1 != 0
  }

  @inline(__always)
  func has(_ scalar: UInt32) -> Bool {
    let block = Int(scalar >> 8)
    if blocks[block] < 0 { load(block) }
    let word = bits[Int(blocks[block]) &+ Int(scalar >> 6 & 3)]
    return word &>> UInt64(scalar & 63) & 1 != 0
  }

  @inline(never)
  private func load(_ block: Int) {
    blocks[block] = Int32(bits.count)
    bits += Self.bits(of: set, block: block)
  }

  private static func bits(of set: ScalarSet, block: Int) -> [UInt64] {
    (0..<UInt32(4)).map { word in
      (0..<UInt32(64)).reduce(UInt64(0)) { bits, bit in
        let value = UInt32(block) << 8 | word << 6 | bit
        guard let scalar = Unicode.Scalar(value), set.contains(scalar) else { return bits }
        return bits | 1 << UInt64(bit)
      }
    }
  }
}
