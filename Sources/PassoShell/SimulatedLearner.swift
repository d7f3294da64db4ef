// SPDX-License-Identifier: MIT

import PassoLesson
import PassoRuntime
import PassoText

/// Takes a lesson as a person at the prompt does, with Enter and with answers, through the same
/// lines: what it meets is what a person meets.
package struct SimulatedLearner {
  /// How questions are answered.
  package enum Answers: Sendable {
    /// Rightly, predictions too: for a page that shows the lesson.
    case right

    /// With every wrong option of a quiz and the experiment that disproves it, then rightly: so
    /// that nothing is left untried.
    case wrongFirst

    /// Rightly where that costs nothing, predictions anyhow: for who only wants to know what the
    /// lines of the lesson give.
    case predictingAnyhow
  }

  let shell: Shell
  let answers: Answers

  package init(_ shell: Shell, _ answers: Answers) {
    self.shell = shell
    self.answers = answers
  }

  /// Takes a lesson from its first line to its last.
  ///
  /// - Throws: What the first line that fails throws; the lesson stays open there.
  package func take(_ lesson: Lesson) throws {
    try shell.open(lesson)
    while try takeTurn() {}
  }

  /// Types what the open lesson waits for: a line, or all answers to a question.
  ///
  /// - Returns: Whether there was anything to do.
  /// - Throws: What a line throws.
  package func takeTurn() throws -> Bool {
    guard let player = shell.course.current?.player, !shell.stop.isRequested() else { return false }
    if let exercise = player.openExercise, let task = exercise.task {
      try take(exercise, task)
    } else {
      for line in try nextLines(player) { try type(line) }
      try leaveUnfillable(player.openLine)
    }
    return true
  }

  func type(_ line: SourceLine) throws {
    do {
      try shell.begin(line.text)
    } catch {
      let problem = error.asProblem
      // Who stops it knows why.
      if problem is Interrupted { throw problem }
      shell.course.note(line.line, Bilingual(same: "\(line.text): ") + problem.message)
      throw problem
    }
  }

  /// What a person types next, each line with that of the file where it comes from.
  private func nextLines(_ player: LessonPlayer) throws -> [SourceLine] {
    func answer(_ text: String) -> SourceLine { SourceLine(text: text, line: player.line) }
    if player.awaitsConfidence { return [answer("\(Confidence.fairly.rawValue)")] }
    if let quiz = player.openQuiz {
      let wrong = answers == .wrongFirst ? quiz.options.filter { !$0.isRight } : []
      return wrong.flatMap { [answer($0.letter), $0.command].compactMap(\.self) }
        + [answer(Self.letter(of: quiz.options, isRight: true))]
    }
    if let prediction = player.openPrediction {
      return [answer(try self.answer(to: prediction))]
    }
    if let line = player.openLine?.line {
      return [SourceLine(text: line.whole, line: line.line)]
    }
    return [player.preparedCommand ?? answer(":continue")]
  }

  private func answer(to prediction: Prediction) throws -> String {
    switch (prediction.kind, answers) {
    case (.choice(let options), _): return Self.letter(of: options, isRight: answers == .right)
    case (_, .wrongFirst), (_, .predictingAnyhow): return "0"
    case (.number(let answer, _), .right):
      return NumberText.code(try value(of: answer.text, after: prediction.locks))
    case (.sign(let answer), .right):
      let number = try value(of: answer.text, after: prediction.locks)
      return number > 0 ? "+" : number < 0 ? "-" : "0"
    }
  }

  private static func letter(of options: [QuizOption], isRight: Bool) -> String {
    (options.first { $0.isRight == isRight } ?? options.first)?.letter ?? ""
  }

  /// The number that an expression will give after a run block: found by going ahead, out of sight,
  /// with the prediction that is waited for answered anyhow.
  ///
  /// - Throws: `Interrupted`, or what a line throws.
  func value(of expression: String, after run: String) throws -> Double {
    try outOfSight {
      try shell.begin("0")
      while shell.course.current?.player.hasRun(run) == false, try takeTurn() {}
      if shell.stop.isRequested() { throw Interrupted() }
      return try shell.session.value(of: expression)
    }
  }

  /// Does something of which nothing is left.
  func outOfSight<Result>(_ body: () throws -> Result) rethrows -> Result {
    let before = (shell.session, shell.course, shell.console, shell.journal, shell.undoStack)
    defer {
      (shell.session, shell.course, shell.console, shell.journal, shell.undoStack) = before
    }
    shell.console = shell.console.muted
    shell.journal = Journal()
    shell.course.notesProgress = false
    return try body()
  }
}
