// SPDX-License-Identifier: MIT

import PassoLesson
import PassoRuntime
import PassoSession
import PassoText

extension Shell {
  /// Goes to a block of the open lesson: forward to it, or from the beginning if it lies behind.
  ///
  /// What lies between is carried out out of sight; questions are passed over and give nothing.
  ///
  /// - Throws: `CourseProblem` if no lesson is open or has no such block, `Interrupted`, or what a
  ///   line throws; then all is as it was.
  func goTo(block id: String) throws {
    guard let current = course.current else { throw CourseProblem.noLesson }
    if course.excursion == .play { throw CourseProblem.playing }
    let places = current.lesson.places
    guard let place = places.first(where: { $0.id == id }) else {
      throw CourseProblem.noBlock(id, known: places.map(\.id))
    }
    let before = undoStack
    try outOfSight {
      comeBack()
      if current.player.line >= place.line {
        session = try Session(current.lesson)
        course.beginAgain()
        course.current?.record = current.record
        course.current?.clock = current.clock
        goOn()
      }
      try passOver(until: place.line)
    }
    undoStack = before
    sayPlace(Bilingual(same: ""))
    showStage()
    goOn()
  }

  /// Goes on to a line of the lesson's file; questions on the way are passed over.
  ///
  /// - Throws: `Interrupted`, or what a line of the lesson throws.
  func passOver(until line: Int) throws {
    while let player = course.current?.player, player.line < line {
      if let prepared = player.preparedCommand {
        try perform(prepared.text)
      } else {
        try skip(1)
      }
      if stop.isRequested() { throw Interrupted() }
    }
  }
}
