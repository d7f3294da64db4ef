// SPDX-License-Identifier: MIT

import PassoLesson
import PassoText
import PassoView

extension Handout {
  /// A lesson that was taken, on paper.
  package init(_ run: LessonRun) {
    let header = run.lesson.header
    let minutes = Bilingual(
      it: "\(run.lesson.name), circa \(header.minutes) minuti",
      en: "\(run.lesson.name), about \(header.minutes) minutes"
    )
    let paper = LessonPaper(run)
    self.init(
      title: header.title,
      summary: TextFigure([TextFigure.Paragraph([Run(minutes, .dim)])]),
      blocks: run.lesson.items.flatMap { paper.blocks($0.content) }
    )
  }
}

/// What becomes of the items of a lesson on paper.
private struct LessonPaper {
  private let run: LessonRun

  init(_ run: LessonRun) {
    self.run = run
  }

  private typealias Paragraph = TextFigure.Paragraph

  func blocks(_ content: LessonItem.Content) -> [Handout.Block] {
    switch content {
    case .prose(let blocks): prose(blocks)
    case .run(let block): [.listing(listing(block))]
    case .quiz(let quiz): [.task(task(quiz))]
    case .predict(let prediction): [.task(task(prediction))]
    case .exercise(let exercise): [.task(task(exercise))]
    case .facts, .note, .alternative: []
    }
  }

  /// The first heading of a lesson is its title, which stands at the top.
  private func prose(_ blocks: [ProseBlock]) -> [Handout.Block] {
    blocks.compactMap { block in
      guard case .heading(let level, let inlines) = block else {
        return .text(TextFigure(LessonView.paragraphs([block])))
      }
      return level == 1 ? nil : .heading(inlines.plainText)
    }
  }

  private func listing(_ block: RunBlock) -> Handout.Listing {
    let contents = run.lesson.items.map(\.content)
    let alternative = contents.lazy.compactMap { content -> [ProseBlock]? in
      guard case .alternative(block.id, let blocks) = content else { return nil }
      return blocks
    }
    return Handout.Listing(
      lines: block.commands.map { ($0.text, run.figures(of: $0)) },
      alternative: TextFigure(LessonView.paragraphs(alternative.first ?? [])),
      comesAfterAnswer: contents.contains { $0.prediction?.locks == block.id }
    )
  }
}

// MARK: - Questions

extension LessonPaper {
  private func task(_ quiz: Quiz) -> Handout.Task {
    Handout.Task(
      kind: LessonView.quizTitle,
      text: TextFigure(LessonView.paragraphs(quiz.question)),
      room: boxes(quiz.options),
      answer: TextFigure(answers(quiz.options) + hints(quiz.hints))
    )
  }

  private func task(_ prediction: Prediction) -> Handout.Task {
    let (room, answer): (Handout.Task.Room, [Paragraph]) =
      switch prediction.kind {
      case .number, .sign: (.lines(1), self.answer(to: prediction))
      case .choice(let options): (boxes(options), answers(options))
      }
    return Handout.Task(
      kind: LessonView.predictionTitle,
      text: TextFigure(LessonView.paragraphs(prediction.question)),
      room: room,
      answer: TextFigure(answer + hints(prediction.hints))
    )
  }

  private func boxes(_ options: [QuizOption]) -> Handout.Task.Room {
    .boxes(
      options.map { ($0.letter, TextFigure(LessonView.paragraphs([.paragraph($0.text)]))) }
    )
  }

  private func answers(_ options: [QuizOption]) -> [Paragraph] {
    options.flatMap { option -> [Paragraph] in
      let mark = Run("\(option.isRight ? "✓" : "✗") \(option.letter)  ", .emphasis)
      let feedback = LessonView.paragraphs(option.feedback)
      let rest = option.isRight ? nil : option.command.map { LessonView.experiment($0.text) }
      return [Paragraph([mark] + (feedback.first?.runs ?? []))] + feedback.dropFirst()
        + [rest].compactMap(\.self)
    }
  }

