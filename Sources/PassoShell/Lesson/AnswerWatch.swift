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
    guard let player = shell.course.current?.player, player.openExercise == nil else { return }
    let facts = player.latestFacts
    for item in player.lesson.items {
      guard case .predict(let asked) = item.content, asked.locks == facts?.runID,
        known.insert(asked.id).inserted, case .number(let answer, _) = asked.kind,
        let value = try? shell.session.value(of: answer.text)
      else { continue }
      let vouching = facts?.facts.contains {
        $0.expression.contains(answer.text) || shell.session.sides(of: $0, have: value)
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
  /// Whether a number stands on one side of a fact.
  fileprivate func sides(of fact: Fact, have number: Double) -> Bool {
    let sides = fact.expression.split(separator: /\s(?:==|<=|>=|<|>|!=)\s/)
    return sides.contains { side in
      guard let tensor = try? tensor(of: String(side)) else { return false }
      return tensor.doubles.contains { abs($0 - number) <= 1e-9 * max(1, abs(number)) }
    }
  }
}
