// SPDX-License-Identifier: MIT

import PassoText

/// What a lesson needs of the program in which it runs.
package protocol LessonHost: AnyObject {
  /// Carries out a command or an expression of a lesson, which may be a stranger's: nothing outside
  /// a sandbox is written, and nothing is read but what lies beside the lesson.
  func perform(_ command: SourceLine, of lesson: Lesson) throws

  /// Whether a claim holds, and what was found.
  func check(_ fact: Fact) throws -> FactResult

  /// The number that an expression gives.
  func value(of expression: String) throws -> Double
}

/// How a fact came out.
package struct FactResult: Sendable, Hashable {
  package let holds: Bool

  /// What was found instead, in words.
  package let found: Bilingual

  package init(holds: Bool, found: Bilingual) {
    self.holds = holds
    self.found = found
  }
}

/// Something that a lesson says and the engine does not.
package struct LessonFinding: Sendable, Hashable {
  package let file: String
  package let line: Int
  package let message: Bilingual

  package init(file: String, line: Int, message: Bilingual) {
    self.file = file
    self.line = line
    self.message = message
  }

  /// `file:line: message`.
  package func text(_ language: Language) -> String {
    "\(file):\(line): \(message[language])"
  }
}

/// Plays a lesson through without a person.
package enum LessonAutoPlay {
  /// Runs every command, answers every question with its key, checks every fact.
  ///
  /// A command that fails ends the lesson: what follows would fail for that reason alone.
  ///
  /// - Parameters:
  ///   - lesson: The lesson to play.
  ///   - host: The program to play it in, at its beginning.
  /// - Returns: What did not hold; empty if all is well.
  package static func play(_ lesson: Lesson, in host: LessonHost) -> [LessonFinding] {
    var findings: [LessonFinding] = []
    func note(_ line: Int, _ message: Bilingual) {
      findings.append(LessonFinding(file: lesson.file, line: line, message: message))
    }
    for item in lesson.items {
      do {
        switch item.content {
        case .run(let block):
          for command in block.commands {
            guard attempt(command, of: lesson, in: host, note) else { return findings }
          }
        case .facts(let block):
          for fact in block.facts { check(fact, in: host, note) }
          try answers(lesson, after: block.runID, host)
        case .quiz(let quiz):
          for option in quiz.options {
            guard let command = option.command else { continue }
            guard attempt(command, of: lesson, in: host, note) else { return findings }
          }
        default: break
        }
      } catch {
        note(item.line, describe(error))
      }
    }
    return findings
  }

  private static func attempt(
    _ command: SourceLine,
    of lesson: Lesson,
    in host: LessonHost,
    _ note: (Int, Bilingual) -> Void
  ) -> Bool {
    do {
      try host.perform(command, of: lesson)
      return true
    } catch {
      note(command.line, Bilingual(same: "\(command.text): ") + describe(error))
      return false
    }
  }

  private static func check(
    _ fact: Fact,
    in host: LessonHost,
    _ note: (Int, Bilingual) -> Void
  ) {
    do {
      let result = try host.check(fact)
      guard !result.holds else { return }
      note(
        fact.line,
        Bilingual(
          it: "\(fact.id) non vale: \(fact.expression), trovato \(result.found.it)",
          en: "\(fact.id) does not hold: \(fact.expression), found \(result.found.en)"
        )
      )
    } catch {
      note(fact.line, Bilingual(same: "\(fact.id): ") + describe(error))
    }
  }

  /// The answer of each prediction about a run must be a number once the run is over.
  private static func answers(_ lesson: Lesson, after runID: String, _ host: LessonHost) throws {
    for item in lesson.items {
      guard case .predict(let prediction) = item.content, prediction.locks == runID else {
        continue
      }
      switch prediction.kind {
      case .number(let answer, _), .sign(let answer): _ = try host.value(of: answer.text)
      case .choice: break
      }
    }
  }

  private static func describe(_ error: any Error) -> Bilingual {
    (error as? any Problem)?.message ?? Bilingual(same: String(describing: error))
  }
}