  /// What the engine says, and what is said of usual mistakes.
  private func answer(to prediction: Prediction) -> [Paragraph] {
    guard let expression = prediction.answer, let answer = run.answer(to: prediction) else {
      return []
    }
    let isSign = if case .sign = prediction.kind { true } else { false }
    let said =
      isSign
      ? LessonView.printed(sign: LessonView.symbol(answer.value)) : NumberText.general(answer.value)
    let right = [
      Run(Bilingual(same: "✓ ") + said + Bilingual(same: " · "), .emphasis),
      Run(expression.text, .code),
      Run(isSign ? " = \(NumberText.code(answer.value))" : ""),
    ]
    let wrong = prediction.replies.enumerated().flatMap { index, reply -> [Paragraph] in
      let mistakes = answer.mistakes
      let typed =
        mistakes.indices.contains(index)
        ? NumberText.general(mistakes[index]) : Bilingual(same: reply.expression.text)
      return marked(Bilingual(same: "✗ ") + typed + Bilingual(same: " · "), reply.text)
    }
    return [Paragraph(right)] + wrong
  }

  /// A text with something before its first words.
  private func marked(_ mark: Bilingual, _ blocks: [ProseBlock]) -> [Paragraph] {
    let paragraphs = LessonView.paragraphs(blocks)
    return [Paragraph([Run(mark, .emphasis)] + (paragraphs.first?.runs ?? []))]
      + paragraphs.dropFirst()
  }

  private func hints(_ hints: [[ProseBlock]]) -> [Paragraph] {
    let label = Bilingual(it: "Aiuto: ", en: "Hint: ")
    return hints.flatMap { marked(label, $0) }
  }
}

// MARK: - Exercises

extension LessonPaper {
  private func task(_ exercise: Exercise) -> Handout.Task {
    let minutes = exercise.minutes.map {
      Bilingual(it: " · circa \($0) minuti", en: " · about \($0) minutes")
    }
    let (text, answer) =
      switch exercise.kind {
      case .task(let task): (self.text(task), self.answer(task))
      case .fade(let fade): (self.text(fade), code(fade.lines.map(\.whole)))
      }
    return Handout.Task(
      kind: Bilingual(it: "esercizio", en: "exercise") + (minutes ?? Bilingual(same: "")),
      text: TextFigure(LessonView.paragraphs(exercise.text) + text),
      room: .lines(exercise.task == nil ? 0 : 8),
      answer: TextFigure(answer + hints(exercise.hints))
    )
  }

  private func text(_ task: ExerciseTask) -> [Paragraph] {
    let forbidden = task.forbidden.map { line in
      [":\(line.command)", line.arguments].filter { !$0.isEmpty }.joined(separator: " ")
    }
    let start = Bilingual(it: "Si comincia con:", en: "It begins with:")
    let without = Bilingual(it: "Senza usare: ", en: "Without: ")
    return titled(start, task.start.map(\.text))
      + (forbidden.isEmpty
        ? []
        : [Paragraph([Run(without), Run(forbidden.joined(separator: ", "), .code)])])
  }

  private func answer(_ task: ExerciseTask) -> [Paragraph] {
    let solution = Bilingual(it: "Una soluzione:", en: "A solution:")
    let checks = Bilingual(it: "Alla fine deve valere:", en: "In the end this must hold:")
    return titled(solution, task.solution.map(\.text))
      + titled(checks, task.checks.map(\.expression))
      + task.mistakes.flatMap { marked(Bilingual(same: "✗ "), $0.text) }
  }

  private func text(_ fade: FadedLines) -> [Paragraph] {
    let titles = [
      FadeLevel.worked: Bilingual(it: "Così si fa:", en: "This is how it goes:"),
      .oneBlank: Bilingual(it: "Completa:", en: "Complete:"),
      .allBlank: Bilingual(it: "Ora tutto:", en: "Now all of it:"),
    ]
    return FadeLevel.allCases.flatMap { level -> [Paragraph] in
      let lines = fade.lines.map { line in
        line.shown(level).replacing(FadedLine.blank, with: Self.blank)
      }
      let data = fade.data[level]?.map(\.text) ?? []
      return titles[level].map { titled($0, data + lines) } ?? []
    }
  }

  /// As long as what is written by hand.
  private static let blank = String(repeating: "_", count: 24)

  private func titled(_ title: Bilingual, _ lines: [String]) -> [Paragraph] {
    lines.isEmpty ? [] : [Paragraph([Run(title)])] + code(lines)
  }

  private func code(_ lines: [String]) -> [Paragraph] {
    lines.map { Paragraph([Run($0, .code)], indent: 2) }
  }
}
