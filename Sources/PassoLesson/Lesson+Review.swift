// SPDX-License-Identifier: MIT

import PassoText

extension Lesson {
  /// Its name, in both languages.
  package static let reviewName = Bilingual(it: "ripasso", en: "review")

  /// Questions of lessons as a lesson of their own.
  ///
  /// What an answer suggests to try speaks of the state of its lesson: it is said, and not offered.
  package static func review(
    of questions: [(lesson: Lesson, quiz: Quiz)],
    _ language: Language
  ) -> Lesson {
    let name = reviewName[language]
    let header = LessonHeader(
      id: name,
      language: language,
      title: name,
      minutes: questions.count,
      requires: [],
      seed: nil,
      precision: nil,
      objectives: []
    )
    let items = questions.flatMap { lesson, quiz in
      [
        LessonItem(content: .prose([.paragraph(origin(lesson, language))]), line: 1),
        LessonItem(content: .quiz(quiz.apart(from: lesson, language)), line: 1),
      ]
    }
    return Lesson(header: header, items: items, file: "\(name)/lesson")
  }

  private static func origin(_ lesson: Lesson, _ language: Language) -> [Inline] {
    let from = Bilingual(it: "Dalla lezione ", en: "From the lesson ")
    return [
      Inline(from[language]), Inline(lesson.name, .code), Inline(": \(lesson.header.title)"),
    ]
  }

  /// The quizzes, in order.
  package var quizzes: [Quiz] { items.compactMap(\.content.question) }
}

extension Quiz {
  /// The question as it is asked outside its lesson, whose name comes before its own.
  fileprivate func apart(from lesson: Lesson, _ language: Language) -> Quiz {
    Quiz(
      id: "\(lesson.name) \(id)",
      question: question,
      options: options.map { $0.apart(from: lesson, language) },
      recalls: recalls,
      hints: hints
    )
  }
}

extension QuizOption {
  fileprivate func apart(from lesson: Lesson, _ language: Language) -> QuizOption {
    guard let command, !isRight else { return self }
    let shows = Bilingual(it: "Nella lezione lo mostra ", en: "In the lesson this shows it: ")
    let way = ProseBlock.paragraph([Inline(shows[language]), Inline(command.text, .code)])
    return QuizOption(
      letter: letter,
      text: text,
      isRight: isRight,
      feedback: feedback + [way],
      command: nil
    )
  }
}
