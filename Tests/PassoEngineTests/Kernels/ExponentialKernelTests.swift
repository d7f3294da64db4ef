// SPDX-License-Identifier: MIT

import CKernels
import Foundation
import PassoEngine
import PassoRuntime
import Testing

/// e^x as the kernels compute it, seen through what uses it.
struct ExponentialKernelTests {
  /// The probability of 1 beside 0, as `x` below it: e^x / (1 + e^x).
  private func probabilities(of numbers: [Float], _ kind: KernelKind) throws -> [Float] {
    let logits = Numbers(numbers.flatMap { [0, $0] })
    let (targets, losses) = (Integers(.init(repeating: 0, count: numbers.count)), Numbers(numbers))
    let one = Numbers([1])
    let arguments = ck_cross_entropy(
      rows: Int32(numbers.count),
      width: 2,
      parts: 1,
      logits: logits.start,
      row: 2,
      targets: targets.read,
      ignored: -100,
      losses: losses.start,
      scale: one.read,
      weights: nil
    )
    try kind.run(\.cross_entropy, arguments)
    return numbers.indices.map { logits.start[2 * $0 + 1] }
  }

  @Test(arguments: KernelKind.all)
  func itIsExactToAFewInTheLastPlace(kind: KernelKind) throws {
    let numbers = (0...43_500).map { -Float($0) / 500 }
    var errors: [String] = []
    for (x, found) in zip(numbers, try probabilities(of: numbers, kind)) {
      let wanted = exp(Double(x)) / (1 + exp(Double(x)))
      let error = abs(Double(found) - wanted) / wanted
      if !(error <= 4e-7) { errors.append("e^\(x) off by \(error)") }
    }
    #expect(errors.isEmpty, "\(errors.count): \(errors.prefix(3))")
  }

  @Test(arguments: KernelKind.all)
  func beyondItsRangeItStaysSmallOrNotANumber(kind: KernelKind) throws {
    let tiny = try probabilities(of: [-88, -100, -1e30, -.infinity], kind)
    #expect(tiny.allSatisfy { $0 >= 0 && $0 < 1e-37 }, "\(tiny)")
    #expect(try probabilities(of: [.nan], kind)[0].isNaN)
  }

  @Test(arguments: KernelKind.all)
  func upwardsToo(kind: KernelKind) throws {
    let numbers = (-43_500...43_500).map { Float($0) / 500 }
    let (gate, up) = (Numbers(numbers), Numbers([Float](repeating: 1, count: numbers.count)))
    let post = Numbers(count: numbers.count)
    var arguments = ck_swiglu()
    (arguments.rows, arguments.width, arguments.parts) = (1, Int32(numbers.count), 1)
    (arguments.gate, arguments.up, arguments.post) = (gate.read, up.read, post.start)
    try kind.run(\.swiglu, arguments)
    var errors: [String] = []
    for (x, found) in zip(numbers, post.doubles) {
      let wanted = Double(x) / (1 + exp(-Double(x)))
      let error = abs(found - wanted)
      if !(error <= 6e-7 * abs(wanted)) { errors.append("silu(\(x)) off by \(error)") }
    }
    #expect(errors.isEmpty, "\(errors.count): \(errors.prefix(3))")
  }
}
