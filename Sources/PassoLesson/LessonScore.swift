// SPDX-License-Identifier: MIT

/// What somebody has made of a lesson so far.
package struct LessonScore: Sendable, Hashable {
  /// How many quiz questions were answered right at the first attempt.
  package var right = 0

  /// How many there were.
  package var asked = 0

  /// The exercises that were done or left.
  package var exercises: [ExerciseScore] = []

  /// How sure somebody was, where that was said.
  package var confidences: [QuizConfidence] = []
}

/// What an exercise has given.
package struct ExerciseScore: Sendable, Hashable {
  package let id: String
  package let points: Int

  /// What it gives without help.
  package let worth: Int
}

/// How sure somebody was of the first answer to a question.
package struct QuizConfidence: Sendable, Hashable {
  package let quiz: String
  package let confidence: Confidence
  package let wasRight: Bool
}
