// SPDX-License-Identifier: MIT

/// Ctrl-C for work that lies too deep to be handed a question: long loops ask here.
///
/// Whoever reads lines says with `askingWith` how to ask; where nobody waits nothing is ever
/// interrupted. Threads that the work starts do not see it: their caller asks.
package enum Interruption {
  /// In a structure, because Swift 6.3 passes no metadata for a function as a task's value: an
  /// optimized program would crash.
  private struct Question: Sendable {
    let ask: @Sendable () -> Bool
  }

  @TaskLocal private static var question = Question { false }

  /// Whether whoever waits has asked to stop.
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

  /// Ends work whose result nobody waits for any more.
  package static func check() throws(Interrupted) {
    if isRequested() { throw Interrupted() }
  }
}

/// Work was stopped before it had a result.
package struct Interrupted: Problem, Equatable {
  package init() {}

  package var message: Bilingual {
    Bilingual(it: "fermato: tutto è come prima", en: "stopped: everything is as it was")
  }
}
