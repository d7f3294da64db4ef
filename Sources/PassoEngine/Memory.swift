// SPDX-License-Identifier: MIT

import Glibc
import PassoRuntime

/// Where each value of a program is kept.
package struct MemoryPlan: Sendable {
  /// By value number.
  package let regions: [Region]

  /// Bytes in all.
  package let byteCount: Int

  /// Keeps every value: going back is then only moving a cursor.
  ///
  /// - Throws: `ExecutionProblem.tooLarge` if the values do not fit into the machine's memory.
  package init(
    keepingAllOf program: Program,
    precision: Precision,
    sharing shared: SharedValues? = nil
  ) throws(ExecutionProblem) {
    var regions: [Region] = []
    regions.reserveCapacity(program.values.count)
    var offset = 0
    for value in program.values {
      if let region = shared?.region(value) ?? program.overwritten(by: value, regions) {
        regions.append(region)
        continue
      }
      let width = value.element == .real ? precision.byteCount : MemoryLayout<Int32>.stride
      regions.append(Region(offset: offset, count: value.shape.count))
      let (bytes, overflow) = value.shape.count.multipliedReportingOverflow(by: width)
      let (end, overflows) = offset.addingReportingOverflow(bytes)
      guard !overflow, !overflows, end <= MemoryRoom.limit else {
        throw .tooLarge(bytes: overflow || overflows ? Int.max : end, limit: MemoryRoom.limit)
      }
      // Cache lines: no two values share one, and vector loads are aligned.
      offset = (end + 63) / 64 * 64
    }
    self.regions = regions
    self.byteCount = offset
  }
}

extension Program {
  /// The memory that a value takes over from an input of its step.
  fileprivate func overwritten(by value: Value, _ regions: [Region]) -> Region? {
    guard let producer = value.producer, let input = steps[producer].op.overwrittenInput
    else { return nil }
    return regions[steps[producer].inputs[input].index]
  }
}

/// One block of aligned bytes.
///
/// Not shared across threads: an `Execution` owns it alone, or copies it before it writes.
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
  init(byteCount: Int) throws(ExecutionProblem) {
    try MemoryRoom.check(byteCount)
    self.byteCount = byteCount
    isMapped = byteCount >= Self.mappedFrom
    guard isMapped else {
      var block: UnsafeMutableRawPointer?
      guard posix_memalign(&block, 64, max(byteCount, 64)) == 0, let block else {
        throw .refused(bytes: byteCount)
      }
      base = block
      memset(base, 0, byteCount)
      return
    }
    guard let pages = MemoryRoom.pages(byteCount) else { throw .refused(bytes: byteCount) }
    madvise(pages, byteCount, MADV_HUGEPAGE)
    base = pages
  }

  /// The last step that was left before its end: until then it writes to its value.
  var unfinished: AttendedWork<Void>?

  private let isMapped: Bool
  private static let mappedFrom = 4 << 20

  deinit {
    if isMapped { munmap(base, byteCount) } else { free(base) }
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
    let copy = try Memory(byteCount: byteCount)
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
  /// - Throws: `ExecutionProblem.refused` if so many bytes, and the reserve, are not to be had.
  package static func check(_ byteCount: Int) throws(ExecutionProblem) {
    guard has(byteCount) else { throw .refused(bytes: byteCount) }
  }
}
