// SPDX-License-Identifier: MIT

import Glibc
import PassoText

/// Whether the system would give more memory, asked before it is needed.
///
/// What Swift allocates cannot fail: the process ends. So what may be large asks here first, and a
/// reserve stays for all that is small.
package enum MemoryRoom {
  /// Enough for what a command says, draws and remembers.
  package static let reserve = 48 << 20

  /// Fewer bytes come out of the reserve; not more, or it would be gone before anyone asks.
  fileprivate static let smallest = 1 << 20

  /// Three quarters of what the machine has; more would have to be swapped.
  package static let limit: Int = {
    let bytes = sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE))
    return bytes > 0 ? bytes / 4 * 3 : 1 << 34
  }()

  /// Whether so many bytes, and the reserve, are to be had.
  ///
  /// What is small is not asked for: for that the reserve is there.
  package static func has(_ byteCount: Int) -> Bool {
    guard byteCount >= smallest else { return true }
    let (wanted, overflow) = byteCount.addingReportingOverflow(reserve)
    guard !overflow, let pages = pages(wanted) else { return false }
    munmap(pages, wanted)
    return true
  }

  /// Pages of the system, all 0; nil if it does not give them.
  package static func pages(_ byteCount: Int) -> UnsafeMutableRawPointer? {
    let flags = MAP_PRIVATE | MAP_ANON
    let pages = mmap(nil, byteCount, PROT_READ | PROT_WRITE, flags, -1, 0)
    return pages == MAP_FAILED ? nil : pages
  }

  /// One sentence about memory that the system does not give.
  package static func refusal(of byteCount: Int) -> Bilingual {
    let isLarge = byteCount >= 100_000_000
    let needed =
      isLarge
      ? NumberText.fixed(Double(byteCount) / 1e9, 1) + Bilingual(same: " GB")
      : Bilingual(same: "\(max(1, byteCount / 1_000_000)) MB")
    return Bilingual(
      it: "ci vogliono altri \(needed.it) di memoria, e il sistema non li concede",
      en: "needs another \(needed.en) of memory, the system does not give them"
    )
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
  /// - Returns: The bytes that the system does not give; nil if all is well.
  package mutating func refusal(adding bytes: Int) -> Int? {
    byteCount += bytes
    guard byteCount > granted else { return nil }
    let wanted = max(byteCount, MemoryRoom.smallest)
    guard MemoryRoom.has(wanted) else { return wanted }
    granted = byteCount + MemoryRoom.smallest
    return nil
  }
}
