// SPDX-License-Identifier: MIT

import PassoRuntime
import Synchronization

// Large values have blocks of memory of their own: copies share each until one of them writes it,
// and what is given up is computed again from what there is.
extension Execution {
  /// A step with the memory that it works on.
  func work(
    _ index: Int,
    _ base: UnsafeMutableRawPointer,
    _ sharedBase: UnsafeMutableRawPointer,
    _ block: (Int) -> Memory?
  ) -> StepWork {
    var binding = bindings[index]
    if binding.output.block != nil || binding.inputs.contains(where: { $0.block != nil }) {
      // Blocks are as far from the memory as they are.
      func placed(_ region: Region) -> Region {
        guard let number = region.block, let block = block(number) else { return region }
        let distance = UnsafeRawPointer(block.base) - UnsafeRawPointer(base)
        return Region(offset: distance, count: region.count)
      }
      binding = StepBinding(
        inputs: binding.inputs.map(placed),
        output: placed(binding.output),
        inputShapes: binding.inputShapes,
        outputShape: binding.outputShape
      )
    }
    return StepWork(
      op: program.steps[index].op,
      precision: precision,
      base: base,
      sharedBase: sharedBase,
      binding: binding
    )
  }

  /// Makes sure that what a step reads is there, and that nobody else reads what it writes.
  ///
  /// - Returns: False if it was told to stop before.
  mutating func prepareBlocks(
    of index: Int,
    unless shouldStop: () -> Bool
  ) throws(ExecutionProblem) -> Bool {
    let step = program.steps[index]
    for input in step.inputs {
      guard let block = plan.regions[input.index].block, blocks[block].memory == nil
      else { continue }
      guard let memory = try recall(input, unless: shouldStop) else { return false }
      blocks[block].memory = memory
    }
    guard let output = plan.regions[step.output.index].block else { return true }
    held.remove(output)
    _ = try ownBlock(output)
    return true
  }

  /// Gives up what no later step reads.
  mutating func giveUpBlocks(after index: Int) {
    for block in plan.releases[index] ?? [] where !held.contains(block) {
      guard let memory = blocks[block].memory else { continue }
      blocks[block] = Block()
      if plan.lastWriters[memory.byteCount].map({ $0 > index }) == true { spare.put(memory) }
    }
  }

  /// A block that nobody else reads, with any numbers in it.
  mutating func ownBlock(_ block: Int) throws(ExecutionProblem) -> Memory {
    if isKnownUniquelyReferenced(&blocks[block].memory), let memory = blocks[block].memory,
      !memory.isFixed
    {
      return memory
    }
    // Before what there is goes: an input whose write is refused keeps its numbers.
    let bytes = plan.blocks[block]
    let memory = if let free = spare.take(bytes) { free } else { try Memory.uncleared(bytes) }
    blocks[block] = Block(memory)
    return memory
  }

  /// Makes a value the same as one of another execution; large ones share their memory.
  mutating func take(
    _ id: ValueID,
    from source: ValueID,
    of other: Execution
  ) throws(ExecutionProblem) {
    recalled = RecalledValues()
    let (region, given) = (plan.regions[id.index], other.plan.regions[source.index])
    if let block = region.block, let origin = given.block {
      let numbers = other.blocks[origin]
      blocks[block] = numbers.isEmpty ? Block(try other.block(of: source)) : numbers
      // What a person has put there no step computes, in a twin neither.
      if other.held.contains(origin) { held.insert(block) } else { held.remove(block) }
      return
    }
    let bytes = region.count * width(of: program[id])
    var target = address(region)
    if let block = region.block { target = try ownBlock(block).base }
    try other.withNumbers(of: source, as: UInt8.self) { numbers in
      guard let start = numbers.baseAddress else { return }
      target.copyMemory(from: start, byteCount: bytes)
    }
  }

  /// Where a large value is; it is computed again if it was given up, and read if it lies in a
  /// file.
  ///
  /// - Returns: Its block; nil for a small one, which lies side by side with others.
  /// - Throws: `ExecutionProblem.refused` if there is no room for what has to be computed again;
  ///   `.unread` if it is not in its file any more.
  func block(of id: ValueID) throws(ExecutionProblem) -> Memory? {
    guard let block = plan.regions[id.index].block else { return nil }
    if let memory = try blocks[block].numbers(in: precision) { return memory }
    return try recall(id, unless: { false })
  }

  /// Computes a value again that was given up, and what it needs of others that were.
  ///
  /// - Returns: Its numbers, the same as before; nil if it was told to stop.
  /// - Throws: `ExecutionProblem.refused`.
  private func recall(
    _ id: ValueID,
    unless shouldStop: () -> Bool
  ) throws(ExecutionProblem) -> Memory? {
    let kept = recalled.all
    guard let block = plan.regions[id.index].block else { return nil }
    if let memory = try blocks[block].numbers(in: precision) ?? kept[block] { return memory }
    var last: Memory?
    let steps = stepsBack(to: id, from: kept)
    guard try redo(steps, from: kept, unless: shouldStop, each: { last = $1 }), let last else {
      return nil
    }
    recalled.keep(last, as: block)
    return last
  }

