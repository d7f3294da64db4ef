// SPDX-License-Identifier: MIT

import PassoExpressions
import PassoModel
import PassoRuntime
import PassoSession
import PassoSessionViews
import PassoText
import PassoView

/// Moves the timeline of a shell's session where it is, and stops between two steps: at Ctrl-C, or
/// at what a person has asked to stop at.
///
/// It has no copy of the session while steps are done: it would keep the values as they are, and
/// the first step would have to copy all of them.
package struct Mover {
  private let shell: Shell

  init(_ shell: Shell) {
    self.shell = shell
  }

  /// The session as it is now.
  var session: Session { shell.session }

  var context: CommandContext { shell.context }

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
    let before = shell.session.timeline.moment
    let control = try steps(stride: stride) { timeline, control in
      try body(&timeline, control)
      // What was stopped has not "arrived" at where it was.
      if context.wasStopped, timeline.moment == before { throw Interrupted() }
    }.control
    context.endInterruptedLine()
    showArrival(from: before)
    showReasons(control)
  }

  /// Moves to a moment and shows where that led.
  func move(to moment: Moment) throws {
    try move { timeline, control in
      try timeline.move(to: moment, unless: control.shouldStop, stepDone: control.observer)
    }
  }

  /// Does steps, which what a person has asked to stop at can stop.
  ///
  /// - Parameters:
  ///   - stride: What `:back` goes back by from there; nil leaves it.
  ///   - body: The steps.
  /// - Returns: What `body` gives, and what watched the steps.
  /// - Throws: What `body` throws, or `TextProblem` if the data were changed under way.
  func steps<Result>(
    stride: Zoom?,
    _ body: (inout Timeline, StopControl) throws -> Result
  ) throws -> (result: Result, control: StopControl) {
    try shell.waitForLeftWork()
    let control = StopControl(shell.session, isInterrupted: context.shouldStop)
    defer { shell.session.view.stops = control.stops }
    let result = try body(&shell.session.timeline, control)
    // Nothing is learned from what another program has changed.
    try shell.session.checkTexts()
    if let stride { shell.session.view.stride = stride }
    return (result, control)
  }

  /// Goes on at another moment of the same run.
  func go(to timeline: Timeline) { shell.session.timeline = timeline }

  /// Why a move stopped, if it did.
  func showReasons(_ control: StopControl) {
    let view = StopView(control.stops)
    for reason in control.reasons where !hides(reason) { context.show(view.reason(reason)) }
    for failure in control.failures { context.show(view.disabled(failure)) }
  }

  /// Whether a reason shows numbers that would answer an open question.
  private func hides(_ reason: StopControl.Reason) -> Bool {
    guard case .watch(let text, _, _) = reason,
      let names = try? ExpressionParser.parse(text).expression.names
    else { return false }
    let session = session
    return names.contains { session.view.hidden.contains((try? session.fullName($0)) ?? $0) }
  }

  /// The steps that were passed over, if they are few, and the one that was reached.
  private func showArrival(from before: Moment) {
    let session = session
    let now = session.timeline.moment
    if now.update == before.update, now.step > before.step, now.step - before.step <= 6 {
      for position in before.step..<now.step - 1 {
        context.show(StepView(session).passed(session.timeline.plan.step(at: position)))
      }
    }
    if now == before { context.say(Self.noMove(at: now)) }
    context.show(now == before ? StepView(session).whereLine : arrival)
  }

  /// Why nothing was done.
  private static func noMove(at moment: Moment) -> Bilingual {
    moment == Moment(update: 0, step: 0)
      ? Bilingual(
        it: "sei all'inizio: prima non c'è altro",
        en: "you are at the start: there is nothing before it"
      )
      : Bilingual(
        it: "sei già lì: non c'è niente da eseguire",
        en: "you are there already: there is nothing to do"
      )
  }

  /// The step that was reached, with its result; of one that is large only where it is if nobody
  /// wants to wait for it.
  private var arrival: Figure {
    let session = session
    let figure = try? Interruption.attending { StepView(session).arrival }
    return figure ?? StepView(session).whereLine
  }
}
