// SPDX-License-Identifier: MIT

import Glibc

/// A thread of the system for one piece of work.
enum WorkerThread {
  /// Starts one, which nobody waits for; false if the system has none to give, and then nothing
  /// was done.
  static func start(_ work: @escaping @Sendable () -> Void) -> Bool {
    let kept = Unmanaged.passRetained(Work(work))
    var thread = pthread_t()
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    defer { pthread_attr_destroy(&attributes) }
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    // What the first thread usually has; on some systems others have much less.
    pthread_attr_setstacksize(&attributes, 8 << 20)
    guard pthread_create(&thread, &attributes, entry, kept.toOpaque()) == 0 else {
      kept.release()
      return false
    }
    return true
  }

  private final class Work: Sendable {
    let work: @Sendable () -> Void

    init(_ work: @escaping @Sendable () -> Void) { self.work = work }
  }

  private static let entry: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? =
    {
      if let kept = $0 { Unmanaged<Work>.fromOpaque(kept).takeRetainedValue().work() }
      return nil
    }
}
