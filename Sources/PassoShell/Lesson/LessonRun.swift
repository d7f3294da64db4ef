// SPDX-License-Identifier: MIT

import PassoLesson
import PassoRuntime
import PassoSession
import PassoText
import PassoView

/// What a lesson gives when it is taken: what its lines show, and the answers to its predictions.
package struct LessonRun {
  /// The number of a prediction, and of those that are usual mistakes.
  package struct Answer: Sendable {
    package let value: Double

    /// In the order of the replies; empty where the answer is a sign.
    package let mistakes: [Double]
  }

  package let lesson: Lesson

  /// By the line of the lesson's file, in the order of the lesson.
  private var figures: [Int: [Figure]] = [:]

  /// By the id of the prediction.
  private var answers: [String: Answer] = [:]

  /// Takes a lesson to its end.
  ///
  /// - Throws: What a line of the lesson throws, `LessonProblem` if an answer is no number, or
  ///   `Interrupted`.
  package init(_ lesson: Lesson, with shell: Shell) throws {
    self.lesson = lesson
    let learner = SimulatedLearner(shell, .predictingAnyhow)
    try shell.open(lesson)
    while true {
      try noteAnswers(shell)
      let waiting = shell.course.current?.player.preparedLessonLine
      guard try learner.takeTurn() else { break }
      if let waiting {
        figures[waiting.line] = shell.console.transcript.entries.last?.ownFigures ?? []
      }
    }
    if shell.course.current != nil { throw Interrupted() }
  }

  /// What a line of a run block has shown.
  package func figures(of line: SourceLine) -> [Figure] { figures[line.line] ?? [] }

  /// The answer to a prediction; nil where it is one of a few options.
  package func answer(to prediction: Prediction) -> Answer? { answers[prediction.id] }

  /// Computes the answers that wait for a run block that lies behind now.
  private mutating func noteAnswers(_ shell: Shell) throws {
    guard let current = shell.course.current ?? shell.course.finished else { return }
    let session = current.base ?? shell.session
    for prediction in lesson.items.compactMap(\.content.prediction)
    where answers[prediction.id] == nil && current.player.hasRun(prediction.locks) {
      guard let expression = prediction.answer else { continue }
      let mistakes = if case .number = prediction.kind { prediction.replies } else { [Reply]() }
      answers[prediction.id] = Answer(
        value: try value(of: expression, session),
        mistakes: try mistakes.map { try value(of: $0.expression, session) }
      )
    }
  }

  private func value(of expression: SourceLine, _ session: Session) throws -> Double {
    let problem: Bilingual
    do {
      let value = try session.value(of: expression.text)
      if value.isFinite { return value }
      problem = Bilingual(same: NumberText.general(value))
    } catch {
      problem = error.asProblem.message
    }
    throw UncomputedAnswer(expression: expression, file: lesson.file, problem: problem)
  }
}

extension LessonPlayer {
  /// The line of a run block that waits; those of exercises are another matter.
  fileprivate var preparedLessonLine: SourceLine? { openExercise == nil ? preparedCommand : nil }
}

/// An answer of a lesson that is no number when the lesson is there.
struct UncomputedAnswer: WordedProblem, Hashable {
  let expression: SourceLine
  let file: String
  let problem: Bilingual

  var wording: Wording {
    (Bilingual(
      it: "la risposta \(it: expression.text) non si può calcolare: ",
      en: "the answer \(en: expression.text) cannot be computed: "
    ) + problem).hint(
      it: "passo lint dice che cosa non va in una lezione",
      en: "passo lint says what is wrong with a lesson"
    )
  }

  var place: Place? { Place(file: file, line: expression.line) }
}
