// SPDX-License-Identifier: MIT

/// What somebody has made of a lesson so far.
package struct LessonScore: Sendable, Hashable {
  /// How many quiz questions there were.
  package var asked = 0

  /// The first answers to them.
  package var answers: [FirstAnswer] = []

  /// How many were right at the first attempt.
  package var right: Int { answers.count { $0.isRight } }

  /// The exercises that were done or left.
  package var exercises: [ExerciseScore] = []

  /// That of a lesson of which nothing was asked.
  package init() {}
}

/// What an exercise has given.
package struct ExerciseScore: Sendable, Hashable {
  package let id: String
  package let points: Int

  /// What it gives without help.
  package let worth: Int
}

/// The first answer to a question.
package struct FirstAnswer: Sendable, Hashable {
  package let quiz: String
  package let isRight: Bool

  /// How sure somebody was of it; nil where that was not said.
  package let confidence: Confidence?
}
