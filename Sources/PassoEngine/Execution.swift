// SPDX-License-Identifier: MIT

import Glibc
import PassoRuntime
import PassoText

/// A program being executed: a cursor over its steps, and every value computed so far.
///
/// Every value can be had, so that going back is moving the cursor; a value behind the cursor is
/// *not computed*, never 0. Steps are deterministic: going forward again gives the same bits. What
/// is too much to hold (`MemoryPlan`) is given up once its last reader is done, and computed again
/// when somebody looks. A value type: a copy is a fork, and shares memory until one of the two
/// writes. Whatever writes may therefore be refused, and throws `ExecutionProblem.refused`: then
/// every step is done whole or not at all.
package struct Execution: Sendable {
  package let program: Program
  package let precision: Precision

  /// How much of what it computes it holds.
  package let limits: MemoryPlan.Limits

  /// How many steps have been done: the next one is `program.steps[cursor]`.
  package internal(set) var cursor = 0

  let plan: MemoryPlan
  let bindings: [StepBinding]

  /// The first step that reads a value, by value number; past the end for one that none reads.
  private let firstReaders: [Int]

  /// The values that lie side by side.
  private(set) var memory: Memory

  /// The others, by block number.
  var blocks: [Block]

  /// Blocks with numbers that no step computes: they stay.
  var held: Set<Int> = []

  /// Blocks that were given up, to be written again.
  var spare = SpareBlocks()

  /// What was given up and computed again for somebody who looked.
  var recalled = RecalledValues()

  let shared: SharedValues?

  /// Prepares a program; its inputs are 0 until they are set.
  ///
  /// - Parameters:
  ///   - program: What to execute.
  ///   - precision: The number format of all values.
  ///   - shared: Inputs that are read from a place outside, in the same precision.
  ///   - limits: How much is held.
  /// - Throws: `ExecutionProblem.tooLarge` if the values do not fit into memory.
  package init(
    _ program: Program,
    precision: Precision,
    sharing shared: SharedValues? = nil,
    limits: MemoryPlan.Limits = .init()
  ) throws(ExecutionProblem) {
    precondition(shared == nil || shared?.precision == precision, "shared in another precision")
    self.program = program
    self.precision = precision
    self.limits = limits
    self.shared = shared
    let plan = try MemoryPlan(
      program,
      precision: precision,
      sharing: shared,
      limits: limits
    )
    self.plan = plan
    memory = try Memory(byteCount: plan.sideBySide)
    var blocks = Array(repeating: Block(), count: plan.blocks.count)
    for id in program.inputs {
      guard let block = plan.regions[id.index].block else { continue }
      blocks[block] = Block(try Memory(byteCount: plan.blocks[block]))
    }
    self.blocks = blocks
    var readers = Array(repeating: program.steps.count, count: program.values.count)
    for (index, step) in program.steps.enumerated().reversed() {
      for input in step.inputs { readers[input.index] = index }
    }
    firstReaders = readers
    bindings = program.steps.map { step in
      StepBinding(
        inputs: step.inputs.map { plan.regions[$0.index] },
        output: plan.regions[step.output.index],
        inputShapes: step.inputs.map { program[$0].shape },
        outputShape: program[step.output].shape
      )
    }
  }

  /// Bytes of the values that are there at once, at most.
  package var byteCount: Int { plan.byteCount }

  /// Whether all steps are done.
  package var isAtEnd: Bool { cursor == program.steps.count }
}

// MARK: - Moving

extension Execution {
  /// Does one step; at the end nothing is left to do.
  package mutating func step() throws(ExecutionProblem) {
    try move(to: min(cursor + 1, program.steps.count))
  }

  /// Goes back by steps, at most to the start.
  package mutating func back(_ count: Int = 1) {
    cursor = max(0, cursor - count)
  }

  /// Does all steps before a cursor position; a position behind goes back.
  ///
  /// `shouldStop` is asked before each step, and in the course of one that takes long, so that a
  /// person can interrupt. A step that was left is not done; the next to be done waits for its end.
  package mutating func move(
    to position: Int,
    unless shouldStop: () -> Bool = { false }
  ) throws(ExecutionProblem) {
    let target = min(max(position, 0), program.steps.count)
    guard target > cursor else {
      cursor = target
      return
    }
    guard !shouldStop() else { return }
    guard try ownMemory(unless: shouldStop) else { return }
    // An update that is done leaves none; what the next one will write would be asked for again.
    defer { if isAtEnd { spare.removeAll() } }
    repeat {
      guard try run(cursor, unless: shouldStop) else { return }
      cursor += 1
    } while cursor < target && !shouldStop()
  }

