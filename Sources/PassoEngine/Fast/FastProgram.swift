// SPDX-License-Identifier: MIT

import CKernels
import PassoText

/// A run of floats that fast steps read and write.
package struct FastBuffer: Sendable {
  /// How long its numbers are needed.
  package enum Lifetime: Sendable, Equatable {
    /// From one run to the next, and shared with programs that have the same: what is learned, what
    /// the optimizer remembers, the caches of generation.
    case kept
    /// From one run to the next: what a run is given, and what it gives.
    case given
    /// From the step that writes it to the last that reads it.
    case step
  }

  package let name: String

  /// The number of 32-bit elements.
  package let count: Int

  package let lifetime: Lifetime
}

/// The number of a buffer in its program.
package struct BufferID: Hashable, Sendable {
  package let index: Int
}

/// A value of the readable program inside a buffer: rows of `columns` numbers, `stride` apart.
package struct FastView: Sendable, Hashable {
  package let buffer: BufferID
  package var offset = 0
  package let rows: Int
  package let columns: Int
  package let stride: Int
}

/// One pass over memory that does the work of one or more readable steps.
package struct FastStep: Sendable {
  /// What it writes, by the names of the readable program.
  package let name: String

  /// What is done.
  package let work: FastWork

  package let phase: Phase

  /// The readable steps whose work this is.
  package internal(set) var covers: [Int]

  package let reads: [BufferID]
  package let writes: [BufferID]

  /// Multiplications and additions of one run.
  package let flops: Double

  /// Bytes that have to be read or written at least, in one run.
  package let bytes: Double

  /// Asks for the kernels with the addresses of the buffers.
  let bind: @Sendable (inout FastBinder) -> Void
}

/// The fast form of a training program: few passes over memory, planned once.
///
/// Made by `Lowering` from the readable program, and held against it by tests.
package struct FastProgram: Sendable {
  package internal(set) var buffers: [FastBuffer] = []
  package internal(set) var steps: [FastStep] = []

  /// Where values of the readable program are, while their buffers live.
  package internal(set) var views: [String: FastView] = [:]

  /// The token ids that a run is given.
  package internal(set) var tokens = BufferID(index: 0)
  package internal(set) var targets = BufferID(index: 0)

  /// How many positions at the start of each row all may see; nil where that is no part of the mask.
  package internal(set) var prefix: BufferID?
  package internal(set) var loss = BufferID(index: 0)
  package internal(set) var logits: FastView?

  /// In generation: how many positions are known before the first of a run.
  package internal(set) var known: BufferID?
  package internal(set) var gradientNorm: BufferID?
  package internal(set) var settings: BufferID?

  /// Buffers with fixed contents, as the angles of rotary positions.
  package internal(set) var constants: [(buffer: BufferID, numbers: [Float])] = []

  /// Rounds of forward and backward that one update takes.
  package internal(set) var rounds = 1

  /// Whether each round adds its gradients to those of the rounds before.
  package var accumulates: Bool { rounds > 1 }

  /// What the optimizer needs of each update.
  package internal(set) var update = FastUpdate.none

  /// Floats of working memory for each thread.
  package internal(set) var scratch = 0

  /// The steps before the update.
  package var roundLength: Int { steps.firstIndex { $0.phase == .update } ?? steps.count }
}

/// What changes from update to update.
package enum FastUpdate: Sendable, Equatable {
  /// Nothing is learned.
  case none
  /// A learning rate, and the betas whose powers correct the averages.
  case rule(schedule: RateSchedule, beta1: Double, beta2: Double)
}

/// Collects what the kernels need: addresses instead of names.
struct FastBinder {
  let addresses: [UnsafeMutableRawPointer]
  let kernels: ck_kernels

  /// The threads that will share the parts; the result does not depend on it.
  let threads: Int

  /// Whether gradients are added to what is there.
  let isLaterRound: Bool

  private(set) var steps: [ck_step] = []
  private(set) var storage: [UnsafeMutableRawPointer] = []

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
  }

  /// The start of a buffer.
  subscript(id: BufferID) -> UnsafeMutablePointer<Float> {
    addresses[id.index].assumingMemoryBound(to: Float.self)
  }

  /// Token ids.
  func integers(_ id: BufferID) -> UnsafeMutablePointer<Int32> {
    addresses[id.index].assumingMemoryBound(to: Int32.self)
  }

  /// The first number of a value.
  subscript(view: FastView) -> UnsafeMutablePointer<Float> { self[view.buffer] + view.offset }

  /// 1 if gradients are added to what is there.
  var accumulate: Int32 { isLaterRound ? 1 : 0 }

  /// Appends a kernel; `cost` in seconds on one thread decides whether threads share it.
  mutating func call<Arguments: BitwiseCopyable>(
    _ kernel: KeyPath<ck_kernels, ck_kernel?>,
    _ arguments: Arguments,
    parts: Int,
    cost: Double
  ) {
    guard let function = kernels[keyPath: kernel] else { return }
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

  /// Waking a thread that spins and waiting for it takes about a microsecond.
  private static let worthSharing = 8e-6
}
