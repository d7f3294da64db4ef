// SPDX-License-Identifier: MIT

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// Work that another thread does, while whoever waits for it can lose patience.
///
/// Work that nobody wants any more is left to itself: it goes on to its end, or to where it asks
/// `Interruption` the next time, and its result is dropped. So it may change nothing but memory
/// that it keeps alive itself and that others leave alone until `wait` has seen its end.
package final class AttendedWork<Value: Sendable>: @unchecked Sendable {
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let ended = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  // Both are looked at under the mutex.
  private var outcome: Result<Value, any Error>?
  private var isUnwanted = false

  /// Begins; where the system has no thread to give it is done at once.
  package init(_ work: @escaping @Sendable () throws -> Value) {
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(ended, nil)
    // What the work keeps alive must be free when its end is seen, so it goes before.
    let held = Held(work)
    let perform: @Sendable () -> Void = { [self] in
      finish(held.perform(unless: { [self] in locked { isUnwanted } }))
    }
    if let thread = WorkerThread.start(perform) { pthread_detach(thread) } else { perform() }
  }

  deinit {
    pthread_cond_destroy(ended)
    ended.deallocate()
    pthread_mutex_destroy(mutex)
    mutex.deallocate()
  }

  /// Whether it has come to its end.
  package var isDone: Bool { locked { outcome != nil } }

  /// Waits for the end.
  ///
  /// - Parameters:
  ///   - grace: Hundredths of a second that it has to end in good order once it is told to stop.
  ///   - shouldStop: Asked a hundred times a second.
  /// - Returns: What came of it; nil if it was told to stop and did not end.
  package func wait(grace: Int = 0, unless shouldStop: () -> Bool) -> Result<Value, any Error>? {
    while true {
      if let outcome = outcome(within: Self.hundredth) { return outcome }
      guard shouldStop() else { continue }
      locked { isUnwanted = true }
      for _ in 0..<grace {
        if let outcome = outcome(within: Self.hundredth) { return outcome }
      }
      return nil
    }
  }

  private static var hundredth: Int { 10_000_000 }

  private func outcome(within nanoseconds: Int) -> Result<Value, any Error>? {
    locked {
      if outcome == nil {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        let end = Int(time.tv_nsec) + nanoseconds
        time.tv_sec += end / 1_000_000_000
        time.tv_nsec = end % 1_000_000_000
        pthread_cond_timedwait(ended, mutex, &time)
      }
      return outcome
    }
  }

  private func finish(_ result: Result<Value, any Error>) {
    locked {
      outcome = result
      pthread_cond_broadcast(ended)
    }
  }

  private func locked<Result>(_ body: () -> Result) -> Result {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return body()
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
