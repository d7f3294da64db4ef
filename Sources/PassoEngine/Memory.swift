// SPDX-License-Identifier: MIT

import PassoText

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

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
      guard !overflow, !overflows, end <= Self.limit else {
        throw .tooLarge(bytes: overflow || overflows ? Int.max : end, limit: Self.limit)
      }
      // Cache lines: no two values share one, and vector loads are aligned.
      offset = (end + 63) / 64 * 64
    }
    self.regions = regions
    self.byteCount = offset
  }

  /// Three quarters of what the machine has; more would have to be swapped.
  package static let limit: Int = {
    let bytes = sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE))
    return bytes > 0 ? bytes / 4 * 3 : 1 << 34
  }()
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
    guard let pages = Self.map(byteCount) else { throw .refused(bytes: byteCount) }
    #if os(Linux)
    madvise(pages, byteCount, MADV_HUGEPAGE)
    #endif
    base = pages
  }

  /// Pages of the system, all 0; nil if it does not give them.
  fileprivate static func map(_ byteCount: Int) -> UnsafeMutableRawPointer? {
    let flags = MAP_PRIVATE | MAP_ANON
    let pages = mmap(nil, byteCount, PROT_READ | PROT_WRITE, flags, -1, 0)
    return pages == MAP_FAILED ? nil : pages
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

/// Whether the system would give more memory, asked before it is needed.
///
/// What Swift allocates cannot fail: the process ends. So what may be large asks here first, and a
/// reserve stays for all that is small.
package enum MemoryRoom {
  /// Enough for what a command says, draws and remembers.
  private static let reserve = 48 << 20

  /// Fewer bytes come out of the reserve.
  fileprivate static let smallest = 4 << 20

  /// What is small is not asked for: for that the reserve is there.
  ///
  /// - Throws: `ExecutionProblem.refused` if so many bytes, and the reserve, are not to be had.
  package static func check(_ byteCount: Int) throws(ExecutionProblem) {
    guard has(byteCount) else { throw .refused(bytes: byteCount) }
  }

  /// Whether so many bytes, and the reserve, are to be had.
  package static func has(_ byteCount: Int) -> Bool {
    guard byteCount >= Self.smallest else { return true }
    let (wanted, overflow) = byteCount.addingReportingOverflow(reserve)
    guard !overflow, let pages = Memory.map(wanted) else { return false }
    munmap(pages, wanted)
    return true
  }
}

/// Room for what grows piece by piece, and whose end nobody knows.
package struct GrowingRoom {
  private var byteCount = 0
  private var granted = 0

  package init() {}

  /// Asks again whenever it has grown by some megabytes: for as much as there is already, because
  /// what has to move takes its place twice for a moment.
  ///
  /// - Throws: `ExecutionProblem.refused`.
  package mutating func add(_ bytes: Int) throws(ExecutionProblem) {
    byteCount += bytes
    guard byteCount > granted else { return }
    let wanted = max(byteCount, MemoryRoom.smallest)
    try MemoryRoom.check(wanted)
    granted = byteCount + MemoryRoom.smallest
  }
}

/// Why a program cannot be executed, or a move cannot be made.
public enum ExecutionProblem: Problem, Equatable {
  /// The values need more bytes than the machine has.
  case tooLarge(bytes: Int, limit: Int)
  /// The system does not give so many bytes: others use them, or a limit is set.
  case refused(bytes: Int)
  /// A name that the program does not have.
  case unknownName(String, closest: String?)

  /// The sentence with what was needed and what was found.
  public var message: Bilingual {
    switch self {
    case .tooLarge(let bytes, let limit):
      let needed = NumberText.fixed(Double(bytes) / 1e9, 1)
      let there = NumberText.fixed(Double(limit) / 1e9, 1)
      return Bilingual(
        it: "i valori di questo programma occupano \(needed) GB, ce ne sono \(there)",
        en: "the values of this program take \(needed) GB, there are \(there)"
      )
    case .refused(let bytes):
      let isLarge = bytes >= 100_000_000
      let needed =
        isLarge
        ? NumberText.fixed(Double(bytes) / 1e9, 1) + " GB"
        : "\(max(1, bytes / 1_000_000)) MB"
      return Bilingual(
        it: "servono altri \(needed) di memoria, il sistema non li concede",
        en: "needs another \(needed) of memory, the system does not give them"
      )
    case .unknownName(let name, _):
      return Bilingual(
        it: "nessun valore si chiama «\(name)»",
        en: "no value is called '\(name)'"
      )
    }
  }

  /// What to type next.
  public var hint: Bilingual? {
    switch self {
    case .tooLarge, .refused:
      Bilingual(
        it: "scegli un modello più piccolo, un contesto più corto o meno righe",
        en: "choose a smaller model, a shorter context or fewer rows"
      )
    case .unknownName(_, let closest):
      if let closest {
        Bilingual(
          it: "forse «\(closest)»? :program li elenca tutti",
          en: "did you mean '\(closest)'? :program lists them all"
        )
      } else {
        Bilingual(it: ":program elenca tutti i nomi", en: ":program lists all names")
      }
    }
  }
}
