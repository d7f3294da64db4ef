// SPDX-License-Identifier: MIT

import PassoData
import PassoModel
import PassoText
import Synchronization

// Whatever a line computes, the thread that talks to the person is free to answer: another one does
// the work with a shell of its own, whose session takes the place of this one's at the end. A line
// that is stopped has changed nothing, however deep it was in something that asks nobody.
extension Shell {
  /// Does something that may be thrown away: it changes the session of the shell it gets, and shows
  /// things, nothing else.
  ///
  /// Lines of a lesson are done here: they may have to ask the person something.
  ///
  /// - Throws: `Interrupted` if it was told to stop and did not end by itself, or what `body` throws.
  func attempting(_ body: @escaping @Sendable (Shell) throws -> Void) throws {
    if case .lesson = author { return try body(self) }
    let outbox = Outbox()
    let attempt = Attempt(of: self, outbox)
    let scope = FileScope.current
    let work = AttendedWork { try scope.around { try body(attempt.shell) } }
    let outcome = work.wait(grace: Self.grace) {
      outbox.deliver(to: console)
      return shouldStop()
    }
    guard let outcome else {
      leftWork = work
      throw Interrupted()
    }
    outbox.deliver(to: console)
    console.transcript.add(attempt.shell.console.transcript)
    try outcome.get()
    (session, mergeWatch) = (attempt.shell.session, attempt.shell.mergeWatch)
  }

  /// Hundredths of a second in which a line that was stopped can say what it has.
  private static let grace = 4

  /// Waits until nothing of a line that was stopped is at work any more: it holds the values, and
  /// whoever changes them now would have to copy them.
  ///
  /// - Throws: `Interrupted`.
  func waitForLeftWork() throws(Interrupted) {
    guard let leftWork else { return }
    guard leftWork.wait(unless: shouldStop) != nil else { throw Interrupted() }
    self.leftWork = nil
  }
}

/// A shell that one thread makes and another uses, until the first sees that it is done.
private final class Attempt: @unchecked Sendable {
  let shell: Shell

  init(of shell: Shell, _ outbox: Outbox) {
    self.shell = Shell(attemptOf: shell, console: shell.console.handing(over: outbox.add))
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
