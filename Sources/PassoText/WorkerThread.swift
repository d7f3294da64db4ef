// SPDX-License-Identifier: MIT

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// A thread of the system for one piece of work.
package enum WorkerThread {
  /// Starts one; nil if the system has none to give, and then nothing was done.
  package static func start(_ work: @escaping @Sendable () -> Void) -> pthread_t? {
    let task = Unmanaged.passRetained(Task(work))
    #if canImport(Darwin)
    var thread: pthread_t?
    #else
    var thread = pthread_t()
    #endif
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    defer { pthread_attr_destroy(&attributes) }
    // What the first thread usually has; on some systems others have much less.
    pthread_attr_setstacksize(&attributes, 8 << 20)
    guard pthread_create(&thread, &attributes, entry, task.toOpaque()) == 0 else {
      task.release()
      return nil
    }
    return thread
  }

  private final class Task: Sendable {
    let work: @Sendable () -> Void

    init(_ work: @escaping @Sendable () -> Void) { self.work = work }
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
