// SPDX-License-Identifier: MIT

import PassoText

/// Something that a lesson says and the engine does not.
package struct LessonFinding: Sendable, Hashable {
  package let file: String
  package let line: Int
  package let message: Bilingual

  package init(file: String, line: Int, message: Bilingual) {
    self.file = file
    self.line = line
    self.message = message
  }

  /// `file:line: message`.
  package func text(_ language: Language) -> String {
    "\(file):\(line): \(message[language])"
  }
}

/// Finds what a reader would stumble over before any reader does.
package enum LessonLint {
  /// More words than this between two things to do is a lecture.
  private static let maxWords = 130

  /// Words that the glossary of the lessons does not allow, and what to write instead.
  private static let italianTraps = [
    "allenamento": "addestramento", "trasformatore": "transformer",
    "maschera casuale": "maschera causale",
  ]

  /// What can be said of one language alone.
  package static func findings(in lesson: Lesson) -> [LessonFinding] {
    var findings = flaws(inDesignOf: lesson)
    func note(_ line: Int, _ it: String, _ en: String) {
      findings.append(finding(lesson, line, it: it, en: en))
    }
    for item in lesson.items {
      guard case .prose(let blocks) = item.content else { continue }
      let text = blocks.map(\.plainText).joined(separator: " ")
      let words = text.split(separator: " ").count
      if words > maxWords {
        note(
          item.line,
          "\(words) parole fra due azioni: al più \(maxWords)",
          "\(words) words between two actions: at most \(maxWords)"
        )
      }
      guard lesson.header.language == .it else { continue }
      for (trap, better) in italianTraps where text.lowercased().contains(trap) {
        note(item.line, "«\(trap)»: meglio «\(better)»", "'\(trap)': better '\(better)'")
      }
    }
    return findings
  }

  /// Where the two languages do not do the same things in the same order.
  package static func differences(_ italian: Lesson, _ english: Lesson) -> [LessonFinding] {
    let left = LessonSkeleton.lines(of: italian)
    let right = LessonSkeleton.lines(of: english)
    for (one, other) in zip(left, right) where one.text != other.text {
      return [difference(english, other.line, one.text, other.text)]
    }
    guard left.count != right.count else { return [] }
    let (longer, index) = left.count > right.count ? (left, right.count) : (right, left.count)
    return [difference(english, longer[index].line, "\(left.count)", "\(right.count)")]
  }

  private static func difference(
    _ lesson: Lesson,
    _ line: Int,
    _ italian: String,
    _ english: String
  ) -> LessonFinding {
    LessonFinding(
      file: lesson.file,
      line: line,
      message: Bilingual(
        it: "le due lingue non fanno lo stesso: \(italian) / \(english)",
        en: "the two languages do not do the same: \(italian) / \(english)"
      )
    )
  }
}
