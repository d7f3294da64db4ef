// SPDX-License-Identifier: MIT

import PassoData
import PassoEngine
import PassoEvaluation
import PassoModel
import PassoRuntime
import Testing

/// Alternatives, ranks and entropies, against probabilities that are known.
struct ExpectationTests {
  @Test func probabilitiesByHand() throws {
    // exp of them: 1, 2, 4, 1; together 8.
    let logits = [1, 2, 4, 1].map { Double.logarithm($0) }
    let found = Expectation(logits: logits, answer: 3, most: 3)
    #expect(found.best.map(\.token) == [2, 1, 0])
    for (candidate, wanted) in zip(found.best, [0.5, 0.25, 0.125]) {
      #expect(abs(candidate.probability - wanted) < 1e-12)
    }
    // 1/2 * ln 2 + 1/4 * ln 4 + 2 * 1/8 * ln 8 = 1.75 * ln 2.
    #expect(abs(found.entropy - 1.75 * Double.logarithm(2)) < 1e-12)
    let answer = try #require(found.answer)
    #expect(answer.rank == 4)
    #expect(abs(answer.surprisal - Double.logarithm(8)) < 1e-12)
    #expect(abs(answer.probability - 0.125) < 1e-12)
  }

  @Test func equalOnesStandInTheOrderOfTheirIDs() throws {
    let found = Expectation(logits: [0, 3, 0, 3, 0], answer: 2, most: 9)
    #expect(found.best.map(\.token) == [1, 3, 0, 2, 4])
    #expect(found.answer?.rank == 4)
  }

  @Test func aTokenThatIsSureLeavesNothingOpen() {
    let found = Expectation(logits: [-.infinity, 5, -.infinity], answer: 1, most: 1)
    #expect(found.entropy == 0)
    #expect(found.answer?.surprisal == 0 && found.answer?.rank == 1)
  }

  @Test(arguments: [[0, Double.nan, 1], [0, Double.infinity, 1]])
  func whereThereIsNoNumberThereIsNoOrder(logits: [Double]) {
    let found = Expectation(logits: logits, answer: 0, most: 2)
    #expect(found.best.isEmpty && found.entropy.isNaN)
    #expect(found.answer?.rank == nil && found.answer?.probability.isNaN == true)
  }

  @Test func everyPlaceIsThatOfThePredictionAfterIt() throws {
    let model = try randomModel(seed: 3)
    let text: [TokenID] = [1, 4, 2, 8, 5, 7]
    let found = try #require(try Expectation.after(each: text, model, most: 4))
    #expect(found.count == text.count && found.last?.answer == nil)
    for (place, expectation) in found.enumerated() {
      let wanted = try NextToken.probabilities(after: Array(text[...place]), model)
      for candidate in expectation.best {
        #expect(abs(candidate.probability - wanted[Int(candidate.token)]) < 1e-12)
      }
      guard place + 1 < text.count else { continue }
      let answer = try #require(expectation.answer)
      #expect(answer.token == text[place + 1])
      #expect(answer.rank == 1 + wanted.count { $0 > wanted[Int(answer.token)] })
    }
  }

  /// Windows of 6 that begin at 0, 3, 6 and 7: a place counts in the first that has it.
  @Test func aLongTextIsReadInWindows() throws {
    let model = try randomModel([("context", "6")], seed: 3)
    let text = (0..<13).map { TokenID(($0 * 5 + 1) % 9) }
    let found = try #require(try Expectation.after(each: text, model, most: 9))
    #expect(found.count == text.count)
    let starts = [0, 3, 6, 7]
    for place in text.indices {
      let start = try #require(starts.first { place < $0 + 6 })
      let wanted = try NextToken.probabilities(after: Array(text[start...place]), model)
      for candidate in found[place].best {
        #expect(abs(candidate.probability - wanted[Int(candidate.token)]) < 1e-12)
      }
    }
    #expect(try Expectation.after(each: text, model, most: 1, unless: { true }) == nil)
  }
}
