// SPDX-License-Identifier: MIT

/// How much one move passes over.
package enum Zoom: String, CaseIterable, Sendable {
  /// One step.
  case op
  /// The steps of one part of the model in one phase.
  case layer
  /// All of forward, loss, backward or update.
  case phase
  /// A whole training step.
  case update
}

/// A moment of training: so many updates are done, and so many steps of the next one.
///
/// The end of one update and the start of the next are one moment; it counts as the end of the
/// former, where every value can still be seen.
package struct Moment: Hashable, Sendable, Comparable {
  /// Updates that were completed before the current one.
  package var update: Int

  /// Steps done of the current one.
  package var step: Int

  /// A moment from its parts.
  package init(update: Int, step: Int) {
    self.update = update
    self.step = step
  }

  /// The order in time.
  package static func < (left: Moment, right: Moment) -> Bool {
    (left.update, left.step) < (right.update, right.step)
  }
}
