// SPDX-License-Identifier: MIT

import CKernels
import PassoEngine
import Testing

/// A NaN among scores is never lost, wherever it stands and whatever stands around it.
struct NotANumberTests {
  private static let rows: [[Double]] = [
    [.nan, -.infinity], [-.infinity, .nan], [.nan, -.infinity, -.infinity], [1, .nan, -.infinity],
    [.nan, 1, 2], [2, 1, .nan], [-.infinity, .nan, 3],
    [.nan] + [Double](repeating: -.infinity, count: 40),
  ]

  @Test(arguments: rows.indices, [Precision.f32, .f64])
  func softmaxKeepsIt(index: Int, precision: Precision) throws {
    let row = Self.rows[index]
    let example = OpExample(Softmax(), [Tensor(Shape((.item, row.count)), row)], gives: row)
    var execution = try OpCatalogTests.prepare(example, precision).execution
    try execution.run()
    let output = try #require(try execution.tensor(execution.id(of: "y")))
    #expect(output.doubles.allSatisfy { $0.isNaN }, "\(row): \(output.doubles)")
  }

  @Test(arguments: [Precision.f32, .f64])
  func aRowThatIsMaskedWholeStaysZero(precision: Precision) throws {
    let row = [-Double.infinity, -.infinity]
    let example = OpExample(Softmax(), [Tensor(Shape((.item, 2)), row)], gives: [0, 0])
    var execution = try OpCatalogTests.prepare(example, precision).execution
    try execution.run()
    #expect(try execution.tensor(execution.id(of: "y"))?.doubles == [0, 0])
  }

  @Test(arguments: KernelKind.all, rows)
  func theFastLossKeepsIt(kind: KernelKind, row: [Double]) throws {
    let logits = Numbers(row.map(Float.init))
    let (targets, losses, one) = (Integers([0]), Numbers(count: 1), Numbers([1]))
    let arguments = ck_cross_entropy(
      rows: 1,
      width: Int32(row.count),
      parts: 1,
      logits: logits.start,
      row: row.count,
      targets: targets.read,
      ignored: -100,
      losses: losses.start,
      scale: one.read,
      weights: nil
    )
    try kind.run(\.cross_entropy, arguments)
    #expect(losses.values[0].isNaN)
    #expect(logits.values.allSatisfy { $0.isNaN })
  }
}
