// SPDX-License-Identifier: MIT

/// The normalization of a sentencepiece model: a double array that finds what to replace, and the
/// texts to put there, one after the other with NUL between them.
package struct PrecompiledMap: Sendable {
  private let units: [UInt32]

  /// The texts to put there, each with NUL after it.
  let texts: [UInt8]

  /// Reads the map from its bytes; nil if they are none.
  package init?(_ bytes: [UInt8]) {
    guard bytes.count >= 4 else { return nil }
    func word(_ place: Int) -> UInt32 {
      (0..<4).reduce(0) { $0 | UInt32(bytes[place + $1]) << (8 * UInt32($1)) }
    }
    let size = Int(word(0))
    guard size > 0, size.isMultiple(of: 4), size <= bytes.count - 4 else { return nil }
    units = stride(from: 4, to: 4 + size, by: 4).map(word)
    texts = Array(bytes[(4 + size)...])
    guard String(validating: texts, as: UTF8.self) != nil,
      let longest = DoubleArrayWays(units).longest(from: Self.offset(units[0])),
      longest <= Self.longestKey
    else { return nil }
  }

  /// More bytes than anything has that is replaced; keeps looking for it linear in the text.
  private static let longestKey = 1_024

  /// - Throws: `DataProblem` if the text becomes longer than there is room for.
  func apply(
    to text: inout NormalizedText,
    in room: inout GrowthRoom
  ) throws(DataProblem) {
    var (all, lead): ([Unicode.Scalar], Int) = ([], 0)
    var place = 0
    func note() { if place <= text.lead { lead = all.count } }
    // Whole characters first, if they are short: an accent may be part of what is looked for.
    for character in String(String.UnicodeScalarView(text.scalars)) {
      let scalars = character.unicodeScalars
      if character.utf8.count < 6, let other = replacement(of: Array(character.utf8)) {
        all += other
        try room.ask(all.count)
        place += scalars.count
        note()
        continue
      }
      for scalar in scalars {
        if let other = replacement(of: Array(String(scalar).utf8)) {
          all += other
          try room.ask(all.count)
        } else {
          all.append(scalar)
        }
        place += 1
        note()
      }
    }
    text = NormalizedText(all, lead: text.lead > 0 ? lead : 0)
  }

  /// What stands for the first beginning of a key that the map has, as `tokenizers` does it.
  private func replacement(of key: [UInt8]) -> [Unicode.Scalar]? {
    guard let found = find(key), found < texts.count else { return nil }
    let text = texts[found...].prefix { $0 != 0 }
    return Array(String(decoding: text, as: UTF8.self).unicodeScalars)
  }

  private func find(_ key: [UInt8]) -> Int? {
    var node = Self.offset(units[0])
    for byte in key {
      if byte == 0 { return nil }
      node ^= Int(byte)
      guard units.indices.contains(node) else { return nil }
      let unit = units[node]
      guard unit & 0x8000_00FF == UInt32(byte) else { return nil }
      node ^= Self.offset(unit)
      guard units.indices.contains(node) else { return nil }
      if unit >> 8 & 1 == 1 { return Int(units[node] & 0x7FFF_FFFF) }
    }
    return nil
  }

  /// The longest beginning of a part of a text that the map has, as sentencepiece looks for it.
  ///
  /// - Returns: Where the text to put there stands in `texts`, and where what it stands for ends;
  ///   nil if the map has none.
  func longest(
    in text: UnsafeBufferPointer<UInt8>,
    from start: Int
  ) -> (text: Range<Int>, end: Int)? {
    var (node, at) = (Self.offset(units[0]), start)
    var longest: (value: Int, end: Int)?
    // No key has a NUL.
    while at < text.count, text[at] != 0 {
      node ^= Int(text[at])
      guard units.indices.contains(node) else { break }
      let unit = units[node]
      guard unit & 0x8000_00FF == UInt32(text[at]) else { break }
      at += 1
      node ^= Self.offset(unit)
      guard units.indices.contains(node) else { break }
      // What would end or begin inside a character is nothing.
      let isWhole = at == text.count || text[at] & 0xC0 != 0x80
      if unit >> 8 & 1 == 1, isWhole { longest = (Int(units[node] & 0x7FFF_FFFF), at) }
    }
    guard let (value, end) = longest, value < texts.count, texts[value] & 0xC0 != 0x80 else {
      return nil
    }
    let stop = texts[value...].firstIndex(of: 0) ?? texts.count
    return (value..<stop, end)
  }

  static func offset(_ unit: UInt32) -> Int { Int(unit >> 10) << Int((unit & 0x200) >> 6) }
}
