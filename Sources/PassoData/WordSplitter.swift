// SPDX-License-Identifier: MIT

/// Where words begin and end, and where they join again.
enum WordSplitter {
  /// A word or a mark, and where it stands in the normalized text, in Unicode scalars from 0.
  struct Word: Hashable {
    let text: String
    let span: Range<Int>
  }

  /// The text in Unicode's composed form (NFC), so that an accent has one spelling only.
  static func normalized(_ text: String) -> String {
    // Underscored, but public in the standard library; FoundationEssentials has no such thing.
    String(decoding: text._nfcCodeUnits, as: UTF8.self)
  }

  /// The words and marks of a text, in order.
  static func words(of text: String) -> [Word] {
    let scalars = normalized(text).unicodeScalars
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
  static func joined(_ words: [String]) -> String {
    var text = ""
    var clings = true
    for word in words {
      let sides = Sides(of: word)
      if !clings && !sides.clingsLeft { text += " " }
      text += word
      clings = sides.clingsRight
    }
    return text
  }

  /// What a scalar does to the word around it.
  private enum Role {
    case letter
    case separator
    case mark

    // Mathematical signs are marks, so no text can spell a special token such as `<start>`.
    // Control characters separate, so no token can hold a terminal's escape sequence.
    init(_ scalar: Unicode.Scalar) {
      switch scalar.properties.generalCategory {
      case .control: self = .separator
      case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation,
        .initialPunctuation, .finalPunctuation, .otherPunctuation, .mathSymbol, .currencySymbol:
        self = .mark
      default: self = scalar.properties.isWhitespace ? .separator : .letter
      }
    }
  }

  /// To which neighbours a token clings when a text is put together again.
  private struct Sides {
    var clingsLeft = false
    var clingsRight = false

    init(of word: String) {
      guard let scalar = word.unicodeScalars.first, word.unicodeScalars.count == 1 else { return }
      switch scalar {
      case "'", "\u{2019}": (clingsLeft, clingsRight) = (true, true)
      case ".", ",", ";", ":", "!", "?", "%", "\u{2026}": clingsLeft = true
      default:
        switch scalar.properties.generalCategory {
        case .closePunctuation, .finalPunctuation: clingsLeft = true
        case .openPunctuation, .initialPunctuation: clingsRight = true
        default: break
        }
      }
    }
  }
}
