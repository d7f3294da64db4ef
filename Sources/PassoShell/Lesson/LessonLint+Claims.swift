// SPDX-License-Identifier: MIT

import PassoExpressions
import PassoLesson
import PassoText

// What a lesson claims of the engine.
extension LessonLint {
  /// Facts, checks and answers that speak of numbers alone: they hold whatever the engine does.
  ///
  /// A calculation that the lesson carries out itself may be spoken of.
  static func literalClaims(in lesson: Lesson) -> [LessonFinding] {
    let calculations = lesson.items.compactMap(\.content.runBlock).flatMap(\.commands)
    return lesson.claims.filter { claim in
      guard let statement = try? ExpressionParser.parse(claim.text),
        statement.expression.names.isEmpty
      else { return false }
      return !calculations.contains { claim.text.contains($0.text) }
    }.map { claim in
      LessonFinding(
        .literals,
        file: lesson.file,
        line: claim.line,
        message: Bilingual(
          it: "\(claim.text) non dipende da niente che la lezione calcola",
          en: "\(claim.text) depends on nothing that the lesson computes"
        )
      )
    }
  }
}

extension Lesson {
  /// The expressions that say what the engine computes.
  fileprivate var claims: [SourceLine] {
    items.flatMap { item -> [SourceLine] in
      switch item.content {
      case .facts(let block): block.facts.map(\.claim)
      case .predict(let asked): [asked.answer].compactMap(\.self)
      case .exercise(let exercise): exercise.task?.checks.map(\.claim) ?? []
      default: []
      }
    }
  }
}

extension Fact {
  fileprivate var claim: SourceLine { SourceLine(text: expression, line: line) }
}
