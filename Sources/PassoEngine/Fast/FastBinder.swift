// SPDX-License-Identifier: MIT

import CKernels
import PassoText

/// What a fast step does: a value with the places that it works on.
///
/// Nobody states what it reads and writes: that is what it asks a binder for, and the kernels'
/// arguments are `const` where they only read.
protocol FastOperation: Sendable {
  /// What is done, in words.
  var work: Bilingual { get }

  /// Multiplications and additions of one run.
  var flops: Double { get }

  /// Asks for the kernels with the addresses of the numbers.
  func bind(_ binder: inout FastBinder)
}

extension FastOperation {
  var flops: Double { 0 }
}

/// Collects what the kernels need: addresses instead of places.
struct FastBinder {
  /// What an operation does with a view.
  struct Access {
    let view: FastView
    let reads: Bool
    let writes: Bool
  }

  private let addresses: [UnsafeMutableRawPointer]

  /// Where everything is while accesses are only noted.
  private let nowhere: UnsafeMutableRawPointer?

  let kernels: ck_kernels

  /// The threads that will share the parts; the result does not depend on it.
  let threads: Int

  /// Whether gradients are added to what is there.
  let isLaterRound: Bool

  private(set) var steps: [ck_step] = []
  private(set) var storage: [UnsafeMutableRawPointer] = []

  /// Steps of the readable program; the arguments of their calls only point to them.
  private(set) var readableSteps: [ReadableStep] = []
  private var accesses: [Access] = []

  init(
    addresses: [UnsafeMutableRawPointer],
    kernels: ck_kernels,
    threads: Int,
    isLaterRound: Bool
  ) {
    self.addresses = addresses
    self.kernels = kernels
    self.threads = threads
    self.isLaterRound = isLaterRound
    nowhere = nil
  }

  private init(notingAt nowhere: UnsafeMutableRawPointer, isLaterRound: Bool) {
    self.nowhere = nowhere
    addresses = []
    kernels = Kernels.best.table
    threads = 1
    self.isLaterRound = isLaterRound
  }

  /// What an operation asks for, in the order in which it does.
  ///
  /// - Parameters:
  ///   - operation: What will be bound.
  ///   - isLater: Whether the gradients of earlier rounds are there, to be added to.
  /// - Returns: What is read from outside, and what is written.
  static func accesses(of operation: some FastOperation, inLaterRound isLater: Bool) -> [Access] {
    withUnsafeTemporaryAllocation(byteCount: 64, alignment: 64) { memory in
      guard let base = memory.baseAddress else { return [] }
      var binder = FastBinder(notingAt: base, isLaterRound: isLater)
      operation.bind(&binder)
      return binder.accesses
    }
  }

  private mutating func start(
    _ view: FastView,
    reads: Bool,
    writes: Bool
  ) -> UnsafeMutablePointer<Float> {
    if nowhere != nil { accesses.append(Access(view: view, reads: reads, writes: writes)) }
    let start = nowhere ?? addresses[view.buffer.index]
    return start.assumingMemoryBound(to: Float.self) + view.offset
  }

  /// Numbers that are only read.
  mutating func reads(_ view: FastView) -> UnsafePointer<Float> {
    UnsafePointer(start(view, reads: true, writes: false))
  }

  /// Numbers that are written, whatever was there.
  mutating func writes(_ view: FastView) -> UnsafeMutablePointer<Float> {
    start(view, reads: false, writes: true)
  }

  /// Numbers that are written where they are read.
  mutating func changes(_ view: FastView) -> UnsafeMutablePointer<Float> {
    start(view, reads: true, writes: true)
  }

  /// The numbers of a gradient, to which later rounds add.
  mutating func adds(_ view: FastView, if adds: Bool) -> UnsafeMutablePointer<Float> {
    adds ? changes(view) : writes(view)
  }

  /// Token ids, or another list of integers.
  mutating func integers(_ view: FastView) -> UnsafePointer<Int32> {
    UnsafeRawPointer(reads(view)).assumingMemoryBound(to: Int32.self)
  }

  /// 1 if gradients are added to what is there.
  var accumulate: Int32 { isLaterRound ? 1 : 0 }

  /// Appends a kernel; `cost` in seconds on one thread decides whether threads share it.
  mutating func call<Arguments: BitwiseCopyable>(
    _ kernel: KeyPath<ck_kernels, ck_kernel?>,
    _ arguments: Arguments,
    parts: Int,
    cost: Double
  ) {
    guard nowhere == nil, let function = kernels[keyPath: kernel] else { return }
    let memory = UnsafeMutableRawPointer.allocate(
      byteCount: MemoryLayout<Arguments>.size,
      alignment: 16
    )
    memory.initializeMemory(as: Arguments.self, to: arguments)
    storage.append(memory)
    steps.append(
      ck_step(
        kernel: function,
        arguments: memory,
        parts: Int32(parts),
        is_shared: cost > Self.worthSharing ? 1 : 0
      )
    )
  }

  /// Appends the kernel of a readable step, in parts that do not depend on each other; `cost` as
  /// for other kernels.
  mutating func call(_ parts: [StepWork], cost: Double) {
    guard nowhere == nil else { return }
    let step = ReadableStep(parts)
    readableSteps.append(step)
    let memory = UnsafeMutableRawPointer.allocate(byteCount: 16, alignment: 16)
    memory.initializeMemory(as: Unmanaged<ReadableStep>.self, to: .passUnretained(step))
    storage.append(memory)
    let run: ck_kernel = { arguments, part, _ in
      arguments?.load(as: Unmanaged<ReadableStep>.self).takeUnretainedValue().parts[Int(part)].run()
    }
    steps.append(
      ck_step(
        kernel: run,
        arguments: memory,
        parts: Int32(parts.count),
        is_shared: parts.count > 1 && cost > Self.worthSharing ? 1 : 0
      )
    )
  }

  /// Waking a thread that spins and waiting for it takes about a microsecond.
  private static let worthSharing = 8e-6
}

/// A class, so that a call in C can point to it.
final class ReadableStep {
  let parts: [StepWork]

  init(_ parts: [StepWork]) { self.parts = parts }
}
