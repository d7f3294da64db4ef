// SPDX-License-Identifier: MIT

import PassoLesson
import PassoSession
import PassoText

/// Sees, while a lesson is taken, whether what a prediction asks for was shown before.
///
/// A line gives an answer away if it is one of those that wait for the answer, or shows what the
/// answer names or the number that it is, and was carried out in the state in which the answer is
/// found: what a block only computes later no earlier line has shown.
struct SpoilerWatch {
  /// A prediction that waits for its block.
  private struct Pending {
    let asked: Prediction

    /// The state in which it was asked.
    let state: UInt64

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
    pending.append(Pending(asked: asked, state: now, lines: lines))
  }

  /// Holds what was shown against the answers that are known by now.
  private mutating func judge(_ player: LessonPlayer, _ shell: Shell) {
    let known = pending.filter { player.hasRun($0.asked.locks) }
    pending.removeAll { player.hasRun($0.asked.locks) }
    for one in known where one.state == shell.session.stateHash {
      guard let answer = one.asked.answer,
        let value = try? shell.session.value(of: answer.text)
      else { continue }
      let locked = player.commands(lockedBy: one.asked).map(\.text)
      for line in one.lines {
        let tells = locked.contains { AnswerLock.isSame($0, line.text) }
        guard tells || shell.session.shows(value, of: answer.text, in: line.text) else { continue }
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

extension Session {
  /// Whether a line shows the number that an answer is: by the same expression, or as one of some
  /// numbers, unless it is one that stands everywhere.
  fileprivate func shows(_ value: Double, of answer: String, in line: String) -> Bool {
    let command = Command.named(in: line)
    guard command == nil || command?.name == "show" else { return false }
    let shown = command == nil ? line : line.drop { $0 != " " }.trimmingPrefix(" ").description
    let blank: (String) -> String = { $0.filter { !$0.isWhitespace } }
    if blank(shown).contains(blank(answer)) { return true }
    let isTrivial = value.rounded() == value && abs(value) < 10
    guard !isTrivial, let tensor = try? tensor(of: shown) else { return false }
    return tensor.doubles.contains(value)
  }
}
