// SPDX-License-Identifier: MIT

import PassoSession
import PassoText
import PassoView

/// How a replay went.
package struct ReplayResult: Equatable {
  /// Lines that were carried out.
  package fileprivate(set) var lines = 0

  /// States that were compared, all with the same result.
  package fileprivate(set) var states = 0

  /// Whether Ctrl-C came before the end.
  package fileprivate(set) var isInterrupted = false

  /// Whether the last line was left out, because it is not whole.
  package fileprivate(set) var isTorn = false

  /// One sentence about it.
  package func summary(_ path: String) -> Bilingual {
    guard isTorn else { return sentence(path) }
    return sentence(path)
      + Bilingual(
        it: "; l'ultima riga del file non è intera, e non conta",
        en: "; the last line of the file is not whole, and does not count"
      )
  }

  private func sentence(_ path: String) -> Bilingual {
    let done = Bilingual(
      it: "\(path): \(Self.count(lines, "riga", "righe"))",
      en: "\(path): \(Self.count(lines, "line", "lines"))"
    )
    if isInterrupted {
      return done + Bilingual(it: ", poi Ctrl-C", en: ", then Ctrl-C")
    }
    if states == 0 {
      return done
        + Bilingual(it: ", nessuno stato da confrontare", en: ", no states to compare")
    }
    return done
      + Bilingual(
        it: ", \(Self.count(states, "stato uguale", "stati, tutti uguali"))",
        en: ", \(Self.count(states, "state, the same", "states, all the same"))"
      )
  }

  private static func count(_ number: Int, _ one: String, _ many: String) -> String {
    "\(number) \(number == 1 ? one : many)"
  }
}

extension Shell {
  /// Carries out a recorded session from its beginning and compares every state.
  ///
  /// Where a state differs the session stays, to be looked at; after any other problem everything
  /// is as it was.
  ///
  /// - Throws: `FileProblem`, `SessionFileProblem` or `ReplayProblem`.
  @discardableResult
  package func replay(_ path: String) throws -> ReplayResult {
    if let recorder = journal.recorder { throw ReplayProblem.recording(recorder.path) }
    return try context.reading([path]) { places in
      try replay(SessionFile(path: path, in: places[0]), folder: Self.folder(of: places[0]))
    }
  }

  private static func folder(of path: String) -> String {
    path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
  }

  private func replay(_ file: SessionFile, folder: String) throws -> ReplayResult {
    let before = (session, course, journal, console, undoStack)
    isReplaying = true
    defer { isReplaying = false }
    do {
      session = try Session()
      course.current = nil
      journal = Journal()
      undoStack = UndoStack()
      return try performing(as: .session(folder: folder)) { try carryOut(file) }
    } catch let problem as ReplayProblem where problem.isDifference {
      throw problem
    } catch {
      (session, course, journal, console, undoStack) = before
      isFinished = false
      throw error
    }
  }

  /// Carries out the lines of a file.
  ///
  /// - Parameters:
  ///   - file: The file.
  ///   - willCarryOut: Told of every line, and of its number, before it is carried out.
  ///   - differs: Told of every state that is not the one in the file; what it throws ends it.
  /// - Returns: How it went.
  /// - Throws: `ReplayProblem.failed` if a line cannot be carried out.
  func carryOut(
    _ file: SessionFile,
    willCarryOut: (String, Int) throws -> Void = { _, _ in },
    differs: (ReplayProblem) throws -> Void = { throw $0 }
  ) throws -> ReplayResult {
    let before = course.repeated
    course.repeated = QuestionManner()
    defer { course.repeated = before }
    var result = ReplayResult()
    result.isTorn = file.isTorn
    var last: String?
    for (number, item) in file.items {
      if stop.isRequested() { result.isInterrupted = true }
      if result.isInterrupted || isFinished { break }
      switch item {
      case .manner(let change): course.repeated?.apply(change)
      case .partly(let partial):
        last = partial.line
        try willCarryOut(partial.line, number)
        try placing(partial.line, file, number) { try carryOut(partial) }
        result.lines += partial.moves.count
      case .line(let line):
        last = line
        try willCarryOut(line, number)
        do {
          try carryOut(line, file, number)
          result.lines += 1
        } catch is ReplayProblem where number == file.openLine {
          // Half of a command is no reason to lose the session that comes before it.
          result.isTorn = true
        }
      case .state(let needed):
        guard let found = try? session.wantedDigits() else {
          result.isInterrupted = true
          break
        }
        if needed == found {
          result.states += 1
        } else {
          let place = Place(file: file.path, line: number)
          try differs(.differs(after: last, needed: needed, found: found, place: place))
        }
      }
    }
    // `:quit` ends the session that is replayed, not the one that replays it.
    isFinished = false
    context.endInterruptedLine()
    return result
  }

