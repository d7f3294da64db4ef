// SPDX-License-Identifier: MIT

import CKernels
import Glibc
import PassoRuntime

/// A fast program with memory and threads.
///
/// A class, because its memory is one place and is not copied; used by one thread at a time.
package final class FastExecution: @unchecked Sendable {
  package let program: FastProgram

  /// The name of the vector instructions in use.
  package let instructions: String

  private let plan: FastPlan
  private let kernels: Kernels
  private let memory: Memory
  private let kept: Memory
  private let pool: FastThreads
  private let first: BoundSteps
  private let later: BoundSteps?
  private let measure: BoundSteps
  private let update: BoundSteps

  /// Prepares a program; all its numbers are 0.
  ///
  /// - Parameters:
  ///   - program: What will run.
  ///   - threads: How many threads share the work.
  ///   - kept: Buffers that can be read after a run, beside those that outlive one anyway.
  ///   - kernels: Which kernels run; without it the fastest that the processor can execute.
  /// - Throws: `ExecutionProblem.tooLarge` if the buffers do not fit into memory.
  package convenience init(
    _ program: FastProgram,
    threads: Int,
    keeping kept: Set<BufferID> = [],
    kernels: Kernels = .best
  ) throws(ExecutionProblem) {
    let plan = FastPlan(program, keeping: kept)
    guard plan.byteCount <= MemoryRoom.limit else {
      throw .tooLarge(bytes: plan.byteCount, limit: MemoryRoom.limit)
    }
    Self.verify(program, plan, keeping: kept)
    try self.init(
      program,
      plan,
      kept: Memory(byteCount: plan.keptByteCount),
      isNew: true,
      pool: FastThreads(count: threads, scratch: program.scratch),
      kernels: kernels
    )
  }

  /// Prepares another program on the parameters and caches of an execution, and with its threads.
  ///
  /// - Parameters:
  ///   - program: A program that keeps the same as the other.
  ///   - other: Whose numbers and threads are used.
  /// - Throws: `ExecutionProblem.tooLarge` if the buffers do not fit into memory.
  package convenience init(
    _ program: FastProgram,
    sharing other: FastExecution
  ) throws(ExecutionProblem) {
    let plan = FastPlan(program)
    precondition(program.kept == other.program.kept, "programs that keep other things")
    Self.verify(program, plan)
    try self.init(
      program,
      plan,
      kept: other.kept,
      isNew: false,
      pool: other.pool.holding(program.scratch),
      kernels: other.kernels
    )
  }

  /// Stops a debug build where a program is not sound: it would compute with the wrong numbers.
  private static func verify(
    _ program: FastProgram,
    _ plan: FastPlan,
    keeping kept: Set<BufferID> = []
  ) {
    #if DEBUG
    FastFinding.stop(at: FastVerifier(program, plan, keeping: kept).findings)
    #endif
  }

  private init(
    _ program: FastProgram,
    _ plan: FastPlan,
    kept: Memory,
    isNew: Bool,
    pool: FastThreads,
    kernels: Kernels
  ) throws(ExecutionProblem) {
    self.program = program
    self.plan = plan
    self.kept = kept
    self.pool = pool
    self.kernels = kernels
    instructions = kernels.name
    let own = try Memory(byteCount: plan.ownByteCount)
    memory = own
    let addresses = zip(program.buffers, plan.offsets).map { buffer, offset in
      (buffer.lifetime == .kept ? kept.base : own.base) + offset
    }
    let threads = pool.count
    func bound(_ range: Range<Int>, isLaterRound: Bool = false) -> BoundSteps {
      var binder = FastBinder(
        addresses: addresses,
        kernels: kernels.table,
        threads: threads,
        isLaterRound: isLaterRound
      )
      return BoundSteps(range, of: program, with: &binder)
    }
    first = bound(0..<program.roundLength)
    later = program.accumulates ? bound(0..<program.roundLength, isLaterRound: true) : nil
    let start = program.roundLength + program.measuringLength
    measure = bound(program.roundLength..<start)
    update = bound(start..<program.steps.count)
    if isNew { expectSparseCaches() }
    if isNew { warmUp() }
    for constant in program.constants {
      _ = floats(constant.buffer).update(fromContentsOf: constant.numbers)
    }
  }

  /// In generation the caches have room for every position that the model reads, head by head, and
  /// a text fills a few of them.
  private func expectSparseCaches() {
    guard program.known != nil else { return }
    for id in Set(program.steps.flatMap(\.writes)) {
      let buffer = program.buffers[id.index]
      guard buffer.lifetime == .kept else { continue }
      let start = plan.offsets[id.index]
      kept.willBeSparse(start..<start + buffer.count * MemoryLayout<Float>.stride)
    }
  }

  /// Runs a small program once, on zeros, and makes everything 0 again.
  ///
  /// The first touch of each page, of kernels as of memory, takes longer than all the work of a
  /// small program: a person waits for it here, and not in the first step.
  private func warmUp() {
    let flops = program.steps.reduce(0) { $0 + $1.flops }
    guard flops < Self.smallFlops, plan.byteCount < Self.smallByteCount else { return }
    for steps in [first, measure, update] { steps.run(pool.pool) }
    for memory in [memory, kept] { memset(memory.base, 0, memory.byteCount) }
  }

  private static let smallFlops = 1e7
  private static let smallByteCount = 1 << 20

  /// Forward, loss and backward of one round, numbered from 0.
  package func runRound(_ round: Int) {
    (round == 0 ? first : later ?? first).run(pool.pool)
  }

  /// The norm of the gradients of all rounds, and the factor that clips them.
  package func measureGradients() {
    if program.measuringLength > 0 { measure.run(pool.pool) }
  }

  /// The update, numbered from 1, with a learning rate at its peak.
  package func runUpdate(_ number: Int, peak: Double) {
    guard case .rule(_, let beta1, let beta2) = program.update,
      let settings = program.settings
    else { return }
    let numbers = floats(settings)
    numbers[0] = rate(ofUpdate: number, peak: peak)
    // In double: a power close to 1 would lose its digits in the subtraction.
    numbers[1] = Float(1 - Double.power(beta1, number))
    numbers[2] = Float(1 - Double.power(beta2, number))
    update.run(pool.pool)
  }

  /// The learning rate of an update, numbered from 1.
  func rate(ofUpdate number: Int, peak: Double) -> Float {
    guard case .rule(let schedule, _, _) = program.update else { return Float(peak) }
    return Float(peak * schedule.factor(at: Double(number)))
  }

  /// Seconds that each step took since `timed` was set, forward to update.
  package var seconds: [Double] { first.seconds + measure.seconds + update.seconds }

  /// Whether the time of each step is taken.
  package var isTimed = false {
    didSet { for steps in [first, measure, update] { steps.takesTime(isTimed) } }
  }
}

