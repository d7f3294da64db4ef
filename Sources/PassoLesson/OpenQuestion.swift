// SPDX-License-Identifier: MIT

/// What a lesson waits for besides a prepared line.
enum OpenQuestion: Sendable {
  case prediction(Prediction)
  case quiz(Quiz)

  /// An option was chosen; how sure one is comes before the verdict.
  case confidence(Quiz, QuizOption)

  case exercise(Exercise, ExerciseState)

  init?(_ content: LessonItem.Content) {
    switch content {
    case .predict(let prediction): self = .prediction(prediction)
    case .quiz(let quiz): self = .quiz(quiz)
    case .exercise(let exercise): self = .exercise(exercise, ExerciseState(exercise))
    default: return nil
    }
  }

  /// The same question as another language asks it.
  func reading(_ content: LessonItem.Content) -> OpenQuestion? {
    switch (self, content) {
    case (.confidence(_, let chosen), .quiz(let quiz)):
      quiz.options.first { $0.letter == chosen.letter }.map { .confidence(quiz, $0) } ?? .quiz(quiz)
    case (.exercise(_, let state), .exercise(let exercise)): .exercise(exercise, state)
    default: OpenQuestion(content)
    }
  }

  var event: LessonEvent {
    switch self {
    case .prediction(let prediction): .ask(prediction)
    case .quiz(let quiz): .quiz(quiz)
    case .confidence: .confidence
    case .exercise(let exercise, let state): state.event(of: exercise)
    }
  }

  var hints: [[ProseBlock]] {
    switch self {
    case .prediction(let prediction): prediction.hints
    case .quiz(let quiz), .confidence(let quiz, _): quiz.hints
    case .exercise(let exercise, _): exercise.hints
    }
  }
}

/// How far somebody is in an exercise.
struct ExerciseState: Sendable {
  /// What it would give now.
  var points: Int

  /// Updates of the model that were made.
  var updates = 0

  var level = FadeLevel.worked
  var line = 0

  /// Whether the session is as the exercise wants it.
  var isReady = false

  init(_ exercise: Exercise) {
    points = exercise.worth
  }

  func event(of exercise: Exercise) -> LessonEvent {
    guard isReady else {
      let lines = exercise.task?.start ?? exercise.fade?.data[level] ?? []
      return .stage(exercise, exercise.fade == nil ? nil : level, lines)
    }
    guard let line = fadedLine(of: exercise) else { return .exercise(exercise) }
    return line.hasBlank(level)
      ? .fill(line, level) : .prepared(SourceLine(text: line.whole, line: line.line))
  }

  func fadedLine(of exercise: Exercise) -> FadedLine? {
    guard let lines = exercise.fade?.lines, lines.indices.contains(line) else { return nil }
    return lines[line]
  }

  /// Goes to the next line; false if that was the last of all.
  mutating func goOn(in fade: FadedLines) -> Bool {
    line += 1
    guard line >= fade.lines.count else { return true }
    guard let next = FadeLevel(rawValue: level.rawValue + 1) else { return false }
    (level, line, isReady) = (next, 0, false)
    return true
  }
}
