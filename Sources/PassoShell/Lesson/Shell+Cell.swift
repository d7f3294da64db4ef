// SPDX-License-Identifier: MIT

import PassoLesson
import PassoModel
import PassoSession
import PassoText
import PassoView

// The cells of a notebook are run in any order, and again: each goes to its block first.
extension Shell {
  /// Goes to the block that a cell is, wherever the session is; a problem is reported, and leaves
  /// everything as it was.
  ///
  /// What was done between is kept; what was passed over is carried out out of sight, and gives
  /// nothing. Nothing is noted of who takes the lesson.
  package func enter(_ cell: LessonCell) -> Outcome {
    do {
      console.language = cell.language
      let lesson = try course.lesson(cell.lesson, cell.language)
      if !isInNotebook(of: lesson) {
        try keeping(":lesson \(lesson.name)") {
          try attending(cell.firstLine) { try beginInNotebook(lesson) }
        }
      }
      try attending(cell.firstLine) { try reach(cell, in: lesson) }
      course.cells[cell] = isLargeSession ? nil : state
      setOpenStage()
      return .done
    } catch {
      console.report(error.asProblem)
      return .failed
    }
  }

  /// Carries out a line of a cell behind its first.
  ///
  /// - Returns: How it ended, and whether the rest of the cell has to wait: for what is to be
  ///   filled in, or because the exercise is over.
  package func execute(_ line: String, in cell: LessonCell) -> (outcome: Outcome, isOver: Bool) {
    let before = course.current?.player
    if cell.level != nil, line.contains(FadedLine.blank) {
      console.show(LessonView.fillingHelp)
      return (.done, true)
    }
    // Whoever writes between the brackets means what is inside.
    let line = cell.level == nil ? line : line.filter { !"⟦⟧".contains($0) }
    let outcome = execute(line)
    let after = course.current?.player
    let exercise = before?.openExercise?.id
    if exercise != nil, after?.openExercise?.id != exercise { return (outcome, true) }
    let isHelp = Command.named(in: line)?.name == Command.hint.name
    let isStuck =
      !isHelp && before?.openLine != nil
      && before?.openLine.map(\.line) == after?.openLine.map(\.line)
      && before?.openLevel == after?.openLevel
    return (outcome, isStuck)
  }

  /// Says what belongs in a cell in which nothing stands but its first line.
  package func sayCellIsEmpty() {
    guard course.isAsking else { return }
    let said = Bilingual(
      it: "scrivi la risposta in questa cella, sotto il commento, e rieseguila",
      en: "type your answer in this cell, below the comment, and run it again"
    )
    console.show(.line(said, .dim))
  }
}

// MARK: - Going there

extension Shell {
  /// Values that take more than this are computed again rather than kept.
  private var isLargeSession: Bool { session.timeline.byteCount.values > 32 << 20 }

  /// Whether the lesson that is open is that of a notebook's cells.
  package var isInNotebook: Bool { course.current?.isInNotebook == true }

  private func isInNotebook(of lesson: Lesson) -> Bool {
    guard let current = course.current, current.isInNotebook else {
      return course.finished.map { $0.isInNotebook && $0.lesson == lesson } ?? false
    }
    return current.lesson == lesson
  }

  private func beginInNotebook(_ lesson: Lesson) throws {
    try outOfSight { try beginAnewInNotebook(lesson) }
    course.cells = [:]
  }

  private func beginAnewInNotebook(_ lesson: Lesson) throws {
    session = try Session(lesson)
    course.begin(lesson)
    course.current?.isInNotebook = true
    goOn()
  }

  private func reach(_ cell: LessonCell, in lesson: Lesson) throws {
    guard let place = lesson.places.first(where: { $0.id == cell.block }) else {
      throw CourseProblem.noBlock(cell.block, known: lesson.places.map(\.id))
    }
    comeBack()
    if isWaiting(for: cell, at: place.line) { return }
    let before = undoStack
    try keeping(":lesson goto \(cell.block)") {
      if let kept = course.cells[cell] {
        (session, course.current) = (kept.session.keepingView(of: session), kept.lesson)
      } else {
        try outOfSight { try walk(to: cell, at: place.line, lesson) }
      }
    }
    undoStack = before
  }

  private func walk(to cell: LessonCell, at line: Int, _ lesson: Lesson) throws {
    if course.current.map({ $0.player.line >= line }) ?? true { try beginAnewInNotebook(lesson) }
    try passOver(until: line)
    while let level = cell.level, let player = course.current?.player,
      let open = player.openLevel, open.rawValue < level.rawValue
    {
      if player.awaitsStage {
        setOpenStage()
      } else if let line = player.openLine?.line.whole ?? player.preparedCommand?.text {
        try acting(as: .prepared) { try carryOut(line, Arguments.split(line)) }
        lineIsFilled()
      } else {
        return
      }
    }
  }

  /// Whether the lesson waits at the beginning of the block.
  private func isWaiting(for cell: LessonCell, at line: Int) -> Bool {
    guard let player = course.current?.player, player.line == line else { return false }
    if player.openExercise != nil {
      return player.awaitsStage && (player.openLevel ?? .worked) == cell.level ?? .worked
    }
    guard let prepared = player.preparedCommand else { return player.isAsking }
    let block = player.lesson.items.first { $0.line == line }?.content.runBlock
    return block?.commands.first == prepared
  }

  /// Sets the stage of the exercise that waits for it.
  private func setOpenStage() {
    guard course.current?.player.awaitsStage == true,
      case .stage(let exercise, let level, let lines)? = course.current?.player.advance()
    else { return }
    setStage(exercise, level, lines)
  }
}
