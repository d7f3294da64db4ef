// SPDX-License-Identifier: MIT

import PassoText

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// Work that is shared out among threads and waited for.
enum Threads {
  /// Runs the body once for each number below `count`, on as many threads, and waits for all.
  static func run(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
    var started: [pthread_t] = []
    for number in 1..<max(1, count) {
      if let thread = WorkerThread.start({ body(number) }) {
        started.append(thread)
      } else {
        body(number)
      }
    }
    body(0)
    for thread in started { pthread_join(thread, nil) }
  }
}

/// A value that threads may look at one after the other.
package final class Locked<Value>: @unchecked Sendable {
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private var value: Value

  package init(_ value: Value) {
    self.value = value
    pthread_mutex_init(mutex, nil)
  }

  deinit {
    pthread_mutex_destroy(mutex)
    mutex.deallocate()
  }

  package func access<Result>(_ body: (inout Value) -> Result) -> Result {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return body(&value)
  }
}
