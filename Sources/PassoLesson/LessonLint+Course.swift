// SPDX-License-Identifier: MIT

import PassoText

// What only the lessons together show.
extension LessonLint {
  /// The largest part of all questions that one letter, or the longest option, may be right in.
  private static let (letterShare, longestShare) = (0.4, 0.5)

  /// Fewer questions than this say nothing.
  private static let fewestQuestions = 20

  /// By what one guesses right answers without reading, over lessons in one language.
  package static func findings(inCourse lessons: [Lesson]) -> [LessonFinding] {
    let quizzes = lessons.flatMap { lesson in
      lesson.items.compactMap(\.content.question).map { (lesson, $0) }
    }
    guard quizzes.count >= fewestQuestions else { return [] }
    let limit = Double(quizzes.count)
    let letters = Dictionary(grouping: quizzes) { _, quiz in
      quiz.options.first(where: \.isRight)?.letter ?? ""
    }
    let often = letters.sorted { $0.key < $1.key }.filter {
      Double($0.value.count) > letterShare * limit
    }
    let longest = quizzes.filter { $0.1.isLongestRight }
    var findings = often.map { letter, found in
      finding(
        .letters,
        found[0].0,
        1,
        it: "in tutto il corso è giusta \(letter) in \(found.count) domande su \(quizzes.count)",
        en: "over the course \(letter) is right in \(found.count) questions of \(quizzes.count)"
      )
    }
    if Double(longest.count) > longestShare * limit {
      findings.append(
        finding(
          .letters,
          longest[0].0,
          1,
          it: "la risposta giusta è la più lunga in \(longest.count) domande su \(quizzes.count)",
          en: "the right answer is the longest in \(longest.count) questions of \(quizzes.count)"
        )
      )
    }
    return findings
  }
}

extension Quiz {
  /// Whether no wrong option is as long as the right one.
  fileprivate var isLongestRight: Bool {
    let right = options.first(where: \.isRight)?.text.plainText.count ?? 0
    return options.allSatisfy { $0.isRight || $0.text.plainText.count < right }
  }
}
