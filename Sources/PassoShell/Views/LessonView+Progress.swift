// SPDX-License-Identifier: MIT

import PassoLesson
import PassoText
import PassoView

/// What a person has taken of the lessons.
package struct ProgressReport: Sendable, Equatable {
  /// One lesson that was finished.
  package struct Line: Sendable, Equatable {
    package let name: String

    /// Nil if there is no such lesson any more.
    package let title: String?

    /// How often, and what came of it the last time.
    package let times: Int
    package let last: ProgressFile.Entry

    /// The largest number of right answers.
    package let best: Int
  }

  /// In the order of the lessons.
  package var finished: [Line] = []

  /// Lessons that were not finished yet.
  package var left: [String] = []

  /// Lessons that were begun at a terminal and not finished.
  package var begun: [String] = []

  /// How many questions are to be asked again now.
  package var due = 0

  /// The lesson that is open, and the part of it that lies behind.
  package var open: (name: String, share: Double)?

  package static func == (left: ProgressReport, right: ProgressReport) -> Bool {
    left.finished == right.finished && left.left == right.left && left.begun == right.begun
      && left.open?.name == right.open?.name && left.open?.share == right.open?.share
      && left.due == right.due
  }
}

extension Course {
  /// What was finished, what is left, and what is open.
  ///
  /// - Parameter language: The language of the titles.
  /// - Returns: The report.
  /// - Throws: `FileProblem` if the notes cannot be read.
  package func report(_ language: Language) throws -> ProgressReport {
    let entries = Dictionary(grouping: try progress?.entries() ?? [], by: \.lesson)
    let names = lessonNames
    var report = ProgressReport()
    for name in names + entries.keys.filter({ !names.contains($0) }).sorted() {
      guard let taken = entries[name], let last = taken.last else {
        report.left.append(name)
        continue
      }
      report.finished.append(
        ProgressReport.Line(
          name: name,
          title: try? lesson(in: library.folder(of: name), language).header.title,
          times: taken.count,
          last: last,
          best: taken.map(\.right).max() ?? last.right
        )
      )
    }
    report.begun = names.filter { records?.isBegun($0) == true }
    report.due = try due(language).count
    let open = review?.waiting ?? (review == nil ? current : nil)
    report.open = open.map { ($0.lesson.name, $0.player.share) }
    return report
  }
}

extension LessonView {
  /// Finished lessons as a table, then the open one and what comes next.
  static func progress(_ report: ProgressReport) -> Figure {
    var lines: [Bilingual] = []
    if let (name, share) = report.open {
      let percent = "\(Int((share * 100).rounded())) %"
      lines.append(Bilingual(it: "aperta: \(name), al \(percent)", en: "open: \(name), \(percent)"))
    }
    for name in report.begun where name != report.open?.name {
      lines.append(
        Bilingual(
          it: "cominciata: \(name); :lesson \(name) la riprende",
          en: "begun: \(name); :lesson \(name) takes it up"
        )
      )
    }
    if report.due > 0 {
      let count = report.due
      lines.append(
        Bilingual(
          it: "da ripassare: \(count) domand\(count == 1 ? "a" : "e"); :review",
          en: "to review: \(count) question\(count == 1 ? "" : "s"); :review"
        )
      )
    }
    // What is open or begun comes before what is new.
    if let next = report.open?.name ?? report.begun.first ?? report.left.first {
      lines.append(Bilingual(it: "la prossima: :lesson \(next)", en: "next: :lesson \(next)"))
    }
    guard !report.finished.isEmpty else {
      let none = Bilingual(it: "nessuna lezione finita finora", en: "no lesson finished so far")
      return .text(TextFigure(([none] + lines).map { TextFigure.Paragraph([Run($0)]) }))
    }
    var table = TableFigure(
      columns: [
        .init(Bilingual(it: "lezione", en: "lesson")), .init(Bilingual(it: "titolo", en: "title")),
        .init(Bilingual(it: "finita il", en: "finished")),
        .init(Bilingual(it: "volte", en: "times"), .right),
        .init(Bilingual(it: "giuste", en: "right"), .right),
        .init(Bilingual(it: "migliore", en: "best"), .right),
      ],
      rows: report.finished.map { line in
        [
          line.name, line.title ?? "–", line.last.date, "\(line.times)",
          "\(line.last.right)/\(line.last.asked)", "\(line.best)/\(line.last.asked)",
        ].map { Bilingual(same: $0) }
      }
    )
    table.notes = lines
    return .table(table)
  }

  /// Which facts hold, and what was found where one does not.
  static func facts(_ results: [(fact: Fact, result: FactResult)]) -> Figure {
    .table(
      TableFigure(
        columns: [
          .init(Bilingual(same: "")), .init(Bilingual(it: "affermazione", en: "claim")),
          .init(Bilingual(it: "trovato", en: "found")),
        ],
        rows: results.map { fact, result in
          [
            Bilingual(same: result.holds ? "✓" : "✗"), Bilingual(same: fact.expression),
            result.holds ? Bilingual(it: "vero", en: "true") : result.found,
          ]
        }
      )
    )
  }

  /// A line that waits, and what it does.
  static func explained(_ line: String, _ summary: Bilingual) -> Figure {
    .text(TextFigure([Paragraph(enter(line) + [Run(Bilingual(same: ": ") + summary)])]))
  }

  static func hint(_ hint: LessonHint) -> Figure {
    let number = Bilingual(
      it: "aiuto \(hint.number) di \(hint.count)",
      en: "hint \(hint.number) of \(hint.count)"
    )
    let cost = hint.worth.map {
      Bilingual(it: " (costa 1 punto su \($0))", en: " (costs 1 point of \($0))")
    }
    let title = number + (cost ?? Bilingual(same: ""))
    let lines = [TextFigure.Paragraph([Run(title, .heading)])] + paragraphs(hint.text, indent: 2)
    return .text(TextFigure(lines))
  }
}

extension LessonView {
  /// What came of questions that were asked again.
  static func reviewed(_ score: LessonScore, next: Day?) -> Figure {
    let answered = score.answers.count
    let result = Bilingual(
      it: "fine del ripasso: \(score.right) su \(answered) al primo tentativo",
      en: "end of the review: \(score.right) of \(answered) at the first attempt"
    )
    guard let next else { return .line(result, .heading) }
    let when = Bilingual(
      it: " · la prossima domanda torna il \(next.text)",
      en: " · the next question comes back on \(next.text)"
    )
    return .line(result + when, .heading)
  }
}
