// SPDX-License-Identifier: MIT

/// All that a lesson does: its commands, facts and answers, without what it says.
package enum LessonSkeleton {
  /// What both languages have in common, in order, each part with a line of the file.
  package static func lines(of lesson: Lesson) -> [SourceLine] {
    let header = lesson.header
    let top = [
      "id \(header.id)", "minutes \(header.minutes)", "requires \(header.requires)",
      "seed \(header.seed ?? 0)", "precision \(header.precision ?? "")",
      "objectives \(header.objectives)",
    ].map { SourceLine(text: $0, line: 1) }
    return top
      + lesson.items.flatMap { item in
        parts(item.content).map { SourceLine(text: $0, line: item.line) }
      }
  }

  private static func parts(_ content: LessonItem.Content) -> [String] {
    switch content {
    case .prose(let blocks): ["prose \(blocks.count)"]
    case .note(let note): ["note \(note.clock.map(String.init) ?? "")"]
    case .alternative(let id, _): ["alt \(id)"]
    case .run(let block):
      ["run \(block.id)\(block.isYours ? " yours \(block.leastPositions)" : "")"]
        + block.commands.map(\.text)
    case .facts(let block): block.facts.map(part)
    case .quiz(let quiz):
      ["quiz \(quiz.id) \(quiz.recalls ?? ""), hints \(quiz.hints.count)"]
        + quiz.options.map(part)
    case .predict(let prediction):
      ["predict \(prediction.id) \(prediction.locks), hints \(prediction.hints.count)"]
        + parts(prediction.kind) + prediction.replies.map { "wrong \($0.expression.text)" }
        + prediction.hides.map { "hides \($0)" }
    case .exercise(let exercise): parts(exercise)
    }
  }

  private static func parts(_ exercise: Exercise) -> [String] {
    let minutes = exercise.minutes.map(String.init) ?? ""
    let own =
      switch exercise.kind {
      case .task(let task): parts(task)
      case .fade(let fade): parts(fade)
      }
    return ["exercise \(exercise.id) \(minutes), hints \(exercise.hints.count)"] + own
  }

  private static func parts(_ task: ExerciseTask) -> [String] {
    ["updates \(task.updates.map(String.init) ?? "")"]
      + task.start.map { "start \($0.text)" } + task.checks.map(part)
      + task.forbidden.map { "forbid \($0.command) \($0.arguments)" }
      + task.mistakes.map { "mistake \($0.expression.text)" }
      + task.solution.map { "solution \($0.text)" }
  }

  private static func parts(_ fade: FadedLines) -> [String] {
    fade.lines.map { "line \($0.shown(.oneBlank)) \($0.shown(.allBlank)) \($0.whole)" }
      + FadeLevel.allCases.flatMap { level in
        (fade.data[level] ?? []).map { "with \(level.rawValue) \($0.text)" }
      }
  }

  private static func parts(_ kind: Prediction.Kind) -> [String] {
    switch kind {
    case .number(let answer, let tolerance): ["number \(answer.text) \(tolerance)"]
    case .sign(let answer): ["sign \(answer.text)"]
    case .choice(let options): options.map(part)
    }
  }

  private static func part(_ fact: Fact) -> String {
    "\(fact.id) \(fact.tolerance.rawValue) \(fact.expression)"
  }

  private static func part(_ option: QuizOption) -> String {
    "\(option.letter) \(option.isRight) \(option.command?.text ?? "")"
  }
}
