// SPDX-License-Identifier: MIT

/// How many terminal columns a text takes.
///
/// Marks that combine take none; East Asian wide characters and most emoji take two, also where
/// several scalars make one picture. Source: Unicode Standard Annex 11, read as the Python package
/// wcwidth reads it; the line editor asks the C library instead, because there libedit must agree.
package enum DisplayWidth {
  /// The columns that a text takes.
  package static func of(_ text: some StringProtocol) -> Int {
    if text.utf8.allSatisfy({ $0 < 0x80 }) { return of(text.unicodeScalars) }
    return text.reduce(0) { $0 + of($1) }
  }

  /// The columns that a run of scalars takes, if each stands for itself.
  package static func of(_ scalars: some Sequence<Unicode.Scalar>) -> Int {
    scalars.reduce(0) { $0 + of($1) }
  }

  /// The columns of one character as a reader sees it: a family or a flag is one picture.
  private static func of(_ character: Character) -> Int {
    let scalars = character.unicodeScalars
    guard scalars.count > 1, let first = scalars.first, first.properties.isEmoji,
      first.value > 0x7F, scalars.dropFirst().contains(where: joins)
    else { return of(scalars) }
    return 2
  }

  /// Whether a scalar makes one emoji of itself and what comes before: the joiner, the sign that
  /// asks for a picture, skin colours, the second letter of a flag.
  private static func joins(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value == 0x200D || scalar.value == 0xFE0F || scalar.properties.isEmojiModifier
      || (0x1F1E6...0x1F1FF).contains(scalar.value)
  }

  /// The columns that one scalar takes: 0, 1 or 2.
  package static func of(_ scalar: Unicode.Scalar) -> Int {
    if scalar.value < 0x300 { return scalar.value < 0x20 || scalar.value == 0x7F ? 0 : 1 }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .spacingMark, .control, .lineSeparator,
      .paragraphSeparator:
      return 0
    case .format: return isWritten(scalar.value) ? 1 : 0
    default: break
    }
    // Vowels and endings of Hangul stand in the square of the consonant; fillers fill nothing.
    if isInside(scalar.value, of: hangulParts) { return 0 }
    return isInside(scalar.value, of: wideRanges) ? 2 : 1
  }

  /// Signs of numbers and verses that are written though they are called format characters.
  private static func isWritten(_ value: UInt32) -> Bool {
    switch value {
    case 0x600...0x605, 0x6DD, 0x70F, 0x890...0x891, 0x8E2, 0x110BD, 0x110CD: true
    default: false
    }
  }

  private static func isInside(_ value: UInt32, of ranges: [ClosedRange<UInt32>]) -> Bool {
    var (low, high) = (0, ranges.count)
    while low < high {
      let middle = (low + high) / 2
      if ranges[middle].upperBound < value { low = middle + 1 } else { high = middle }
    }
    return low < ranges.count && ranges[low].contains(value)
  }

  private static let hangulParts: [ClosedRange<UInt32>] = [
    0x1160...0x11FF, 0x3164...0x3164, 0xD7B0...0xD7FF, 0xFFA0...0xFFA0,
  ]

  // Width W or F in EastAsianWidth.txt, with the emoji that are pictures by themselves.
  private static let wideRanges: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x231A...0x231B, 0x2329...0x232A, 0x23E9...0x23EC, 0x23F0...0x23F0,
    0x23F3...0x23F3, 0x25FD...0x25FE, 0x2614...0x2615, 0x2630...0x2637, 0x2648...0x2653,
    0x267F...0x267F, 0x268A...0x268F, 0x2693...0x2693, 0x26A1...0x26A1, 0x26AA...0x26AB,
    0x26BD...0x26BE, 0x26C4...0x26C5, 0x26CE...0x26CE, 0x26D4...0x26D4, 0x26EA...0x26EA,
    0x26F2...0x26F3, 0x26F5...0x26F5, 0x26FA...0x26FA, 0x26FD...0x26FD, 0x2705...0x2705,
    0x270A...0x270B, 0x2728...0x2728, 0x274C...0x274C, 0x274E...0x274E, 0x2753...0x2755,
    0x2757...0x2757, 0x2795...0x2797, 0x27B0...0x27B0, 0x27BF...0x27BF, 0x2B1B...0x2B1C,
    0x2B50...0x2B50, 0x2B55...0x2B55, 0x2E80...0x303E, 0x3041...0x3247, 0x3250...0xA4C6,
    0xA960...0xA97C, 0xAC00...0xD7A3, 0xF900...0xFAD9, 0xFE10...0xFE19, 0xFE30...0xFE6B,
    0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x16FE0...0x16FE3, 0x17000...0x1B2FB, 0x1D300...0x1D376,
    0x1F004...0x1F004, 0x1F0CF...0x1F0CF, 0x1F18E...0x1F18E, 0x1F191...0x1F19A,
    0x1F1E6...0x1F320, 0x1F32D...0x1F335, 0x1F337...0x1F37C, 0x1F37E...0x1F393,
    0x1F3A0...0x1F3CA, 0x1F3CF...0x1F3D3, 0x1F3E0...0x1F3F0, 0x1F3F4...0x1F3F4,
    0x1F3F8...0x1F43E, 0x1F440...0x1F440, 0x1F442...0x1F4FC, 0x1F4FF...0x1F53D,
    0x1F54B...0x1F54E, 0x1F550...0x1F567, 0x1F57A...0x1F57A, 0x1F595...0x1F596,
    0x1F5A4...0x1F5A4, 0x1F5FB...0x1F64F, 0x1F680...0x1F6C5, 0x1F6CC...0x1F6CC,
    0x1F6D0...0x1F6D2, 0x1F6D5...0x1F6DF, 0x1F6EB...0x1F6EC, 0x1F6F4...0x1F6FC,
    0x1F7E0...0x1F7F0, 0x1F90C...0x1F93A, 0x1F93C...0x1F945, 0x1F947...0x1F9FF,
    0x1FA70...0x1FAFF, 0x20000...0x3FFFD,
  ]
}

extension String {
  /// The text followed by blanks up to a number of columns; longer texts are left as they are.
  package func padded(to columns: Int) -> String {
    self + String(repeating: " ", count: max(0, columns - DisplayWidth.of(self)))
  }

  /// Blanks up to a number of columns, then the text.
  package func leftPadded(to columns: Int) -> String {
    String(repeating: " ", count: max(0, columns - DisplayWidth.of(self))) + self
  }

  /// The text cut to a number of columns, with `…` where something was cut.
  package func truncated(to columns: Int) -> String {
    guard DisplayWidth.of(self) > columns else { return self }
    var kept = ""
    var width = 0
    for character in self {
      let next = DisplayWidth.of(String(character))
      if width + next > columns - 1 { break }
      kept.append(character)
      width += next
    }
    return columns > 0 ? kept + "\u{2026}" : ""
  }
}
