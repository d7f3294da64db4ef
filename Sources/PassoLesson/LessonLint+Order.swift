// SPDX-License-Identifier: MIT

import PassoText

// Where the parts of a lesson stand.
extension LessonLint {
  /// What stands at the wrong place, or is not there although something else is.
  static func flaws(inOrderOf lesson: Lesson) -> [LessonFinding] {
    references(lesson) + pictures(lesson) + summary(lesson)
  }

  /// A question comes before the lines that it locks, what is said of lines behind them.
  private static func references(_ lesson: Lesson) -> [LessonFinding] {
    let places = lesson.items.map { $0.content.runBlock?.id }
    return lesson.items.enumerated().compactMap { index, item in
      let before = places.prefix(index)
      switch item.content {
      case .predict(let asked) where before.contains(asked.locks):
        return finding(
          .structure,
          lesson,
          item.line,
          it: "\(asked.id) chiede dopo \(asked.locks), che direbbe già la risposta",
          en: "\(asked.id) asks after \(asked.locks), which gives the answer away"
        )
      case .facts(let block) where before.compactMap(\.self).last != block.runID:
        return misplaced(lesson, item.line, block.runID)
      case .alternative(let id, _) where before.compactMap(\.self).last != id:
        return misplaced(lesson, item.line, id)
      default: return nil
      }
    }
  }

  private static func misplaced(_ lesson: Lesson, _ line: Int, _ id: String) -> LessonFinding {
    finding(
      .structure,
      lesson,
      line,
      it: "questo blocco va subito dopo \(id), di cui parla",
      en: "this block belongs right behind \(id), of which it speaks"
    )
  }

  /// Commands whose output is read as a picture: tables of cells, bars, curves, arrows.
  private static let drawing: Set = [
    "show", "near", "predict", "oracle", "lens", "eval", "leaks", "merges", "tokens", "why",
    "compare-tokenizers", "heads", "surprise", "curve", "pairs",
    "floor", "chapters",
  ]

  /// Whether a line shows a picture: a corpus alone is a sentence, its floor a ladder.
  private static func draws(_ line: String) -> Bool {
    let words = line.split(separator: " ")
    guard let first = words.first, first.hasPrefix(":") else { return false }
    let name = String(first.dropFirst())
    return drawing.contains(name) || name == "corpus" && words.contains("floor")
  }

  /// Who cannot see a picture reads what it shows.
  private static func pictures(_ lesson: Lesson) -> [LessonFinding] {
    let told = lesson.items.compactMap { item -> String? in
      guard case .alternative(let id, _) = item.content else { return nil }
      return id
    }
    return lesson.items.compactMap(\.content.runBlock).flatMap { block in
      block.commands.filter { draws($0.text) && !told.contains(block.id) }.prefix(1).map { line in
        finding(
          .pictures,
          lesson,
          line.line,
          it: "\(line.text) disegna: serve «passo-alt for=\(block.id)», che lo dice a parole",
          en: "\(line.text) draws: 'passo-alt for=\(block.id)' is needed, which says it in words"
        )
      }
    }
  }

  /// A lesson of the course ends with what to keep in mind.
  private static func summary(_ lesson: Lesson) -> [LessonFinding] {
    let title = Bilingual(it: "In breve", en: "In short")[lesson.header.language]
    let hasOne = lesson.items.contains { item in
      guard case .prose(let blocks) = item.content else { return false }
      return blocks.contains { block in
        guard case .heading(_, let words) = block else { return false }
        return words.plainText.trimmed == title
      }
    }
    guard !hasOne, number(of: lesson.header.id) != nil else { return [] }
    return [
      finding(
        .structure,
        lesson,
        lesson.items.last?.line ?? 1,
        it: "manca il riassunto alla fine: «## \(title)»",
        en: "the summary at the end is missing: '## \(title)'"
      )
    ]
  }
}
