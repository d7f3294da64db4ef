// SPDX-License-Identifier: MIT

import PassoRuntime

/// What letters the bytes above 127 stand for in an encoding of one byte a character, and how
/// likely words of them are.
struct SingleByteModel {
  /// The scalars of the bytes from 128; 0 where an encoding has none.
  private var scalars = [UInt32](repeating: 0, count: 128)

  /// A run of bytes that stand for scalars in their order.
  private typealias Run = (byte: Int, scalar: UInt32, count: Int)

  init?(_ encoding: LegacyEncoding) {
    switch encoding {
    case .latin1: place([(0xA0, 0xA0, 96)])
    case .windowsWestern:
      place([(0xA0, 0xA0, 96)])
      place(Self.windowsMarks, at: 0x80)
    case .windowsTurkish:
      // Only what Turkish has: all else is as in the Western encoding, and means that one.
      place([(0x91, 0x2018, 2), (0x93, 0x201C, 2), (0xC7, 0xC7, 1), (0xD0, 0x11E, 1)])
      place([(0xD6, 0xD6, 1), (0xDC, 0xDC, 1), (0xDD, 0x130, 1), (0xDE, 0x15E, 1)])
      place([(0xE2, 0xE2, 1), (0xE7, 0xE7, 1), (0xEE, 0xEE, 1), (0xF0, 0x11F, 1)])
      place([(0xF6, 0xF6, 1), (0xFB, 0xFB, 2), (0xFD, 0x131, 1), (0xFE, 0x15F, 1)])
    case .latin2:
      place(" Ą˘Ł¤ĽŚ§¨ŠŞŤŹ-ŽŻ°ą˛ł´ľśˇ¸šşťź˝žż", at: 0xA0)
      place(Self.centralLetters, at: 0xC0)
    case .windowsCentral:
      place("€_‚_„…†‡_‰Š‹ŚŤŽŹ_‘’“”•–—_™š›śťžź ˇ˘Ł¤Ą¦§¨©Ş«¬-®Ż°±˛ł´µ¶·¸ąş»Ľ˝ľż", at: 0x80)
      place(Self.centralLetters, at: 0xC0)
    case .macintosh:
      place("ÄÅÇÉÑÖÜáàâäãåçéèêëíìîïñóòôöõúùûü†°¢£§•¶ß®©™´¨≠ÆØ∞±≤≥¥µ∂∑∏π∫ªºΩæø", at: 0x80)
      place("¿¡¬√ƒ≈∆«»… ÀÃÕŒœ–—“”‘’÷◊ÿŸ⁄€‹›_____„‰ÂÊÁËÈÍÎÏÌÓÔ_ÒÚÛÙı", at: 0xC0)
    case .dosWestern:
      place("ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»", at: 0x80)
      place([(0xB5, 0xC1, 2), (0xB7, 0xC0, 1), (0xE0, 0xD3, 1), (0xE1, 0xDF, 1)])
    case .windowsCyrillic:
      place("ЂЃ‚ѓ„…†‡€‰Љ‹ЊЌЋЏђ‘’“”•–—_™љ›њќћџ ЎўЈ¤Ґ¦§Ё©Є«¬-®Ї°±Ііґµ¶·ё№є»јЅѕї", at: 0x80)
      place([(0xC0, 0x410, 64)])
    case .koi8:
      place("ёє_ії_____ґ____ЁЄ_ІЇ_____Ґ__", at: 0xA3)
      place("юабцдефгхийклмнопярстужвьызшэщчъЮАБЦДЕФГХИЙКЛМНОПЯРСТУЖВЬЫЗШЭЩЧЪ", at: 0xC0)
    case .dosCyrillic: place([(0x80, 0x410, 48), (0xE0, 0x440, 16), (0xF0, 0x401, 1)])
    case .isoCyrillic: place([(0xA1, 0x401, 12), (0xB0, 0x410, 80)])
    case .windowsGreek:
      place(Self.windowsMarks, at: 0x80)
      place([(0xA2, 0x386, 1), (0xAB, 0xAB, 1), (0xB8, 0x388, 3), (0xBB, 0xBB, 1)])
      place([(0xBC, 0x38C, 1), (0xBE, 0x38E, 20), (0xD3, 0x3A3, 44)])
    case .windowsHebrew:
      place(Self.windowsMarks, at: 0x80)
      place([(0xC0, 0x5B0, 20), (0xE0, 0x5D0, 27)])
    case .windowsArabic:
      place([(0xA1, 0x60C, 1), (0xAB, 0xAB, 1), (0xBA, 0x61B, 1), (0xBB, 0xBB, 1)])
      place([(0xBF, 0x61F, 1), (0xC1, 0x621, 22), (0xD8, 0x637, 4), (0xDD, 0x641, 3)])
      place([(0xE1, 0x644, 1), (0xE3, 0x645, 4), (0xEC, 0x649, 2), (0xF0, 0x64B, 4)])
    case .windowsThai: place([(0xA1, 0xE01, 58), (0xDF, 0xE3F, 29)])
    default: return nil
    }
  }

  private static let windowsMarks = "€_‚ƒ„…†‡ˆ‰Š‹Œ_Ž__‘’“”•–—˜™š›œ_žŸ"

  private static let centralLetters =
    "ŔÁÂĂÄĹĆÇČÉĘËĚÍÎĎĐŃŇÓÔŐÖ×ŘŮÚŰÜÝŢßŕáâăäĺćçčéęëěíîďđńňóôőö÷řůúűüýţ˙"