  /// Carries out what a recording repeats of a line; where the lesson had prepared that line it
  /// goes on.
  private func carryOut(_ partial: PartialLine) throws {
    try leaveUnsaid(before: partial.line)
    let role = try course.role(of: partial.line, Arguments.split(partial.line))
    guard role.goesOn else {
      for move in partial.moves {
        echo(move)
        try begin(move)
      }
      return
    }
    try attending(partial.line) {
      try acting(as: role) {
        try goingOn(by: partial.line) {
          for move in partial.moves {
            echo(move)
            try carryOut(move, Arguments.split(move))
          }
          lessonLineDone()
        }
      }
    }
    try journal.note([partial.comment] + partial.moves, session)
  }

  private func echo(_ line: String) {
    let parts = promptParts
    let prompt = [parts.lesson, parts.position].compactMap { $0 }.joined(separator: " ") + "> "
    console.echo(prompt, line)
  }

  private func carryOut(_ line: String, _ file: SessionFile, _ number: Int) throws {
    echo(line)
    // A recording leaves such lines out; one that was written by hand may not write to our disk.
    if Command.named(in: line)?.writesFiles == true {
      return console.say(
        it: "non eseguito: una ripetizione non scrive file",
        en: "not carried out: a replay writes no files"
      )
    }
    try placing(line, file, number) { try begin(line) }
  }

  private func placing(
    _ line: String,
    _ file: SessionFile,
    _ number: Int,
    _ body: () throws -> Void
  ) throws {
    do {
      try body()
    } catch let problem as any Problem {
      let place = Place(file: file.path, line: number)
      throw ReplayProblem.failed(line: line, problem, place: place)
    }
  }
}

/// Why a recorded session cannot be replayed to its end.
package enum ReplayProblem: WordedProblem {
  case recording(String)
  case failed(line: String, any Problem, place: Place)
  case differs(after: String?, needed: String, found: String, place: Place)

  var isDifference: Bool {
    if case .differs = self { true } else { false }
  }

  package var wording: Wording {
    switch self {
    case .recording(let path):
      Bilingual(
        it: "è in corso la registrazione di \(it: path), e una sessione nuova non ne fa parte",
        en: "\(en: path) is being recorded, and a new session is no part of it"
      ).hint(it: ":record off la chiude", en: ":record off ends it")
    case .failed(let line, let problem, _):
      (Bilingual(it: "\(it: line): ", en: "\(en: line): ") + problem.message).hint(nil)
    case .differs(nil, let needed, let found, _):
      Bilingual(
        it: "all'inizio lo stato era \(needed), adesso è \(found)",
        en: "at the beginning needs the state \(needed), got \(found)"
      ).hint(Self.mayDiffer)
    case .differs(let line?, let needed, let found, _):
      Bilingual(
        it: "dopo \(it: line) lo stato era \(needed), adesso è \(found)",
        en: "after \(en: line) needs the state \(needed), got \(found)"
      ).hint(Self.mayDiffer)
    }
  }

  private static let mayDiffer = Bilingual(
    it: "può dipendere da una riga cambiata o da un'altra versione di Passo",
    en: "the cause may be a line that was changed, or another version of Passo"
  )

  package var cause: (any Problem)? {
    if case .failed(_, let problem, _) = self { problem } else { nil }
  }

  package var place: Place? {
    switch self {
    case .recording: nil
    case .failed(_, _, let place), .differs(_, _, _, let place): place
    }
  }
}
