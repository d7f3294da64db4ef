// SPDX-License-Identifier: MIT

import PassoLesson
import PassoText

/// Sees, while a lesson is taken, whether what a prediction asks for was shown before.
///
/// A line gives an answer away if it would be locked while the question is open, and was carried out
/// when the answer was already what it is in the end: what a block only computes later no earlier
/// line has shown.
struct SpoilerWatch {
  /// A prediction that waits for its block.
  private struct Pending {
    let asked: Prediction

    /// What its answer was when it was asked; nil if there was none yet.
    let value: Double?

    /// The lines since which the state is as it was then.
    let lines: [SourceLine]
  }

  private var pending: [Pending] = []
  private var state: UInt64?

  /// The lines that have only shown something since the state changed last.
  private var lines: [SourceLine] = []

  /// The line that waited when this looked last.
  private var waiting: SourceLine?

  private(set) var findings: [LessonFinding] = []

  /// Looks at a lesson before the next thing to do in it.
  mutating func look(at shell: Shell) {
    guard let player = shell.course.current?.player, player.openExercise == nil else { return }
    let now = shell.session.stateHash
    if now != state { lines = [] }
    if now == state, let waiting { lines.append(waiting) }
    (state, waiting) = (now, player.isAsking ? nil : player.preparedCommand)
    judge(player, shell)
    guard let asked = player.openPrediction, !pending.contains(where: { $0.asked == asked }) else {
      return
    }
    let value = asked.answer.flatMap { try? shell.session.value(of: $0.text) }
    pending.append(Pending(asked: asked, value: value, lines: lines))
  }

  /// Holds what was shown against the answers that are known by now.
  private mutating func judge(_ player: LessonPlayer, _ shell: Shell) {
    let known = pending.filter { player.hasRun($0.asked.locks) }
    pending.removeAll { player.hasRun($0.asked.locks) }
    for one in known {
      guard let value = one.value, let answer = one.asked.answer,
        (try? shell.session.value(of: answer.text)) == value
      else { continue }
      let lock = AnswerLock(one.asked, player.commands(lockedBy: one.asked), shell.session)
      for line in one.lines where lock.isClosed(to: line.text) {
        let message = Bilingual(
          it: "\(line.text) mostra già la risposta a \(one.asked.id)",
          en: "\(line.text) already shows the answer to \(one.asked.id)"
        )
        findings.append(
          LessonFinding(.spoilers, file: player.lesson.file, line: line.line, message: message)
        )
      }
    }
  }
}

extension AnswerLock {
  /// Whether a line of the lesson shows what it locks.
  fileprivate func isClosed(to line: String) -> Bool {
    guard let words = try? Arguments.split(line) else { return false }
    return isClosed(to: line, Command.named(in: line), words)
  }
}
