// SPDX-License-Identifier: MIT

import PassoEngine
import PassoModel
import Testing

/// What suits a model that has learned already.
struct FineTuningTests {
  @Test(arguments: [
    (16, 1e-3), (128, 4e-4), (576, 1e-4), (768, 7e-5), (1600, 3e-5), (4096, 1e-5), (6000, 1e-5),
  ])
  func theRateFallsWithTheWidth(width: Int, expected: Double) {
    var configuration = Preset.sentences.configuration(vocabularySize: 9)
    configuration.width = width
    #expect(FineTuning.rate(for: configuration) == expected)
    #expect(FineTuning.rate(for: configuration, usual: 3e-6) == 3e-6)
  }

  @Test func warmUpIsATenth() {
    #expect([1, 20, 300, 100_000].map { FineTuning.warmup(updates: $0) } == [2, 2, 30, 100])
  }

  @Test func theContextIsThatOfTheModelOrThePowerOfTwoThatFits() {
    func context(_ longest: Int, _ limit: Int) -> Int {
      FineTuning.context(upTo: longest, within: limit) { $0 > 4096 ? nil : $0 * $0 }
    }
    #expect(context(1000, 1_000_000) == 1000)
    #expect(context(1000, 999_999) == 512)
    #expect(context(8192, .max) == 4096)
    #expect(context(8192, 1 << 14) == 128)
    #expect(context(8, 0) == 1)
  }

  @Test(arguments: [Precision.f32, .f64])
  func theBytesOfATrainingGrowWithItsRows(precision: Precision) throws {
    func bytes(_ length: Int) throws -> Int {
      let plan = try TrainingProgram(
        Preset.sentences.configuration(vocabularySize: 9),
        batch: BatchShape(rows: 2, length: length),
        optimizer: .standardAdamW
      )
      return try #require(plan.byteCount(precision))
    }
    #expect(try bytes(8) > bytes(4))
  }
}
