// SPDX-License-Identifier: MIT

import CKernels
import PassoRuntime
import Testing

@testable import PassoEngine

/// What the readable program is made of has the same bits, whatever the kind of kernels.
struct OrderedKernelsTests {
  private struct Sizes: Sendable, CustomTestStringConvertible {
    let rows: Int
    let columns: Int
    let inner: Int
    var turnsLeft = false
    var turnsRight = false
    var adds = false
    var testDescription: String { "\(rows) x \(inner) x \(columns)" }
  }

  private static let all = [
    Sizes(rows: 1, columns: 1, inner: 1), Sizes(rows: 5, columns: 6, inner: 16),
    Sizes(rows: 5, columns: 16, inner: 6, turnsRight: true),
    Sizes(rows: 13, columns: 33, inner: 7, turnsLeft: true, adds: true),
    Sizes(rows: 97, columns: 65, inner: 300, turnsLeft: true, turnsRight: true),
    Sizes(rows: 100, columns: 31, inner: 515, adds: true),
    Sizes(rows: 3, columns: 4, inner: 0), Sizes(rows: 3, columns: 4, inner: 0, adds: true),
  ]

  /// The definition: one multiply-add after the other.
  private static func product<S: Scalar>(_ a: [S], _ b: [S], _ c: [S], _ sizes: Sizes) -> [S] {
    var result = c
    for i in 0..<sizes.rows {
      for j in 0..<sizes.columns {
        var sum = sizes.adds ? c[i * sizes.columns + j] : 0
        for k in 0..<sizes.inner {
          let left = a[sizes.turnsLeft ? k * sizes.rows + i : i * sizes.inner + k]
          let right = b[sizes.turnsRight ? j * sizes.inner + k : k * sizes.columns + j]
          sum.addProduct(left, right)
        }
        result[i * sizes.columns + j] = sum
      }
    }
    return result
  }

  private static func check<S: Scalar>(
    _ sizes: Sizes,
    _ type: S.Type,
    _ multiply: (ck_kernels, UnsafePointer<ck_ordered_product>) -> Void
  ) {
    var random = RandomSource(seed: 3)
    func numbers(_ count: Int) -> [S] { (0..<count).map { _ in S(random.normal()) } }
    let (a, b) = (numbers(sizes.rows * sizes.inner), numbers(sizes.inner * sizes.columns))
    let c = numbers(sizes.rows * sizes.columns)
    let wanted = product(a, b, c, sizes)
    for kernels in Kernels.available {
      var found = c
      a.withUnsafeBufferPointer { a in
        b.withUnsafeBufferPointer { b in
          found.withUnsafeMutableBufferPointer { c in
            let operands = MatrixProduct(
              rows: sizes.rows,
              columns: sizes.columns,
              inner: sizes.inner,
              a: a.baseAddress,
              aTransposed: sizes.turnsLeft,
              b: b.baseAddress,
              bTransposed: sizes.turnsRight,
              c: c.baseAddress,
              adds: sizes.adds
            ).operands
            withUnsafePointer(to: operands) { multiply(kernels.table, $0) }
          }
        }
      }
      #expect(found == wanted, "\(kernels)")
    }
  }

  @Test(arguments: all)
  private func aProductIsOneMultiplyAddAfterTheOther(_ sizes: Sizes) {
    Self.check(sizes, Float.self) { $0.ordered_product_f32($1) }
    Self.check(sizes, Double.self) { $0.ordered_product_f64($1) }
  }

  @Test(arguments: [1, 3, 4, 8, 17, 1000])
  func functionsOfManyNumbersAreThoseOfOne(count: Int) {
    var random = RandomSource(seed: 5)
    var x = (0..<count).map { _ in 20 * random.normal() }
    x[0] = -.infinity
    for kernels in Kernels.available {
      var (wide, narrow) = (x, x.map(Float.init))
      wide.withUnsafeMutableBufferPointer {
        kernels.table.ordered_exp_f64($0.baseAddress, Int64($0.count))
      }
      narrow.withUnsafeMutableBufferPointer {
        kernels.table.ordered_exp_f32($0.baseAddress, Int64($0.count))
      }
      #expect(wide == x.map(Double.exponential), "\(kernels)")
      #expect(narrow == x.map { Float.exponential(Float($0)) }, "\(kernels)")
      (wide, narrow) = (x, x.map(Float.init))
      wide.withUnsafeMutableBufferPointer {
        kernels.table.ordered_tanh_f64($0.baseAddress, Int64($0.count))
      }
      narrow.withUnsafeMutableBufferPointer {
        kernels.table.ordered_tanh_f32($0.baseAddress, Int64($0.count))
      }
      #expect(wide == x.map(Double.hyperbolicTangent), "\(kernels)")
      #expect(narrow == x.map { Float.hyperbolicTangent(Float($0)) }, "\(kernels)")
    }
  }
}
