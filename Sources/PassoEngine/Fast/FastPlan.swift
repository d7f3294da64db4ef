// SPDX-License-Identifier: MIT

/// Where the buffers of a fast program are: those that never live together share memory.
package struct FastPlan: Sendable {
  /// Bytes from the start of the memory, by buffer number; what is kept has a memory of its own.
  package internal(set) var offsets: [Int]

  /// Bytes of what is kept from run to run.
  package let keptByteCount: Int

  /// Bytes of everything else.
  package let ownByteCount: Int

  /// Bytes in all.
  package var byteCount: Int { keptByteCount + ownByteCount }

  /// Plans the memory.
  ///
  /// Large buffers first, each at the lowest place that is free while it lives: the usual greedy
  /// heuristic. Source: Pisarchyk and Lee 2020, arXiv:2001.03288, section 5.
  ///
  /// - Parameters:
  ///   - program: What will run.
  ///   - kept: Buffers that get memory of their own, to be read afterwards.
  package init(_ program: FastProgram, keeping kept: Set<BufferID> = []) {
    let lives = Self.lives(of: program, keeping: kept)
    var offsets = Array(repeating: 0, count: program.buffers.count)
    var (kept, end) = (0, 0)
    for (index, buffer) in program.buffers.enumerated() where lives[index] == nil {
      if buffer.lifetime == .kept {
        offsets[index] = kept
        kept += Self.bytes(buffer)
      } else {
        offsets[index] = end
        end += Self.bytes(buffer)
      }
    }
    let start = end
    var placed: [Int] = []
    let planned = program.buffers.indices.filter { lives[$0] != nil }
      .sorted { program.buffers[$0].count > program.buffers[$1].count }
    for index in planned {
      guard let life = lives[index] else { continue }
      let size = Self.bytes(program.buffers[index])
      let busy = placed.filter { lives[$0]?.overlaps(life) ?? false }
        .sorted { offsets[$0] < offsets[$1] }
      var place = start
      for other in busy where offsets[other] < place + size {
        place = max(place, offsets[other] + Self.bytes(program.buffers[other]))
      }
      offsets[index] = place
      end = max(end, place + size)
      placed.append(index)
    }
    self.offsets = offsets
    keptByteCount = kept
    ownByteCount = end
  }

  /// Whole cache lines, and room for a vector that reads over the end.
  private static func bytes(_ buffer: FastBuffer) -> Int { (buffer.count * 4 + 64 + 63) / 64 * 64 }

  /// The steps during which each buffer is needed; nil for always.
  private static func lives(
    of program: FastProgram,
    keeping kept: Set<BufferID>
  ) -> [ClosedRange<Int>?] {
    var lives: [ClosedRange<Int>?] = Array(repeating: nil, count: program.buffers.count)
    for (index, step) in program.steps.enumerated() {
      for id in step.reads + step.writes
      where program.buffers[id.index].lifetime == .step && !kept.contains(id) {
        let first = lives[id.index]?.lowerBound ?? index
        lives[id.index] = first...index
      }
    }
    return lives
  }
}
