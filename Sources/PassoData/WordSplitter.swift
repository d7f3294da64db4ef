// SPDX-License-Identifier: MIT

/// Where words begin and end, and where they join again.
enum WordSplitter {
  /// A word or a mark, and where it stands in the normalized text, in Unicode scalars from 0.
  struct Word: Hashable {
    let text: String
    let span: Range<Int>
  }

  /// The words and marks of a text, in order; an accent has one spelling only (NFC).
  static func words(of text: String) -> [Word] {
    ComposedText.composed(Array(text.utf8)).withUnsafeBufferPointer { words(ofNormalized: $0) }
  }

  /// The words and marks of a text in UTF-8 whose accents are composed already.
  static func words(ofNormalized text: UnsafeBufferPointer<UInt8>) -> [Word] {
    let scalars = String(decoding: text, as: UTF8.self).unicodeScalars
    var words: [Word] = []
    var open: (index: String.Index, offset: Int)?
    var offset = 0
    func close(at end: String.Index) {
      guard let start = open else { return }
      words.append(Word(text: String(scalars[start.index..<end]), span: start.offset..<offset))
      open = nil
    }
    for index in scalars.indices {
      switch Role(scalars[index]) {
      case .letter:
        open = open ?? (index, offset)
      case .separator:
        close(at: index)
      case .mark:
        close(at: index)
        words.append(Word(text: String(scalars[index]), span: offset..<offset + 1))
      }
      offset += 1
    }
    close(at: scalars.endIndex)
    return words
  }

  /// The words with blanks between them, except where punctuation clings to its neighbour.
  ///
  /// As the decoder in the file does it: every word gets a blank before it, which goes away where
  /// a line begins, before what clings to the left and after what clings to the right.
  static func joined(_ words: [String]) -> String {
    var scalars: [Unicode.Scalar] = []
    for word in words {
      var beginsLine = true
      for scalar in word.unicodeScalars {
        if beginsLine { scalars.append(" ") }
        scalars.append(scalar)
        beginsLine = scalar == "\n"
      }
    }
    var text = String.UnicodeScalarView()
    for (place, scalar) in scalars.enumerated() {
      let isKept =
        scalar != " "
        || place > 0 && scalars[place - 1] != "\n" && !clingsRight(scalars[place - 1])
          && !(place + 1 < scalars.count && clingsLeft(scalars[place + 1]))
      if isKept { text.append(scalar) }
    }
    return String(text)
  }

  private static func clingsLeft(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "'", "\u{2019}", ".", ",", ";", ":", "!", "?", "%", "\u{2026}": return true
    default:
      let category = ScalarClass.category(scalar)
      return category == .closePunctuation || category == .finalPunctuation
    }
  }

  private static func clingsRight(_ scalar: Unicode.Scalar) -> Bool {
    if scalar == "'" || scalar == "\u{2019}" { return true }
    let category = ScalarClass.category(scalar)
    return category == .openPunctuation || category == .initialPunctuation
  }

  /// What a scalar does to the word around it.
  private enum Role {
    case letter
    case separator
    case mark

    // Mathematical signs are marks, so no word is spelled as a special token such as `<start>`.
    // Control characters separate, so no token can hold a terminal's escape sequence.
    init(_ scalar: Unicode.Scalar) {
      switch ScalarClass.category(scalar) {
      case .control: self = .separator
      case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation,
        .initialPunctuation, .finalPunctuation, .otherPunctuation, .mathSymbol, .currencySymbol:
        self = .mark
      default: self = scalar.properties.isWhitespace ? .separator : .letter
      }
    }
  }
}
