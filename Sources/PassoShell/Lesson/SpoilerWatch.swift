// SPDX-License-Identifier: MIT

import PassoEngine
import PassoLesson
import PassoSession
import PassoText

/// Sees, while a lesson is taken, whether what a prediction asks for was shown before.
///
/// A line gives an answer away if it was carried out in the state in which the answer is found, and
/// is one of those that wait for the answer, or is a command that shows what the answer names, or
/// shows the number that it is: as a value, or printed in a table or a sentence. What a block only
/// computes later no earlier line has shown. A text gives it away if it states the number. Numbers
/// that stand everywhere, as 5 or 0.01, give nothing away by themselves, nor do those that the
/// question itself supposes.
struct SpoilerWatch {
  /// A prediction that waits for its block.
  private struct Pending {
    let asked: Prediction

    /// The state in which it was asked.
    let state: UInt64

    /// The lines since which the state is as it was then, and whether the question, once it is
    /// asked, would not allow them.
    let lines: [(line: SourceLine, isLocked: Bool)]

    /// What was shown by these lines.
    let shown: [ShownNumbers]

    /// What stands in the texts before it.
    let stated: [(line: Int, number: WrittenNumber)]
  }

  private var pending: [Pending] = []
  private var state: UInt64?

  /// The lines that have only shown something since the state changed last, and what.
  private var lines: [SourceLine] = []
  private var shown: [ShownNumbers] = []

  /// The line that waited when this looked last.
  private var waiting: SourceLine?

  private(set) var findings: [LessonFinding] = []

  /// Looks at a lesson before the next thing to do in it.
  ///
  /// - Parameters:
  ///   - shell: Where it is taken.
  ///   - shown: What was shown since this looked last.
  /// - Throws: `ExecutionProblem.refused`, as `Execution.stateHash`.
  mutating func look(at shell: Shell, _ shown: [ShownNumbers]) throws(ExecutionProblem) {
    guard let player = (shell.course.current ?? shell.course.finished)?.player,
      player.openExercise == nil
    else { return }
    let now = try shell.session.stateHash
    if now != state { (lines, self.shown) = ([], []) }
    // What has led to this state shows it too.
    self.shown += shown
    if now == state, let waiting { lines.append(waiting) }
    (state, waiting) = (now, player.isAsking ? nil : player.preparedCommand)
    try judge(player, shell)
    guard let asked = player.openPrediction, !pending.contains(where: { $0.asked == asked }) else {
      return
    }
    let lock = AnswerLock(asked, player.commands(lockedBy: asked), shell.session)
    pending.append(
      Pending(
        asked: asked,
        state: now,
        lines: lines.map { line in
          let words = (try? Arguments.split(line.text)) ?? []
          let command = Command.named(in: line.text)
          let looks = command?.onlyLooks == true
          return (line, looks && lock.isClosed(to: line.text, command, words))
        },
        shown: self.shown,
        stated: player.lesson.numbersRead(before: player.line)
      )
    )
  }

  /// Holds what was shown against the answers that are known by now.
  private mutating func judge(
    _ player: LessonPlayer,
    _ shell: Shell
  ) throws(ExecutionProblem) {
    let known = pending.filter { player.hasRun($0.asked.locks) }
    pending.removeAll { player.hasRun($0.asked.locks) }
    for one in known {
      let value = one.asked.answer.flatMap { try? shell.session.value(of: $0.text) }
      let isSameState = try one.state == shell.session.stateHash
      if isSameState {
        let printing = value.map { value in
          one.shown.filter { shown in
            shown.numbers.contains { $0.significantDigits > 2 && one.asked.isTold(value, by: $0) }
          }.map(\.line)
        }
        let locked = player.commands(lockedBy: one.asked).map(\.text)
        for (line, isLocked) in one.lines {
          let isTelling =
            isLocked || locked.contains { AnswerLock.isSame($0, line.text) }
            || printing?.contains(line.text) == true
            || shell.session.shows(value, of: one.asked.answer?.text, in: line.text)
          if isTelling { note(line.line, line.text, one.asked, player) }
        }
      }
      let language = player.lesson.header.language
      guard let value, !one.asked.supposes(value, language) else { continue }
      for (line, number) in one.stated where one.asked.isTold(value, by: number) {
        note(line, number.text, one.asked, player)
      }
    }
  }

  private mutating func note(
    _ line: Int,
    _ teller: String,
    _ asked: Prediction,
    _ player: LessonPlayer
  ) {
    findings.append(
      LessonFinding(
        .spoilers,
        file: player.lesson.file,
        line: line,
        message: Bilingual(
          it: "\(teller) mostra già la risposta a \(asked.id)",
          en: "\(teller) already shows the answer to \(asked.id)"
        )
      )
    )
  }
}

extension Prediction {
  /// Whether the question itself gives the number that is its answer.
  fileprivate func supposes(_ value: Double, _ language: Language) -> Bool {
    premises(in: language).contains { isTold(value, by: $0) || $0.value == abs(value) }
  }

  /// Whether a number that somebody reads is the answer: it would be taken for right, and has three
  /// digits that count, or two that are close, or is a whole one of two, so that it does not stand
  /// there by chance.
  fileprivate func isTold(_ value: Double, by number: WrittenNumber) -> Bool {
    guard case .number(_, let tolerance) = kind, number.value != 0 else { return false }
    let isWhole = number.value >= 10 && number.value == abs(value)
    let isClose = abs(number.value - abs(value)) <= 0.005 * abs(value)
    let isPrecise = number.significantDigits >= (isClose ? 2 : 3)
    let isRight = number.rounds(value) && abs(number.value - abs(value)) <= tolerance
    return isRight && (isWhole || isPrecise)
  }
}

extension Command {
  /// Whether it shows something and does nothing else.
  fileprivate var onlyLooks: Bool {
    switch action {
    case .show, .look: true
    default: false
    }
  }
}

extension Session {
  /// Whether a line shows the number that an answer is: by the same expression, or as one of some
  /// numbers, unless it is one that stands everywhere.
  fileprivate func shows(_ value: Double?, of answer: String?, in line: String) -> Bool {
    guard let value, let answer else { return false }
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
