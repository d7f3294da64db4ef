// SPDX-License-Identifier: MIT

import PassoRuntime
import Testing

@testable import PassoFiles

struct OverlapCheckTests {
  private static func windows(_ tokens: [Int32], _ length: Int) -> [[Int32]] {
    guard tokens.count >= length else { return [] }
    return (0...tokens.count - length).map { Array(tokens[$0..<$0 + length]) }
  }

  @Test(arguments: 0..<30)
  func whatIsFoundIsWhatComparingEverythingFinds(seed: UInt64) throws {
    var random = RandomSource(seed: seed)
    // Few words, so that there is much to be found; token 0 begins a text.
    let words = Int32([2, 3, 5, 50][Int(seed % 4)])
    func tokens(_ count: Int) -> [Int32] {
      (0..<count).map { _ in Int32.random(in: 0...words, using: &random) }
    }
    var (kept, other) = (tokens(300), tokens(2000))
    other.replaceSubrange(700..<740, with: kept[100..<140])
    var check = OverlapCheck(kept, in: other, start: 0)
    let report = try #require(check.run { false })
    #expect(report.length == 13)
    let all = Set(Self.windows(other, 13))
    let found = Self.windows(kept, 13).filter(all.contains)
    #expect(report.found == found.count)
    #expect(report.windows == 288)
    #expect(report.found >= 28)
    #expect(report.example == found.first)
    let texts = Set(other.split(separator: 0).map { Array($0) })
    let keptTexts = kept.split(separator: 0).map { Array($0) }
    #expect(report.documents == keptTexts.count)
    #expect(report.duplicates == keptTexts.filter(texts.contains).count)
    #expect(!report.isSampled)
  }

  @Test func moreThanTheLimitIsSampled() throws {
    var random = RandomSource(seed: 1)
    let kept = (0..<20_000).map { _ in Int32.random(in: 0..<30, using: &random) }
    let other = Array(kept[..<10_000]) + (0..<10_000).map { _ in Int32(40) }
    var check = OverlapCheck(kept, in: other, start: 0, limit: 100)
    let report = try #require(check.run { false })
    #expect(report.isSampled)
    #expect((50...100).contains(report.windows))
    #expect((0.45...0.55).contains(report.share))
    #expect((0.4...0.6).contains(Double(report.duplicates) / Double(report.documents)))
    #expect(report.documents <= 110)
  }

  @Test func tinyTextsAreComparedInShorterWindows() throws {
    var check = OverlapCheck([1, 2, 3, 4], in: [9, 2, 3, 4, 9], start: nil)
    let report = try #require(check.run { false })
    #expect(report.length == 3)
    #expect(report.windows == 2)
    #expect(report.found == 1)
    #expect(report.example == [2, 3, 4])
    #expect(report.documents == 0)
  }

  @Test func itStops() {
    var check = OverlapCheck([1, 2, 3, 4], in: [1, 2], start: nil)
    #expect(check.run { true } == nil)
  }
}
