// SPDX-License-Identifier: MIT

import PassoLesson
import PassoText

extension SimulatedLearner {
  /// Does an exercise by its solution; who errs first asks at once whether it is done, which it
  /// must not be.
  func take(_ exercise: Exercise, _ task: ExerciseTask) throws {
    let check = SourceLine(text: ":check", line: shell.course.current?.player.line ?? 1)
    var mistakes: Set<Reply> = []
    if answers == .wrongFirst {
      mistakes = Set(task.mistakes.filter { !isComputable($0) })
      try type(check)
      guard isOpen(exercise) else {
        return shell.course.note(
          check.line,
          Bilingual(
            it: "l'esercizio \(exercise.id) risulta già fatto prima di cominciare",
            en: "exercise \(exercise.id) passes before anything was done"
          )
        )
      }
    }
    for line in task.solution { try type(line) }
    for mistake in mistakes where !isComputable(mistake) {
      shell.course.note(
        mistake.expression.line,
        Bilingual(
          it: "«mistake: \(mistake.expression.text)» non si può mai calcolare",
          en: "'mistake: \(mistake.expression.text)' can never be computed"
        )
      )
    }
    try type(check)
    guard isOpen(exercise) else { return }
    shell.course.note(
      task.solution.last?.line ?? check.line,
      Bilingual(
        it: "la soluzione dell'esercizio \(exercise.id) non supera i controlli",
        en: "the solution of exercise \(exercise.id) does not pass its checks"
      )
    )
    try type(SourceLine(text: ":skip", line: check.line))
  }

  /// Passes over an exercise of which a line is still open although it was typed as it stands.
  func leaveUnfillable(_ typed: (line: FadedLine, level: FadeLevel)?) throws {
    guard let (line, level) = typed, let open = shell.course.current?.player.openLine,
      open == (line, level)
    else { return }
    shell.course.note(
      line.line,
      Bilingual(
        it: "\(line.whole): la riga intera non ha l'effetto che dovrebbe avere",
        en: "\(line.whole): the whole line does not have the effect that it should have"
      )
    )
    try type(SourceLine(text: ":skip", line: line.line))
  }

  private func isOpen(_ exercise: Exercise) -> Bool {
    shell.course.current?.player.openExercise?.id == exercise.id
  }

  private func isComputable(_ reply: Reply) -> Bool {
    (try? shell.session.tensor(of: reply.expression.text)) != nil
  }
}

// MARK: - Own texts

extension SimulatedLearner {
  /// Texts that a learner might type: what a lesson says of one of its own must hold for them too.
  private static let ownTexts = [
    "Una volpe rossa",
    "Ieri sera la vecchia zia di Anna ha letto un libro molto lungo",
  ]

  /// What does not hold if the text that is waited for is another one, up to the next text of the
  /// lesson's own.
  func findingsWithOwnTexts() -> [LessonFinding] {
    guard let player = shell.course.current?.player, player.takesOwnLine,
      let line = player.preparedCommand, Command.named(in: line.text)?.name == "text"
    else { return [] }
    // A usual mistake may be right for another text.
    let replies = Set(player.lesson.replies.map(\.expression.line))
    return Self.ownTexts.flatMap { text in
      outOfSight {
        let known = shell.course.findings.count
        try? type(SourceLine(text: ":text \"\(text)\"", line: line.line))
        while !isAtOtherData, (try? takeTurn()) == true {}
        let found = shell.course.findings.dropFirst(known).filter { !replies.contains($0.line) }
        return found.map { finding in
          let own = Bilingual(it: "con «\(text)»: ", en: "with '\(text)': ")
          let message = own + finding.message
          return LessonFinding(file: finding.file, line: finding.line, message: message)
        }
      }
    }
  }

  /// Whether the line that waits sets other data, whatever was typed before.
  private var isAtOtherData: Bool {
    guard let player = shell.course.current?.player, !player.takesOwnLine,
      let line = player.preparedCommand
    else { return false }
    return Command.setsData(line.text)
  }
}

extension Command {
  /// Whether a line says anew what the model reads, whatever was there before.
  static func setsData(_ line: String) -> Bool {
    ["text", "corpus", "model"].contains(named(in: line)?.name)
  }
}
