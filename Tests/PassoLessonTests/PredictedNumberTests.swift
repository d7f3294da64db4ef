// SPDX-License-Identifier: MIT

import Testing

@testable import PassoLesson

/// A number is read as the person who typed it meant it.
struct PredictedNumberTests {
  @Test(
    arguments: [
      ("5", 5), ("-0,5", -0.5), ("+0.5", 0.5), ("4/7", 4 / 7), ("1,5/3", 0.5),
      ("1.234.567", 1_234_567),
      ("1 389", 1389), ("1'389", 1389), ("1389,5", 1389.5), ("0.389", 0.389), ("1e3", 1000),
    ] as [(String, Double)]
  )
  func whatIsClearHasOneReading(text: String, value: Double) throws {
    let number = try #require(PredictedNumber(typed: text))
    #expect(number.value == value)
    for found in [0, 1, 1389, 1e6] { #expect(number.closest(to: found) == value) }
  }

  /// Whether the mark is that of decimals depends on who writes: what was found decides.
  @Test(arguments: ["1.400", "1,400"])
  func aMarkBeforeThreeDigitsHasTwo(text: String) throws {
    let number = try #require(PredictedNumber(typed: text))
    #expect(number.closest(to: 1388.89) == 1400)
    #expect(number.closest(to: 1.3863) == 1.4)
    #expect(number.value == 1.4)
  }

  @Test(arguments: [
    "", "mille", "1.389 ore", "1/0", "1/2/3", "1/1,000", "1.2.3", "57%", "nan", "inf", "1..000",
  ])
  func whatIsNoNumberIsNone(text: String) {
    #expect(PredictedNumber(typed: text) == nil)
  }
}
