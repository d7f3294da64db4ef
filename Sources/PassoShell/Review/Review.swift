// SPDX-License-Identifier: MIT

import PassoLesson
import PassoText

/// Questions that come back, while they are asked.
final class Review {
  /// In the order in which they are asked.
  let questions: [ReviewQuestion]

  /// The lesson that waits meanwhile.
  let waiting: Course.Current?

  /// Whether nothing of that lesson was shown yet.
  let isBeforeLesson: Bool

  init(_ questions: [ReviewQuestion], waiting: Course.Current?, isBeforeLesson: Bool) {
    (self.questions, self.waiting) = (questions, waiting)
    self.isBeforeLesson = isBeforeLesson
  }
}

extension Course {
  /// The questions that are being asked again, if some are.
  var review: Review? { current?.review }

  /// What comes back, and when; nothing where nothing is kept.
  ///
  /// - Throws: `FileProblem` or `ReviewFileProblem`.
  func schedule() throws -> ReviewSchedule { try ReviewSchedule(reviews?.entries() ?? []) }

  /// The questions that are due and that are still asked by a lesson.
  func due(_ language: Language) throws -> [ReviewQuestion] {
    guard reviews != nil else { return [] }
    let due = try schedule().due(on: today)
    guard !due.isEmpty else { return [] }
    let names = Set(due.map(\.lesson))
    var known: Set<ReviewQuestion> = []
    for name in lessonNames where names.contains(name) {
      guard let lesson = try? lesson(named: name, language) else { continue }
      known.formUnion(lesson.quizzes.map { ReviewQuestion(lesson: name, quiz: $0.id) })
    }
    return due.filter(known.contains)
  }

  /// Questions as a lesson of their own; those that are gone are left out.
  func lesson(
    of questions: [ReviewQuestion],
    _ manner: QuestionManner,
    _ language: Language
  ) throws -> Lesson {
    var lessons: [String: Lesson] = [:]
    for name in Set(questions.map(\.lesson)) {
      let lesson = try lesson(named: name, language)
      lessons[name] = manner.order?.applied(to: lesson) ?? lesson
    }
    let found = questions.compactMap { question -> (lesson: Lesson, quiz: Quiz)? in
      guard let lesson = lessons[question.lesson],
        let quiz = lesson.quizzes.first(where: { $0.id == question.quiz })
      else { return nil }
      return (lesson, quiz)
    }
    return .review(of: found, language)
  }
}
