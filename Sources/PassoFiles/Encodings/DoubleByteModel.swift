// SPDX-License-Identifier: MIT

import PassoRuntime

/// How likely bytes are as a text in an encoding of up to two bytes a character.
///
/// The tables of the encodings are too large to stand here, and need not: where its common
/// characters, its syllables and its marks lie tells one encoding from the others.
struct DoubleByteModel {
  private let encoding: LegacyEncoding

  init?(_ encoding: LegacyEncoding) {
    switch encoding {
    case .shiftJIS, .japaneseUnix, .simplifiedChinese, .traditionalChinese, .korean:
      self.encoding = encoding
    default: return nil
    }
  }

  private static let broken = -16.0

  /// What a byte of ASCII costs, so that one which belongs to a character is one less.
  private static let plain = -3.9

  /// The logarithm of the probability of all characters that are not ASCII.
  func likelihood(of bytes: [UInt8]) -> Double {
    var (sum, index) = (0.0, 0)
    while index < bytes.count {
      let lead = bytes[index]
      guard lead >= 0x80 else {
        index += 1
        continue
      }
      // Katakana of one byte.
      if encoding == .shiftJIS, (0xA1...0xDF).contains(lead) {
        sum += -9
        index += 1
        continue
      }
      guard index + 1 < bytes.count else { break }
      let trail = bytes[index + 1]
      guard let character = likelihood(lead, trail) else {
        sum += Self.broken
        index += 1
        continue
      }
      sum += character - (trail < 0x80 ? Self.plain : 0)
      index += 2
    }
    return sum
  }

  private func likelihood(_ lead: UInt8, _ trail: UInt8) -> Double? {
    switch encoding {
    case .shiftJIS: Self.shiftJIS(lead, trail)
    case .japaneseUnix: Self.japaneseUnix(lead, trail)
    case .simplifiedChinese: Self.simplified(lead, trail)
    case .traditionalChinese: Self.traditional(lead, trail)
    default: Self.korean(lead, trail)
    }
  }

  /// A share of the text, divided among so many characters.
  private static func share(_ part: Double, of count: Double) -> Double {
    Double.logarithm(part / count)
  }

  private static func shiftJIS(_ lead: UInt8, _ trail: UInt8) -> Double? {
    guard (0x40...0xFC).contains(trail), trail != 0x7F else { return nil }
    switch (lead, trail) {
    case (0x82, 0x9F...0xF1): return share(0.55, of: 83)
    case (0x83, 0x40...0x96): return share(0.12, of: 86)
    case (0x81, 0x40...0x43): return share(0.07, of: 4)
    case (0x81, _): return share(0.01, of: 180)
    case (0x82, 0x4F...0x9A): return share(0.01, of: 62)
    case (0x88...0x97, _), (0x98, 0x40...0x72): return share(0.28, of: 2_965)
    case (0x98...0x9F, _), (0xE0...0xEA, _): return share(0.01, of: 3_390)
    case (0x82...0x87, _), (0xED...0xEE, _), (0xFA...0xFC, _): return share(0.0001, of: 400)
    default: return nil
    }
  }

  private static func japaneseUnix(_ lead: UInt8, _ trail: UInt8) -> Double? {
    guard (0xA1...0xFE).contains(trail) else { return nil }
    switch (lead, trail) {
    case (0xA4, 0xA1...0xF3): return share(0.55, of: 83)
    case (0xA5, 0xA1...0xF6): return share(0.12, of: 86)
    case (0xA1, 0xA1...0xA4): return share(0.07, of: 4)
    case (0xA1, _), (0xA2, _): return share(0.01, of: 180)
    case (0xA3, _): return share(0.01, of: 62)
    case (0xB0...0xCF, _): return share(0.28, of: 2_965)
    case (0xD0...0xF4, _): return share(0.01, of: 3_390)
    case (0x8E, _), (0xA4...0xA8, _): return share(0.0001, of: 400)
    default: return nil
    }
  }

  private static func simplified(_ lead: UInt8, _ trail: UInt8) -> Double? {
    guard (0x81...0xFE).contains(lead), (0x40...0xFE).contains(trail), trail != 0x7F else {
      return nil
    }
    if commonSimplified.contains(UInt16(lead) << 8 | UInt16(trail)) { return share(0.35, of: 91) }
    switch (lead, trail) {
    case (0xA3, 0xAC), (0xA1, 0xA3), (0xA1, 0xA2): return share(0.1, of: 3)
    case (0xA1, 0xA1...0xFE), (0xA3, 0xA1...0xFE): return share(0.03, of: 180)
    case (0xB0...0xD7, 0xA1...0xFE): return share(0.48, of: 3_755)
    case (0xD8...0xF7, 0xA1...0xFE): return share(0.02, of: 3_008)
    default: return share(0.002, of: 14_000)
    }
  }

  private static func traditional(_ lead: UInt8, _ trail: UInt8) -> Double? {
    guard (0xA1...0xF9).contains(lead) else { return nil }
    guard (0x40...0x7E).contains(trail) || (0xA1...0xFE).contains(trail) else { return nil }
    if commonTraditional.contains(UInt16(lead) << 8 | UInt16(trail)) { return share(0.35, of: 91) }
    switch (lead, trail) {
    case (0xA1, 0x41...0x43): return share(0.1, of: 3)
    case (0xA1...0xA3, _): return share(0.03, of: 400)
    case (0xA4...0xC6, _): return share(0.48, of: 5_401)
    case (0xC9...0xF9, _): return share(0.02, of: 7_652)
    default: return nil
    }
  }

