// SPDX-License-Identifier: MIT

import PassoData
import PassoFiles
import PassoModel
import PassoRuntime
import PassoSession
import PassoText
import Synchronization

// Whatever a line computes, the thread that talks to the person is free to answer: another one does
// the work on a copy of the session, which may take the place of the session at the end. A line
// that is stopped has changed nothing, however deep it was in something that asks nobody.
extension Shell {
  /// Does something that may be thrown away, on a copy of the session.
  ///
  /// Lines of a lesson are done on this thread: they may have to ask the person something.
  ///
  /// - Parameters:
  ///   - grace: Hundredths of a second in which a line that was stopped can say what it has.
  ///   - body: What is done.
  /// - Returns: The copy, as it was left.
  /// - Throws: `Interrupted` if it was told to stop and did not end by itself, or what `body`
  ///   throws.
  func attempting(
    grace: Int = CommandDescription.usualGrace,
    _ body: @escaping @Sendable (inout SessionDraft, CommandContext) throws -> Void
  ) throws -> SessionDraft {
    if case .lesson = author {
      var draft = SessionDraft(session)
      try body(&draft, context)
      return draft
    }
    let outbox = Outbox()
    let attempt = Attempt(session, context.handing(over: outbox.add))
    let scope = FileScope.current
    let work = AttendedWork { try scope.around { try body(&attempt.draft, attempt.context) } }
    let outcome = work.wait(grace: grace) {
      outbox.deliver(to: console)
      return stop.isRequested()
    }
    guard let outcome else {
      leftWork = work
      throw Interrupted()
    }
    outbox.deliver(to: console)
    console.transcript.add(attempt.context.console.transcript)
    try outcome.get()
    return attempt.draft
  }

  /// Does a line, and says at its end if it had to compute values again for long.
  func sayingWhatTookLong(_ body: () throws -> Void) rethrows {
    let recomputation = Recomputation()
    defer {
      if let note = recomputation.note { console.say(note) }
    }
    try recomputation.counting(body)
  }

  /// Waits until nothing of a line that was stopped is at work any more: it holds the values, and
  /// a step would have to copy them before it changes them.
  ///
  /// - Throws: `Interrupted`.
  func waitForLeftWork() throws(Interrupted) {
    guard let leftWork else { return }
    guard leftWork.wait(unless: stop.isRequested) != nil else { throw Interrupted() }
    self.leftWork = nil
  }
}

/// What one thread makes and another uses, until the first sees that it is done.
private final class Attempt: @unchecked Sendable {
  var draft: SessionDraft
  let context: CommandContext

  init(_ session: Session, _ context: CommandContext) {
    (draft, self.context) = (SessionDraft(session), context)
  }
}

/// What one thread has to show, and another one shows.
private final class Outbox: Sendable {
  private let waiting = Mutex<[Console.Output]>([])

  func add(_ output: Console.Output) {
    waiting.withLock { $0.append(output) }
  }

  func deliver(to console: Console) {
    let outputs = waiting.withLock { waiting in
      defer { waiting = [] }
      return waiting
    }
    for output in outputs { console.put(output) }
    if !outputs.isEmpty { console.flush() }
  }
}
