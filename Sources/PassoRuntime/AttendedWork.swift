// SPDX-License-Identifier: MIT

import Dispatch
import Synchronization

/// Work that another thread does, while the one that waits for it can lose patience.
///
/// Work that nobody wants any more is left to itself: it goes on to its end, or to where it asks
/// `Interruption` the next time, and its result is dropped. So it may change nothing but memory
/// that it keeps alive itself and that others leave alone until `wait` has seen its end.
package final class AttendedWork<Value: Sendable>: Sendable {
  private struct State {
    var outcome: Result<Value, any Error>?
    var isUnwanted = false
  }

  private let state = Mutex(State())
  private let ended = DispatchSemaphore(value: 0)

  /// Begins; where the system has no thread to give it is done at once.
  package init(_ work: @escaping @Sendable () throws -> Value) {
    // What the work keeps alive must be free when its end is seen, so it goes before.
    let recomputation = Recomputation.current
    let held = Held { try recomputation?.counting(work) ?? work() }
    let perform: @Sendable () -> Void = { [self] in
      let outcome = held.perform(unless: { [self] in state.withLock { $0.isUnwanted } })
      state.withLock { $0.outcome = outcome }
      ended.signal()
    }
    if !WorkerThread.start(perform) { perform() }
  }

  /// Whether it has come to its end.
  package var isDone: Bool { outcome != nil }

  private var outcome: Result<Value, any Error>? { state.withLock { $0.outcome } }

  /// Waits for the end.
  ///
  /// - Parameters:
  ///   - grace: Hundredths of a second that it has to end in good order once it is told to stop.
  ///   - shouldStop: Asked a hundred times a second.
  /// - Returns: What came of it; nil if it was told to stop and did not end.
  package func wait(grace: Int = 0, unless shouldStop: () -> Bool) -> Result<Value, any Error>? {
    while true {
      if let outcome = outcomeSoon() { return outcome }
      guard shouldStop() else { continue }
      state.withLock { $0.isUnwanted = true }
      for _ in 0..<grace {
        if let outcome = outcomeSoon() { return outcome }
      }
      return nil
    }
  }

  /// What came of it, if it ends within a hundredth of a second.
  private func outcomeSoon() -> Result<Value, any Error>? {
    if !isDone { _ = ended.wait(timeout: .now() + .milliseconds(10)) }
    return outcome
  }

  /// The work until it is done.
  private final class Held: @unchecked Sendable {
    private var work: (@Sendable () throws -> Value)?

    init(_ work: @escaping @Sendable () throws -> Value) { self.work = work }

    /// Used once, by the thread that works.
    func perform(unless shouldStop: @escaping @Sendable () -> Bool) -> Result<Value, any Error> {
      defer { work = nil }
      guard let work else { return .failure(Interrupted()) }
      return Interruption.attended(by: shouldStop) { Result { try work() } }
    }
  }
}
