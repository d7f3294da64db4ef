// SPDX-License-Identifier: MIT

/// How many terminal columns a text takes.
///
/// Combining marks take none; East Asian wide characters and most emoji take two. Source: Unicode
/// Standard Annex 11, as far as a terminal needs it; the line editor asks the C library instead,
/// because there libedit must agree.
public enum DisplayWidth {
  /// The columns that a text takes.
  public static func of(_ text: some StringProtocol) -> Int {
    of(text.unicodeScalars)
  }

  /// The columns that a run of scalars takes.
  public static func of(_ scalars: some Sequence<Unicode.Scalar>) -> Int {
    scalars.reduce(0) { $0 + of($1) }
  }

  /// The columns that one scalar takes: 0, 1 or 2.
  public static func of(_ scalar: Unicode.Scalar) -> Int {
    if scalar.value < 0x300 { return scalar.value < 0x20 || scalar.value == 0x7F ? 0 : 1 }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format, .control: return 0
    default: return isWide(scalar.value) ? 2 : 1
    }
  }

  private static func isWide(_ value: UInt32) -> Bool {
    wideRanges.contains { $0.contains(value) }
  }

  // Blocks of width W or F in EastAsianWidth.txt, and the emoji that terminals draw double.
  private static let wideRanges: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x231A...0x231B, 0x23E9...0x23EC, 0x2E80...0x303E, 0x3041...0x33FF,
    0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF,
    0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF,
    0x1F900...0x1F9FF, 0x1FA70...0x1FAFF, 0x20000...0x3FFFD,
  ]
}

extension String {
  /// The text followed by blanks up to a number of columns; longer texts are left as they are.
  public func padded(to columns: Int) -> String {
    self + String(repeating: " ", count: max(0, columns - DisplayWidth.of(self)))
  }

  /// Blanks up to a number of columns, then the text.
  public func leftPadded(to columns: Int) -> String {
    String(repeating: " ", count: max(0, columns - DisplayWidth.of(self))) + self
  }

  /// The text cut to a number of columns, with `…` where something was cut.
  public func truncated(to columns: Int) -> String {
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