  /// Does all steps that are left.
  package mutating func run(
    unless shouldStop: () -> Bool = { false }
  ) throws(ExecutionProblem) {
    try move(to: program.steps.count, unless: shouldStop)
  }

  /// Does all steps before a cursor position, or all that are left, for a result that is needed.
  ///
  /// - Throws: `Interrupted` if a stop was requested, or
  ///   `ExecutionProblem.refused`.
  package mutating func complete(to position: Int? = nil) throws {
    try move(to: position ?? program.steps.count, unless: Interruption.isRequested)
    if cursor < (position ?? program.steps.count) { throw Interrupted() }
  }

  /// The cursor position just after a value is written; 0 for an input.
  ///
  /// - Throws: `ExecutionProblem.unknownName` with the closest name.
  package func position(after name: String) throws(ExecutionProblem) -> Int {
    (program[try id(of: name)].producer ?? -1) + 1
  }

  /// Does a step; false if it was told to stop before its end.
  private mutating func run(
    _ index: Int,
    unless shouldStop: () -> Bool
  ) throws(ExecutionProblem) -> Bool {
    guard try prepareBlocks(of: index, unless: shouldStop) else { return false }
    let step = work(index, memory.base, sharedBase) { blocks[$0].memory }
    // What is shared others may write to, and a value that is overwritten would be lost.
    guard step.binding.takesLong, shared == nil, step.op.overwrittenInput == nil else {
      step.runShared()
      giveUpBlocks(after: index)
      return true
    }
    let work = AttendedWork { [memory, blocks] in
      withExtendedLifetime((memory, blocks)) { step.runShared() }
    }
    if work.wait(unless: shouldStop) != nil {
      giveUpBlocks(after: index)
      return true
    }
    memory.unfinished = work
    return false
  }

  var sharedBase: UnsafeMutableRawPointer { shared?.memory.base ?? memory.base }

  /// Where a value is that lies side by side with others.
  func address(_ region: Region) -> UnsafeMutableRawPointer {
    (region.isShared ? sharedBase : memory.base) + region.offset
  }

  /// Makes sure that nobody else reads or writes the memory: a writer does this first.
  ///
  /// Called ahead it makes sure that a longer way is not refused in the middle.
  ///
  /// - Parameter shouldStop: Asked while a step that was left comes to its end, and while the
  ///   memory is copied that a copy reads too.
  /// - Returns: False if it was told to stop before.
  /// - Throws: `ExecutionProblem.refused` if the system does not give so much.
  @discardableResult
  package mutating func ownMemory(
    unless shouldStop: () -> Bool = { false }
  ) throws(ExecutionProblem) -> Bool {
    if let unfinished = memory.unfinished, unfinished.wait(unless: shouldStop) == nil {
      return false
    }
    if isKnownUniquelyReferenced(&memory) { return true }
    guard let copy = try memory.copy(unless: shouldStop) else { return false }
    memory = copy
    return true
  }
}

// MARK: - Reading and writing

extension Execution {
  /// The value with a name.
  ///
  /// - Throws: `ExecutionProblem.unknownName` with the closest name.
  package func id(of name: String) throws(ExecutionProblem) -> ValueID {
    if let id = program.id(of: name) { return id }
    throw .unknownName(name, closest: Suggestion.closest(to: name, among: program.allNames))
  }

  /// Whether a value has been computed; inputs always have.
  package func isComputed(_ id: ValueID) -> Bool {
    (program[id].producer ?? -1) < cursor
  }

  /// Gives an input its value, and goes back to before the first step that reads it.
  ///
  /// The tensor must have the input's shape; real numbers are converted to the precision.
  ///
  /// - Throws: `ExecutionProblem.refused`.
  package mutating func set(_ id: ValueID, to tensor: Tensor) throws(ExecutionProblem) {
    expectGiven(id, tensor.shape, tensor.element)
    try write(tensor, into: id)
  }

  private func expectGiven(_ id: ValueID, _ shape: Shape, _ element: Element) {
    let value = program[id]
    precondition(value.producer == nil, "\(value.name) is computed, not given")
    precondition(
      value.shape == shape && value.element == element,
      "\(value.name) is \(value.shape), not \(shape)"
    )
    precondition(!plan.regions[id.index].isShared, "\(value.name) belongs to others too")
  }

