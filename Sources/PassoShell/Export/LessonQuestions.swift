// SPDX-License-Identifier: MIT

import PassoLesson
import PassoText
import PassoView

extension QuestionBank {
  /// The questions of lessons that were taken.
  package init(_ runs: [LessonRun]) {
    self.init(
      runs.map { run in
        let title = "\(run.lesson.name) \(run.lesson.header.title)"
        return Category(name: title, questions: LessonQuestions(run).all)
      }
    )
  }
}

/// The questions of a lesson, each with what one has to know to understand it outside.
private struct LessonQuestions {
  private let run: LessonRun

  init(_ run: LessonRun) {
    self.run = run
  }

  private typealias Paragraph = TextFigure.Paragraph

  /// In the order of the lesson.
  var all: [BankQuestion] {
    var context = QuestionContext()
    return run.lesson.items.compactMap { item in
      defer { context.pass(item.content) }
      if let quiz = item.content.question {
        return question(quiz, quiz.recalls == nil ? context : QuestionContext())
      }
      return item.content.prediction.map { question($0, context) }
    }
  }

  private func question(_ quiz: Quiz, _ context: QuestionContext) -> BankQuestion {
    question(
      quiz.id,
      context.paragraphs + LessonView.paragraphs(quiz.question),
      .choice(quiz.options.map(option), isOrdered: false),
      hints: quiz.hints
    )
  }

  private func question(_ prediction: Prediction, _ context: QuestionContext) -> BankQuestion {
    let lines = run.lesson.items.compactMap(\.content.runBlock)
      .first { $0.id == prediction.locks }?.commands
    let ahead = QuestionContext.paragraphs(
      Bilingual(it: "Poi si esegue:", en: "Then this is run:"),
      lines ?? []
    )
    return question(
      prediction.id,
      context.paragraphs + LessonView.paragraphs(prediction.question) + ahead,
      kind(prediction),
      hints: prediction.hints,
      solution(prediction).map { [$0] } ?? []
    )
  }

  private func question(
    _ id: String,
    _ text: [Paragraph],
    _ kind: BankQuestion.Kind,
    hints: [[ProseBlock]],
    _ solution: [Paragraph] = []
  ) -> BankQuestion {
    BankQuestion(
      name: "\(run.lesson.header.id) \(id)",
      text: TextFigure(text),
      kind: kind,
      hints: hints.map { TextFigure(LessonView.paragraphs($0)) },
      afterwards: TextFigure(solution + [origin])
    )
  }

  /// Where the question comes from.
  private var origin: Paragraph {
    Paragraph([
      Run(Bilingual(it: "Dalla lezione ", en: "From the lesson ")),
      Run(run.lesson.header.title, .emphasis), Run(": "),
      Run("passo lesson \(run.lesson.name)", .code),
    ])
  }

  private func option(_ option: QuizOption) -> BankQuestion.Option {
    var feedback = LessonView.paragraphs(option.feedback)
    if let command = option.command, !option.isRight {
      feedback.append(LessonView.experiment(command.text))
    }
    return BankQuestion.Option(
      text: TextFigure(LessonView.paragraphs([.paragraph(option.text)])),
      isRight: option.isRight,
      feedback: TextFigure(feedback)
    )
  }
}

// MARK: - Predictions

extension LessonQuestions {
  private func kind(_ prediction: Prediction) -> BankQuestion.Kind {
    switch prediction.kind {
    case .choice(let options): .choice(options.map(option), isOrdered: false)
    case .sign: .choice(["+", "-", "0"].map { sign($0, prediction) }, isOrdered: true)
    case .number(_, let tolerance): .number(numbers(prediction, tolerance))
    }
  }

  private func sign(_ sign: String, _ prediction: Prediction) -> BankQuestion.Option {
    let isRight = run.answer(to: prediction).map { LessonView.symbol($0.value) } == sign
    let reply = prediction.replies.first { $0.expression.text == sign }
    return BankQuestion.Option(
      text: TextFigure([Paragraph([Run(sign)])]),
      isRight: isRight,
      feedback: isRight
        ? TextFigure(solution(prediction).map { [$0] } ?? [])
        : TextFigure(reply.map { LessonView.paragraphs($0.text) } ?? [])
    )
  }

  /// The right number first: where a usual mistake is close to it, the answer is right.
  private func numbers(_ prediction: Prediction, _ tolerance: Double) -> [BankQuestion.Number] {
    guard let answer = run.answer(to: prediction) else { return [] }
    func number(_ value: Double, isRight: Bool, _ feedback: [Paragraph]) -> BankQuestion.Number {
      // A number that no decimals give exactly is right as closely as two computations agree.
      let rounding = value.rounded() == value ? 0 : Fact.Tolerance.nine.value * max(1, abs(value))
      return BankQuestion.Number(
        value: value,
        tolerance: max(tolerance, rounding),
        isRight: isRight,
        feedback: TextFigure(feedback)
      )
    }
    let right = number(
      answer.value,
      isRight: true,
      solution(prediction).map { [$0] } ?? []
    )
    let wrong = zip(prediction.replies, answer.mistakes).map { reply, value in
      number(value, isRight: false, LessonView.paragraphs(reply.text))
    }
    return [right] + wrong
  }

  /// What the engine says; nil where the answer is one of a few options.
  private func solution(_ prediction: Prediction) -> Paragraph? {
    guard let expression = prediction.answer, let answer = run.answer(to: prediction) else {
      return nil
    }
    return Paragraph([
      Run(expression.text, .code), Run(" = \(NumberText.general(answer.value))"),
    ])
  }
}

// MARK: - What comes before

/// What a lesson has shown and said before a question.
private struct QuestionContext {
  /// Since a line set the data that the model reads.
  private var lines: [SourceLine] = []

  /// What the last of them have shown, in words.
  private var alternative: [ProseBlock] = []

  /// Since there was something to do.
  private var prose: [ProseBlock] = []

  /// Takes in an item of the lesson that lies behind.
  mutating func pass(_ content: LessonItem.Content) {
    switch content {
    case .run(let block):
      for line in block.commands {
        if Command.setsData(line.text) { lines = [] }
        lines.append(line)
      }
      (alternative, prose) = ([], [])
    case .alternative(_, let blocks): alternative = blocks
    case .prose(let blocks):
      prose += blocks.filter { if case .heading = $0 { false } else { true } }
    case .quiz, .predict, .exercise: prose = []
    case .facts, .note: break
    }
  }

  var paragraphs: [TextFigure.Paragraph] {
    Self.paragraphs(Bilingual(it: "È stato eseguito:", en: "This was run:"), lines)
      + LessonView.paragraphs(alternative) + LessonView.paragraphs(prose)
  }

  /// Lines below a word that says what they are.
  static func paragraphs(_ title: Bilingual, _ lines: [SourceLine]) -> [TextFigure.Paragraph] {
    guard !lines.isEmpty else { return [] }
    return [TextFigure.Paragraph([Run(title, .dim)])]
      + lines.map { TextFigure.Paragraph([Run($0.text, .code)], indent: 4) }
  }
}
