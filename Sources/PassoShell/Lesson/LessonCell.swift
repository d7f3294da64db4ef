// SPDX-License-Identifier: MIT

import PassoLesson
import PassoText

/// A cell of a notebook that is a block of a lesson.
///
/// Its first line says of which:
///
///     #| block q1 of lesson 03-shift
///     #| blocco e0/2 della lezione 03-shift
///
/// For everybody else that line is a comment. Its words tell the language too, so that a notebook
/// is answered in its own. `e0/2` is the second level of an exercise with blanks.
package struct LessonCell: Hashable, Sendable {
  /// As it is named in the notebook: a name of Passo's, or a folder.
  package let lesson: String

  package let block: String

  /// The level of an exercise with blanks.
  package let level: FadeLevel?

  package let language: Language

  private static let words = (
    block: Bilingual(it: "#| blocco ", en: "#| block "),
    lesson: Bilingual(it: " della lezione ", en: " of lesson ")
  )

  init(lesson: String, block: String, level: FadeLevel? = nil, language: Language) {
    (self.lesson, self.block, self.level, self.language) = (lesson, block, level, language)
  }

  /// Reads the first line of a cell; nil if it is any other line.
  package init?(firstLine: String) {
    let line = Self.trimmed(firstLine[...])
    for language in Language.allCases {
      let (start, middle) = (Self.words.block[language], Self.words.lesson[language])
      guard line.hasPrefix(start), let place = line.firstRange(of: middle) else { continue }
      let block = line[line.index(line.startIndex, offsetBy: start.count)..<place.lowerBound]
      let parts = block.split(separator: "/", omittingEmptySubsequences: false)
      let number = parts.count > 1 ? Int(parts[1]) : nil
      let level = number.flatMap { FadeLevel(rawValue: $0 - 1) }
      guard parts.count == 1 || parts.count == 2 && level != nil else { return nil }
      self.init(
        lesson: Self.trimmed(line[place.upperBound...]),
        block: String(parts[0]),
        level: level,
        language: language
      )
      return
    }
    return nil
  }

  private static func trimmed(_ text: Substring) -> String {
    let text = text.drop { $0.isWhitespace }
    return String(text.reversed().drop { $0.isWhitespace }.reversed())
  }

  /// The line that says it.
  package var firstLine: String {
    let level = level.map { "/\($0.rawValue + 1)" } ?? ""
    return Self.words.block[language] + block + level + Self.words.lesson[language] + lesson
  }
}

extension LessonEvent {
  /// What becomes of it where the text of a lesson stands in a notebook: whether it waits for a
  /// cell there; nil if it is shown as everywhere.
  var waitsInNotebook: Bool? {
    switch self {
    case .prose, .note: false
    case .prepared, .ask, .quiz, .stage, .exercise, .fill: true
    case .confidence, .check, .reveal, .finished: nil
    }
  }
}
