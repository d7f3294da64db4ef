// SPDX-License-Identifier: MIT

/// Ctrl-C for work that lies too deep to be handed a question: long loops ask here.
///
/// Whoever reads lines says with `$isRequested.withValue` how to ask; where nobody waits nothing is
/// ever interrupted. Threads that the work starts do not see it: their caller asks.
package enum Interruption {
  /// Whether whoever waits has asked to stop.
  @TaskLocal package static var isRequested: @Sendable () -> Bool = { false }

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
