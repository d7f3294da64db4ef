// SPDX-License-Identifier: MIT

/// The largest difference of two lists, over the largest magnitude of the expected one.
///
/// Infinite when the lists differ in length, or where only one of them is finite.
package func relativeError(_ found: [Double], _ expected: [Double]) -> Double {
  guard found.count == expected.count else { return .infinity }
  var difference = 0.0
  var scale = 0.0
  for (a, b) in zip(found, expected) where a != b && !(a.isNaN && b.isNaN) {
    guard a.isFinite, b.isFinite else { return .infinity }
    difference = max(difference, abs(a - b))
  }
  for b in expected where b.isFinite { scale = max(scale, abs(b)) }
  return difference == 0 ? 0 : difference / max(scale, .leastNormalMagnitude)
}
