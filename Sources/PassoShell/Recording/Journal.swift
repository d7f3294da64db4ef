// SPDX-License-Identifier: MIT

import PassoEngine
import PassoFiles
import PassoModel
import PassoSession
import PassoText

/// The lines that led to a session, and the file that they are recorded in.
package struct Journal {
  /// What a recording of the session up to now holds, without states.
  private(set) var lines: [String] = []

  /// Where lines are recorded, if they are.
  var recorder: Recorder?

  /// How the lesson that was begun last asks its questions.
  private var manner = QuestionManner()

  /// Says how the lesson that a line has begun asks its questions, if that is new.
  mutating func mentions(_ manner: QuestionManner) -> [String] {
    defer { self.manner = manner }
    return manner.comments(after: self.manner).map { "# " + $0 }
  }

  /// Keeps what succeeded, and records it with the state that it led to.
  ///
  /// - Throws: `FileProblem` if it cannot be written; then the recording is over.
  mutating func note(_ entries: [String], _ session: Session) throws {
    guard !entries.isEmpty else { return }
    lines += entries
    do {
      try recorder?.write(entries, session)
    } catch {
      recorder = nil
      throw error
    }
  }

  /// Records the lines behind some that the file has.
  ///
  /// - Throws: `FileProblem`.
  mutating func catchUp(after count: Int, _ session: Session) throws(FileProblem) {
    guard lines.count > count else { return }
    try recorder?.write(Array(lines[count...]), session)
  }

  /// Begins to record: first what led here.
  mutating func record(to path: String, _ session: Session) throws {
    if recorder?.path == path { recorder = nil }
    recorder = try Recorder(path: path, earlier: lines, session)
  }
}

/// A session's file while it grows, line by line.
package struct Recorder {
  /// The file as the person named it.
  let path: String

  /// Lines that were recorded, without comments.
  private(set) var count = 0

  private let file: AppendedFile
  private var state = ""

  /// Appends to a file that has its beginning.
  package init(appendingTo path: String) throws(FileProblem) {
    self.init(path: path, try AppendedFile(path: path))
  }

  /// Appends to an open file, which has led to a state already.
  init(path: String, _ file: AppendedFile, state: String = "") {
    (self.path, self.file, self.state) = (path, file, state)
  }

  /// Begins a file, or replaces one, with what led to a session.
  init(path: String, earlier: [String], _ session: Session) throws {
    let fresh = try Session()
    let state = try session.wantedDigits()
    var lines = try SessionFile.beginning(with: fresh) + earlier
    if try state != fresh.stateDigits { lines.append(SessionFile.statePrefix + state) }
    // Of a recording that is going on elsewhere nothing is taken away.
    if try TextFile.isThere(path) { _ = try AppendedFile(path: path) }
    try AtomicFile.write(Self.bytes(lines), to: path)
    try self.init(appendingTo: path)
    count = earlier.count { !$0.hasPrefix("#") }
    self.state = state
  }

  /// Writes lines, and the state if they changed it; the disk has both when it returns.
  mutating func write(_ lines: [String], _ session: Session) throws(FileProblem) {
    let state = try FileProblem.refused(for: path) { () throws(ExecutionProblem) in
      try session.stateDigits
    }
    let change = state == self.state ? [] : [SessionFile.statePrefix + state]
    try append(lines + change)
    count += lines.count { !$0.hasPrefix("#") }
    self.state = state
  }

  /// Writes lines that lead to no other state.
  func append(_ lines: [String]) throws(FileProblem) {
    try file.append(Self.bytes(lines))
    try file.flush()
  }

  private static func bytes(_ lines: [String]) -> [UInt8] {
    lines.flatMap { Array($0.utf8) + [UInt8(ascii: "\n")] }
  }
}

extension SessionFile {
  /// The first lines of a file: what it is, and from where its own lines lead.
  ///
  /// - Throws: `ExecutionProblem.refused`, as `Execution.stateHash`.
  static func beginning(
    with fresh: Session,
    _ comments: [String] = []
  ) throws(ExecutionProblem) -> [String] {
    let heading = [title + version] + (comments + [fresh.beginning]).map { "# " + $0 }
    let state = try fresh.stateDigits
    return heading + [statePrefix + state]
  }
}

