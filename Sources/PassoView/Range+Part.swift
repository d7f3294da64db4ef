// SPDX-License-Identifier: MIT

extension ClosedRange<Double> {
  /// Where a number lies between the bounds, from 0 to 1; in the middle if they are the same.
  ///
  /// The distance of two numbers may be too large for a number of its own: then halves are
  /// compared.
  func part(_ value: Double) -> Double {
    guard upperBound > lowerBound else { return 0.5 }
    let whole = upperBound - lowerBound
    let part =
      whole.isFinite
      ? (value - lowerBound) / whole
      : (value / 2 - lowerBound / 2) / (upperBound / 2 - lowerBound / 2)
    return Swift.min(Swift.max(part, 0), 1)
  }

  /// The number at a part of the way from one bound to the other.
  func number(at part: Double) -> Double {
    let whole = upperBound - lowerBound
    return whole.isFinite ? lowerBound + part * whole : lowerBound * (1 - part) + upperBound * part
  }
}
