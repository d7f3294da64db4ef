// SPDX-License-Identifier: MIT

import PassoLesson
import PassoText
import PassoView

extension LessonView {
  /// A note to whoever teaches, and if a segment begins with it, which one and when.
  static func note(
    _ note: TeacherNote,
    segment number: Int?,
    of lesson: Lesson,
    at seconds: Int
  ) -> Figure {
    var title = Bilingual(it: "nota", en: "note")
    if let number {
      let segments = lesson.segments
      let planned = segments[number].planned
      let (from, to) = (minutes(planned.lowerBound), minutes(planned.upperBound))
      title =
        title
        + Bilingual(
          it: " · parte \(number + 1) di \(segments.count), da \(from) a \(to); adesso"
            + " \(minutes(seconds))",
          en: " · part \(number + 1) of \(segments.count), from \(from) to \(to); now"
            + " \(minutes(seconds))"
        )
    }
    return .text(
      TextFigure([Paragraph([]), Paragraph(title, .heading)] + paragraphs(note.text, indent: 2))
    )
  }

  /// How long the segment has taken, and what comes next.
  static func time(_ clock: ClassClock, _ player: LessonPlayer) -> Figure {
    let segments = player.lesson.segments
    let time =
      if let number = player.segment {
        spent(
          Bilingual(it: "parte \(number + 1)", en: "part \(number + 1)"),
          clock.secondsInSegment,
          of: segments[number].planned.count
        )
      } else {
        spent(
          Bilingual(it: "lezione", en: "lesson"),
          clock.seconds,
          of: player.lesson.header.minutes * 60
        )
      }
    var runs = [Run(time, .dim)]
    if let line = player.preparedCommand?.text {
      runs += [Run(" · ", .dim)] + enter(line)
    } else if let line = player.nextCommand?.text {
      runs += [Run(Bilingual(it: " · poi  ", en: " · then  "), .dim), Run(line, .code)]
    }
    return .text(TextFigure([Paragraph([]), Paragraph(runs)]))
  }

  static func timeAtEnd(_ clock: ClassClock, _ lesson: Lesson) -> Figure {
    let name = Bilingual(it: "lezione", en: "lesson")
    return .line(spent(name, clock.seconds, of: lesson.header.minutes * 60), .dim)
  }

  private static func spent(_ name: Bilingual, _ seconds: Int, of planned: Int) -> Bilingual {
    let (spent, all) = (minutes(seconds), minutes(planned))
    return name + Bilingual(it: ": \(spent) di \(all) previsti", en: ": \(spent) of \(all) planned")
  }

  /// `4:05`.
  static func minutes(_ seconds: Int) -> String {
    let rest = seconds % 60
    return "\(seconds / 60):\(rest < 10 ? "0" : "")\(rest)"
  }

  /// The blocks at which a lesson stops, each with what stands there, and where one is.
  static func blocks(_ player: LessonPlayer, withPlan: Bool) -> Figure {
    let lesson = player.lesson
    // A line may tell the answer to the prediction that waits for it.
    let ahead = lesson.items.filter { $0.line >= player.line }
    let locked = Set(
      ahead.compactMap { if case .predict(let asked) = $0.content { asked.locks } else { nil } }
    )
    let rows = lesson.items.compactMap { item -> (line: Int, cells: [Bilingual])? in
      guard let (id, kind, begins) = heading(of: item.content) else { return nil }
      let text = locked.contains(id) ? "…" : begins
      let start = withPlan ? lesson.segment(atLine: item.line).map { lesson.segments[$0] } : nil
      let plan = [start.map { minutes($0.planned.lowerBound) } ?? ""]
      return (
        item.line,
        [Bilingual(same: id), kind, Bilingual(same: shortened(text))]
          + (withPlan ? .same(plan) : [])
      )
    }
    let columns: [TableFigure.Column] = [
      .init(it: "blocco", en: "block"), .init(same: ""), .init(same: ""),
    ]
    return .table(
      TableFigure(
        title: Bilingual(same: "\(lesson.name): \(lesson.header.title)"),
        columns: columns + (withPlan ? [.init(it: "previsto", en: "planned", .right)] : []),
        rows: rows.map(\.cells),
        markedRow: rows.firstIndex { $0.line == player.line },
        notes: [
          Bilingual(
            it: ":lesson goto BLOCCO ci va: le righe in mezzo sono eseguite, le domande saltate",
            en: ":lesson goto BLOCK goes there: lines between are carried out, questions skipped"
          )
        ]
      )
    )
  }

  /// The id of a block that waits for something, what it is, and how it begins.
  private static func heading(
    of content: LessonItem.Content
  ) -> (id: String, kind: Bilingual, text: String)? {
    switch content {
    case .run(let block):
      (block.id, Bilingual(it: "riga", en: "line"), block.commands.first?.text ?? "")
    case .predict(let prediction):
      (prediction.id, predictionTitle, prediction.question.first?.plainText ?? "")
    case .quiz(let quiz): (quiz.id, quizTitle, quiz.question.first?.plainText ?? "")
    case .exercise(let exercise):
      (
        exercise.id, Bilingual(it: "esercizio", en: "exercise"),
        exercise.text.first?.plainText ?? ""
      )
    case .prose, .facts, .note, .alternative: nil
    }
  }

  /// The beginning of a text, as much of it as fits beside the other columns of a narrow screen.
  private static func shortened(_ text: String) -> String {
    let line = text.replacing("\n", with: " ")
    return line.count > 44 ? line.prefix(43) + "…" : line
  }
}
