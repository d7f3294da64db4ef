// SPDX-License-Identifier: MIT

import PassoData
import PassoEngine
import PassoEvaluation
import PassoModel
import PassoRuntime
import Testing

/// Models of which it is known to which language they are nearest.
struct NearnessMeterTests {
  private func nearest(_ divergences: [Double], _ meter: NearnessMeter) -> NearLanguage? {
    divergences.indices.min { divergences[$0] < divergences[$1] }.map { meter.kinds[$0] }
  }

  @Test func aModelThatKnowsNothingIsUniform() throws {
    let configuration = BigramModel().configuration
    var meter = try NearnessMeter(configuration, .gatto1)
    #expect(meter.kinds == [.uniform] + (1...6).map { .grams($0) } + [.grammar])
    let nothing = try configuration.initialParameters(seed: 1, standardDeviation: 0)
    let found = try meter.divergences(of: Model(configuration, nothing, precision: .f32))
    #expect(nearest(found, meter) == .uniform && abs(found[0]) < 1e-6)
  }

  @Test func aBigramIsOne() throws {
    let bigram = BigramModel()
    var meter = try NearnessMeter(bigram.configuration, .gatto1)
    let model = Model(bigram.configuration, try bigram.parameters, precision: .f32)
    let found = try meter.divergences(of: model)
    #expect(nearest(found, meter) == .grams(2), "\(found)")
    #expect(found[2] > -1e-6 && found[2] < 0.001)
  }

  /// Each language is nearest to itself, at no distance at all.
  @Test func theLanguagesThemselves() throws {
    let configuration = BigramModel().configuration
    let meter = try NearnessMeter(configuration, .gatto1)
    let all = try NearLanguage.all(
      near: .gatto1,
      after: meter.prefixes.prefixes,
      vocabularySize: configuration.vocabularySize
    )
    for (place, language) in all.enumerated() {
      let surprises = language.expected.map { distribution in
        var surprise = Array(repeating: 700.0, count: configuration.vocabularySize)
        for entry in distribution {
          surprise[Int(entry.token)] = -Double.logarithm(entry.probability)
        }
        return surprise
      }
      let found = meter.divergences(from: surprises)
      #expect(abs(found[place]) < 1e-12, "\(language.kind)")
      #expect(nearest(found, meter) == language.kind)
      #expect(found.enumerated().allSatisfy { $0 == place || $1 > 1e-4 }, "\(found)")
    }
  }
}
