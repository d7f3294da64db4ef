// SPDX-License-Identifier: MIT

import CKernels
import PassoRuntime

/// The number format in which a program is executed.
package enum Precision: String, Sendable, CaseIterable {
  /// 32-bit floats: the fast path.
  case f32

  /// 64-bit floats: the same programs at lesson size, for gradient checks.
  case f64

  /// Bytes per number.
  package var byteCount: Int {
    switch self {
    case .f32: 4
    case .f64: 8
    }
  }
}

/// A number format of the kernels, with the few functions that they need.
package protocol Scalar: BinaryFloatingPoint, Sendable {
  /// What sums of such numbers are made in.
  associatedtype Sum: RunningSum<Self>

  static func exponential(_ x: Self) -> Self
  static func logarithm(_ x: Self) -> Self
  static func hyperbolicTangent(_ x: Self) -> Self
  static func errorFunction(_ x: Self) -> Self

  /// Each number becomes e to its power.
  static func exponentials(_ x: UnsafeMutableBufferPointer<Self>)

  /// Each number becomes its hyperbolic tangent.
  static func hyperbolicTangents(_ x: UnsafeMutableBufferPointer<Self>)

  /// `c = op(a) * op(b)`, or what `c` holds and that.
  static func multiply(_ product: MatrixProduct<Self>)
}

/// The operands of one matrix product, row-major.
///
/// `op(a)` is [rows, inner] and `op(b)` is [inner, columns]; a stride is the distance, in elements,
/// from one stored row to the next, nil where rows have no gaps between them. Each number of `c` is
/// a chain of fused multiply-adds in the order of the sum, so that it has the same bits on every
/// processor.
package struct MatrixProduct<S: Scalar> {
  var rows: Int
  var columns: Int
  var inner: Int
  var a: UnsafePointer<S>?
  var aStride: Int?
  var aTransposed = false
  var b: UnsafePointer<S>?
  var bStride: Int?
  var bTransposed = false
  var c: UnsafeMutablePointer<S>?
  var cStride: Int?

  /// Whether the product is added to what `c` holds.
  var adds = false
}

extension MatrixProduct {
  /// The operands as the kernels want them.
  var operands: ck_ordered_product {
    let aRow = aStride ?? (aTransposed ? rows : inner)
    let bRow = bStride ?? (bTransposed ? inner : columns)
    return ck_ordered_product(
      m: Int64(rows),
      n: Int64(columns),
      k: Int64(inner),
      a: a,
      a_row: aTransposed ? 1 : aRow,
      a_column: aTransposed ? aRow : 1,
      b: b,
      b_row: bTransposed ? 1 : bRow,
      b_column: bTransposed ? bRow : 1,
      c: c,
      c_row: cStride ?? columns,
      accumulate: adds ? 1 : 0
    )
  }
}

extension Float: Scalar {
  package typealias Sum = FloatSum

  // Rounded once, from 64 bits: right in nearly every case.
  package static func exponential(_ x: Float) -> Float { Float(Double.exponential(Double(x))) }
  package static func logarithm(_ x: Float) -> Float { Float(Double.logarithm(Double(x))) }

  package static func hyperbolicTangent(_ x: Float) -> Float {
    Float(Double.hyperbolicTangent(Double(x)))
  }

  package static func errorFunction(_ x: Float) -> Float { Float(Double.errorFunction(Double(x))) }

  package static func exponentials(_ x: UnsafeMutableBufferPointer<Float>) {
    Kernels.best.table.ordered_exp_f32(x.baseAddress, Int64(x.count))
  }

  package static func hyperbolicTangents(_ x: UnsafeMutableBufferPointer<Float>) {
    Kernels.best.table.ordered_tanh_f32(x.baseAddress, Int64(x.count))
  }

  package static func multiply(_ product: MatrixProduct<Float>) {
    product.shared { part in
      withUnsafePointer(to: part.operands) { Kernels.best.table.ordered_product_f32($0) }
    }
  }
}

extension Double: Scalar {
  package typealias Sum = DoubleSum

  package static func exponentials(_ x: UnsafeMutableBufferPointer<Double>) {
    Kernels.best.table.ordered_exp_f64(x.baseAddress, Int64(x.count))
  }

  package static func hyperbolicTangents(_ x: UnsafeMutableBufferPointer<Double>) {
    Kernels.best.table.ordered_tanh_f64(x.baseAddress, Int64(x.count))
  }

  package static func multiply(_ product: MatrixProduct<Double>) {
    product.shared { part in
      withUnsafePointer(to: part.operands) { Kernels.best.table.ordered_product_f64($0) }
    }
  }
}
