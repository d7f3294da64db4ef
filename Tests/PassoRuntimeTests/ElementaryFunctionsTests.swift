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

    init(
      _ name: String,
      _ range: ClosedRange<Double>,
      _ allowed: Double,
      _ own: @escaping @Sendable (Double) -> Double,
      _ reference: @escaping @Sendable (Double) -> Double
    ) {
      (self.name, self.range, self.allowed) = (name, range, allowed)
      (self.own, self.reference) = (own, reference)
    }
  }

  private static let functions = [
    Function("exp", -745...709.7, 2, Double.exponential, exp),
    Function("exp near 0", -1...1, 2, Double.exponential, exp),
    Function("log", 0x1p-1030...1e9, 2, Double.logarithm, log),
    Function("log near 1", 0.7...1.4, 2, Double.logarithm, log),
    Function("tanh", -20...20, 4, Double.hyperbolicTangent, tanh),
    Function("tanh near 0", -0.5...0.5, 4, Double.hyperbolicTangent, tanh),
    Function("erf", -7...7, 2, Double.errorFunction, erf),
    Function("erf near 0", -1...1, 2, Double.errorFunction, erf),
    Function("sin", -1e6...1e6, 2, Double.sine, sin),
    Function("cos", -7...7, 2, Double.cosine, cos),
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
    #expect(Double.errorFunction(.infinity) == 1 && Double.errorFunction(-9) == -1)
    #expect(Double.errorFunction(-0.0).sign == .minus && Double.errorFunction(.nan).isNaN)
    #expect(Double.sine(0) == 0 && Double.cosine(0) == 1)
    #expect(Double.sine(.infinity).isNaN && Double.cosine(2e6).isNaN)
  }
}