  private static func korean(_ lead: UInt8, _ trail: UInt8) -> Double? {
    guard (0xA1...0xFD).contains(lead), (0xA1...0xFE).contains(trail) else { return nil }
    if commonKorean.contains(UInt16(lead) << 8 | UInt16(trail)) { return share(0.45, of: 40) }
    switch lead {
    case 0xB0...0xC8: return share(0.5, of: 2_350)
    case 0xA1...0xAC: return share(0.02, of: 1_000)
    case 0xCA...0xFD: return share(0.01, of: 4_888)
    default: return nil
    }
  }
}

// The characters that texts have most of, in the order in which they are common.
extension DoubleByteModel {
  /// As in 的一是不了.
  private static let commonSimplified: Set<UInt16> = [
    0xB5C4, 0xD2BB, 0xCAC7, 0xB2BB, 0xC1CB, 0xD4DA, 0xC8CB, 0xD3D0, 0xCED2, 0xCBFB, 0xD5E2,
    0xD6D0, 0xB4F3, 0xC0B4, 0xC9CF, 0xB9FA, 0xB8F6, 0xB5BD, 0xCBB5, 0xC3C7, 0xCEAA, 0xD7D3,
    0xBACD, 0xC4E3, 0xB5D8, 0xB3F6, 0xB5C0, 0xD2B2, 0xCAB1, 0xC4EA, 0xB5C3, 0xBECD, 0xC4C7,
    0xD2AA, 0xCFC2, 0xD2D4, 0xC9FA, 0xBBE1, 0xD7D4, 0xD7C5, 0xC8A5, 0xD6AE, 0xB9FD, 0xBCD2,
    0xD1A7, 0xB6D4, 0xBFC9, 0xCBFD, 0xC0EF, 0xBAF3, 0xD0A1, 0xC3B4, 0xD0C4, 0xB6E0, 0xCCEC,
    0xB6F8, 0xC4DC, 0xBAC3, 0xB6BC, 0xC8BB, 0xC3BB, 0xC8D5, 0xD3DA, 0xC6F0, 0xBBB9, 0xB7A2,
    0xB3C9, 0xCAC2, 0xD6BB, 0xD7F7, 0xB5B1, 0xCFEB, 0xBFB4, 0xCEC4, 0xCEDE, 0xBFAA, 0xCAD6,
    0xCAAE, 0xD3C3, 0xD6F7, 0xD0D0, 0xB7BD, 0xD3D6, 0xC8E7, 0xC7B0, 0xCBF9, 0xB1BE, 0xBCFB,
    0xBEAD, 0xCDB7, 0xC3E6,
  ]

  /// The same of Taiwan and Hong Kong.
  private static let commonTraditional: Set<UInt16> = [
    0xAABA, 0xA440, 0xAC4F, 0xA4A3, 0xA446, 0xA662, 0xA448, 0xA6B3, 0xA7DA, 0xA54C, 0xB36F,
    0xA4A4, 0xA46A, 0xA8D3, 0xA457, 0xB0EA, 0xADD3, 0xA8EC, 0xBBA1, 0xADCC, 0xACB0, 0xA46C,
    0xA94D, 0xA741, 0xA661, 0xA558, 0xB944, 0xA45D, 0xAEC9, 0xA67E, 0xB16F, 0xB44E, 0xA8BA,
    0xAD6E, 0xA455, 0xA548, 0xA5CD, 0xB77C, 0xA6DB, 0xB5DB, 0xA568, 0xA4A7, 0xB94C, 0xAE61,
    0xBEC7, 0xB9EF, 0xA569, 0xA66F, 0xB8CC, 0xABE1, 0xA470, 0xBBF2, 0xA4DF, 0xA668, 0xA4D1,
    0xA6D3, 0xAFE0, 0xA66E, 0xB3A3, 0xB54D, 0xA853, 0xA4E9, 0xA9F3, 0xB05F, 0xC1D9, 0xB56F,
    0xA6A8, 0xA8C6, 0xA575, 0xA740, 0xB7ED, 0xB751, 0xACDD, 0xA4E5, 0xB54C, 0xB67D, 0xA4E2,
    0xA451, 0xA5CE, 0xA544, 0xA6E6, 0xA4E8, 0xA453, 0xA670, 0xAB65, 0xA9D2, 0xA5BB, 0xA8A3,
    0xB867, 0xC059, 0xADB1,
  ]

  /// As in 이다는의에.
  private static let commonKorean: Set<UInt16> = [
    0xC0CC, 0xB4D9, 0xB4C2, 0xC0C7, 0xBFA1, 0xC0BB, 0xB0A1, 0xB0ED, 0xC7D1, 0xC1F6, 0xB5B5,
    0xB7CE, 0xB1E2, 0xBBE7, 0xB8A6, 0xC0BA, 0xC0CE, 0xC7CF, 0xC7D8, 0xBEEE, 0xC0DA, 0xB4CF,
    0xC1A4, 0xB4EB, 0xBCAD, 0xB8AE, 0xB3AA, 0xBDC3, 0xBEC6, 0xB6F3, 0xB1D7, 0xC0D6, 0xB5E9,
    0xB0FA, 0xB0D4, 0xBCF6, 0xC0CF, 0xB8B8, 0xBFF8, 0xC0FC,
  ]
}
