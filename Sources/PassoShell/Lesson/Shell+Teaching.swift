// SPDX-License-Identifier: MIT

import PassoLesson

// What only whoever teaches a lesson sees: notes, time, and what comes next.
extension Shell {
  /// Shows a note of the lesson, with which a segment may begin.
  func teach(_ note: TeacherNote) {
    guard course.current?.clock != nil else { return }
    if note.clock != nil { course.current?.clock?.beginSegment() }
    show(note)
  }

  /// Shows the note of the segment again, where one has come to its middle.
  func repeatNote() {
    guard let player = course.current?.player, let segment = player.segment else { return }
    show(player.lesson.segments[segment].note)
  }

  private func show(_ note: TeacherNote) {
    guard let current = course.current, let clock = current.clock else { return }
    let number = note.clock == nil ? nil : current.player.segment
    console.show(LessonView.note(note, segment: number, of: current.lesson, at: clock.seconds))
  }

  /// Says how long the segment has taken, and what comes next.
  func sayTime() {
    guard let current = course.current, let clock = current.clock else { return }
    console.show(LessonView.time(clock, current.player))
  }

  /// Says how long the lesson has taken.
  func sayTimeAtEnd() {
    guard let current = course.current, let clock = current.clock else { return }
    console.show(LessonView.timeAtEnd(clock, current.lesson))
  }

  /// Lists the blocks of the open lesson to which one can go.
  func showBlocks() throws {
    guard let current = course.current else { throw CourseProblem.noLesson }
    console.show(LessonView.blocks(current.player, withPlan: current.clock != nil))
  }
}
