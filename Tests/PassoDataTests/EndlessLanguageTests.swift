// SPDX-License-Identifier: MIT
import Foundation
import PassoData
import Testing

/// Languages without a longest sentence, whose figures are exact all the same.
@Suite struct EndlessLanguageTests {
  private func near(_ found: Double?, _ wanted: Double, _ error: Double = 1e-12) -> Bool {
    found.map { abs($0 - wanted) <= error * max(1, abs(wanted)) } ?? false
  }

  private func oracle(_ rules: String...) throws -> Oracle {
    Oracle(try ToyLanguage(name: "endless", rules: rules.joined(separator: "\n")))
  }

  /// After each of on average two apples one bit decides whether another one comes.
  @Test func aListGoesOnAsLongAsChanceWants() throws {
    let oracle = try oracle("<sentence> = mela | mela e <sentence>")
    #expect(near(oracle.expectedLength, 4))
    #expect(near(oracle.entropyPerSentence, 2 * log(2)))
    #expect(oracle.longest == nil && oracle.isCut)
    #expect(oracle.sentenceCount == Double.infinity)
    #expect(oracle.shortest == 2)
    for apples in 1...10 {
      #expect(near(oracle.lengths[2 * apples], exp2(-Double(apples))))
      let words = Array(repeating: "mela", count: apples).joined(separator: " e ")
      let tokens = try oracle.tokens(of: "\(words) <end>")
      #expect(near(try oracle.surprisals(of: tokens).reduce(0, +), Double(apples) * log(2)))
    }
    // A context of one word tells everything; none knows the shares 2, 1, 1 of 4 only.
    #expect(near(oracle.loss(ofOrder: 1), 1.5 * log(2)))
    for order in [2, 7] { #expect(near(oracle.loss(ofOrder: order), oracle.floor)) }
    // All but one word in ten thousand: of 4 there come 4 * 2^-k after the 2k-th.
    let row = oracle.rowLength
    #expect(row >= 26 && row <= 28, "\(row)")
  }

  /// What was chosen at the beginning shows only at the end: the odds change with every word.
  @Test func whatWasChosenIsKnownBetterAndBetter() throws {
    let oracle = try oracle(
      "<sentence> = 0.5 x <often> | 0.5 x <seldom>",
      "<often> = 0.9 x <often> | 0.1 y",
      "<seldom> = 0.2 x <seldom> | 0.8 z"
    )
    var (entropy, length) = (0.0, 0.0)
    let ways: [(goesOn: Double, ends: Double)] = [(0.9, 0.1), (0.2, 0.8)]
    for words in 0..<2_000 {
      for (goesOn, ends) in ways {
        let probability = 0.5 * pow(goesOn, Double(words)) * ends
        if probability > 0 { entropy -= probability * log(probability) }
        length += probability * Double(words + 3)
      }
    }
    #expect(near(oracle.entropyPerSentence, entropy))
    #expect(near(oracle.expectedLength, length))
    let rare = try oracle.tokens(of: "x x x x x x x x z <end>")
    let wanted = 0.5 * pow(0.2, 7) * 0.8
    #expect(near(exp(-(try oracle.surprisals(of: rare).reduce(0, +))) / wanted, 1))
  }

  /// A way out that is hardly ever taken costs no digits.
  @Test func anImprobableWayOutIsExact() throws {
    let oracle = try oracle(
      "<sentence> = 0.9999999 a | 0.0000001 b <long>",
      "<long> = 0.97 c <other> | 0.03 d",
      "<other> = 0.99 c <long> | 0.01 e"
    )
    // From <long> and from <other>, the words up to the end.
    let (long, other) = (0.97, 0.99)
    let words = (1 + long) / (1 - long * other)
    #expect(near(oracle.expectedLength, 2 + 1e-7 * words))
  }

  /// Rules whose first words say which it was are the states of a chain, which is summed here.
  @Test(arguments: 1...8 as ClosedRange<UInt64>)
  func circlesAreSolvedAsLongSumsAre(seed: UInt64) throws {
    var random = SeededRandom(seed)
    let count = 12
    var ways: [[(next: Int?, probability: Double)]] = []
    for _ in 0..<count {
      let weights = (0..<4).map { _ in Double.random(in: 0.1...1, using: &random) }
      let sum = weights.reduce(0, +)
      ways.append(
        weights.enumerated().map { place, weight in
          (place == 0 ? nil : Int.random(in: 0..<count, using: &random), weight / sum)
        }
      )
    }
    // Every rule is used, by the one before.
    for index in 0..<count { ways[index][1].next = (index + 1) % count }
    let rules = ways.enumerated().map { index, ways in
      let texts = ways.enumerated().map { place, way in
        "\(way.probability) w\(place)" + (way.next.map { " <r\($0)>" } ?? "")
      }
      return "<r\(index)> = " + texts.joined(separator: " | ")
    }
    let oracle = Oracle(
      try ToyLanguage(name: "chain", rules: (["<sentence> = <r0>"] + rules).joined(separator: "\n"))
    )
    var (here, entropy, length) = (Array(repeating: 0.0, count: count), 0.0, 1.0)
    here[0] = 1
    for _ in 0..<2_000 {
      var next = Array(repeating: 0.0, count: count)
      for (state, mass) in here.enumerated() {
        length += mass
        for way in ways[state] {
          entropy -= mass * way.probability * log(way.probability)
          if let other = way.next { next[other] += mass * way.probability }
        }
      }
      here = next
    }
    #expect(near(oracle.expectedLength, length) && near(oracle.entropyPerSentence, entropy))
    #expect(oracle.longest == nil)
  }

  @Test func manyContextsAreNotCounted() throws {
    let words = (0..<300).map { "w\($0)" }.joined(separator: " | ")
    let oracle = try oracle("<sentence> = 0.9 <w> <sentence> | 0.1 <w>", "<w> = \(words)")
    #expect(oracle.loss(ofOrder: 2) != nil && oracle.loss(ofOrder: 7) == nil)
    let many = try self.oracle(
      (0..<60).map { "<\($0 == 0 ? "sentence" : "r\($0)")> = <w> <r\($0 + 1)>" }
        .joined(separator: "\n"),
      "<r60> = a",
      "<w> = \(words)"
    )
    #expect(near(many.sentenceCount, pow(300, 60), 1e-9))
    #expect(many.longest == 62)
  }
}
