// SPDX-License-Identifier: MIT

import Synchronization

/// Encoders that nobody uses at the moment; each has memory that is worth keeping.
final class IdleEncoders: Sendable {
  private let encoders = Mutex<[BytePairEncoder]>([])

  /// Takes one out, for one thread; nil if all are in use.
  func take() -> BytePairEncoder? { encoders.withLock { $0.popLast() } }

  func put(_ encoder: BytePairEncoder) { encoders.withLock { $0.append(encoder) } }
}

// It is with one thread at a time: the one that has taken it out.
extension BytePairEncoder: @unchecked Sendable {}
