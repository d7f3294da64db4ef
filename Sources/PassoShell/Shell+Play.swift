// SPDX-License-Identifier: MIT

import PassoLesson
import PassoText

// A lesson as a person takes it who is always right: for pages that show it.
extension Shell {
  /// Takes a lesson from its first line to its last, and answers every question rightly.
  ///
  /// - Throws: `LessonProblem` if there is no such lesson, or whatever a line of it throws.
  package func takeLesson(_ name: String) throws {
    try openLesson(name)
    while let player = course.current?.player {
      if stop.isRequested() { return }
      if let line = player.preparedCommand?.text {
        try begin(line)
      } else if let quiz = player.openQuiz {
        try begin(quiz.options.first { $0.isRight }?.letter ?? "")
      } else if let prediction = player.openPrediction {
        try begin(rightAnswer(to: prediction, in: player.lesson))
      } else {
        try continueLesson()
      }
    }
  }

  /// What a prediction would have to say: found by doing, out of sight, what it is about.
  private func rightAnswer(to prediction: Prediction, in lesson: Lesson) throws -> String {
    let expression: String
    switch prediction.kind {
    case .choice(let options): return options.first { $0.isRight }?.letter ?? ""
    case .number(let answer, _), .sign(let answer): expression = answer.text
    }
    let before = (session, course, console)
    defer { (session, course, console) = before }
    console = console.muted
    course.current = nil
    for item in lesson.items {
      guard case .run(let block) = item.content, block.id == prediction.locks else { continue }
      for command in block.commands { try perform(command, of: lesson) }
    }
    let number = try value(of: expression)
    if case .number = prediction.kind { return NumberText.general(number) }
    return number > 0 ? "+" : number < 0 ? "-" : "0"
  }
}