extension Session {
  /// What a new session is, for readers of a recording.
  fileprivate var beginning: String {
    let experiment = experiment
    let model =
      switch experiment.model {
      case .preset(let preset, let seed): "\(preset.name) seed \(seed)"
      case .blank(let blank, let seed): "\(blank.path) seed \(seed)"
      case .folder(let path): path
      }
    var texts: [String] = []
    if case .typed(let typed) = experiment.data { texts = typed.map { "\"\($0)\"" } }
    return "begins with: model \(model), text \(texts.joined(separator: " ")), mask"
      + " \(experiment.mask), optimizer \(experiment.optimizer.name)"
      + " \(NumberText.code(experiment.rate)), \(experiment.precision.rawValue)"
  }
}

// MARK: - What is recorded of a line

extension Shell {
  /// Keeps what was typed, for a recording now or later.
  ///
  /// - Parameters:
  ///   - line: What was typed.
  ///   - before: What was there before it was carried out.
  private func note(_ line: String, after before: Before) {
    // A line break inside quotation marks would make two lines of one.
    let line = line.replacing("\n", with: " ").replacing("\r", with: " ")
    var entries = entries(for: line, after: before)
    if let manner = course.current?.manner, !entries.isEmpty {
      entries = journal.mentions(manner) + entries
    }
    if let record = before.record, isNoting { note(entries, in: record) }
    do {
      try journal.note(entries, session)
    } catch let problem as any Problem {
      console.report(RecordingEnded(problem: problem))
    } catch {
      preconditionFailure("files fail with problems only: \(error)")
    }
  }

  /// Does what a line says, and keeps the line, unless what was done is kept already: a lesson that
  /// goes on has carried out the lines of its record.
  package func keeping(_ line: String, _ body: () throws -> Void) rethrows {
    let before = Before(
      moment: session.timeline.moment,
      record: course.current?.record,
      isOfLesson: course.role(of: line, (try? Arguments.split(line)) ?? []).goesOn,
      isReview: course.review != nil,
      lineCount: journal.lines.count
    )
    try body()
    if journal.lines.count == before.lineCount { note(line, after: before) }
  }

  /// Carries out a line, and keeps it.
  func carryOutAndKeep(_ line: String) throws {
    try keeping(line) { try attending(line) { try perform(line) } }
  }

  /// What was there before a line.
  private struct Before {
    let moment: Moment

    /// That of the lesson that was open.
    let record: LessonRecord?

    /// Whether the lesson goes on with the line.
    let isOfLesson: Bool

    /// Whether questions of earlier lessons were being asked.
    let isReview: Bool

    let lineCount: Int
  }

  /// What a recording holds of a line that succeeded.
  private func entries(for line: String, after before: Before) -> [String] {
    guard line.contains(where: { !$0.isWhitespace }), !isFinished else { return [] }
    let command = Command.named(in: line)
    // What is done in a review is no part of the session, which comes back as it was.
    if before.isReview, command?.name != Command.lesson.name { return [] }
    // What the host alone is told, and what a recording cannot hold, is no part of the session.
    if let reason = PartialLine.Reason.ofLeavingOut(line) {
      let isKept = before.isOfLesson || reason != .forTerminal
      return isKept ? [PartialLine(reason, line).comment] : []
    }
    guard stop.wasRequested else { return [line] }
    // Ctrl-C comes when it comes: what was done by then is so many steps.
    let moves = session.timeline.steps(from: before.moment)
    let reason = moves.isEmpty ? PartialLine.Reason.stoppedWithoutMove : .stopped
    return [PartialLine(reason, line).comment] + moves
  }
}

extension Timeline {
  /// The moves that lead here from another moment of the same run.
  fileprivate func steps(from start: Moment) -> [String] {
    let there = start.update * stepCount + start.step
    let here = moment.update * stepCount + moment.step
    let name = here < there ? ":back" : ":step"
    let (whole, rest) = abs(here - there).quotientAndRemainder(
      dividingBy: PartialLine.longestMove
    )
    let counts = Array(repeating: PartialLine.longestMove, count: whole) + (rest > 0 ? [rest] : [])
    return counts.map { "\(name) \($0)" }
  }
}

/// Why a recording ended by itself.
struct RecordingEnded: Problem {
  let problem: any Problem

  var message: Bilingual {
    problem.message
      + Bilingual(it: "; la registrazione finisce qui", en: "; the recording ends here")
  }
  var cause: (any Problem)? { problem }
}
