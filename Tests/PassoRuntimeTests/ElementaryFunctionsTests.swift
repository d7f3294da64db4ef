// SPDX-License-Identifier: MIT

import Glibc
import PassoRuntime
import Testing

/// The functions against those of the C library, which are right to the last place or the one
/// before it.
struct ElementaryFunctionsTests {
  private struct Function: Sendable, CustomTestStringConvertible {
    let name: String
    let range: ClosedRange<Double>

    /// Units of the last place, its own error and that of the C library together.
    let allowed: Double
    let own: @Sendable (Double) -> Double
    let reference: @Sendable (Double) -> Double
    var testDescription: String { name }
  }

  private static let functions = [
    Function(name: "exp", range: -745...709.7, allowed: 2, own: { .exponential($0) }) { exp($0) },
    Function(name: "exp near 0", range: -1...1, allowed: 2, own: { .exponential($0) }) { exp($0) },
    Function(name: "log", range: 0x1p-1030...1e9, allowed: 2, own: { .logarithm($0) }) { log($0) },
    Function(name: "log near 1", range: 0.7...1.4, allowed: 2, own: { .logarithm($0) }) { log($0) },
    Function(name: "tanh", range: -20...20, allowed: 4, own: { .hyperbolicTangent($0) }) {
      tanh($0)
    },
    Function(name: "tanh near 0", range: -0.5...0.5, allowed: 4, own: { .hyperbolicTangent($0) }) {
      tanh($0)
    },
    Function(name: "sin", range: -1e6...1e6, allowed: 2, own: { .sine($0) }) { sin($0) },
    Function(name: "cos", range: -7...7, allowed: 2, own: { .cosine($0) }) { cos($0) },
  ]

  @Test(arguments: functions)
  private func isThatOfTheCLibraryToTheLastPlaces(_ function: Function) {
    var random = RandomSource(seed: 7)
    for count in 0..<20_000 {
      var x = Double.random(in: function.range, using: &random)
      // Small numbers too.
      if count.isMultiple(of: 4) { x *= Double(sign: .plus, exponent: -count % 50, significand: 1) }
      let (own, reference) = (function.own(x), function.reference(x))
      #expect(abs(own - reference) <= function.allowed * reference.ulp, "\(x)")
    }
  }

  @Test func theEndsOfTheLineAreRight() {
    #expect(Double.exponential(-.infinity) == 0 && Double.exponential(.infinity) == .infinity)
    #expect(Double.exponential(0) == 1 && Double.exponential(-746) == 0)
    #expect(Double.exponential(-745) == .leastNonzeroMagnitude)
    #expect(Double.exponential(710) == .infinity && Double.exponential(.nan).isNaN)
    #expect(Double.logarithm(0) == -.infinity && Double.logarithm(.infinity) == .infinity)
    #expect(Double.logarithm(1) == 0 && Double.logarithm(-1).isNaN && Double.logarithm(.nan).isNaN)
    #expect(Double.hyperbolicTangent(.infinity) == 1 && Double.hyperbolicTangent(-40) == -1)
    #expect(Double.hyperbolicTangent(-0.0).sign == .minus && Double.hyperbolicTangent(.nan).isNaN)
    #expect(Double.sine(0) == 0 && Double.cosine(0) == 1)
    #expect(Double.sine(.infinity).isNaN && Double.cosine(2e6).isNaN)
  }
}
