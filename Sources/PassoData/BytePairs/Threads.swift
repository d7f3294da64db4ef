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