// MARK: - Values

extension FastExecution {
  /// The numbers of a value, row-major.
  package func numbers(_ view: FastView) -> [Float] {
    let start = floats(view.buffer).dropFirst(view.offset)
    guard let base = UnsafeBufferPointer(rebasing: start).baseAddress else { return [] }
    return [Float](unsafeUninitializedCapacity: view.rows * view.columns) { numbers, filled in
      filled = view.rows * view.columns
      guard let target = numbers.baseAddress else { return }
      for row in 0..<view.rows {
        (target + row * view.columns)
          .initialize(from: base + row * view.stride, count: view.columns)
      }
    }
  }

  /// The first number of a value.
  func firstNumber(_ view: FastView) -> Float { floats(view.buffer)[view.offset] }

  /// Gives a value its numbers, row-major.
  package func set(_ view: FastView, to numbers: [Float]) {
    numbers.withUnsafeBufferPointer { set(view, to: $0) }
  }

  /// The same from where the numbers are.
  func set(_ view: FastView, to numbers: UnsafeBufferPointer<Float>) {
    precondition(numbers.count == view.rows * view.columns, "\(numbers.count) numbers")
    let target = floats(view.buffer)
    for row in 0..<view.rows {
      let start = view.offset + row * view.stride
      let line = UnsafeMutableBufferPointer(rebasing: target[start..<start + view.columns])
      _ = line.update(
        fromContentsOf: numbers[row * view.columns..<(row + 1) * view.columns]
      )
    }
  }

