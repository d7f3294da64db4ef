// SPDX-License-Identifier: MIT

/// Characters that word processors, web pages and phones put in the place of those of a keyboard.
package enum TypedCharacters {
  /// The character of a keyboard that one stands for, or itself: `−` is a minus, `２` a 2.
  package static func plain(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    switch scalar.value {
    case 0x2010...0x2015, 0x2212, 0xFE58, 0xFE63: "-"
    case 0xD7, 0xB7, 0x2217, 0x22C5: "*"
    case 0xF7, 0x2215: "/"
    // The full-width forms of ASCII, in its order.
    case 0xFF01...0xFF5E: Unicode.Scalar(scalar.value - 0xFF01 + 0x21) ?? scalar
    default: scalar
    }
  }

  /// A word in the characters of a keyboard if that makes a number of it, else as it is.
  package static func number(_ word: String) -> String {
    var plain = String.UnicodeScalarView()
    for scalar in word.unicodeScalars { plain.append(Self.plain(scalar)) }
    let isNumber =
      plain.contains { "0"..."9" ~= $0 }
      && plain.allSatisfy { "0"..."9" ~= $0 || "+-.,eE".unicodeScalars.contains($0) }
    return isNumber ? String(plain) : word
  }
}

/// How a quotation begins and ends.
package enum QuotationMarks {
  /// What may end a quotation, by the mark that begins it: the best ends first.
  ///
  /// Languages pair the same marks differently (“English”, „Deutsch“, ”svenska”, «italiano»,
  /// »Dansk«), and one of the two may be of the keyboard.
  package static func ends(of open: Unicode.Scalar) -> [Set<Unicode.Scalar>] {
    switch open {
    case "\"": [["\""], ["\u{201D}", "\u{201C}", "\u{2033}", "\u{FF02}"]]
    case "\u{201C}", "\u{201F}", "\u{301D}":
      [["\u{201D}", "\u{301E}"], ["\"", "\u{201C}", "\u{2033}"]]
    case "\u{201E}": [["\u{201C}", "\u{201D}"], ["\""]]
    case "\u{201D}": [["\u{201D}"], ["\"", "\u{201C}"]]
    case "\u{2033}", "\u{FF02}": [["\u{2033}", "\u{FF02}"], ["\"", "\u{201D}"]]
    case "\u{AB}": [["\u{BB}"], ["\""]]
    case "\u{BB}": [["\u{AB}", "\u{BB}"], ["\""]]
    case "'": [["'"], ["\u{2019}", "\u{2032}"]]
    case "\u{2018}", "\u{201B}": [["\u{2019}"], ["'"]]
    case "\u{201A}": [["\u{2018}", "\u{2019}"], ["'"]]
    case "\u{2019}", "\u{2032}": [["\u{2019}", "\u{2032}"], ["'"]]
    case "\u{2039}": [["\u{203A}"], ["'"]]
    case "\u{203A}": [["\u{2039}", "\u{203A}"], ["'"]]
    default: []
    }
  }

  /// Whether a mark is an apostrophe as well: `'` in *l'amico* quotes nothing.
  package static func isApostrophe(_ mark: Unicode.Scalar) -> Bool {
    ["'", "\u{2018}", "\u{2019}", "\u{201B}", "\u{2032}"].contains(mark)
  }

  /// Where the quotation that begins at a place ends: at its last mark.
  ///
  /// An apostrophe begins one only where another one stands at the end of a word.
  ///
  /// - Returns: The place of the closing mark; nil if there is none.
  package static func end(of scalars: [Unicode.Scalar], from start: Int) -> Int? {
    for marks in ends(of: scalars[start]) {
      var index = start + 1
      while index < scalars.count {
        if scalars[index] == "\\" {
          index += 2
          continue
        }
        if marks.contains(scalars[index]), isEnd(index, of: scalars, openedBy: scalars[start]) {
          return index
        }
        index += 1
      }
    }
    return nil
  }

  private static func isEnd(
    _ index: Int,
    of scalars: [Unicode.Scalar],
    openedBy open: Unicode.Scalar
  ) -> Bool {
    guard isApostrophe(open), index + 1 < scalars.count else { return true }
    let next = scalars[index + 1]
    return !next.properties.isAlphabetic && next.properties.numericType == nil
  }

  /// What stands inside, without escapes; French marks keep their distance by a no-break space.
  package static func content(
    _ scalars: ArraySlice<Unicode.Scalar>,
    openedBy open: Unicode.Scalar
  ) -> String {
    var inside = scalars
    if ["\u{AB}", "\u{BB}", "\u{2039}", "\u{203A}"].contains(open) {
      func isDistance(_ scalar: Unicode.Scalar?) -> Bool {
        scalar == "\u{A0}" || scalar == "\u{202F}"
      }
      while isDistance(inside.first) { inside.removeFirst() }
      while isDistance(inside.last) { inside.removeLast() }
    }
    var text = String.UnicodeScalarView()
    while let scalar = inside.popFirst() {
      text.append(scalar == "\\" ? inside.popFirst() ?? scalar : scalar)
    }
    return String(text)
  }
}
