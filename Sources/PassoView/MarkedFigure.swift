// SPDX-License-Identifier: MIT

import PassoText

/// A text whose words carry numbers, as the surprise of each token.
package struct MarkedFigure: Sendable, Hashable {
  package struct Word: Sendable, Hashable {
    package let text: String

    /// Nil where there is nothing to say.
    package let value: Double?

    package init(_ text: String, _ value: Double?) {
      self.text = text
      self.value = value
    }
  }

  package let title: Bilingual
  package let words: [Word]

  /// Lines below the text.
  package let notes: [Bilingual]

  package init(title: Bilingual, words: [Word], notes: [Bilingual] = []) {
    self.title = title
    self.words = words
    self.notes = notes
  }

  var largest: Double {
    words.compactMap(\.value).filter(\.isFinite).reduce(0) { max($0, abs($1)) }
  }

  /// What all numbers are written like.
  private var format: CellFormat {
    CellFormat(for: words.compactMap(\.value).map { .number($0) })
  }

  /// The power of ten that the numbers have left out.
  var remark: String? { format.remark }

  /// A word with its number: the colour is never the only carrier.
  func text(_ word: Word, _ language: Language) -> String {
    guard let value = word.value else { return word.text.visible }
    return "\(word.text.visible) \(format.said(value)[language])"
  }

  func style(_ word: Word) -> Style {
    guard let value = word.value, value.isFinite, largest > 0 else { return .role(.plain) }
    return .cell(
      part: value / largest,
      words.contains { $0.value ?? 0 < 0 } ? .signed : .sequential
    )
  }

  /// A heading, and the words in lines.
  func lines(_ layout: TextLayout) -> [StyledLine] {
    var lines: [StyledLine] = []
    var line = StyledLine()
    for word in words {
      let text = text(word, layout.language)
      if line.width > 0, line.width + 2 + DisplayWidth.of(text) > layout.width {
        lines.append(line)
        line = StyledLine()
      }
      if line.width > 0 { line.append("  ") }
      line.append(text, style(word))
    }
    return layout.heading(title, remark: remark) + lines + (line.runs.isEmpty ? [] : [line])
  }
}
