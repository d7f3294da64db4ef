// SPDX-License-Identifier: MIT

import PassoText

// What a lesson says.
extension LessonLint {
  /// More words than this between two things to do is a lecture.
  private static let maxWords = 130

  /// What reads badly in one language.
  static func flaws(inProseOf lesson: Lesson) -> [LessonFinding] {
    lectures(lesson) + traps(lesson) + drawings(lesson) + unexplained(lesson)
  }

  private static func lectures(_ lesson: Lesson) -> [LessonFinding] {
    lesson.items.compactMap { item in
      guard case .prose(let blocks) = item.content else { return nil }
      let text = blocks.map(\.plainText).joined(separator: " ")
      let words = text.split(separator: " ").count
      guard words > maxWords else { return nil }
      return finding(
        .load,
        lesson,
        item.line,
        it: "\(words) parole fra due azioni: al più \(maxWords)",
        en: "\(words) words between two actions: at most \(maxWords)"
      )
    }
  }

  private static func traps(_ lesson: Lesson) -> [LessonFinding] {
    let traps = Glossary.traps[lesson.header.language] ?? []
    return lesson.texts.flatMap { text in
      traps.filter { text.words.lowercased().contains($0.wrong) }.map { trap in
        finding(
          .glossary,
          lesson,
          text.line,
          it: "«\(trap.wrong)»: meglio «\(trap.better)»",
          en: "'\(trap.wrong)': better '\(trap.better)'"
        )
      }
    }
  }

  /// Lines and boxes are no prose: who listens hears nothing of them.
  private static func drawings(_ lesson: Lesson) -> [LessonFinding] {
    lesson.texts.compactMap { text in
      let drawn = text.words.unicodeScalars.contains { (0x2500...0x259F).contains($0.value) }
      guard drawn else { return nil }
      return finding(
        .form,
        lesson,
        text.line,
        it: "linee e blocchi disegnati nella prosa: chi ascolta non li sente",
        en: "lines and blocks drawn in prose: who listens does not hear them"
      )
    }
  }

  /// A word of the field is explained, in bold, where it is used for the first time.
  private static func unexplained(_ lesson: Lesson) -> [LessonFinding] {
    guard let number = number(of: lesson.header.id) else { return [] }
    return Glossary.terms.compactMap { term in
      guard let lessonOfTerm = term.explained, number <= lessonOfTerm else { return nil }
      let words = term.words[lesson.header.language] ?? []
      let used = lesson.texts.first { $0.uses(words) }
      guard let used else { return nil }
      let bold = lesson.texts.first { $0.stresses(words) }
      if number == lessonOfTerm, let bold, bold.order <= used.order { return nil }
      return finding(
        .terms,
        lesson,
        used.line,
        it: "«\(words[0])» non è ancora spiegato: lo è, in grassetto, nella lezione"
          + " \(lessonOfTerm)",
        en: "'\(words[0])' is not explained yet: it is, in bold, in lesson \(lessonOfTerm)"
      )
    }
  }

  /// Terms that the English lesson uses and the Italian one nowhere calls by their Italian name.
  static func untranslatedTerms(_ italian: Lesson, _ english: Lesson) -> [LessonFinding] {
    Glossary.terms.compactMap { term in
      guard let (it, en) = term.pair, let used = english.texts.first(where: { $0.uses(en) }),
        !italian.texts.contains(where: { $0.uses(it) })
      else { return nil }
      return finding(
        .glossary,
        italian,
        1,
        it: "in inglese c'è «\(en[0])» (riga \(used.line)), in italiano manca «\(it[0])»",
        en: "the English has '\(en[0])' (line \(used.line)), the Italian lacks '\(it[0])'"
      )
    }
  }
}