  private mutating func place(_ runs: [Run]) {
    for run in runs {
      for offset in 0..<run.count {
        scalars[run.byte - 0x80 + offset] = run.scalar + UInt32(offset)
      }
    }
  }

  private mutating func place(_ text: String, at byte: Int) {
    for (offset, scalar) in text.unicodeScalars.enumerated() where scalar != "_" {
      scalars[byte - 0x80 + offset] = scalar.value
    }
  }
}

// MARK: - Likelihood

extension SingleByteModel {
  /// What kind of character stands before.
  private struct Before {
    var script: Script?
    var isUpper = false
    var isASCII = true
  }

  /// The logarithm of the probability of all bytes above 127, and of letters beside them.
  func likelihood(of bytes: [UInt8]) -> Double {
    var (sum, before) = (0.0, Before())
    for byte in bytes {
      if byte < 0x80 {
        let isLetter = (byte & 0xDF) >= 0x41 && (byte & 0xDF) <= 0x5A
        // Letters of two scripts in one word.
        if isLetter, let script = before.script, script != .latin { sum += Self.mixed }
        before = Before(script: isLetter ? .latin : nil, isUpper: isLetter && byte < 0x61)
      } else {
        let scalar = scalars[Int(byte) - 0x80]
        sum += Self.likelihood(of: scalar, &before)
      }
    }
    return sum
  }

  private static let mixed = -5.0
  private static let undefined = -14.0
  private static let mark = -4.6
  private static let other = -9.0

  private static func likelihood(of scalar: UInt32, _ before: inout Before) -> Double {
    guard scalar > 0 else { return undefined }
    guard let letter = Script.letters[scalar] else {
      before = Before(isASCII: false)
      return Script.marks.contains(scalar) ? mark : other
    }
    var sum = letter.likelihood
    if letter.script == .latin {
      // Accents stand apart, between plain letters.
      if before.script == .latin, !before.isASCII { sum -= 3 }
    } else if before.script == .latin {
      sum += mixed
    }
    if letter.isUpper {
      let isInside = before.script != nil && !before.isUpper
      sum += isInside ? -5.3 : before.isUpper ? -1.2 : -2.5
    }
    before = Before(script: letter.script, isUpper: letter.isUpper, isASCII: false)
    return sum
  }
}

/// Letters beyond ASCII, the most common ones first.
private enum Script: CaseIterable {
  case latin, cyrillic, greek, hebrew, arabic, thai

  private var ordered: String {
    switch self {
    case .latin: "éèàáíóçüöäãêñùòâîôúõåæßşığšžčřěýůłąęśżźćńőűìøœëïțăđťďňľĺŕÿðþ"
    case .cyrillic: "оеаинтсрвлкмдпуяыьгзбчйіхжшюцєїщэфъёґ"
    case .greek: "αοιετνσηυρπκμςλίάόέήύώδχγωθφβξζψϊϋΐΰ"
    case .hebrew: "יוהלאתרבמשנדעחקפםצגטכזסןךףץ"
    case .arabic: "ايلمونترعبدسفةكقحهجشصخىأطضذثزغئإآءظؤ"
    case .thai:
      "\u{E32}\u{E19}\u{E23}\u{E01}\u{E2D}\u{E40}\u{E07}\u{E48}\u{E21}\u{E31}\u{E22}\u{E25}"
        + "\u{E27}\u{E14}\u{E17}\u{E49}\u{E35}\u{E2A}\u{E34}\u{E15}\u{E30}\u{E1B}\u{E1A}\u{E04}"
        + "\u{E2B}\u{E41}\u{E08}\u{E1E}\u{E0A}\u{E02}\u{E44}\u{E43}\u{E4C}\u{E37}\u{E38}\u{E39}"
        + "\u{E42}\u{E36}\u{E16}\u{E1C}\u{E28}\u{E0B}\u{E18}\u{E13}\u{E0D}\u{E1F}\u{E29}\u{E33}"
        + "\u{E1D}\u{E20}\u{E47}\u{E09}\u{E10}\u{E0E}\u{E11}\u{E2E}\u{E2C}\u{E45}\u{E46}\u{E24}"
    }
  }

  /// A letter and how common it is in its script, as a logarithm.
  struct Letter {
    let script: Script
    let isUpper: Bool
    let likelihood: Double
  }

  static let letters: [UInt32: Letter] = {
    var letters: [UInt32: Letter] = [:]
    for script in allCases {
      let ordered = script.ordered.unicodeScalars
      let count = Double(ordered.count)
      for (rank, scalar) in ordered.enumerated() {
        // The ranks of letters fall off about exponentially, by e to the third in all.
        let likelihood = Double.logarithm(3.16 / count) - 3 * (Double(rank) + 0.5) / count
        func add(_ scalar: Unicode.Scalar, isUpper: Bool) {
          guard letters[scalar.value] == nil, scalar.value >= 0x80 else { return }
          letters[scalar.value] =
            Letter(script: script, isUpper: isUpper, likelihood: likelihood)
        }
        add(scalar, isUpper: false)
        let upper = scalar.properties.uppercaseMapping.unicodeScalars
        if upper.count == 1, let upper = upper.first { add(upper, isUpper: true) }
      }
    }
    return letters
  }()

  /// Marks that stand in texts of any language.
  static let marks = Set("\u{A0}’‘“”„«»–—…°№§¿¡€£©،؛؟".unicodeScalars.map(\.value))
}
