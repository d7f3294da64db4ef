// SPDX-License-Identifier: MIT

import PassoModel
import PassoText
import PassoView

// Moving in time, and work that takes a while.
extension Shell {
  /// Moves in time and shows where that led.
  ///
  /// - Parameters:
  ///   - stride: What `:back` goes back by from there; nil leaves it.
  ///   - body: The move.
  /// - Throws: What the move throws.
  func move(
    stride: Zoom? = .op,
    _ body: (inout Timeline, StopControl) throws -> Void
  ) throws {
    try waitForLeftWork()
    let before = session.timeline.moment
    try watching { control in try body(&session.timeline, control) }
    // Who has stopped it has not "arrived" at where it was.
    if wasStopped, session.timeline.moment == before { throw Interrupted() }
    try session.checkTexts()
    if let stride { session.stride = stride }
    endInterruptedLine()
    showArrival(from: before)
    showStops()
  }

  /// Does something that what a person has asked to stop at can stop.
  func watching<T>(_ body: (StopControl) throws -> T) rethrows -> T {
    let control = StopControl(session, isInterrupted: shouldStop)
    defer {
      session.stops = control.stops
      lastControl = control
    }
    return try body(control)
  }

  /// Does something for which texts in files may have to be read: says how far it is, and stops at
  /// Ctrl-C.
  func readingTexts(_ body: (TextReading) throws -> Void) throws {
    let line = ProgressLine(console)
    defer { line.end() }
    try body(TextReading(cache: textCache, on: line.show, unless: shouldStop))
  }

  /// A search that Ctrl-C has ended knows nothing.
  func saySearchStopped() {
    console.say(
      Bilingual(
        it: "fermato prima della fine: non si sa",
        en: "stopped before the end: not known"
      )
    )
  }

  /// Why the last move stopped, if it did.
  func showStops() {
    guard let control = lastControl else { return }
    lastControl = nil
    for reason in control.reasons { console.show(StopView(session).reason(reason)) }
    for failure in control.failures { console.show(StopView(session).disabled(failure)) }
  }

  /// The terminal has written `^C` where the answer would begin.
  func endInterruptedLine() {
    if interrupted() { console.show(.text(TextFigure([TextFigure.Paragraph([])]))) }
  }

  /// The steps that were passed over, if they are few, and the one that was reached.
  private func showArrival(from before: Moment) {
    let now = session.timeline.moment
    if now.update == before.update, now.step > before.step, now.step - before.step <= 6 {
      for position in before.step..<now.step - 1 {
        console.show(StepView(session).passed(session.timeline.plan.step(at: position)))
      }
    }
    if now == before {
      console.say(
        Bilingual(it: "sei già lì, non c'è altro prima", en: "you are there already")
      )
    }
    console.show(now > before ? arrival : StepView(session).whereLine)
  }

  /// The step that was reached, with its result; of one that is large only where it is if nobody
  /// wants to wait for it.
  private var arrival: Figure {
    let session = session
    let figure = try? Interruption.attending { StepView(session).arrival }
    return figure ?? StepView(session).whereLine
  }
}
