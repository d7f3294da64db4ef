// SPDX-License-Identifier: MIT

import Glibc
import PassoRuntime
import Synchronization

/// One block of aligned bytes.
///
/// Not written by several threads: an `Execution` owns it alone, or takes another one to write to.
final class Memory: @unchecked Sendable {
  let base: UnsafeMutableRawPointer
  let byteCount: Int

  /// Makes room, all 0.
  ///
  /// What is large comes from the system in pages that are 0 already and exist only once they are
  /// touched; pages of 2 MB where the system has them, because 4 KB apiece are faults by the
  /// hundred thousand.
  ///
  /// - Throws: `ExecutionProblem.refused` if the system does not give it.
  convenience init(byteCount: Int) throws(ExecutionProblem) {
    try self.init(byteCount, isCleared: true)
  }

  /// Makes room for what will be written whole: any numbers may be there.
  ///
  /// - Throws: `ExecutionProblem.refused` if the system does not give it.
  static func uncleared(_ byteCount: Int) throws(ExecutionProblem) -> Memory {
    try Memory(byteCount, isCleared: false)
  }

  private init(_ byteCount: Int, isCleared: Bool) throws(ExecutionProblem) {
    self.byteCount = byteCount
    isMapped = byteCount >= Self.mappedFrom
    if isMapped {
      if !isCleared, let pages = SparePages.take(byteCount) {
        base = pages
        return
      }
      try MemoryRoom.check(byteCount)
      guard let pages = MemoryRoom.pages(byteCount) else { throw .refused(bytes: byteCount) }
      madvise(pages, byteCount, MADV_HUGEPAGE)
      base = pages
      return
    }
    var block: UnsafeMutableRawPointer?
    guard posix_memalign(&block, 64, max(byteCount, 64)) == 0, let block else {
      throw .refused(bytes: byteCount)
    }
    base = block
    if isCleared { memset(base, 0, byteCount) }
  }

  /// The last step that was left before its end: until then it writes to its value.
  var unfinished: AttendedWork<Void>?

  /// Whether somebody counts on the numbers as they are: then nobody may write others.
  var isFixed = false

  private let isMapped: Bool
  private static let mappedFrom = 1 << 18

  deinit {
    if !isMapped {
      free(base)
    } else if !SparePages.put(base, byteCount) {
      munmap(base, byteCount)
    }
  }

  /// Says that little of a range will be written: a large page for each place would be cleared for
  /// nothing.
  func willBeSparse(_ range: Range<Int>) {
    let page = sysconf(Int32(_SC_PAGESIZE))
    guard isMapped, page > 0 else { return }
    let start = (range.lowerBound + page - 1) / page * page
    let end = range.upperBound / page * page
    if start < end { madvise(base + start, end - start, MADV_NOHUGEPAGE) }
  }

  /// Writes numbers as they are.
  func write(_ tensor: Tensor, at offset: Int) {
    func write<T>(_ numbers: [T]) {
      (base + offset).assumingMemoryBound(to: T.self).update(from: numbers, count: numbers.count)
    }
    switch tensor.storage {
    case .f32(let numbers): write(numbers)
    case .f64(let numbers): write(numbers)
    case .integers(let ids): write(ids)
    }
  }

  /// The same bytes in a place of their own.
  ///
  /// - Returns: The copy; nil if it was told to stop.
  /// - Throws: `ExecutionProblem.refused` if the system does not give it.
  func copy(unless shouldStop: () -> Bool) throws(ExecutionProblem) -> Memory? {
    let copy = try Memory.uncleared(byteCount)
    for start in stride(from: 0, to: byteCount, by: Self.copiedAtOnce) {
      if start > 0, shouldStop() { return nil }
      memcpy(copy.base + start, base + start, min(Self.copiedAtOnce, byteCount - start))
    }
    return copy
  }

  /// Bytes between two questions whether to stop.
  private static let copiedAtOnce = 1 << 25
}

extension MemoryRoom {
  /// Whether the reserve is still to be had, if pages that nobody reads are given back.
  package static var hasReserve: Bool { (try? check(1 << 20)) != nil }

  /// - Throws: `ExecutionProblem.refused` if so many bytes, and the reserve, are not to be had.
  package static func check(_ byteCount: Int) throws(ExecutionProblem) {
    if has(byteCount) { return }
    SparePages.removeAll()
    guard has(byteCount) else { throw .refused(bytes: byteCount) }
  }
}

/// Pages that nobody reads any more, to be written again.
///
/// The system clears new ones, which takes longer than most steps take to fill them.
private enum SparePages {
  private struct Pages: ~Copyable {
    var bySize: [Int: [Int]] = [:]
    var byteCount = 0
  }

  private static let pages = Mutex(Pages())

  /// Bytes that are kept at most.
  private static let limit = 128 << 20

  /// Keeps pages; false if there are enough.
  static func put(_ start: UnsafeMutableRawPointer, _ byteCount: Int) -> Bool {
    pages.withLock { pages in
      guard pages.byteCount + byteCount <= limit else { return false }
      pages.byteCount += byteCount
      pages.bySize[byteCount, default: []].append(Int(bitPattern: start))
      return true
    }
  }

  static func take(_ byteCount: Int) -> UnsafeMutableRawPointer? {
    let start = pages.withLock { pages -> Int? in
      guard let start = pages.bySize[byteCount]?.popLast() else { return nil }
      pages.byteCount -= byteCount
      return start
    }
    return start.flatMap { UnsafeMutableRawPointer(bitPattern: $0) }
  }

  /// Gives everything back to the system.
  static func removeAll() {
    pages.withLock { pages in
      for (byteCount, starts) in pages.bySize {
        for start in starts { munmap(UnsafeMutableRawPointer(bitPattern: start), byteCount) }
      }
      (pages.bySize, pages.byteCount) = ([:], 0)
    }
  }
}
