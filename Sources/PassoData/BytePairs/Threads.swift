// SPDX-License-Identifier: MIT

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
      let task = Unmanaged.passRetained(Task { body(number) })
      if let thread = start(task) {
        started.append(thread)
      } else {
        task.takeRetainedValue().work()
      }
    }
    body(0)
    for thread in started { pthread_join(thread, nil) }
  }

  private final class Task: Sendable {
    let work: @Sendable () -> Void

    init(_ work: @escaping @Sendable () -> Void) { self.work = work }
  }

  private static func start(_ task: Unmanaged<Task>) -> pthread_t? {
    #if canImport(Darwin)
    var thread: pthread_t?
    let failed = pthread_create(&thread, nil, entry, task.toOpaque())
    return failed == 0 ? thread : nil
    #else
    var thread = pthread_t()
    let failed = pthread_create(&thread, nil, entry, task.toOpaque())
    return failed == 0 ? thread : nil
    #endif
  }

  #if canImport(Darwin)
  private static let entry: @convention(c) (UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? = {
    Unmanaged<Task>.fromOpaque($0).takeRetainedValue().work()
    return nil
  }
  #else
  private static let entry: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? =
    {
      if let task = $0 { Unmanaged<Task>.fromOpaque(task).takeRetainedValue().work() }
      return nil
    }
  #endif
}
