// SPDX-License-Identifier: MIT

import CKernels
import PassoRuntime
import Synchronization

/// Threads for the long steps of readable programs, whose bits do not depend on who does what.
package enum SharedWork {
  private static let threads = try? FastThreads(count: ProcessorCount.physical, scratch: 0)

  /// One step at a time: who finds the threads at work does its own alone.
  private static let gate = Mutex(())

  /// How many parts keep all threads at work, if one of them is late.
  package static let usualParts =
    ProcessorCount.physical == 1 ? 1 : 4 * ProcessorCount.physical

  /// Numbers from which a step that does little with each is worth several threads.
  package static let worthSharing = 1 << 17

  /// Does parts, numbered from 0, that write to different places; comes back when all are done.
  package static func run(_ parts: Int, _ body: (Int) -> Void) {
    precondition(parts > 0, "\(parts) parts would leave the work undone")
    let isShared =
      parts > 1
      && gate.withLockIfAvailable { _ in
        guard let threads, threads.count > 1 else { return false }
        withoutActuallyEscaping(body) { body in run(parts, PartBody(body), on: threads) }
        return true
      } == true
    if !isShared { for part in 0..<parts { body(part) } }
  }

  private static func run(_ parts: Int, _ body: PartBody, on threads: FastThreads) {
    withExtendedLifetime(body) {
      var argument = Unmanaged.passUnretained(body)
      let kernel: ck_kernel = { arguments, part, _ in
        arguments?.load(as: Unmanaged<PartBody>.self).takeUnretainedValue().body(Int(part))
      }
      withUnsafePointer(to: &argument) { argument in
        var step = ck_step(
          kernel: kernel,
          arguments: argument,
          parts: Int32(parts),
          is_shared: 1
        )
        ck_pool_run(threads.pool, &step, 1, nil)
      }
    }
  }
}

/// A class, so that a call in C can point to it.
private final class PartBody {
  let body: (Int) -> Void

  init(_ body: @escaping (Int) -> Void) { self.body = body }
}

extension StepWork {
  /// Does it on all threads, if its numbers do not depend on each other and are many.
  ///
  /// Products share their work themselves.
  func runShared() {
    let count = binding.output.count
    guard count >= SharedWork.worthSharing, let pointwise = op as? any PointwiseOp,
      binding.inputShapes.allSatisfy({ $0 == binding.outputShape || $0.rank == 0 })
    else { return run() }
    let parts = SharedWork.usualParts
    SharedWork.run(parts) { part in
      // Cache lines of 16 floats or more, so that no two threads write to one.
      func place(_ part: Int) -> Int { part == parts ? count : count * part / parts / 64 * 64 }
      self.part(pointwise, place(part)..<place(part + 1)).run()
    }
  }

  private func part(_ op: some PointwiseOp, _ range: Range<Int>) -> StepWork {
    let shape = Shape((.item, range.count))
    func region(_ region: Region, isWhole: Bool) -> Region {
      let start = region.offset + (isWhole ? 0 : range.lowerBound * precision.byteCount)
      return Region(offset: start, count: isWhole ? region.count : range.count, home: region.home)
    }
    let isWhole = binding.inputShapes.map { $0.rank == 0 }
    return StepWork(
      op: op.part(from: range.lowerBound),
      precision: precision,
      base: base,
      sharedBase: sharedBase,
      binding: StepBinding(
        inputs: zip(binding.inputs, isWhole).map(region),
        output: region(binding.output, isWhole: false),
        inputShapes: isWhole.map { $0 ? .scalar : shape },
        outputShape: shape
      )
    )
  }
}

extension MatrixProduct {
  /// Does it on all threads if it is large: each number is the sum of one thread in any case.
  func shared(_ multiply: (MatrixProduct) -> Void) {
    let work = rows.multipliedReportingOverflow(by: columns).partialValue
      .multipliedReportingOverflow(by: inner)
    guard work.overflow || work.partialValue >= Self.worthSharing else { return multiply(self) }
    // What is cut stays a multiple of the widest tile of the kernels.
    let isWide = columns >= rows
    let (size, step) = isWide ? (columns, 64) : (rows, 96)
    let parts = min(SharedWork.usualParts, size / step)
    guard parts > 1 else { return multiply(self) }
    SharedWork.run(parts) { part in
      func place(_ part: Int) -> Int { part == parts ? size : size * part / parts / step * step }
      let range = place(part)..<place(part + 1)
      multiply(isWide ? columns(range) : rows(range))
    }
  }

  private static var worthSharing: Int { 1 << 21 }

  private func columns(_ range: Range<Int>) -> MatrixProduct {
    var part = full
    part.columns = range.count
    let step = bTransposed ? part.bStride ?? 0 : 1
    part.b = b.map { $0 + range.lowerBound * step }
    part.c = c.map { $0 + range.lowerBound }
    return part
  }

  private func rows(_ range: Range<Int>) -> MatrixProduct {
    var part = full
    part.rows = range.count
    let step = aTransposed ? 1 : part.aStride ?? 0
    part.a = a.map { $0 + range.lowerBound * step }
    part.c = c.map { $0 + range.lowerBound * (part.cStride ?? 0) }
    return part
  }

  /// With the distances of its rows written out: a part of a matrix has those of the whole.
  private var full: MatrixProduct {
    var full = self
    full.aStride = aStride ?? (aTransposed ? rows : inner)
    full.bStride = bStride ?? (bTransposed ? inner : columns)
    full.cStride = cStride ?? columns
    return full
  }
}
