// SPDX-License-Identifier: MIT

extension LessonPlayer {
  /// The exercise that is under way, if one is.
  package var openExercise: Exercise? {
    if case .exercise(let exercise, _)? = open { exercise } else { nil }
  }

  /// The line whose blanks are to be filled in, if one is.
  package var openLine: (line: FadedLine, level: FadeLevel)? {
    guard case .fill(let line, let level)? = open?.event else { return nil }
    return (line, level)
  }

  /// The level of the exercise with blanks that is under way, if one is.
  package var openLevel: FadeLevel? {
    guard case .exercise(let exercise, let state)? = open, exercise.fade != nil else { return nil }
    return state.level
  }

  /// Whether an exercise, or a level of it, waits for its stage to be set.
  package var awaitsStage: Bool {
    if case .stage? = open?.event { true } else { false }
  }

  /// Says that the session is as the exercise, or the level of it, wants it.
  package mutating func stageIsSet() {
    changeExercise { $0.isReady = true }
  }

  /// Says that the prepared or blank line of an exercise was carried out.
  ///
  /// - Returns: What the exercise has given, if that was its last line.
  package mutating func lineFilled() -> ExerciseScore? {
    guard case .exercise(let exercise, var state)? = open, let fade = exercise.fade else {
      return nil
    }
    guard state.goOn(in: fade) else { return endExercise() }
    open = .exercise(exercise, state)
    return nil
  }

  /// Says that the solution of the exercise was shown, so that it gives nothing any more.
  package mutating func solutionWasShown() {
    changeExercise { $0.points = 0 }
  }

  /// The exercise is over.
  ///
  /// - Returns: What it has given; nil if none was under way.
  package mutating func endExercise() -> ExerciseScore? {
    guard case .exercise(let exercise, let state)? = open else { return nil }
    let result = ExerciseScore(id: exercise.id, points: state.points, worth: exercise.worth)
    score.exercises.append(result)
    open = nil
    return result
  }

  /// Updates of the model that the exercise still allows; nil if it does not count them.
  package var updatesLeft: Int? {
    guard case .exercise(let exercise, let state)? = open else { return nil }
    return exercise.task?.updates.map { max(0, $0 - state.updates) }
  }

  /// Says that updates of the model were made.
  package mutating func updatesWereMade(_ count: Int) {
    changeExercise { $0.updates += count }
  }

  private mutating func changeExercise(_ change: (inout ExerciseState) -> Void) {
    guard case .exercise(let exercise, var state)? = open else { return }
    change(&state)
    open = .exercise(exercise, state)
  }
}

// MARK: - Passing over

/// What was passed over.
package enum Skipped: Sendable, Hashable {
  case question
  case line(SourceLine)
  case exercise(ExerciseScore)
}

extension LessonPlayer {
  /// Passes over what is waited for; a question or an exercise gives nothing then.
  ///
  /// Throws `AnswerProblem.nothingAsked` if nothing is.
  package mutating func skip() throws(AnswerProblem) -> Skipped {
    if case .exercise? = open {
      solutionWasShown()
      if let score = endExercise() { return .exercise(score) }
    }
    if open != nil {
      open = nil
      return .question
    }
    guard let line = preparedCommand else { throw .nothingAsked }
    commandDone()
    return .line(line)
  }
}
