// SPDX-License-Identifier: MIT

import PassoText

// MARK: - Hints

/// One hint of a question or an exercise.
package struct LessonHint: Sendable, Hashable {
  package let text: [ProseBlock]

  /// From 1 to `count`.
  package let number: Int

  /// How many hints there are.
  package let count: Int

  /// The points that an exercise gives without help; nil where a hint costs nothing.
  package let worth: Int?
}

extension LessonPlayer {
  /// The next hint of the open question; nil if none is left, or none is open.
  package mutating func takeHint() -> LessonHint? {
    guard let hints = open?.hints, hintsGiven < hints.count else { return nil }
    hintsGiven += 1
    var worth: Int?
    if case .exercise(let exercise, var state)? = open {
      state.points = max(0, state.points - 1)
      open = .exercise(exercise, state)
      worth = exercise.worth
    }
    return LessonHint(
      text: hints[hintsGiven - 1],
      number: hintsGiven,
      count: hints.count,
      worth: worth
    )
  }
}

// MARK: - Answers

extension LessonPlayer {
  /// Takes an answer to the open question.
  ///
  /// Throws `AnswerProblem` if it cannot be an answer; the question stays open.
  package mutating func answer(_ text: String) throws(AnswerProblem) -> Verdict {
    switch open {
    case nil, .exercise, .confidence: throw .nothingAsked
    case .prediction(let prediction):
      predictions[prediction.id] = try Self.read(text, prediction.kind)
      open = nil
      return .predicted
    case .quiz(let quiz):
      let (option, confidence) = try Self.answer(text, quiz.options)
      guard asksConfidence, attempts == 0, confidence == nil else {
        return judge(quiz, option, confidence)
      }
      open = .confidence(quiz, option)
      return .chosen(option)
    }
  }

  /// Whether the answer to a question waits for how sure one is of it.
  package var awaitsConfidence: Bool { if case .confidence? = open { true } else { false } }

  /// Takes how sure somebody is of the answer that waits; nil if that was not said.
  ///
  /// Throws `AnswerProblem.nothingAsked` if none waits.
  package mutating func answer(
    with confidence: Confidence?
  ) throws(AnswerProblem) -> Verdict {
    guard case .confidence(let quiz, let option)? = open else { throw .nothingAsked }
    return judge(quiz, option, confidence)
  }

  private mutating func judge(
    _ quiz: Quiz,
    _ option: QuizOption,
    _ confidence: Confidence?
  ) -> Verdict {
    attempts += 1
    if attempts == 1 {
      score.answers.append(
        FirstAnswer(quiz: quiz.id, isRight: option.isRight, confidence: confidence)
      )
    }
    open = option.isRight ? nil : .quiz(quiz)
    return option.isRight ? .right(option, confidence) : .wrong(option, confidence)
  }

  /// Why a line is no answer to the open question; nil if it is one, or none is open, or it has
  /// the marks of an expression.
  package func problem(withAnswer text: String) -> AnswerProblem? {
    guard openPrediction != nil || openQuiz != nil,
      text.allSatisfy({ $0.isLetter || $0.isNumber || " .,;:'’)%".contains($0) })
    else { return nil }
    do throws(AnswerProblem) {
      try check(text)
      return nil
    } catch {
      return error
    }
  }

  /// Why a line that is nothing but a number does not answer the open question; nil if it does, or
  /// is more.
  package func problem(withNumber text: String) -> AnswerProblem? {
    guard PredictedNumber(typed: text.trimmed) != nil else { return nil }
    if awaitsConfidence { return .notAConfidence(text.trimmed) }
    guard openPrediction != nil || openQuiz != nil else { return nil }
    do throws(AnswerProblem) {
      try check(text)
      return nil
    } catch {
      return error
    }
  }

  /// Whether a line could be an answer to the open question rather than an expression.
  package func couldAnswer(_ text: String) -> Bool { (try? check(text)) != nil }

  private func check(_ text: String) throws(AnswerProblem) {
    switch open {
    case nil, .exercise, .confidence: throw .nothingAsked
    case .prediction(let prediction): _ = try Self.read(text, prediction.kind)
    case .quiz(let quiz): _ = try Self.answer(text, quiz.options)
    }
  }

  static func read(
    _ text: String,
    _ kind: Prediction.Kind
  ) throws(AnswerProblem) -> PredictedAnswer {
    let text = text.trimmed
    switch kind {
    case .choice(let options): return .choice(try option(text, options))
    case .number:
      guard let number = PredictedNumber(typed: text) else { throw .notANumber(text) }
      return .number(number)
    case .sign:
      switch text.lowercased() {
      case "+", "più", "piu", "plus", "positivo", "positive": return .sign(1)
      case "-", "−", "meno", "minus", "negativo", "negative": return .sign(-1)
      case "0", "zero": return .sign(0)
      default:
        // A number says its sign only where one stands before it.
        guard let sign = text.first, "+-−".contains(sign),
          let number = PredictedNumber(typed: text.replacing("−", with: "-"))?.value, number != 0
        else { throw .notASign(text) }
        return .sign(number > 0 ? 1 : -1)
      }
    }
  }

  /// A letter, and how sure one is of it if that follows: `b 3`.
  private static func answer(
    _ text: String,
    _ options: [QuizOption]
  ) throws(AnswerProblem) -> (option: QuizOption, confidence: Confidence?) {
    let parts = text.trimmed.split(separator: " ", maxSplits: 1)
    if parts.count == 2, let confidence = Confidence(typed: String(parts[1])),
      let option = try? option(String(parts[0]), options)
    {
      return (option, confidence)
    }
    return (try option(text, options), nil)
  }

  private static func option(
    _ text: String,
    _ options: [QuizOption]
  ) throws(AnswerProblem) -> QuizOption {
    // `b)`, `(b)` and `b.` are how a letter is written on paper.
    let wanted = String(text.trimmed.lowercased().filter { !"().".contains($0) })
    if let option = options.first(where: { $0.letter == wanted }) { return option }
    throw .notAnOption(text.trimmed, letters: options.map(\.letter))
  }
}
