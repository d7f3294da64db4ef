// SPDX-License-Identifier: MIT

import Synchronization

/// Remembers the ids of short pieces, for one thread.
final class PieceMemory {
  private let cache = PieceCache()
  private var kept: [TokenID] = Array(repeating: 0, count: PieceCache.mostIDs + 1)

  /// Appends the ids of a part of a text, which are made if they are not remembered.
  @inline(__always)
  func append(
    _ text: UnsafeBufferPointer<UInt8>,
    _ range: Range<Int>,
    to ids: inout [TokenID],
    _ make: (UnsafeBufferPointer<UInt8>, inout [TokenID]) -> Void
  ) {
    let piece = UnsafeBufferPointer(rebasing: text[range])
    guard let start = piece.baseAddress, piece.count <= PieceCache.longest, !piece.isEmpty else {
      return make(piece, &ids)
    }
    let readable = text.count - range.lowerBound
    let key = cache.key(start, length: piece.count, readable: readable)
    let line = cache.line(of: key)
    let isKnown = kept.withUnsafeMutableBufferPointer { kept in
      guard let room = kept.baseAddress, let count = cache.copyIDs(line, if: key, to: room) else {
        return false
      }
      ids.append(contentsOf: kept.prefix(count))
      return true
    }
    if isKnown { return }
    let before = ids.count
    make(piece, &ids)
    let count = ids.count - before
    guard count <= PieceCache.mostIDs else { return }
    ids.withUnsafeMutableBufferPointer { ids in
      guard let base = ids.baseAddress else { return }
      cache.keep(line, key, base + before, count: count)
    }
  }
}

// It is with one thread at a time: the one that has taken it out.
extension PieceMemory: @unchecked Sendable {}

/// Workers that nobody uses at the moment; each has memory that is worth keeping.
final class IdleWorkers<Worker: Sendable>: Sendable {
  private let workers = Mutex<[Worker]>([])

  /// Takes one out, for one thread; nil if all are in use.
  func take() -> Worker? { workers.withLock { $0.popLast() } }

  func put(_ worker: Worker) { workers.withLock { $0.append(worker) } }

  /// How many nobody uses.
  var count: Int { workers.withLock(\.count) }
}
