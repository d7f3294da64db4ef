// SPDX-License-Identifier: MIT

import PassoText

/// What the lint looks at.
package enum LintRule: String, Sendable, Hashable, CaseIterable {
  /// What every lesson has, and where.
  case structure

  /// Both languages do the same things.
  case languages

  /// The opening asks about earlier lessons.
  case recalls

  /// Usual mistakes have a reply.
  case replies

  /// Which answer is right cannot be guessed.
  case letters

  /// How much is read between two things to do.
  case load

  /// How long a lesson takes.
  case time

  /// The words of the field.
  case glossary

  /// A word is explained before it is used.
  case terms

  /// Pictures are told in words too.
  case pictures

  /// The form of the file: columns, fences, what a screen reader cannot read.
  case form

  /// Numbers in prose follow from what is carried out.
  case numbers

  /// What a text tells one to type exists.
  case commands

  /// Claims speak of the state.
  case literals

  /// No answer is shown before it is asked for.
  case spoilers

  /// What happens when the lesson is taken: lines, facts, answers, solutions.
  case execution
}

/// Something that a lesson says and the engine does not, or does otherwise than a lesson should.
package struct LessonFinding: Sendable, Hashable {
  package let rule: LintRule
  package let file: String
  package let line: Int
  package let message: Bilingual

  package init(_ rule: LintRule = .execution, file: String, line: Int, message: Bilingual) {
    self.rule = rule
    self.file = file
    self.line = line
    self.message = message
  }

  /// `file:line: message [rule]`.
  package func text(_ language: Language) -> String {
    "\(file):\(line): \(message[language]) [\(rule.rawValue)]"
  }
}

/// Finds what a reader would stumble over before any reader does.
package enum LessonLint {
  /// What can be said of one language alone, without taking the lesson.
  package static func findings(in lesson: Lesson) -> [LessonFinding] {
    flaws(inDesignOf: lesson) + flaws(inOrderOf: lesson) + flaws(inProseOf: lesson)
  }

  /// Where the two languages do not do the same things in the same order, or do not use the same
  /// words for them.
  package static func differences(_ italian: Lesson, _ english: Lesson) -> [LessonFinding] {
    skeletonDifferences(italian, english) + untranslatedTerms(italian, english)
      + untranslatedTexts(italian, english)
  }

  private static func skeletonDifferences(
    _ italian: Lesson,
    _ english: Lesson
  ) -> [LessonFinding] {
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
    finding(
      .languages,
      lesson,
      line,
      it: "le due lingue non fanno lo stesso: \(italian) / \(english)",
      en: "the two languages do not do the same: \(italian) / \(english)"
    )
  }

  static func finding(
    _ rule: LintRule,
    _ lesson: Lesson,
    _ line: Int,
    it: String,
    en: String
  ) -> LessonFinding {
    LessonFinding(rule, file: lesson.file, line: line, message: Bilingual(it: it, en: en))
  }
}
