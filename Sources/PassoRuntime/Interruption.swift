// SPDX-License-Identifier: MIT

import PassoText

/// Ctrl-C for work that lies too deep to be handed a question: long loops ask here.
///
/// The reader of lines says with `askingWith` how to ask; where nobody waits nothing is ever
/// interrupted. Threads that the work starts do not see it: their caller asks.
package enum Interruption {
  /// In a structure, because Swift 6.3 passes no metadata for a function as a task's value: an
  /// optimized program would crash.
  private struct Question: Sendable {
    let ask: @Sendable () -> Bool
  }

  @TaskLocal private static var question = Question { false }

  /// Whether a stop was requested.
  package static var isRequested: @Sendable () -> Bool { question.ask }

  /// Does something during which a person can ask to stop.
  ///
  /// - Parameters:
  ///   - ask: Whether the person has asked.
  ///   - body: What is done.
  /// - Returns: What `body` gives.
  package static func askingWith<Result>(
    _ ask: @escaping @Sendable () -> Bool,
    _ body: () throws -> Result
  ) rethrows -> Result {
    try $question.withValue(Question(ask: ask), operation: body)
  }

  /// Whether another thread waits for this one, and answers in its place.
  @TaskLocal private static var isAttended = false

  /// Does something on a thread for which another one answers.
  static func attended<Value>(
    by shouldStop: @escaping @Sendable () -> Bool,
    _ body: () -> Value
  ) -> Value {
    $isAttended.withValue(true) { askingWith(shouldStop, body) }
  }

  /// Does work that asks seldom, or never, so that a request to stop is answered all the same.
  ///
  /// The work is left alone when it is stopped, see `AttendedWork`: it must change nothing that
  /// others can see.
  ///
  /// - Throws: `Interrupted` if a stop was requested, or what the work throws.
  package static func attending<Value: Sendable>(
    _ work: @escaping @Sendable () throws -> Value
  ) throws -> Value {
    try check()
    if isAttended {
      let value = try work()
      // What was told to stop may have come to half an end.
      try check()
      return value
    }
    guard let outcome = AttendedWork(work).wait(unless: isRequested) else { throw Interrupted() }
    return try outcome.get()
  }

  /// Does something whose half would be worse than waiting for its end.
  package static func deferring<Value, Failure: Error>(
    _ body: () throws(Failure) -> Value
  ) throws(Failure) -> Value {
    // What the standard library calls passes on any error and forgets its type.
    func outcome() -> Result<Value, Failure> {
      do throws(Failure) { return .success(try body()) } catch { return .failure(error) }
    }
    return try askingWith({ false }, outcome).get()
  }

  /// Ends work whose result nobody waits for any more.
  package static func check() throws(Interrupted) {
    if isRequested() { throw Interrupted() }
  }
}

/// Work was stopped before it had a result.
package struct Interrupted: Problem, Equatable {
  package init() {}

  package var isWanted: Bool { true }

  package var message: Bilingual {
    Bilingual(it: "fermato: tutto è come prima", en: "stopped: everything is as it was")
  }
}
