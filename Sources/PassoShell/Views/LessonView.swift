// SPDX-License-Identifier: MIT

import PassoLesson
import PassoText
import PassoView

/// Shows lessons: prose, questions, and what answers were worth.
enum LessonView {
  typealias Paragraph = TextFigure.Paragraph

  static func prose(_ blocks: [ProseBlock]) -> Figure {
    .text(TextFigure([Paragraph([])] + paragraphs(blocks)))
  }

  static func prepared(_ line: String) -> Figure {
    .text(TextFigure([Paragraph([]), Paragraph(enter(line))]))
  }

  /// What Enter does while a line waits.
  static func enter(_ line: String) -> [Run] {
    [Run(Bilingual(it: "Invio esegue  ", en: "Enter runs  "), .dim), Run(line, .code)]
  }

  static let letter = Bilingual(
    it: "rispondi con una lettera",
    en: "answer with a letter"
  )

  static let quizTitle = Bilingual(it: "domanda", en: "question")
  static let predictionTitle = Bilingual(it: "prevedi", en: "predict")

  static func question(_ quiz: Quiz) -> Figure {
    question(quizTitle, quiz.question, options: quiz.options, how: letter)
  }

  static func question(_ prediction: Prediction) -> Figure {
    question(
      predictionTitle,
      prediction.question,
      options: prediction.options,
      how: how(prediction.kind)
    )
  }

  /// How a prediction is answered.
  static func how(_ kind: Prediction.Kind) -> Bilingual {
    switch kind {
    case .number:
      Bilingual(
        it: "scrivi un numero: poi lo verifichi",
        en: "type a number, before you see it"
      )
    case .sign: Bilingual(it: "scrivi +, - o 0", en: "type +, - or 0")
    case .choice: letter
    }
  }

  private static func question(
    _ title: Bilingual,
    _ blocks: [ProseBlock],
    options: [QuizOption],
    how: Bilingual
  ) -> Figure {
    let text = heading(title) + paragraphs(blocks, indent: 2) + list(of: options)
    return .text(TextFigure(text + [Paragraph([Run(how, .dim)], indent: 2)]))
  }

  static func heading(_ title: Bilingual) -> [Paragraph] {
    [Paragraph([]), Paragraph([Run("? ", .heading), Run(title, .heading)])]
  }

  static func list(of options: [QuizOption]) -> [Paragraph] {
    options.map { Paragraph($0.text.map(run), indent: 7, marker: "\($0.letter)  ") }
  }

  /// Nil for an answer of which nothing is said yet.
  static func verdict(_ verdict: Verdict) -> Figure? {
    switch verdict {
    case .predicted:
      return .line(Bilingual(it: "annotato: ora guarda", en: "noted: now look"), .dim)
    case .chosen: return nil
    case .right(let option, let confidence):
      let guess = Bilingual(
        it: ", anche se tiravi a indovinare: leggi perché",
        en: ", though it was a guess: read why"
      )
      let right = Bilingual(it: "✓ giusto", en: "✓ right")
      return feedback(confidence == .guess ? right + guess : right, .good, option)
    case .wrong(let option, let confidence):
      let sure = Bilingual(
        it: ", eppure eri sicuro: vale la pena di capire perché",
        en: ", and you were sure: it is worth knowing why"
      )
      let wrong = Bilingual(it: "✗ non è la risposta giusta", en: "✗ not this one")
      return feedback(confidence == .sure ? wrong + sure : wrong, .bad, option)
    }
  }

  /// What was predicted beside what came.
  static func reveal(
    _ prediction: Prediction,
    _ answer: PredictedAnswer,
    value: (String) throws -> Double
  ) throws -> Figure {
    switch (prediction.kind, answer) {
    case (.number(let expression, let tolerance), .number(let typed)):
      let found = try value(expression.text)
      let predicted = typed.closest(to: found)
      return compared(
        NumberText.general(predicted),
        NumberText.general(found),
        agree: abs(predicted - found) <= tolerance
      )
    case (.sign(let expression), .sign(let predicted)):
      let found = try value(expression.text)
      let (typed, right) = (symbol(Double(predicted)), symbol(found))
      return compared(printed(sign: typed), printed(sign: right), agree: typed == right)
    case (.choice(let options), .choice(let chosen)):
      guard !chosen.isRight, let right = options.first(where: { $0.isRight }) else {
        return feedback(Bilingual(it: "✓ come previsto", en: "✓ as predicted"), .good, chosen)
      }
      return .group(
        title: Bilingual(
          it: "previsto \(chosen.letter), trovato \(right.letter)",
          en: "you predicted \(chosen.letter), it is \(right.letter)"
        ),
        [.text(TextFigure(paragraphs(chosen.feedback, indent: 2)))]
      )
    default: return .line(Run(""))
    }
  }

  static func surprise(_ fact: Fact, _ result: FactResult) -> Figure {
    let said = Bilingual(
      it: "qui la lezione si aspettava \(fact.expression), e invece è \(result.found.it)",
      en: "here the lesson expected \(fact.expression), found \(result.found.en)"
    )
    return .line(said, .dim)
  }

