// SPDX-License-Identifier: MIT

/// What the `normalizer` of a tokenizer does to a text before it is cut, as `tokenizers` does it.
package enum TextNormalizer: Sendable {
  case composed, decomposed, compatiblyComposed, compatiblyDecomposed
  case lowercase
  case stripsAccents
  case strip(left: Bool, right: Bool)
  case prepend(String)
  case replace(TextPattern, by: String)

  /// Bytes as visible characters.
  case byteLevel
  case bert(BertCleaning)
  case nmt
  case precompiled(PrecompiledMap)

  /// - Throws: `DataProblem` if the text becomes longer than there is room for.
  func apply(
    to text: inout NormalizedText,
    in room: inout GrowthRoom
  ) throws(DataProblem) {
    switch self {
    case .prepend(let content): try text.prepend(content, in: &room)
    case .replace(let pattern, let content):
      try text.replace(pattern.matches(in: text.scalars), by: content, in: &room)
    case .precompiled(let map): try map.apply(to: &text, in: &room)
    default:
      applyToScalars(of: &text)
      try room.ask(text.scalars.count)
    }
  }

  /// What makes of each scalar a few at most.
  private func applyToScalars(of text: inout NormalizedText) {
    switch self {
    case .composed: text.form { Array(ComposedText.composed($0)) }
    case .decomposed: text.form { Array(ComposedText.decomposed($0)) }
    case .compatiblyComposed:
      text.form { Array(ComposedText.composed(CompatibleText.replaced($0))) }
    case .compatiblyDecomposed:
      text.form { Array(ComposedText.decomposed(CompatibleText.replaced($0))) }
    case .lowercase:
      text.map { $1 += OldUnicode.lowercased($0) }
    case .stripsAccents:
      text.map { if !OldUnicode.isMark($0) { $1.append($0) } }
    case .strip(let left, let right): text.strip(left: left, right: right)
    case .byteLevel:
      text.map { scalar, all in
        all += String(scalar).utf8.map { ByteSpelling.scalars[Int($0)] }
      }
    case .bert(let cleaning): cleaning.apply(to: &text)
    case .nmt: Self.clean(&text)
    case .prepend, .replace, .precompiled: break
    }
  }

  /// As sentencepiece's rules for machine translation do.
  private static func clean(_ text: inout NormalizedText) {
    text.map { scalar, all in
      switch scalar.value {
      case 0x1...0x8, 0xB, 0xE...0x1F, 0x7F, 0x8F, 0x9F: break
      case 0x9, 0xA, 0xC, 0xD, 0x1680, 0x200B...0x200F, 0x2028, 0x2029, 0x2581, 0xFEFF, 0xFFFD:
        all.append(" ")
      default: all.append(scalar)
      }
    }
  }
}

/// What BERT does to a text first.
package struct BertCleaning: Hashable, Sendable {
  package var cleansText: Bool
  package var spacesChinese: Bool
  package var stripsAccents: Bool
  package var lowercases: Bool

  package init(cleansText: Bool, spacesChinese: Bool, stripsAccents: Bool, lowercases: Bool) {
    (self.cleansText, self.spacesChinese) = (cleansText, spacesChinese)
    (self.stripsAccents, self.lowercases) = (stripsAccents, lowercases)
  }

  func apply(to text: inout NormalizedText) {
    if cleansText {
      text.map { scalar, all in
        guard !Self.isControl(scalar) else { return }
        all.append(scalar.properties.isWhitespace ? " " : scalar)
      }
    }
    if spacesChinese {
      text.map { scalar, all in all += Self.isChinese(scalar) ? [" ", scalar, " "] : [scalar] }
    }
    if stripsAccents {
      text.form { Array(ComposedText.decomposed($0)) }
      text.map { if !OldUnicode.isNonspacingMark($0) { $1.append($0) } }
    }
    if lowercases { text.map { $1 += OldUnicode.lowercased($0) } }
  }

  /// A control, but no tab or line end: those are blanks.
  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    if scalar == "\t" || scalar == "\n" || scalar == "\r" { return false }
    return scalar == "\0" || scalar == "\u{FFFD}" || OldUnicode.isOther(scalar)
  }

  /// The ranges of the library, one of which begins too late.
  private static func isChinese(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF, 0x20000...0x2A6DF, 0x2A700...0x2B81F,
      0x2B920...0x2CEAF, 0x2F800...0x2FA1F:
      true
    default: false
    }
  }
}

/// What classes of characters are in the older tables that `tokenizers` carries beside its newest.
enum OldUnicode {
  /// A mark in Unicode 9.
  static func isMark(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x1CF2, 0x1CF3: return true
    default:
      guard !ComposedText.isYoung(scalar) else { return false }
      let category = scalar.properties.generalCategory
      return [.nonspacingMark, .spacingMark, .enclosingMark].contains(category)
    }
  }

  /// A mark without a width in Unicode 8.
  static func isNonspacingMark(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value == 0x1734
      || isOld(scalar) && scalar.properties.generalCategory == .nonspacingMark
        && scalar.value != 0x111C9
  }

  /// A control, a format or a scalar for private use in Unicode 8.
  static func isOther(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .privateUse: isOld(scalar)
    default: false
    }
  }

  /// Punctuation of ASCII or of Unicode 8.
  static func isPunctuation(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E, 0x166D, 0x111C9: return true
    default:
      guard isOld(scalar) else { return false }
      switch scalar.properties.generalCategory {
      case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation,
        .initialPunctuation, .finalPunctuation, .otherPunctuation:
        return true
      default: return false
      }
    }
  }

  /// The small letters of a scalar, of which some have several.
  static func lowercased(_ scalar: Unicode.Scalar) -> [Unicode.Scalar] {
    if scalar.isASCII {
      let isCapital = (0x41...0x5A).contains(scalar.value)
      return [isCapital ? Unicode.Scalar(UInt8(scalar.value) | 0x20) : scalar]
    }
    return Array(scalar.properties.lowercaseMapping.unicodeScalars)
  }

  private static func isOld(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.age.map { $0.major <= 8 } ?? false
  }
}