  /// Lends the numbers of every computed value, in order.
  ///
  /// What was given up is computed again on the way, each value once, and stays no longer than the
  /// next ones need it. Nothing more is lent once a stop was requested.
  ///
  /// - Throws: `ExecutionProblem.refused` if there is no room for that.
  func eachComputed(
    _ body: (ValueID, UnsafeRawBufferPointer) -> Void
  ) throws(ExecutionProblem) {
    let kept = recalled.all
    func block(of id: ValueID) throws(ExecutionProblem) -> Memory? {
      guard let block = plan.regions[id.index].block else { return nil }
      return try blocks[block].numbers(in: precision) ?? kept[block]
    }
    func isGivenUp(_ id: ValueID) -> Bool {
      plan.regions[id.index].block.map { blocks[$0].isEmpty && kept[$0] == nil } ?? false
    }
    func lend(_ id: ValueID, _ block: Memory?) {
      let region = plan.regions[id.index]
      withExtendedLifetime(block) {
        let bytes = region.count * width(of: program[id])
        body(id, UnsafeRawBufferPointer(start: block?.base ?? address(region), count: bytes))
      }
    }
    var open = program.values.indices.map { ValueID(index: $0) }.filter(isComputed)[...]
    let missing = open.filter(isGivenUp)
    // Values stand in the order in which steps make them.
    func lendOpen(before end: ValueID?) throws(ExecutionProblem) {
      while let id = open.first, id != end, !Interruption.isRequested() {
        lend(id, try block(of: id))
        open = open.dropFirst()
      }
    }
    let steps = missing.compactMap { program[$0].producer }
    let isDone = try redo(steps, from: kept, unless: Interruption.isRequested) {
      (step, memory) throws(ExecutionProblem) in
      let output = program.steps[step].output
      try lendOpen(before: output)
      lend(output, memory)
      open = open.dropFirst()
    }
    if isDone { try lendOpen(before: nil) }
  }

  /// Does steps again whose values were given up; what one makes stays until the last reader.
  ///
  /// - Parameters:
  ///   - steps: Their numbers, in order.
  ///   - kept: Blocks that were computed again already: what others look at meanwhile takes
  ///     nothing away.
  ///   - shouldStop: Asked before each step.
  ///   - body: Called after each step with its number and what it has made.
  /// - Returns: False if it was told to stop before the end.
  /// - Throws: `ExecutionProblem.refused`.
  private func redo(
    _ steps: [Int],
    from kept: [Int: Memory],
    unless shouldStop: () -> Bool,
    each body: (Int, Memory) throws(ExecutionProblem) -> Void
  ) throws(ExecutionProblem) -> Bool {
    var last: [ValueID: Int] = [:]
    for step in steps { for id in program.steps[step].values { last[id] = step } }
    var made: [Int: Memory] = [:]
    for step in steps {
      if shouldStop() { return false }
      guard let output = plan.regions[program.steps[step].output.index].block else { continue }
      let memory = try Memory.uncleared(plan.blocks[output])
      made[output] = memory
      for id in program.steps[step].inputs {
        guard let block = plan.regions[id.index].block, blocks[block].memory == nil
        else { continue }
        if let read = try blocks[block].numbers(in: precision) { made[block] = read }
      }
      let work = work(step, self.memory.base, sharedBase) {
        blocks[$0].memory ?? kept[$0] ?? made[$0]
      }
      Recomputation.timed { work.runShared() }
      try body(step, memory)
      for id in program.steps[step].values where last[id] == step {
        if let block = plan.regions[id.index].block { made[block] = nil }
      }
    }
    return true
  }

  /// The steps that have to be done to come to a value, in order.
  private func stepsBack(to id: ValueID, from kept: [Int: Memory]) -> [Int] {
    var (steps, open): (Set<Int>, [ValueID]) = ([], [id])
    while let next = open.popLast() {
      guard let block = plan.regions[next.index].block, blocks[block].isEmpty, kept[block] == nil,
        let producer = program[next].producer, steps.insert(producer).inserted
      else { continue }
      open += program.steps[producer].inputs
    }
    return steps.sorted()
  }
}

/// Values that were given up and computed again, as long as nothing is written.
///
/// Copies of an execution share them: they would compute the same.
final class RecalledValues: Sendable {
  private let blocks = Mutex<[Int: Memory]>([:])

  /// Bytes that are kept at most, if the last one does not need more.
  private static let budget = 256 << 20

  var all: [Int: Memory] { blocks.withLock { $0 } }

  func keep(_ memory: Memory, as block: Int) {
    blocks.withLock { blocks in
      let bytes = blocks.values.reduce(memory.byteCount) { $0 + $1.byteCount }
      if bytes > Self.budget { blocks = [:] }
      blocks[block] = memory
    }
  }
}

/// Blocks that nobody reads any more, by size: to write to one again is cheaper than new pages.
struct SpareBlocks: Sendable {
  private var blocks: [Int: [Memory]] = [:]

  mutating func put(_ memory: Memory) {
    if !memory.isFixed { blocks[memory.byteCount, default: []].append(memory) }
  }

  /// One of a size, unless a copy of the execution reads it.
  mutating func take(_ byteCount: Int) -> Memory? {
    while var memory = blocks[byteCount]?.popLast() {
      if isKnownUniquelyReferenced(&memory) { return memory }
    }
    return nil
  }

  mutating func removeAll() { blocks = [:] }
}
