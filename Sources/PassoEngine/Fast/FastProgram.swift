// SPDX-License-Identifier: MIT

import PassoText

/// A run of floats that fast steps read and write.
package struct FastBuffer: Sendable, Equatable {
  /// How long its numbers are needed.
  package enum Lifetime: Sendable, Equatable {
    /// From one run to the next, and shared with programs that have the same: what is learned, what
    /// the optimizer remembers, the caches of generation.
    case kept
    /// From one run to the next: what a run is given. No step writes it.
    case given
    /// From the step that writes it to the next run: what a run gives.
    case result
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
  package internal(set) var buffer: BufferID
  package internal(set) var offset = 0
  package internal(set) var rows: Int
  package internal(set) var columns: Int

  /// From the start of one row to that of the next.
  package internal(set) var stride: Int

  /// Rows without gaps.
  init(_ buffer: BufferID, at offset: Int = 0, _ rows: Int, _ columns: Int) {
    (self.buffer, self.offset, self.rows) = (buffer, offset, rows)
    (self.columns, stride) = (columns, columns)
  }

  /// The same place in another buffer.
  func moved(to buffer: BufferID) -> FastView {
    var view = self
    view.buffer = buffer
    return view
  }

  /// A few of the columns.
  func columns(_ range: Range<Int>) -> FastView {
    var view = self
    (view.offset, view.columns) = (offset + range.lowerBound, range.count)
    return view
  }
}

/// One pass over memory that does the work of one or more readable steps.
package struct FastStep: Sendable {
  /// What it writes, by the names of the readable program.
  package let name: String

  package let phase: Phase

  /// The readable steps whose work this is.
  package internal(set) var covers: [Int]

  /// What is done, and with which places.
  let operation: any FastOperation

  /// What the operation asks for when it is bound.
  package let reads: [BufferID]
  package let writes: [BufferID]

  /// Bytes that have to be read or written at least, in one run.
  package let bytes: Double

  /// What is done, in words.
  package var work: Bilingual { operation.work }

  /// Multiplications and additions of one run.
  package var flops: Double { operation.flops }

  /// What it reads and writes in the first round of an update, or in a later one.
  func accesses(inLaterRound isLater: Bool) -> [FastBinder.Access] {
    FastBinder.accesses(of: operation, inLaterRound: isLater)
  }
}

/// The fast form of a training program: few passes over memory, planned once.
///
/// Made by `Lowering` from the readable program, and held against it by tests.
package struct FastProgram: Sendable {
  package internal(set) var buffers: [FastBuffer] = []
  package internal(set) var steps: [FastStep] = []

  /// Where values of the readable program are, while their buffers live.
  package internal(set) var views: [ValueID: FastView] = [:]

  /// The integers that a run is given: token ids, and where it reads on.
  package internal(set) var inputs: [ValueID: BufferID] = [:]

  /// In generation: how many positions are known before the first of a run.
  package internal(set) var known: BufferID?
  package internal(set) var gradientNorm: BufferID?

  /// Where gradients are added up that are not cleared.
  package internal(set) var gradientSums: BufferID?
  package internal(set) var settings: BufferID?

  /// Buffers with fixed contents, as the angles of rotary positions.
  package internal(set) var constants: [(buffer: BufferID, numbers: [Float])] = []

  /// Gaps that steps read with what lies around them and none writes: 0 from the start.
  package internal(set) var gaps: [FastView] = []

  /// Rounds of forward and backward that one update takes.
  package internal(set) var rounds = 1

  /// Whether each round adds its gradients to those of the rounds before.
  package var accumulates: Bool { rounds > 1 }

  /// What the optimizer needs of each update.
  package internal(set) var update = FastUpdate.none

  /// Floats of working memory for each thread.
  package internal(set) var scratch = 0

  /// What programs have to have in common that share it.
  package var kept: [FastBuffer] { buffers.filter { $0.lifetime == .kept } }

  /// The first steps of the update, which change nothing that is learned: the sums of gradients
  /// that are not cleared, and the norm.
  package var measuringLength: Int {
    (gradientSums == nil ? 0 : 1) + (gradientNorm == nil ? 0 : 1)
  }

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
