// SPDX-License-Identifier: MIT

import CBLAS
import Glibc

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

  /// `C = alpha * op(A) * op(B) + beta * C`, row-major.
  static func multiply(_ product: MatrixProduct<Self>)
}

/// The operands of one matrix product, row-major, as BLAS wants them.
///
/// `op(a)` is [rows, inner] and `op(b)` is [inner, columns]; a stride is the distance, in elements,
/// from one stored row to the next, nil where rows have no gaps between them.
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

  /// 0 overwrites `c`, 1 adds to it.
  var beta: S = 0
}

extension MatrixProduct {
  /// What CBLAS has once for each kind of number.
  fileprivate typealias GEMM = (
    CBLAS_ORDER, CBLAS_TRANSPOSE, CBLAS_TRANSPOSE, blasint, blasint, blasint, S,
    UnsafePointer<S>?, blasint, UnsafePointer<S>?, blasint, S, UnsafeMutablePointer<S>?, blasint
  ) -> Void

  @inline(__always)
  fileprivate func run(_ gemm: GEMM) {
    gemm(
      CblasRowMajor,
      aTransposed ? CblasTrans : CblasNoTrans,
      bTransposed ? CblasTrans : CblasNoTrans,
      blasint(rows),
      blasint(columns),
      blasint(inner),
      1,
      a,
      blasint(aStride ?? (aTransposed ? rows : inner)),
      b,
      blasint(bStride ?? (bTransposed ? inner : columns)),
      beta,
      c,
      blasint(cStride ?? columns)
    )
  }
}

extension Float: Scalar {
  package typealias Sum = FloatSum
  package static func exponential(_ x: Float) -> Float { expf(x) }
  package static func logarithm(_ x: Float) -> Float { logf(x) }
  package static func hyperbolicTangent(_ x: Float) -> Float { tanhf(x) }

  package static func multiply(_ p: MatrixProduct<Float>) { p.run(cblas_sgemm) }
}

extension Double: Scalar {
  package typealias Sum = DoubleSum
  package static func exponential(_ x: Double) -> Double { exp(x) }
  package static func logarithm(_ x: Double) -> Double { log(x) }
  package static func hyperbolicTangent(_ x: Double) -> Double { tanh(x) }

  package static func multiply(_ p: MatrixProduct<Double>) { p.run(cblas_dgemm) }
}

extension Double {
  package static func cosine(_ x: Double) -> Double { cos(x) }
  package static func sine(_ x: Double) -> Double { sin(x) }
}
