// SPDX-License-Identifier: MIT

import PassoText

/// A lesson as data: what stands at its top, then its items in the order of the file.
package struct Lesson: Sendable, Hashable {
  package let header: LessonHeader
  package let items: [LessonItem]

  /// The file, as it was named.
  package let file: String

  /// The folder of the file, where what belongs to the lesson lies.
  package var folder: String {
    file.lastIndex(of: "/").map { String(file[..<$0]) } ?? "."
  }

  /// What is said of usual wrong predictions.
  package var replies: [Reply] { items.compactMap(\.content.prediction).flatMap(\.replies) }

  /// The name of the folder, by which a person opens the lesson.
  package var name: String {
    folder.lastIndex(of: "/").map { String(folder[folder.index(after: $0)...]) } ?? folder
  }
}

/// The lines between the `---` marks.
package struct LessonHeader: Sendable, Hashable {
  package let id: String
  package let language: Language
  package let title: String

  /// How long it takes, in minutes.
  package let minutes: Int

  /// The lessons to take before.
  package let requires: [String]

  /// The seed of its model, if it needs one of its own.
  package let seed: Int?

  /// `f32` or `f64`, if it matters.
  package let precision: String?

  /// What a learner can do afterwards, as short names.
  package let objectives: [String]
}

/// One item of a lesson, and the line where it begins.
package struct LessonItem: Sendable, Hashable {
  package enum Content: Sendable, Hashable {
    case prose([ProseBlock])
    case run(RunBlock)
    case facts(FactsBlock)
    case predict(Prediction)
    case quiz(Quiz)
    case exercise(Exercise)
    /// For the teacher only.
    case note(TeacherNote)
    /// What the picture of a run block shows, in words.
    case alternative(for: String, [ProseBlock])

    var prose: [ProseBlock]? { if case .prose(let blocks) = self { blocks } else { nil } }
    package var runBlock: RunBlock? { if case .run(let block) = self { block } else { nil } }
    var factsBlock: FactsBlock? { if case .facts(let block) = self { block } else { nil } }
    package var prediction: Prediction? {
      if case .predict(let asked) = self { asked } else { nil }
    }
    package var question: Quiz? { if case .quiz(let quiz) = self { quiz } else { nil } }
    var note: TeacherNote? { if case .note(let note) = self { note } else { nil } }
    package var exercise: Exercise? {
      if case .exercise(let exercise) = self { exercise } else { nil }
    }
  }

  package let content: Content
  package let line: Int
}

/// Commands that wait in the prompt, one after the other.
package struct RunBlock: Sendable, Hashable {
  package let id: String
  package let commands: [SourceLine]

  /// Whether lines of the learner's own with the same commands may take their place.
  package var isYours = false

  /// How many positions a text of the learner's own must have for what follows.
  package var leastPositions = 1
}

/// What a teacher reads, and when: seconds from the beginning.
package struct TeacherNote: Sendable, Hashable {
  package let text: [ProseBlock]
  package let clock: Int?
}

/// A line of a lesson file.
package struct SourceLine: Sendable, Hashable {
  package let text: String
  package let line: Int

  package init(text: String, line: Int) {
    self.text = text
    self.line = line
  }
}

/// What must hold after a run block.
package struct FactsBlock: Sendable, Hashable {
  package let runID: String
  package let facts: [Fact]
}

/// One claim of a lesson about the engine: `F02.5  ~9  sum(pattern, axis: key) == 1`.
package struct Fact: Sendable, Hashable {
  /// How closely the two sides must agree.
  package enum Tolerance: String, Sendable, CaseIterable {
    /// To the last bit.
    case exact = "="
    /// Within 1e-9, relative or absolute.
    case nine = "~9"
    /// Within 1e-5, relative or absolute.
    case five = "~5"
    /// Bounds that the expression itself states; the seed decides the numbers.
    case statistical = "stat"

    /// The largest difference allowed.
    package var value: Double {
      switch self {
      case .exact, .statistical: 0
      case .nine: 1e-9
      case .five: 1e-5
      }
    }
  }

  package let id: String
  package let tolerance: Tolerance
  package let expression: String

  /// Where it stands in its file.
  package let line: Int

  package init(id: String, tolerance: Tolerance, expression: String, line: Int) {
    self.id = id
    self.tolerance = tolerance
    self.expression = expression
    self.line = line
  }
}

/// A question to answer before the commands that would give the answer away.
package struct Prediction: Sendable, Hashable {
  package enum Kind: Sendable, Hashable {
    /// The answer is a number; the expression gives the true one after the run.
    case number(answer: SourceLine, tolerance: Double)
    /// The answer is `+`, `-` or `0`: the sign of the expression after the run.
    case sign(answer: SourceLine)
    /// The answer is one of a few.
    case choice([QuizOption])
  }

  package let id: String

  /// The run block that stays closed until there is an answer.
  package let locks: String

  package let question: [ProseBlock]
  package internal(set) var kind: Kind

  /// What is said of wrong numbers and signs that are usual.
  package var replies: [Reply] = []

  /// Values that would give the answer away, besides those that the answer names.
  package var hides: [String] = []

  /// What helps, the lightest first.
  package var hints: [[ProseBlock]] = []

  /// The expression of a number or a sign.
  package var answer: SourceLine? {
    switch kind {
    case .number(let answer, _), .sign(let answer): answer
    case .choice: nil
    }
  }

  /// The options, where the answer is one of a few.
  package var options: [QuizOption] {
    if case .choice(let options) = kind { options } else { [] }
  }
}

/// A question with options, one of them right.
package struct Quiz: Sendable, Hashable {
  package let id: String
  package let question: [ProseBlock]
  package internal(set) var options: [QuizOption]

  /// The id of an earlier lesson that it asks about, such as `L02`.
  package var recalls: String?

  /// What helps, the lightest first.
  package var hints: [[ProseBlock]] = []
}

/// One option, and what is said when it is chosen.
package struct QuizOption: Sendable, Hashable {
  /// The letter to type.
  package internal(set) var letter: String

  package let text: [Inline]
  package let isRight: Bool
  package let feedback: [ProseBlock]

  /// A command or an expression that shows it.
  package let command: SourceLine?
}
