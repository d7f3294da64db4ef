// SPDX-License-Identifier: MIT

import PassoLesson
import PassoText
import PassoView

extension LessonView {
  /// What is open in short: the last that was said of a question, and its options; the task of an
  /// exercise whole, or the line of it that waits.
  static func reminder(of player: LessonPlayer) -> Figure? {
    if player.awaitsConfidence { return confidence }
    if let (line, level) = player.openLine { return blanks(line, level) }
    if let exercise = player.openExercise { return exercise.task.map { _ in task(exercise) } }
    if let quiz = player.openQuiz {
      return reminder(quizTitle, quiz.question, options: quiz.options)
    }
    guard let prediction = player.openPrediction else { return nil }
    guard case .choice(let options) = prediction.kind else {
      return reminder(predictionTitle, prediction.question, options: [])
    }
    return reminder(predictionTitle, prediction.question, options: options)
  }

  /// What somebody who comes back was reading: title, heading and the last that was said.
  static func standing(_ player: LessonPlayer) -> Figure {
    let title = player.lesson.header.title
    var lines = [Paragraph([]), Paragraph([Run(title, .heading)])]
    let (heading, last) = player.reading
    if let heading = heading?.plainText, heading != title {
      lines.append(Paragraph([Run(heading, .emphasis)]))
    }
    if let last, last.plainText != title, last.plainText != heading?.plainText {
      lines += paragraphs([last], indent: 2)
    }
    return .text(TextFigure(lines))
  }

  private static func reminder(
    _ title: Bilingual,
    _ blocks: [ProseBlock],
    options: [QuizOption]
  ) -> Figure {
    let text = paragraphs(Array(blocks.suffix(1)), indent: 2)
    return .text(TextFigure(heading(title) + text + list(of: options)))
  }
}
