// SPDX-License-Identifier: MIT

import CKernels

/// Elementary functions with the same bits on every processor, which the C library does not
/// promise.
///
/// What is recorded, hashed, drawn from a seed or shown in a lesson is computed with them. The
/// errors in units of the last place are the largest that were found against 120 bits.
extension Double {
  /// e to the power of a number, to 0.65 ulp.
  package static func exponential(_ x: Double) -> Double { ck_exp(x) }

  /// The natural logarithm, to 0.8 ulp; of a negative number not a number.
  package static func logarithm(_ x: Double) -> Double { ck_log(x) }

  /// To 2.1 ulp.
  package static func hyperbolicTangent(_ x: Double) -> Double { ck_tanh(x) }

  /// The error function: 2 / √π times the integral of e^(-t²) from 0 to a number, to 1.1 ulp.
  package static func errorFunction(_ x: Double) -> Double { ck_erf(x) }

  /// Of an angle in radians, to 0.9 ulp; beyond a million not a number.
  package static func cosine(_ x: Double) -> Double { ck_cos(x) }

  /// Of an angle in radians, to 0.9 ulp; beyond a million not a number.
  package static func sine(_ x: Double) -> Double { ck_sin(x) }
}
