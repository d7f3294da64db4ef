// SPDX-License-Identifier: MIT

import PassoRuntime

/// Where each value of a program is kept, and how long.
///
/// Small values lie side by side in one place, and stay. A large one has a block of its own, which
/// copies of an execution share until one of them writes it. Where the large ones together are more
/// than is good to hold, those that no later step reads are given up, the largest first: a step
/// computes each of them again when somebody looks.
package struct MemoryPlan: Sendable {
  /// How much is held.
  package struct Limits: Sendable {
    /// Bytes from which a value has a block of its own.
    package var blocksFrom = 1 << 18

    /// Bytes of computed values that stay although no later step reads them.
    package var heldBytes = 64 << 20

    package init() {}
  }

  /// By value number.
  package let regions: [Region]

  /// Bytes of the values that lie side by side.
  let sideBySide: Int

  /// Bytes of each block.
  let blocks: [Int]

  /// The blocks that are given up after a step, by its number.
  private(set) var releases: [Int: [Int]] = [:]

  /// The last step that writes a block of a size, by its bytes.
  private(set) var lastWriters: [Int: Int] = [:]

  /// Bytes of what is there at once, at most.
  package private(set) var byteCount = 0

  /// Plans the memory of a program.
  ///
  /// - Parameters:
  ///   - program: Whose values are kept.
  ///   - precision: Their number format.
  ///   - shared: Inputs that are read from a place outside.
  ///   - limits: How much is held; nil keeps all, side by side.
  /// - Throws: `ExecutionProblem.tooLarge` if the values do not fit into the machine's memory.
  package init(
    _ program: Program,
    precision: Precision,
    sharing shared: SharedValues? = nil,
    limits: Limits? = Limits()
  ) throws(ExecutionProblem) {
    let isWhole = shared != nil || program.steps.contains { $0.op.overwrittenInput != nil }
    let blocksFrom = isWhole ? nil : limits?.blocksFrom
    var (regions, blocks): ([Region], [Int]) = ([], [])
    regions.reserveCapacity(program.values.count)
    var offset = 0
    for value in program.values {
      if let region = shared?.region(value) ?? program.overwritten(by: value, regions) {
        regions.append(region)
        continue
      }
      let bytes = try Self.byteCount(of: value, precision)
      // A single number is read at any moment: it is there, whatever is given up.
      if let blocksFrom, bytes >= blocksFrom, value.shape.count > 1 {
        let home = Region.Home.block(blocks.count)
        regions.append(Region(offset: 0, count: value.shape.count, home: home))
        blocks.append(bytes)
        continue
      }
      regions.append(Region(offset: offset, count: value.shape.count))
      let (end, overflows) = offset.addingReportingOverflow(bytes)
      guard !overflows, end <= MemoryRoom.limit else {
        throw .tooLarge(bytes: overflows ? Int.max : end, limit: MemoryRoom.limit)
      }
      // Cache lines: no two values share one, and vector loads are aligned.
      offset = (end + 63) / 64 * 64
    }
    (self.regions, self.blocks, sideBySide) = (regions, blocks, offset)
    for (index, step) in program.steps.enumerated() {
      if let block = regions[step.output.index].block { lastWriters[blocks[block]] = index }
    }
    if let limits { planReleases(program, holding: limits.heldBytes) }
    byteCount = try offset + mostInBlocks(program)
    guard byteCount <= MemoryRoom.limit else {
      throw .tooLarge(bytes: byteCount, limit: MemoryRoom.limit)
    }
  }

  private static func byteCount(
    of value: Value,
    _ precision: Precision
  ) throws(ExecutionProblem) -> Int {
    let width = value.element == .real ? precision.byteCount : MemoryLayout<Int32>.stride
    let (bytes, overflow) = value.shape.count.multipliedReportingOverflow(by: width)
    guard !overflow, bytes <= MemoryRoom.limit else {
      throw .tooLarge(bytes: overflow ? Int.max : bytes, limit: MemoryRoom.limit)
    }
    return bytes
  }

  /// Decides which blocks are given up, and when: after the last step that reads the value.
  private mutating func planReleases(_ program: Program, holding held: Int) {
    guard blocks.reduce(0, +) > held else { return }
    let carried = CarriedState(program)
    let isNeeded = Set((carried.stateUpdates + carried.roundUpdates).map(\.from))
    var last = Array(repeating: -1, count: program.values.count)
    for (index, step) in program.steps.enumerated() {
      for input in step.inputs { last[input.index] = index }
    }
    // A value that no step reads is a result, and stays.
    var candidates: [(block: Int, step: Int)] = []
    for (index, value) in program.values.enumerated() {
      guard let block = regions[index].block, value.producer != nil, last[index] >= 0,
        !isNeeded.contains(ValueID(index: index))
      else { continue }
      candidates.append((block, last[index]))
    }
    var rest = candidates.reduce(0) { $0 + blocks[$1.block] }
    let order = candidates.sorted {
      (blocks[$1.block], $0.block) < (blocks[$0.block], $1.block)
    }
    for candidate in order where rest > held {
      releases[candidate.step, default: []].append(candidate.block)
      rest -= blocks[candidate.block]
    }
  }

  /// Bytes in blocks after the step after which they are most.
  private func mostInBlocks(_ program: Program) throws(ExecutionProblem) -> Int {
    var (now, most) = (0, 0)
    func add(_ value: Int) throws(ExecutionProblem) {
      guard let block = regions[value].block else { return }
      let (sum, overflow) = now.addingReportingOverflow(blocks[block])
      guard !overflow else { throw .tooLarge(bytes: Int.max, limit: MemoryRoom.limit) }
      now = sum
      most = max(most, now)
    }
    for id in program.inputs { try add(id.index) }
    for (index, step) in program.steps.enumerated() {
      try add(step.output.index)
      for block in releases[index] ?? [] { now -= blocks[block] }
    }
    return most
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