  /// Gives a buffer of integers its numbers, from its start on.
  package func set(_ id: BufferID, to numbers: [Int32]) {
    let buffer = program.buffers[id.index]
    precondition(numbers.count <= buffer.count, "\(numbers.count) integers for \(buffer.count)")
    address(id).assumingMemoryBound(to: Int32.self).update(from: numbers, count: numbers.count)
  }

  private func address(_ id: BufferID) -> UnsafeMutableRawPointer {
    let isKept = program.buffers[id.index].lifetime == .kept
    return (isKept ? kept.base : memory.base) + plan.offsets[id.index]
  }

  private func floats(_ id: BufferID) -> UnsafeMutableBufferPointer<Float> {
    let start = address(id).assumingMemoryBound(to: Float.self)
    return UnsafeMutableBufferPointer(start: start, count: program.buffers[id.index].count)
  }
}

extension Double {
  fileprivate static func power(_ base: Double, _ exponent: Int) -> Double {
    base == 0 ? 0 : Double.exponential(Double(exponent) * Double.logarithm(base))
  }
}

/// Threads with working memory; they end with the last execution that uses them.
package final class FastThreads: @unchecked Sendable {
  let pool: OpaquePointer
  let count: Int

  /// Floats of working memory of each.
  private let scratch: Int

  /// Starts threads.
  ///
  /// - Throws: `ExecutionProblem.tooLarge` if there is no memory for them.
  init(count: Int, scratch: Int) throws(ExecutionProblem) {
    guard let pool = ck_pool_create(Int32(max(count, 1)), scratch) else {
      throw .tooLarge(bytes: scratch * 4 * count, limit: MemoryRoom.limit)
    }
    self.pool = pool
    self.count = max(count, 1)
    self.scratch = scratch
  }

  /// These threads if they have the memory, else as many others.
  func holding(_ floats: Int) throws(ExecutionProblem) -> FastThreads {
    floats <= scratch ? self : try FastThreads(count: count, scratch: floats)
  }

  deinit { ck_pool_destroy(pool) }
}

/// Kernels with their arguments, in order.
private final class BoundSteps {
  private let storage: [UnsafeMutableRawPointer]
  private let readableSteps: [ReadableStep]
  private let calls: UnsafeMutableBufferPointer<ck_step>

  /// For each call the step that it belongs to.
  private let owners: [Int]
  private let stepCount: Int
  private var times: [Double] = []

  init(_ range: Range<Int>, of program: FastProgram, with binder: inout FastBinder) {
    var owners: [Int] = []
    for (owner, step) in program.steps[range].enumerated() {
      step.operation.bind(&binder)
      owners += Array(repeating: owner, count: binder.steps.count - owners.count)
    }
    self.owners = owners
    stepCount = range.count
    storage = binder.storage
    readableSteps = binder.readableSteps
    calls = .allocate(capacity: binder.steps.count)
    _ = calls.initialize(fromContentsOf: binder.steps)
  }

  deinit {
    for memory in storage { memory.deallocate() }
    calls.deallocate()
  }

  func run(_ pool: OpaquePointer) {
    if times.isEmpty {
      ck_pool_run(pool, calls.baseAddress, Int32(calls.count), nil)
    } else {
      times.withUnsafeMutableBufferPointer {
        ck_pool_run(pool, calls.baseAddress, Int32(calls.count), $0.baseAddress)
      }
    }
  }

  func takesTime(_ takes: Bool) {
    times = takes ? Array(repeating: 0, count: calls.count) : []
  }

  /// Seconds by step.
  var seconds: [Double] {
    var seconds = Array(repeating: 0.0, count: stepCount)
    for (owner, time) in zip(owners, times) { seconds[owner] += time }
    return seconds
  }
}
