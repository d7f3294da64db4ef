// SPDX-License-Identifier: MIT

import Foundation
import PassoData
import PassoFiles
import PassoRuntime
import PassoTestSupport
import PassoText
import Testing

@testable import PassoFiles

/// What texts are that are not UTF-8, and how many wrong bytes make one.
struct TextSnifferTests {
  /// The beginnings of sentences in many languages, written with Python's codecs.
  private static let sentences: [(encoding: String, base64: String)] = [
    (
      "ISO-8859-1",
      "UGVyY2jpIGlsIGdhdHRvIOggY29z7CBmZWxpY2U/IExhIGNpdHTgIOggcGn5IGJlbGxhIGRpIHNlcmEsIGUg"
        + "Z2ngIHNpIHB18iBzZW50aXI="
    ),
    (
      "ISO-8859-1",
      "UGVyY2jpIGlsIGdhdHRvIOggY29z7CBmZWxpY2U/IExhIGNpdHTgIOggcGn5IGJlbGxhIGRpIHNlcmEsIGUg"
        + "Z2ngIHNpIHB18iBzZW50aXI="
    ),
    (
      "MACINTOSH",
      "UGVyY2iOIGlsIGdhdHRvII8gY29zkyBmZWxpY2U/IExhIGNpdHSIII8gcGmdIGJlbGxhIGRpIHNlcmEsIGUg"
        + "Z2mIIHNpIHB1mCBzZW50aXI="
    ),
    (
      "CP850",
      "UGVyY2iCIGlsIGdhdHRvIIogY29zjSBmZWxpY2U/IExhIGNpdHSFIIogcGmXIGJlbGxhIGRpIHNlcmEsIGUg"
        + "Z2mFIHNpIHB1lSBzZW50aXI="
    ),
    (
      "ISO-8859-1",
      "TGUgZ2Fy529uIGEgbWFuZ+kgdW5lIGNy6nBlIOAgbCfpY29sZS4gT/kg6nRlcy12b3VzIGFsbOlzIGNldCDp"
        + "dOkgPyDHYSB2YSDqdHJlIHQ="
    ),
    (
      "MACINTOSH",
      "TGUgZ2FyjW9uIGEgbWFuZ44gdW5lIGNykHBlIIggbCeOY29sZS4gT50gkHRlcy12b3VzIGFsbI5zIGNldCCO"
        + "dI4gPyCCYSB2YSCQdHJlIHQ="
    ),
    (
      "ISO-8859-1",
      "RGllIE3kZGNoZW4gaPZydGVuIHNjaPZuZSBMaWVkZXIg/GJlciBncm/fZSBTdORkdGUuIEv2bm5lbiB3"
    ),
    ("CP850", "RGllIE2EZGNoZW4gaJRydGVuIHNjaJRuZSBMaWVkZXIggWJlciBncm/hZSBTdIRkdGUuIEuUbm5lbiB3"),
    (
      "MACINTOSH",
      "RGllIE2KZGNoZW4gaJpydGVuIHNjaJpuZSBMaWVkZXIgn2JlciBncm+nZSBTdIpkdGUuIEuabm5lbiB3"
    ),
    (
      "ISO-8859-1",
      "RWwgbmnxbyBjb21p8yB1bmEgcGnxYSBtYfFhbmEuIL9E825kZSBlc3ThIGxhIGNhbmNp824gZGVsIHBl"
    ),
    (
      "ISO-8859-1",
      "RWwgbmnxbyBjb21p8yB1bmEgcGnxYSBtYfFhbmEuIL9E825kZSBlc3ThIGxhIGNhbmNp824gZGVsIHBl"
    ),
    (
      "MACINTOSH",
      "RWwgbmmWbyBjb21plyB1bmEgcGmWYSBtYZZhbmEuIMBEl25kZSBlc3SHIGxhIGNhbmNpl24gZGVsIHBl"
    ),
    ("CP850", "RWwgbmmkbyBjb21poiB1bmEgcGmkYSBtYaRhbmEuIKhEom5kZSBlc3SgIGxhIGNhbmNpom4gZGVsIHBl"),
    ("CP1250", "WmG/87PmIGfqnGy5IGphn/EuIER6aeprdWrqIGJhcmR6bywgv2UgcHJ6eXN6ZWSzZZwgZHppnCB3aWVj"),
    (
      "ISO-8859-2",
      "WmG/87PmIGfqtmyxIGphvPEuIER6aeprdWrqIGJhcmR6bywgv2UgcHJ6eXN6ZWSzZbYgZHpptiB3aWVj"
    ),
    ("CP1250", "UPjtbGmaIJ5sdZ1vdehr/SBr+fIg+nDsbCDv4WJlbHNr6SDzZHkuIETsdGkgYuye7SBkbyCaa29seSBr"),
    (
      "ISO-8859-2",
      "UPjtbGm5IL5sdbtvdehr/SBr+fIg+nDsbCDv4WJlbHNr6SDzZHkuIETsdGkgYuy+7SBkbyC5a29seSBr"
    ),
    ("CP1254", "S2VkaSBz/WNhayBrb2x0dWt0YSB1eXV5b3IuIMdvY3VrbGFyIGf8bmX+bGkgZ/xuZGUgZP3+YXL9ZGEg"),
    ("CP1251", "yu7yIPHv6PIg7eAg5Oji4O3lIOgg4ujk6PIg4u4g8e3lIPD74fMuIMru4+TgIO3g8fLz7+jyIPPy8O4s"),
    ("KOI8-U", "68/UINPQydQgzsEgxMnXwc7FIMkg18nEydQg188g087FINLZwtUuIOvPx8TBIM7B09TV0MnUINXU0s8s"),
    ("CP866", "iq7iIOGvqOIgraAgpKiioK2lIKggoqikqOIgoq4g4a2lIODroeMuIIquo6SgIK2g4eLjr6jiIOPi4K4s"),
    (
      "ISO-8859-5",
      "ut7iIOHf2OIg3dAg1NjS0N3VINgg0tjU2OIg0t4g4d3VIODr0eMuILre09TQIN3Q4eLj39jiIOPi4N4s"
    ),
    ("CP1251", "yrPyIPHv6PL8IO3gIOTo4uDtsyCzIOHg9+jy/CDz4rMg8e2zIPDo4fMuIK+/IPHl8fLw4CC/5OUg5O4g"),
    ("KOI8-U", "66bUINPQydTYIM7BIMTJ18HOpiCmIMLB3snU2CDV16Yg086mINLJwtUuILenINPF09TSwSCnxMUgxM8g"),
    ("CP1253", "xyDj3PThIOrv6ezc9OHpIPP07+0g6uHt4fDdIOrh6SDv7eXp8eX95fTh6SD43PHp4S4g1O8g8PH53yDo"),
    ("CP1255", "5Of65ewg6fnvIPLsIOTx9OQg5efl7O0g8uwg4+Lp7S4g4eHl9/gg8OzqIOzp8vgg7ODx5fMg9Oj46eX6"),
    ("CP1256", "x+He2MkgyuTH4yDa4ewgx+HD0e3fySDmys3h4yDIx+HT498uIN3tIMfh1cjHzSDT5NDlyCDF4ewgx+Hb"),
    ("CP874", "4cHHuc25urniq7/SytXhtKfhxenHoee90bm21qe7xdIgw7bkv83NobXNueCo57TiwafgqunSIL7HoeDD"),
    (
      "SHIFT_JIS",
      "lEyCzYNcg3SDQILMj+OCxZawgsGCxIKigtyCt4FCkqmCyYLIgsGCvYLngUGQWILWg0yDbYNSgvCNzILogsmN"
        + "c4KrgtyCtYLlgqSBQpNkjtSCzY61jp6CyY9vgtyCt4FC"
    ),
    (
      "EUC-JP",
      "x62kz6W9pdWloaTOvuWkx8yypMOkxqSkpN6kuaGjxKuky6TKpMOkv6TpoaK/uaTYpa2lzqWzpPK6zqTqpMu5"
        + "1KStpN6kt6TnpKaho8XFvNakz7y3u/6ky73QpN6kuaGj"
    ),
    (
      "ISO-2022-JP",
      "GyRCRy0kTyU9JVUlISROPmUkR0wyJEMkRiQkJF4kOSEjRCskSyRKJEMkPyRpISI/OSRYJS0lTiUzJHI6TiRq"
        + "JEs5VCQtJF4kNyRnJCYhI0VFPFYkTzw3O34kSz1QJF4kOSEjGyhC"
    ),
    (
      "GBK",
      "w6jU2smzt6LJz8uvvvWjrMPOvPvBy9PjoaPU58nPztLDx9KqyKXJrcHWwO+yycSiub2ho7vws7XG37Xj1tOz"
        + "9reioaM="
    ),
    (
      "BIG5",
      "v9+mYqhGtW+kV7rOxLGhQbnaqKOkRrO9oUOmraRXp9qtzK1upWi0y6pMuMyxxMSo26OhQ6T1qK6kQ8JJxMGl"
        + "WLVvoUM="
    ),
    (
      "EUC-KR",
      "sO2+58DMsKEgvNLGxL+hvK0gwNqw7SDA1r3AtM+02S4gvsbEp8DMILXHuOkgv+y4rrTCIL2jwLi3ziC59ry4"
        + "wLsgtfu3ryCwqbTPtNkuILHiwve0wiDAz7D2IL3Dv6EgtrCzs7TPtNk="
    ),
  ]

