// SPDX-License-Identifier: MIT

import Glibc

/// How long a line of a lesson may compute before nobody waits for it any more.
///
/// What counts is the time of the processor that the thread uses which takes the lesson, so that
/// other work on the machine changes nothing. What other threads do for it is not seen so, and has
/// ten times as long by the clock.
package final class TurnBudget {
  package let limit: Duration
  private var computed = TurnBudget.computingTime
  private var begun = ContinuousClock.now

  /// Whether a line has taken longer; that stays.
  package private(set) var isSpent = false

  package init(_ limit: Duration) { self.limit = limit }

  /// Says that another line begins.
  func begin() { (computed, begun) = (Self.computingTime, .now) }

  /// Looks whether the line under way has taken longer.
  func isUsedUp() -> Bool {
    guard !isSpent else { return true }
    let isOver = Self.computingTime - computed > limit || begun.duration(to: .now) > limit * 10
    isSpent = isOver
    return isOver
  }

  /// The time of the processor that this thread has used.
  private static var computingTime: Duration {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
  }
}
