// SPDX-License-Identifier: MIT

import PassoFiles
import PassoRuntime
import PassoText
import Testing

@testable import PassoFiles

/// Texts of two to ten letters in units of two bytes, without a mark and in every order.
struct WideShortTextTests {
  /// Letters as frequent in texts as they are here.
  private static let alphabets: [(name: String, letters: String)] = [
    ("Latin", "eeaaiioonntrls cudmpgvh EAIé"), ("Cyrillic", "ооееааииннттсрвлкмдпу яжшПН"),
    ("Arabic", "االليميونتربدسعهفق كحجةأ"),
    (
      "Chinese",
      "的一是不了在人有我他这中大来上国个到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可她里后小么心多天"
        + "而能好都然没日于起还发成事只作当想看文无开手十用主行方又如前所本见经头面公同三已老从动两长"
    ),
  ]

  private static func bytes(_ text: String, isBig: Bool) -> [UInt8] {
    text.utf16.flatMap { unit in
      let parts = [UInt8(unit >> 8), UInt8(unit & 0xFF)]
      return isBig ? parts : parts.reversed()
    }
  }

  /// Whether bytes could as well be a text in ASCII: nothing tells them apart.
  private static func isPlain(_ bytes: [UInt8]) -> Bool { bytes.allSatisfy { 0x20...0x7E ~= $0 } }

  @Test(arguments: alphabets.map(\.name))
  func twoToTenLettersAreKnown(name: String) throws {
    let alphabet = try #require(Self.alphabets.first { $0.name == name })
    let letters = Array(alphabet.letters)
    var random = RandomSource(seed: 6)
    var (all, known, wrongOrder, passed) = (0, 0, 0, 0)
    for length in 2...10 {
      for _ in 0..<400 {
        let text = String((0..<length).map { _ in letters.randomElement(using: &random) ?? "a" })
        guard text.contains(where: \.isLetter) else { continue }
        for isBig in [false, true] {
          let bytes = Self.bytes(text, isBig: isBig)
          guard !Self.isPlain(bytes) else { continue }
          all += 1
          switch TextSniffer.format(ofText: bytes) {
          case .wide(isBig ? .utf16BigEndian : .utf16LittleEndian): known += 1
          case .wide: wrongOrder += 1
          case nil: passed += 1
          default: break
          }
        }
      }
    }
    #expect(all > 2_000)
    // Two characters of Chinese are at times as likely to be four letters: nobody can tell.
    let least = name == "Chinese" ? all * 95 / 100 : all
    #expect(known >= least && wrongOrder * 200 < all, "\(known) of \(all), \(passed) unseen")
  }

  @Test(arguments: [
    "caff\u{E8}", "per\u{F2} no", "citt\u{E0}", "\u{FC}ber", "Stra\u{DF}e", "ni\u{F1}o",
    "GR\u{DC}N",
    "d\u{E9}j\u{E0} vu", "a\u{E8}", "\u{E8} ora", "PERCH\u{C9}", "perch\u{E9}", "na\u{EF}f",
    "12 \u{B0}C", "\u{E9}t\u{E9}",
  ])
  func shortTextsInSingleBytesAreNone(text: String) {
    let bytes = text.unicodeScalars.map { UInt8($0.value) }
    for bytes in [bytes, bytes + [0x0A], bytes + [0x20]] {
      if case .wide? = TextSniffer.format(ofText: bytes) { Issue.record("\(text) \(bytes)") }
    }
  }

  @Test(arguments: [
    "hello\0", "Il gatto\0\0", "ab\0cd!", "uno\u{1}due ", "a\u{7F}b!", "\0\0hello ",
  ])
  func aStrayControlCharacterMakesNoUnits(text: String) {
    #expect(ShortText(Array(text.utf8))?.encoding == nil)
  }

  @Test func asciiIsNeverTakenForUnits() {
    for text in ["+s(W", "Il gatto", "ok", "42", "N-NwY}", "a=1\n", "  "] {
      #expect(ShortText(Array(text.utf8))?.encoding == nil)
      #expect(TextSniffer.format(ofText: Array(text.utf8)) == nil)
    }
  }
}