  /// Gives an input the value that another execution of the same precision has.
  ///
  /// - Throws: `ExecutionProblem.refused`.
  package mutating func set(
    _ id: ValueID,
    to source: ValueID,
    of other: Execution
  ) throws(ExecutionProblem) {
    let given = other.program[source]
    expectGiven(id, given.shape, given.element)
    precondition(
      precision == other.precision && other.isComputed(source),
      "\(given.name) is not computed in \(precision)"
    )
    try ownMemory()
    try take(id, from: source, of: other)
    cursor = min(cursor, firstReaders[id.index])
  }

  /// Gives an input a block that others read too.
  ///
  /// - Throws: `ExecutionProblem.refused`.
  mutating func share(
    _ numbers: Block,
    with id: ValueID,
    _ shape: Shape,
    _ element: Element
  ) throws(ExecutionProblem) {
    expectGiven(id, shape, element)
    guard let block = plan.regions[id.index].block else { return }
    try ownMemory()
    cursor = min(cursor, firstReaders[id.index])
    (blocks[block], recalled) = (numbers, RecalledValues())
  }

  func width(of value: Value) -> Int {
    value.element == .real ? precision.byteCount : MemoryLayout<Int32>.stride
  }

  /// Writes numbers into a value, and goes back to before the first step that reads it.
  private mutating func write(_ tensor: Tensor, into id: ValueID) throws(ExecutionProblem) {
    try ownMemory()
    try MemoryRoom.check(tensor.byteCount(ofConversionTo: precision))
    let numbers = tensor.converted(to: precision)
    let region = plan.regions[id.index]
    if let block = region.block {
      try ownBlock(block).write(numbers, at: 0)
      held.insert(block)
    } else {
      memory.write(numbers, at: region.offset)
    }
    recalled = RecalledValues()
    cursor = min(cursor, firstReaders[id.index])
  }

  /// Puts other numbers into a computed value, and goes back to before the first step that reads
  /// it.
  ///
  /// They stay until the step that computes the value is done again.
  ///
  /// - Throws: `ExecutionProblem.refused`.
  package mutating func overwrite(_ id: ValueID, with tensor: Tensor) throws(ExecutionProblem) {
    let value = program[id]
    precondition(isComputed(id) && value.producer != nil, "\(value.name) is not computed")
    precondition(
      value.shape == tensor.shape && value.element == tensor.element,
      "\(value.name) is \(value.shape), not \(tensor.shape)"
    )
    try write(tensor, into: id)
  }

  /// Makes inputs 0, and goes back to before the first step that reads one of them.
  ///
  /// - Throws: `ExecutionProblem.refused`.
  package mutating func clear(_ ids: [ValueID]) throws(ExecutionProblem) {
    guard !ids.isEmpty else { return }
    try ownMemory()
    for id in ids {
      precondition(program[id].producer == nil, "\(program[id].name) is computed, not given")
      cursor = min(cursor, firstReaders[id.index])
      let (value, region) = (program[id], plan.regions[id.index])
      if let block = region.block {
        blocks[block] = Block(try Memory(byteCount: plan.blocks[block]))
      } else {
        memset(memory.base + region.offset, 0, value.shape.count * width(of: value))
      }
    }
    recalled = RecalledValues()
  }

  /// Makes computed values the inputs of the next round, and goes back to the start.
  ///
  /// - Throws: `ExecutionProblem.refused`.
  package mutating func carryOver(
    _ pairs: [(from: ValueID, to: ValueID)]
  ) throws(ExecutionProblem) {
    try ownMemory()
    for pair in pairs {
      precondition(isComputed(pair.from), "\(program[pair.from].name) is not computed")
      let source = plan.regions[pair.from.index]
      let target = plan.regions[pair.to.index]
      precondition(source.count == target.count, "\(source.count) numbers for \(target.count)")
      if let from = source.block, let to = target.block {
        if let old = blocks[to].memory { spare.put(old) }
        (blocks[to], blocks[from]) = (blocks[from], Block())
        continue
      }
      (memory.base + target.offset).copyMemory(
        from: memory.base + source.offset,
        byteCount: source.count * width(of: program[pair.from])
      )
    }
    held = []
    recalled = RecalledValues()
    cursor = 0
  }
}
