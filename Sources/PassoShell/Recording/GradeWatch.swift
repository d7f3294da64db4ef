// SPDX-License-Identifier: MIT

import PassoEngine
import PassoLesson
import PassoText

/// What is noticed while the lines of a result are carried out again.
struct GradeWatch {
  private let file: LessonRecordFile
  private(set) var faults: [Bilingual]
  private(set) var notes: [Bilingual] = []

  /// Lines behind which the file has a state.
  private let stated: Set<Int>

  /// Whether each question was answered rightly when it was answered for the first time.
  private var firstAnswers: [String: Bool] = [:]

  /// Whether a state was not that of the file: behind the first all are others.
  private var hasDiffered = false

  /// Whether a line has followed that goes on with the lesson.
  private var hasGoneOn = false

  /// The line that was carried out last, and the state before it.
  private var last: (number: Int, state: UInt64)?

  /// The prediction that was open, and the line that came then.
  private var pending: (id: String, line: String)?

  init(_ file: LessonRecordFile) {
    self.file = file
    let items = file.session.items
    stated = Set(
      zip(items, items.dropFirst()).compactMap { item, next in
        if case .state = next.item { item.number } else { nil }
      }
    )
    faults = file.faultsOfForm
  }

  var rightAtFirst: Int { firstAnswers.values.count { $0 } }

  /// Looks before a line is carried out.
  mutating func begin(
    _ line: String,
    _ number: Int,
    _ shell: Shell
  ) throws(ExecutionProblem) {
    try end(shell)
    last = (number, try shell.session.stateHash)
    let (name, words) = (Command.named(in: line)?.name, line.split(separator: " "))
    let isGoto = words.dropFirst().first == "goto"
    if name == Command.lesson.name, !isGoto {
      if hasGoneOn { faults.append(.begunAgain(line: number)) }
    } else {
      hasGoneOn = true
    }
    guard let player = shell.course.current?.player else { return }
    if let id = player.openPrediction?.id { pending = (id, line) }
    if let quiz = player.openQuiz, firstAnswers[quiz.id] == nil, let isRight = player.judges(line) {
      firstAnswers[quiz.id] = isRight
    }
    let jumps = name == Command.lesson.name && isGoto && words.count > 2
    if jumps || name == Command.skip.name && words.count > 1 { notes.append(.jumped(line)) }
  }

  /// Looks behind the last line.
  mutating func end(_ shell: Shell) throws(ExecutionProblem) {
    if let (number, state) = last, try state != shell.session.stateHash, !stated.contains(number) {
      faults.append(.withoutState(line: number))
    }
    last = nil
    guard let (id, line) = pending else { return }
    pending = nil
    guard shell.course.current?.player.openPrediction?.id != id,
      Command.named(in: line)?.name == Command.skip.name
    else { return }
    notes.append(.passedOver(id))
  }

  mutating func differs(_ problem: ReplayProblem) {
    guard case .differs(_, _, _, let place) = problem, !hasDiffered else { return }
    hasDiffered = true
    faults.append(.otherState(line: place.line ?? 0))
  }
}

extension LessonRecordFile {
  /// What no recorder writes, whatever a person does.
  fileprivate var faultsOfForm: [Bilingual] {
    var faults: [Bilingual] = []
    for case (let number, .partly(let partial)) in session.items where !partial.isPossible {
      faults.append(.leftOut(partial.line, line: number))
    }
    guard let result else { return faults }
    let behind = session.lines.indices.first { index in
      let line = session.lines[index]
      return index >= result.line && !line.isEmpty && !line.hasPrefix(Self.sealPrefix)
    }
    if let behind { faults.append(.behindResult(line: behind + 1)) }
    return faults
  }
}

extension LessonPlayer {
  /// Whether a line is the right answer to the open question; nil if it is none.
  fileprivate func judges(_ line: String) -> Bool? {
    let answer = line.hasPrefix(":answer ") ? String(line.dropFirst(":answer ".count)) : line
    var player = self
    switch try? player.answer(answer) {
    case .right: return true
    case .wrong: return false
    case .chosen(let option): return option.isRight
    case .predicted, nil: return nil
    }
  }
}
