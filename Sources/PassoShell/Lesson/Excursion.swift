// SPDX-License-Identifier: MIT

import PassoLesson
import PassoSession
import PassoText
import PassoView

/// What a person tries beside a lesson: the session is a copy, and the lesson's own waits.
package struct Excursion {
  /// What begins an excursion, and what ends it.
  package enum Kind: Sendable {
    /// A line of the person's own; whatever goes on with the lesson ends it.
    case trial

    /// `:play`; only `:resume` ends it, and until then nothing is an answer.
    case play

    /// What the prompt adds to the name of the lesson.
    var mark: Bilingual {
      switch self {
      case .trial: Bilingual(it: "·prova", en: "·trial")
      case .play: Bilingual(same: "·play")
      }
    }
  }

  let kind: Kind

  /// The lesson's session, as it will be again.
  let session: Session

  /// How many changes had been made when it began.
  let depth: Int
}

/// What a line is to the lesson that is open.
enum LineRole {
  /// A person's, whether or not a lesson is open.
  case own

  /// The experiment that an answer suggests: the lesson's, but no part of its way.
  case experiment

  /// The one that the lesson waits for.
  case prepared

  /// One of the learner's own in the place of the one that the lesson waits for.
  case yours

  /// Whether the lesson goes on with it, so that it is taken back together with the lesson's place.
  var goesOn: Bool { self == .prepared || self == .yours }
}

extension Course {
  /// What is tried beside the lesson, if something is.
  package var excursion: Excursion.Kind? { current?.excursion?.kind }

  /// What the prompt adds to the name of the lesson.
  var mark: Bilingual {
    if let excursion { return excursion.mark }
    guard current?.player.openExercise != nil else { return Bilingual(same: "") }
    return Bilingual(it: "·esercizio", en: "·exercise")
  }

  /// What a line is to the open lesson.
  func role(of line: String, _ words: [Arguments.Word]) -> LineRole {
    if line == preparedLine { return .prepared }
    if takes(line, words) { return .yours }
    return current != nil && line == offered ? .experiment : .own
  }

  /// Whether the session is the lesson's: what a person changes in it begins an excursion.
  ///
  /// That of an exercise is a copy already.
  var keepsSession: Bool {
    excursion == nil && current.map { $0.player.openExercise == nil } ?? false
  }

  /// Whether Enter, Space and Page Down go on with a lesson: this one, or the next.
  package var goesOn: Bool { current != nil && excursion != .play || offered != nil }
}

extension Shell {
  /// Does a move; in a lesson a line that is no part of its way moves a copy.
  func moving(_ line: String, _ move: () throws -> Void) throws {
    guard course.keepsSession, !role.goesOn else { return try move() }
    let before = state
    beginTrial()
    defer {
      if session.timeline.moment == before.session.timeline.moment {
        // It was there already, or could not go.
        course.current?.excursion = nil
      } else {
        undoStack.push(before, before: line)
        sayTrial()
      }
    }
    try move()
  }

  /// Puts a changed session in place of the one before; in a lesson a line that is no part of its
  /// way puts it beside it.
  func change(to session: Session, by line: String) {
    let isOwn = !role.goesOn
    let begins = isOwn && course.keepsSession
    if isOwn { undoStack.push(state, before: line) }
    if begins { beginTrial() }
    self.session = session
    if begins { sayTrial() }
  }

  private func beginTrial() {
    course.current?.excursion = Excursion(kind: .trial, session: session, depth: undoStack.depth)
  }

  /// Says what the prompt shows where there is no prompt, or none that shows what Enter does.
  func sayTrial() {
    guard !console.showsHints else { return }
    if course.current?.isInNotebook == true { return console.say(Self.notebookTrial) }
    console.say(
      it: "è una prova: la lezione resta com'era, :continue ci torna",
      en: "this is a trial: the lesson stays as it was, :continue goes back to it"
    )
  }

  private static let notebookTrial = Bilingual(
    it: "è una prova: la lezione resta com'era, e la sua prossima cella riparte da lì",
    en: "this is a trial: the lesson stays as it was, and its next cell goes on from there"
  )

  /// Brings the lesson's session back, if it waits.
  func comeBack() {
    guard let excursion = course.current?.excursion else { return }
    session = excursion.session
    course.current?.excursion = nil
  }

  /// Does something that goes on with the lesson, whole or not at all; `:undo` takes it back whole,
  /// with what was tried before it.
  func goingOn(by line: String, _ body: () throws -> Void) throws {
    let before = try atomically {
      comeBack()
      try body()
    }
    undoStack.push(before, before: line)
  }

  /// Keeps the lesson as it is, while a person tries other things.
  ///
  /// - Throws: `CourseProblem` if none is open, or it waits for `:resume` already.
  func pauseLesson() throws {
    guard let current = course.current else { throw CourseProblem.noLesson }
    if course.excursion == .play { throw CourseProblem.playing }
    let waiting = current.excursion?.session ?? session
    course.current?.excursion = Excursion(kind: .play, session: waiting, depth: undoStack.depth)
  }

  /// Goes back to the lesson, as it was when it was paused.
  ///
  /// - Throws: `CourseProblem` if none is open, or it does not wait for that.
  func resumeLesson() throws {
    guard course.current != nil else { throw CourseProblem.noLesson }
    guard course.excursion == .play else { throw CourseProblem.notPlaying }
    comeBack()
    goOn()
  }

  /// Shows the open question again in short, where other things have come between.
  func remindOfQuestion() {
    guard course.isAsking, let player = course.current?.player else { return }
    if let reminder = LessonView.reminder(of: player) { console.show(reminder) }
  }
}