  static func finished(_ score: LessonScore) -> Figure {
    var parts = [Bilingual(it: "fine della lezione", en: "end of the lesson")]
    if score.asked > 0 {
      parts.append(
        Bilingual(
          it: "\(score.right) su \(score.asked) al primo tentativo",
          en: "\(score.right) of \(score.asked) at the first attempt"
        )
      )
    }
    if !score.exercises.isEmpty {
      let points = score.exercises.reduce(0) { $0 + $1.points }
      let worth = Self.points(score.exercises.reduce(0) { $0 + $1.worth })
      parts.append(
        Bilingual(
          it: "esercizi: \(points) su \(worth.it)",
          en: "exercises: \(points) of \(worth.en)"
        )
      )
    }
    let sure = score.answers.filter { $0.confidence == .sure }
    if !sure.isEmpty {
      let right = sure.count { $0.isRight }
      parts.append(
        Bilingual(
          it: "sicuro e giusto: \(right) su \(sure.count)",
          en: "sure and right: \(right) of \(sure.count)"
        )
      )
    }
    let text = parts.dropFirst().reduce(parts[0]) { $0 + Bilingual(same: " · ") + $1 }
    return .line(text, .heading)
  }

  static func list(_ lessons: [Lesson]) -> Figure {
    var table = TableFigure(
      columns: [
        .init(Bilingual(it: "nome", en: "name")), .init(Bilingual(it: "lezione", en: "lesson")),
        .init(Bilingual(it: "minuti", en: "minutes"), .right),
      ],
      rows: lessons.map { lesson in
        [lesson.name, lesson.header.title, String(lesson.header.minutes)].map {
          Bilingual(same: $0)
        }
      }
    )
    table.notes = [Bilingual(it: ":lesson 1 apre la prima", en: ":lesson 1 opens the first")]
    return .table(table)
  }
}

// MARK: - Prose

extension LessonView {
  static func paragraphs(_ blocks: [ProseBlock], indent: Int = 0) -> [Paragraph] {
    var result: [Paragraph] = []
    for (index, block) in blocks.enumerated() {
      if index > 0 { result.append(Paragraph([])) }
      result += paragraphs(block, indent: indent)
    }
    return result
  }

  private static func paragraphs(_ block: ProseBlock, indent: Int) -> [Paragraph] {
    switch block {
    case .heading(_, let inlines):
      [Paragraph([Run(inlines.plainText, .heading)], indent: indent)]
    case .paragraph(let inlines): [Paragraph(inlines.map(run), indent: indent)]
    case .list(let start, let items):
      items.enumerated().flatMap { index, blocks in
        item(blocks, marker: start.map { "\($0 + index). " } ?? "- ", indent: indent)
      }
    case .code(let text):
      text.split(separator: "\n").map { Paragraph([Run(String($0), .code)], indent: indent + 4) }
    case .quote(let blocks): paragraphs(blocks, indent: indent + 4)
    case .table(let header, let rows):
      ([header] + rows).map { cells in
        Paragraph([Run(cells.map(\.plainText).joined(separator: "  |  "))], indent: indent)
      }
    }
  }

  private static func item(_ blocks: [ProseBlock], marker: String, indent: Int) -> [Paragraph] {
    let inner = indent + DisplayWidth.of(marker)
    var lines = blocks.flatMap { paragraphs($0, indent: inner) }
    guard let first = lines.first else { return [] }
    lines[0] = Paragraph(first.runs, indent: inner, marker: marker)
    return lines
  }

  private static func run(_ inline: Inline) -> Run {
    switch inline.style {
    case .plain: Run(inline.text)
    // A word that is spoken of is told from those around it where nothing is bold, too.
    case .emphasis: Run(Bilingual(it: "«\(inline.text)»", en: "'\(inline.text)'"), .emphasis)
    case .strong: Run(inline.text, .emphasis)
    case .code: Run(inline.text, .code)
    }
  }

  private static func feedback(
    _ title: Bilingual,
    _ role: TextRole,
    _ option: QuizOption
  ) -> Figure {
    var lines = [Paragraph([Run(title, role)])] + paragraphs(option.feedback, indent: 2)
    if let command = option.command, !option.isRight {
      lines.append(
        Paragraph(
          [Run(Bilingual(it: "prova  ", en: "try  "), .dim), Run(command.text, .code)],
          indent: 2
        )
      )
    }
    return .text(TextFigure(lines))
  }

  private static func compared(
    _ predicted: Bilingual,
    _ found: Bilingual,
    agree: Bool
  ) -> Figure {
    let mark = agree ? "✓" : "✗"
    let said = Bilingual(
      it: "\(mark) previsto \(predicted.it), trovato \(found.it)",
      en: "\(mark) you predicted \(predicted.en), it is \(found.en)"
    )
    return .line(said, agree ? .good : .bad)
  }

  /// The sign of a number, as it is typed.
  static func symbol(_ number: Double) -> String {
    number > 0 ? "+" : number < 0 ? "-" : "0"
  }

  /// A sign in a sentence: a minus as long as a plus.
  static func printed(sign: String) -> Bilingual {
    Bilingual(same: sign.replacing("-", with: "−"))
  }
}
