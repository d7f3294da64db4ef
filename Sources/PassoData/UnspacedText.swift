// SPDX-License-Identifier: MIT
import PassoText

/// Texts in scripts that set no blanks between words: cut at blanks, each sentence is one word.
package enum UnspacedText {
  /// Whether at least a third of the letters of a text are of such a script.
  package static func isOne(_ text: some StringProtocol) -> Bool {
    var (letters, unspaced) = (0, 0)
    for scalar in text.unicodeScalars.prefix(1 << 14) where scalar.properties.isAlphabetic {
      letters += 1
      if isUnspaced(scalar) { unspaced += 1 }
    }
    return unspaced > 3 && unspaced * 3 > letters
  }

  /// What a person should know who takes words of such a text for tokens.
  package static var advice: Bilingual {
    Bilingual(
      it: "questa lingua si scrive senza spazi: di un'intera frase si fa una parola sola, meglio"
        + " caratteri (chars) o coppie di byte (bpe)",
      en: "this language is written without blanks: a whole sentence becomes one word, characters"
        + " (chars) or byte pairs (bpe) suit it better"
    )
  }

  /// Thai, Lao, Tibetan, Burmese, Khmer, Chinese characters and kana.
  private static func isUnspaced(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x0E00...0x0FFF, 0x1000...0x109F, 0x1780...0x17FF, 0x3040...0x30FF, 0x3400...0x4DBF,
      0x4E00...0x9FFF, 0xF900...0xFAFF, 0x20000...0x3FFFF:
      true
    default: false
    }
  }
}
