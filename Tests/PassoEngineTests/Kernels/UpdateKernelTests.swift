// SPDX-License-Identifier: MIT

import CKernels
import Foundation
import PassoEngine
import PassoRuntime
import Testing

/// Optimizers and norms of gradients against their formulas in double precision.
struct UpdateKernelTests {
  private struct Operands {
    let w, g, m, v: Numbers

    init(_ count: Int, _ source: inout RandomSource) {
      w = Numbers(random: count, &source)
      g = Numbers(random: count, &source, scale: 0.1)
      m = Numbers(random: count, &source, scale: 0.1)
      v = Numbers((0..<count).map { _ in .random(in: 0...0.01, using: &source) })
    }
  }

  private let settings = Numbers([0.01, 1 - 0.9 * 0.9, 1 - 0.95 * 0.95])

  private func arguments(_ o: Operands, chunk: Int, scale: Numbers?) -> ck_update {
    ck_update(
      count: Int64(o.w.count),
      chunk: Int64(chunk),
      w: o.w.start,
      g: o.g.start,
      m: o.m.start,
      v: o.v.start,
      scale: scale?.read,
      settings: settings.read,
      beta1: 0.9,
      beta2: 0.95,
      epsilon: 1e-8,
      decay: 0.1
    )
  }

  /// One number after an update, with its averages.
  private func updated(
    _ kernel: KeyPath<ck_kernels, ck_kernel?>,
    _ w: Double,
    _ g: Double,
    _ m: Double,
    _ v: Double
  ) -> (w: Double, m: Double, v: Double) {
    switch kernel {
    case \.sgd: return (w - 0.01 * g, m, v)
    case \.momentum:
      let velocity = 0.9 * m + g
      return (w - 0.01 * velocity, velocity, v)
    default:
      let (first, second) = (0.9 * m + 0.1 * g, 0.95 * v + 0.05 * g * g)
      let (mean, square) = (first / (1 - 0.9 * 0.9), second / (1 - 0.95 * 0.95))
      let kept = w - 0.01 * 0.1 * w
      return (kept - 0.01 * mean / (square.squareRoot() + 1e-8), first, second)
    }
  }

  @Test(arguments: KernelKind.all, [1, 5, 67, 200])
  func optimizers(kind: KernelKind, count: Int) throws {
    let kernels: [KeyPath<ck_kernels, ck_kernel?>] = [\.sgd, \.momentum, \.adamw]
    for kernel in kernels {
      for scale in [nil, Numbers([0.5])] {
        var source = RandomSource(seed: 14)
        let o = Operands(count, &source)
        let factor = scale == nil ? 1 : 0.5
        let wanted = (0..<count).map { i in
          updated(kernel, o.w.doubles[i], o.g.doubles[i] * factor, o.m.doubles[i], o.v.doubles[i])
        }
        let before = o.g.values
        try kind.run(kernel, arguments(o, chunk: 64, scale: scale), parts: (count + 63) / 64)
        expectNear(o.w, wanted.map(\.w), "numbers")
        expectNear(o.m, wanted.map(\.m), "first average")
        expectNear(o.v, wanted.map(\.v), "second average")
        #expect(o.g.values == before)
      }
    }
  }

  @Test(arguments: KernelKind.all, [1, 37, 2500])
  func theNormAndWhatItIsClippedTo(kind: KernelKind, count: Int) throws {
    var source = RandomSource(seed: 15)
    let (chunk, parts) = (1500, (count + 1499) / 1500)
    let x = Numbers(random: count, &source)
    let sums = UnsafeMutablePointer<Double>.allocate(capacity: parts)
    defer { sums.deallocate() }
    let squares = ck_squares(count: Int64(count), chunk: Int64(chunk), x: x.read, sums: sums)
    try kind.run(\.squares, squares, parts: parts)
    let wanted = x.doubles.reduce(0) { $0 + $1 * $1 }.squareRoot()
    for (limit, share) in [(wanted / 3, nil), (wanted * 3, nil), (wanted / 3, Numbers([0.25]))] {
      let weight = share.map { Double($0.values[0]) } ?? 1
      let (norm, factor) = (Numbers(count: 1), Numbers(count: 1))
      let clip = ck_clip(
        count: Int32(parts),
        limit: limit,
        sums: UnsafePointer(sums),
        share: share?.read,
        norm: norm.start,
        factor: factor.start
      )
      try kind.run(\.clip, clip)
      expectNear(norm, [wanted * weight], within: 1e-6, "norm")
      // PyTorch's clip_grad_norm_ adds a millionth too.
      let clipped = min(1, limit / (wanted * weight + 1e-6)) * weight
      expectNear(factor, [clipped], within: 1e-6, "factor")
    }
  }

  @Test(arguments: KernelKind.all)
  func aNormThatIsNotANumberIsNotHidden(kind: KernelKind) throws {
    var sum = Double.nan
    let (norm, factor) = (Numbers(count: 1), Numbers(count: 1))
    try withUnsafePointer(to: &sum) { sums in
      let clip = ck_clip(
        count: 1,
        limit: 1,
        sums: sums,
        share: nil,
        norm: norm.start,
        factor: factor.start
      )
      try kind.run(\.clip, clip)
    }
    #expect(norm.start[0].isNaN)
    #expect(factor.start[0].isNaN)
  }

  /// Whoever adds a kernel to the table adds a test of it, and changes this number.
  @Test func everyEntryOfTheTableIsTested() {
    let tested = 30
    #expect(MemoryLayout<ck_kernels>.size == (2 + tested) * MemoryLayout<Int>.size)
  }
}
