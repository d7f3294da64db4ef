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

  /// Words are counted from one thing to do to the next, whatever stands between.
  private static func lectures(_ lesson: Lesson) -> [LessonFinding] {
    var (findings, words, start): ([LessonFinding], Int, Int) = ([], 0, 1)
    func close() {
      if words > maxWords {
        findings.append(
          finding(
            .load,
            lesson,
            start,
            it: "\(words) parole fra due azioni: al più \(maxWords)",
            en: "\(words) words between two actions: at most \(maxWords)"
          )
        )
      }
      words = 0
    }
    for item in lesson.items {
      switch item.content {
      case .prose(let blocks):
        if words == 0 { start = item.line }
        words += LessonText(order: 0, line: 0, blocks: blocks).wordCount
      case .run, .exercise, .predict, .quiz: close()
      case .facts, .note, .alternative: break
      }
    }
    close()
    return findings
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

  /// Fewer words than this may be the same in both languages.
  private static let fewestWords = 5

  /// Texts that are the same in both languages; examples, which are set off, may be.
  static func untranslatedTexts(_ italian: Lesson, _ english: Lesson) -> [LessonFinding] {
    guard italian.header.language != english.header.language else { return [] }
    let known = Set(italian.texts.flatMap(\.blocks).map(\.ownWords))
    return english.texts.compactMap { text in
      let same = text.blocks.map(\.ownWords).first {
        $0.count >= fewestWords && known.contains($0)
      }
      return same.map { words in
        let beginning = words.prefix(fewestWords).joined(separator: " ")
        return finding(
          .languages,
          english,
          text.line,
          it: "«\(beginning)…»: lo stesso testo nelle due lingue",
          en: "'\(beginning)…': the same text in both languages"
        )
      }
    }
  }

  /// Terms that one language uses and the other nowhere calls by its own name.
  static func untranslatedTerms(_ italian: Lesson, _ english: Lesson) -> [LessonFinding] {
    Glossary.terms.flatMap { term -> [LessonFinding] in
      guard let (it, en) = term.pair else { return [] }
      let used = (
        it: italian.texts.first { $0.uses(it) }, en: english.texts.first { $0.uses(en) }
      )
      switch used {
      case (nil, let used?):
        return [
          finding(
            .glossary,
            italian,
            1,
            it: "in inglese c'è «\(en[0])» (riga \(used.line)), in italiano manca «\(it[0])»",
            en: "the English has '\(en[0])' (line \(used.line)), the Italian lacks '\(it[0])'"
          )
        ]
      case (let used?, nil):
        return [
          finding(
            .glossary,
            english,
            1,
            it: "in italiano c'è «\(it[0])» (riga \(used.line)), in inglese manca «\(en[0])»",
            en: "the Italian has '\(it[0])' (line \(used.line)), the English lacks '\(en[0])'"
          )
        ]
      default: return []
      }
    }
  }
}
