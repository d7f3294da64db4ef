// SPDX-License-Identifier: MIT

/// An encoding of text from before UTF-8, by the name that iconv has for it.
package enum LegacyEncoding: String, CaseIterable, Sendable {
  case latin1 = "ISO-8859-1"
  case windowsWestern = "CP1252"
  case windowsTurkish = "CP1254"
  case latin2 = "ISO-8859-2"
  case windowsCentral = "CP1250"
  case macintosh = "MACINTOSH"
  case dosWestern = "CP850"
  case windowsCyrillic = "CP1251"
  case koi8 = "KOI8-U"
  case dosCyrillic = "CP866"
  case isoCyrillic = "ISO-8859-5"
  case windowsGreek = "CP1253"
  case windowsHebrew = "CP1255"
  case windowsArabic = "CP1256"
  case windowsThai = "CP874"
  case shiftJIS = "SHIFT_JIS"
  case japaneseUnix = "EUC-JP"
  case simplifiedChinese = "GBK"
  case traditionalChinese = "BIG5"
  case korean = "EUC-KR"
  case japaneseMail = "ISO-2022-JP"
}

extension LegacyEncoding {
  /// Less than this for a byte, in nats, is what noise has.
  private static let leastLikelihood = -5.8

  /// The encoding in which bytes that are not UTF-8 are most like a text; nil if in none.
  ///
  /// A guess by letters: how common they are, how words mix them, where capitals stand. A few
  /// words are enough for most scripts; two accents decide between fewer.
  ///
  /// - Parameter bytes: Some kilobytes of the text, with what is not UTF-8.
  package init?(guessing bytes: some Collection<UInt8>) {
    let bytes = Array(bytes)
    if Self.hasMailEscapes(bytes) {
      self = .japaneseMail
      return
    }
    let high = bytes.count { $0 >= 0x80 }
    guard high > 0 else { return nil }
    let likelihoods = Self.allCases.compactMap { encoding in
      encoding.likelihood(of: bytes).map { (encoding: encoding, likelihood: $0) }
    }
    guard let best = likelihoods.max(by: { $0.likelihood < $1.likelihood }),
      best.likelihood / Double(high) > Self.leastLikelihood
    else { return nil }
    self = best.encoding
  }

  /// How likely the bytes are as a text in this encoding, beyond their ASCII; nil if it has no
  /// model.
  private func likelihood(of bytes: [UInt8]) -> Double? {
    if let model = SingleByteModel(self) { return model.likelihood(of: bytes) }
    return DoubleByteModel(self)?.likelihood(of: bytes)
  }

  /// Escapes lead to Japanese and back: nothing else is not ASCII.
  static func hasMailEscapes(_ bytes: [UInt8]) -> Bool {
    let (there, back): ([UInt8], [UInt8]) = ([0x1B, 0x24, 0x42], [0x1B, 0x28, 0x42])
    guard bytes.contains(there[0]) else { return false }
    return bytes.firstRange(of: there) != nil && bytes.firstRange(of: back) != nil
  }
}
