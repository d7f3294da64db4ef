// SPDX-License-Identifier: MIT

/// Random numbers that a seed decides: the same on every machine.
///
/// The state is one 64-bit counter, so that it can be kept, hashed and restored.
/// Source: SplitMix64, Steele, Lea, Flood 2014, doi 10.1145/2714064.2660195.
package struct RandomSource: RandomNumberGenerator, Sendable, Hashable {
  /// The whole state.
  package private(set) var state: UInt64

  /// Starts at a seed.
  package init(seed: UInt64) {
    state = seed
  }

  /// 64 random bits.
  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// Passes over so many numbers at once.
  package mutating func skip(_ count: Int) {
    state &+= 0x9E37_79B9_7F4A_7C15 &* UInt64(count)
  }

  /// A number in [0, 1), with 53 random bits.
  package mutating func uniform() -> Double {
    Double(next() >> 11) * 0x1p-53
  }

  /// A number of the standard normal distribution.
  ///
  /// Source: Box and Muller 1958, doi 10.1214/aoms/1177706645; the second of each pair is not
  /// used, so that the state after a call does not depend on how calls are paired.
  package mutating func normal() -> Double {
    let radius = (-2 * Double.logarithm(1 - uniform())).squareRoot()
    return radius * Double.cosine(2 * Double.pi * uniform())
  }
}
