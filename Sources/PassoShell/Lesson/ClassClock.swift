// SPDX-License-Identifier: MIT

/// The time that a lesson takes before a class.
///
/// It does not tick: whoever goes on in the lesson is told what it says then.
package struct ClassClock: Sendable {
  private let now: @Sendable () -> Duration

  /// When the lesson and its segment began.
  private var began = Duration.zero
  private var segmentBegan = Duration.zero

  /// Measures by a clock that only ever goes forward.
  package init() {
    let start = ContinuousClock.now
    self.init { ContinuousClock.now - start }
  }

  init(now: @escaping @Sendable () -> Duration) {
    self.now = now
  }

  /// The clock when a lesson begins.
  func started() -> ClassClock {
    var clock = self
    clock.began = now()
    clock.segmentBegan = clock.began
    return clock
  }

  mutating func beginSegment() { segmentBegan = now() }

  /// Seconds since the lesson began.
  var seconds: Int { Self.seconds(now() - began) }

  /// Seconds since its segment began.
  var secondsInSegment: Int { Self.seconds(now() - segmentBegan) }

  private static func seconds(_ duration: Duration) -> Int {
    Int(clamping: max(0, duration.components.seconds))
  }
}
