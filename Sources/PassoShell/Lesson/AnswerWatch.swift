// SPDX-License-Identifier: MIT

import PassoLesson
import PassoSession
import PassoText

/// Sees, while a lesson is taken, whether a fact vouches for the number that a prediction calls
/// right: an expression that is mistyped still gives a number.
struct AnswerWatch {
  private var known: Set<String> = []
  private(set) var findings: [LessonFinding] = []

  /// Looks at a lesson before the next thing to do in it.
  mutating func look(at shell: Shell) {
    guard let player = (shell.course.current ?? shell.course.finished)?.player,
      player.openExercise == nil
    else { return }
    let facts = player.latestFacts
    for item in player.lesson.items {
      guard case .predict(let asked) = item.content, asked.locks == facts?.runID,
        known.insert(asked.id).inserted, case .number(let answer, _) = asked.kind,
        let value = try? shell.session.value(of: answer.text)
      else { continue }
      let vouching = facts?.facts.contains {
        $0.expression.contains(answer.text)
          || shell.session.sides(of: $0).contains { abs($0 - value) <= 1e-9 * max(1, abs(value)) }
      }
      guard vouching != true else { continue }
      findings.append(
        LessonFinding(
          .replies,
          file: player.lesson.file,
          line: answer.line,
          message: Bilingual(
            it: "nessun fatto di \(asked.locks) dice quanto fa «\(answer.text)»",
            en: "no fact of \(asked.locks) says what '\(answer.text)' is"
          )
        )
      )
    }
  }
}

extension Session {
  /// The numbers on both sides of a fact.
  func sides(of fact: Fact) -> [Double] {
    fact.expression.split(separator: /\s(?:==|<=|>=|<|>|!=)\s/).flatMap { side in
      (try? tensor(of: String(side)))?.doubles ?? []
    }
  }
}