  @Test func encodingsOfManyLanguagesAreGuessed() throws {
    for (encoding, text) in Self.sentences {
      let bytes = [UInt8](try #require(Data(base64Encoded: text)))
      #expect(LegacyEncoding(guessing: bytes)?.rawValue == encoding, "\(text)")
    }
  }

  @Test func noiseIsNoText() {
    var random = RandomSource(seed: 3)
    for length in [200, 2_000, 20_000] {
      let noise = (0..<length).map { _ in UInt8.random(in: .min ... .max, using: &random) }
      #expect(LegacyEncoding(guessing: noise) == nil, "\(length)")
      #expect(TextSniffer.format(ofText: noise) == .unknown, "\(length)")
    }
  }

  private static let wideTexts = [
    "Il gatto dorme sul divano.", "Кот спит на диване и видит сны.",
    "القطة تنام على الأريكة وتحلم", "แมวนอนบนโซฟาสีแดงแล้วก็ฝันถึงปลา", "猫在沙发上睡觉，梦见了鱼。",
    "猫はソファの上で眠っています。犬は庭で走り、鳥は空を飛んで歌っています。", "고양이가 소파에서 자고 있습니다.",
  ]

  @Test(arguments: wideTexts)
  func wideUnitsAreKnownWithoutAMark(text: String) {
    let units = Array(text.utf16)
    let scalars = text.unicodeScalars.map(\.value)
    let little = units.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    let big = units.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
    let wide = scalars.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8 & 0xFF), UInt8($0 >> 16), 0] }
    #expect(TextSniffer.format(ofText: little) == .wide(.utf16LittleEndian))
    #expect(TextSniffer.format(ofText: big) == .wide(.utf16BigEndian))
    #expect(TextSniffer.format(ofText: wide) == .wide(.utf32LittleEndian))
    #expect(TextSniffer.format(ofText: [0xFF, 0xFE] + little) == .wide(.utf16))
    #expect(TextSniffer.format(ofText: Array(text.utf8)) == nil)
  }

  /// Three wrong sequences are always replaced; more, if they are more than one in a thousand.
  @Test(arguments: [(3, 15, false), (4, 15, true), (40, 39_000, true), (40, 41_000, false)])
  func fewWrongBytesAreReplacedAndManyStop(wrong: Int, scalars: Int, stops: Bool) throws {
    let scratch = try Scratch()
    var bytes = [UInt8](repeating: UInt8(ascii: "a"), count: scalars)
    for place in 0..<wrong { bytes.insert(0xE8, at: place * (scalars / wrong)) }
    let path = try scratch.write(bytes, to: "text.txt")
    var reader = TextReader(TextSource([TextInput(path: path)]))
    let outcome = Result { try reader.read { _ in } }
    switch outcome {
    case .success: #expect(!stops && reader.tally.replaced == wrong)
    case .failure(let problem):
      #expect(stops)
      let hint = try #require((problem as? FileProblem)?.hint?.en)
      #expect(hint.contains("iconv -f ISO-8859-1 -t UTF-8"))
    }
    var source = TextSource([TextInput(path: path)])
    source.replacesInvalid = true
    var lenient = TextReader(source)
    #expect(try lenient.read { _ in })
  }

  @Test func aMarkIsNoPartOfAnyFile() throws {
    let scratch = try Scratch()
    let path = try scratch.write(ByteOrderMark.utf8 + Array("{\"a\": 1}".utf8), to: "a.json")
    var reader = JSONReader(try InputFile.read(path: path, limit: 100))
    try reader.object { (_, reader) throws(JSONFault) in _ = try reader.integer() }
    try reader.end()
    #expect(try TextFile.text(path: path) == "{\"a\": 1}")
    #expect(try TextFile.bytes(path: path) == Array("{\"a\": 1}".utf8))
  }
}
