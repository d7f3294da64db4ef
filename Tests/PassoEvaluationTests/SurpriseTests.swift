// SPDX-License-Identifier: MIT

import Foundation
import PassoEngine
import PassoEvaluation
import PassoRuntime
import PassoTestSupport
import Testing

@testable import PassoEvaluation
@testable import PassoFiles
@testable import PassoModel

struct SurpriseTests {
  private static let models = ["gatto", "gpt2-two-layers", "llama-grouped-query"]

  /// The probabilities of the token after some tokens, from generation.
  private static func probabilities(_ generator: Generator, _ tokens: [Int32]) throws -> [Double] {
    generator.reset()
    let logits = try generator.read(tokens)
    let top = logits.max() ?? 0
    let powers = logits.map { exp($0 - top) }
    let sum = powers.reduce(0, +)
    return powers.map { $0 / sum }
  }

  @Test(arguments: models, [Precision.f32, .f64])
  func everyTokenCostsWhatGenerationSays(name: String, precision: Precision) throws {
    let folder = try ModelFolder(path: reference(name))
    let configuration = folder.configuration
    let model = Model(configuration, folder, precision: precision, threads: 2)
    let generator = try Generator(model)
    let length = min(6, configuration.contextLength)
    var random = RandomSource(seed: 5)
    let text = (0..<3 * length + 2).map { _ in
      Int32.random(in: 0..<Int32(configuration.vocabularySize), using: &random)
    }
    let meter = try SurpriseMeter(model, length: length)
    for stride in [1, length / 2, length] {
      let surprise = try #require(try meter.measure(text, stride: stride, top: 4))
      #expect(surprise.losses.count == text.count - 1)
      var losses: [Double] = []
      for place in 1..<text.count {
        // The first window that has the token, or the last.
        let windows = max(0, place - length + stride - 1) / stride
        let start = min(windows * stride, text.count - 1 - length)
        let each = try Self.probabilities(generator, Array(text[start..<place]))
        losses.append(-log(each[Int(text[place])]))
        guard let moment = surprise.moments.first(where: { $0.place == place }) else { continue }
        #expect(moment.token == text[place])
        #expect(moment.loss == surprise.losses[place - 1])
        #expect(abs(moment.probability - each[Int(moment.token)]) < 1e-5)
        #expect(abs(moment.expectedProbability - (each.max() ?? 0)) < 1e-5)
        #expect(each[Int(moment.expected)] > (each.max() ?? 0) - 1e-5)
        #expect(moment.before == Array(text[max(0, place - 8)..<place]))
      }
      let tolerance = precision == .f32 ? 1e-4 : 1e-10
      #expect(relativeError(surprise.losses, losses) <= tolerance)
      #expect(abs(surprise.loss - losses.reduce(0, +) / Double(losses.count)) < 1e-4)
      #expect(abs(surprise.perplexity - exp(surprise.loss)) < 1e-9 * surprise.perplexity)
      let greatest = surprise.losses.sorted(by: >).prefix(4)
      #expect(surprise.moments.map(\.loss) == Array(greatest))
    }
  }

  @Test func itStops() throws {
    let folder = try ModelFolder(path: reference("gatto"))
    let model = Model(folder.configuration, folder, precision: .f64)
    let meter = try SurpriseMeter(model, length: 2)
    #expect(try meter.measure([0, 1, 0], unless: { true }) == nil)
    #expect(try meter.measure([0, 1, 0])?.losses.count == 2)
  }
}
