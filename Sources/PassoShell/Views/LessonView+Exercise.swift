// SPDX-License-Identifier: MIT

import PassoLesson
import PassoText
import PassoView

// Exercises, and how sure one is.
extension LessonView {
  /// A line that the lesson carries out by itself.
  static func line(_ text: String) -> Figure {
    .line(Run("> ", .dim), Run(text, .code))
  }

  /// What stands above an exercise, or a level of it; with its title and its text if nothing of it
  /// was shown yet.
  static func stage(_ exercise: Exercise, _ level: FadeLevel?, isFirst: Bool) -> Figure {
    var lines = [Paragraph([])]
    if isFirst {
      lines.append(Paragraph([Run(title(exercise), .heading)]))
    }
    if let level {
      if isFirst { lines += paragraphs(exercise.text, indent: 2) }
      lines.append(Paragraph([Run(instruction(level, exercise.fade))], indent: 2))
    }
    return .text(TextFigure(lines))
  }

  static func title(_ exercise: Exercise) -> Bilingual {
    let minutes = exercise.minutes.map {
      Bilingual(it: " · circa \($0) minuti", en: " · about \($0) minutes")
    }
    let updates = exercise.task?.updates.map {
      Bilingual(it: " · al più \($0) aggiornamenti", en: " · \($0) updates at most")
    }
    let none = Bilingual(same: "")
    return Bilingual(it: "✎ esercizio", en: "✎ exercise") + (minutes ?? none) + (updates ?? none)
  }

  private static func instruction(_ level: FadeLevel, _ fade: FadedLines?) -> Bilingual {
    switch level {
    case .worked:
      Bilingual(
        it: "Prima guarda: Invio esegue ogni riga.",
        en: "First look: Enter runs each line."
      )
    case .oneBlank:
      Bilingual(
        it: "Ora tocca a te: un vuoto per riga. Basta scrivere ciò che ci va.",
        en: "Now you: one blank in each line. What belongs there is enough."
      )
    case .allBlank: allBlank(fade?.lines.map(\.blankCount).filter { $0 > 0 } ?? [])
    }
  }

  /// What to do where nothing is given any more, by how many blanks each line has.
  private static func allBlank(_ counts: [Int]) -> Bilingual {
    let (some, all) = (counts.contains(1), counts.allSatisfy { $0 == 1 })
    if all {
      return Bilingual(
        it: "Ancora una volta, da solo: basta scrivere ciò che va nel vuoto.",
        en: "Once more, on your own: what belongs in the blank is enough."
      )
    }
    return Bilingual(
      it: "Ora tutti i vuoti: scrivi la riga intera",
      en: "Now all the blanks: type the whole line"
    )
      + (some
        ? Bilingual(
          it: "; dove il vuoto è uno solo, basta ciò che ci va.",
          en: "; where there is one blank only, what belongs there is enough."
        ) : Bilingual(same: "."))
  }

  /// What is to be done, and how.
  static func task(_ exercise: Exercise) -> Figure {
    let how = Bilingual(
      it: "scrivi le righe che vuoi; Invio controlla · :hint · :solution · :skip",
      en: "type what lines you like; Enter checks · :hint · :solution · :skip"
    )
    let cost = Bilingual(
      it: "vale \(points(exercise.worth).it); ogni aiuto ne costa 1",
      en: "worth \(points(exercise.worth).en); each hint costs 1"
    )
    var lines = [Paragraph([])] + paragraphs(exercise.text, indent: 2)
    lines.append(Paragraph([Run(how, .dim)], indent: 2))
    if !exercise.hints.isEmpty { lines.append(Paragraph([Run(cost, .dim)], indent: 2)) }
    return .text(TextFigure(lines))
  }

  static func blanks(_ line: FadedLine, _ level: FadeLevel) -> Figure {
    .text(TextFigure([Paragraph([]), Paragraph([Run(line.shown(level), .code)], indent: 2)]))
  }

  static func notYet(_ line: FadedLine, _ level: FadeLevel) -> Figure {
    .text(
      TextFigure([
        Paragraph([
          Run(
            Bilingual(
              it: "✗ non ha lo stesso effetto della riga da completare:",
              en: "✗ it does not do what the line to complete does:"
            ),
            .bad
          )
        ]),
        Paragraph([Run(line.shown(level), .code)], indent: 2),
        Paragraph([Run(":solution", .code), Run(solves)], indent: 2),
      ])
    )
  }

  /// What can be done about a line with blanks.
  static var fillingHelp: Figure {
    .line(
      Run(Bilingual(it: "scrivi ciò che va nel vuoto; ", en: "type what belongs in the blank; ")),
      Run(":solution", .code),
      Run(solves)
    )
  }

  private static let solves = Bilingual(
    it: " la completa, :skip lascia l'esercizio",
    en: " completes it, :skip leaves the exercise"
  )

  private static let notDone = Run(Bilingual(it: "✗ non ancora", en: "✗ not yet"), .bad)

  /// What is said of a usual wrong result.
  static func mistake(_ reply: Reply) -> Figure {
    .text(TextFigure([Paragraph([notDone])] + paragraphs(reply.text, indent: 2)))
  }

  static func missing(_ check: String, found: Bilingual) -> Figure {
    missing(check, problem: Bilingual(it: "ora è \(found.it)", en: "found \(found.en)"))
  }

  static func missing(_ check: String, problem: Bilingual) -> Figure {
    let needs = Bilingual(it: "deve valere  ", en: "this must hold  ")
    return .text(
      TextFigure([
        Paragraph([notDone]),
        Paragraph([Run(needs), Run(check, .code)], indent: 2),
        Paragraph([Run(problem)], indent: 2),
      ])
    )
  }

  /// What an exercise has given.
  static func ended(_ score: ExerciseScore, _ minutes: Int?) -> Figure {
    let all = points(score.worth)
    let given = Bilingual(
      it: "\(score.points > 0 ? "✓ esercizio riuscito" : "esercizio lasciato"): \(score.points) su"
        + " \(all.it)",
      en: "\(score.points > 0 ? "✓ exercise done" : "exercise left"): \(score.points) of \(all.en)"
    )
    let time = minutes.map {
      Bilingual(it: " · erano previsti \($0) minuti", en: " · \($0) minutes were planned")
    }
    return .line(given + (time ?? Bilingual(same: "")), score.points > 0 ? .good : .plain)
  }

  static func points(_ count: Int) -> Bilingual {
    Bilingual(
      it: "\(count) punt\(count == 1 ? "o" : "i")",
      en: "\(count) point\(count == 1 ? "" : "s")"
    )
  }

  static func skipped(_ skipped: Skipped) -> Figure {
    switch skipped {
    case .line(let line):
      .line(
        Run(Bilingual(it: "saltata: ", en: "passed over: "), .dim),
        Run(line.text, .code),
        Run(Bilingual(it: "; :undo la riprende", en: "; :undo takes it back"), .dim)
      )
    case .question, .exercise:
      .line(Bilingual(it: "domanda saltata", en: "question passed over"), .dim)
    }
  }

  /// Asks how sure one is.
  static var confidence: Figure {
    .line(
      Bilingual(
        it: "quanto sei sicuro? 1 provo a indovinare, 2 abbastanza, 3 sicuro (Invio: 2)",
        en: "how sure are you? 1 a guess, 2 fairly, 3 sure (Enter: 2)"
      ),
      .dim
    )
  }

  /// What is said of a number or a sign that was predicted wrongly.
  static func reply(_ reply: Reply) -> Figure {
    .text(TextFigure(paragraphs(reply.text, indent: 2)))
  }
}
