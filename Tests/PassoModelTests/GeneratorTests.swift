// SPDX-License-Identifier: MIT

import Foundation
import PassoData
import PassoEngine
import PassoEvaluation
import PassoModel
import PassoTestSupport
import Testing

struct GeneratorTests {
  private static let models = ["gatto", "gpt2-two-layers", "llama-grouped-query"]

  private static func generator(_ name: String, _ precision: Precision) throws -> Generator {
    let folder = try ModelFolder(path: reference(name))
    return try Generator(Model(folder.configuration, folder, precision: precision))
  }

  /// The logits after each position, from one pass over the whole row.
  private static func uncached(_ name: String, _ tokens: [Int32]) throws -> [[Double]] {
    let folder = try ModelFolder(path: reference(name))
    var builder = ProgramBuilder()
    let batch = BatchShape(rows: 1, length: tokens.count)
    _ = try Transformer(folder.configuration, batch: batch, mask: .causal).write(into: &builder)
    var execution = try Execution(builder.program, precision: .f64)
    for (name, tensor) in try folder.parameters() {
      try execution.set(try execution.id(of: name), to: tensor)
    }
    let shape = Shape((.batch, 1), (.position, tokens.count))
    try execution.set(try execution.id(of: "tokens"), to: Tensor(shape, tokens))
    try execution.move(to: try execution.position(after: "logits"))
    let logits = try #require(try execution.tensor(execution.id(of: "logits"))).doubles
    let size = folder.configuration.vocabularySize
    return stride(from: 0, to: logits.count, by: size).map { Array(logits[$0..<$0 + size]) }
  }

  @Test(arguments: models, [Precision.f32, .f64])
  func cachedLogitsEqualUncachedOnes(name: String, precision: Precision) throws {
    let generator = try Self.generator(name, precision)
    let size = Int32(generator.configuration.vocabularySize)
    let row = (0..<generator.configuration.contextLength).map { Int32($0 * 7 + 3) % size }
    let expected = try Self.uncached(name, row)
    let tolerance = precision == .f32 ? 5e-5 : 1e-12
    for first in [1, 3, row.count] {
      generator.reset()
      var logits = try generator.read(Array(row[..<first]))
      #expect(relativeError(logits, expected[first - 1]) <= tolerance)
      for position in first..<row.count {
        logits = try generator.read([row[position]])
        #expect(relativeError(logits, expected[position]) <= tolerance, "position \(position)")
      }
      #expect(generator.remainingContext == 0)
    }
  }

  /// As in a pass over the whole row, which is how a model with ablated heads learns.
  @Test(arguments: [Precision.f32, .f64])
  func ablatedHeadsAreAblatedInGenerationToo(precision: Precision) throws {
    let folder = try ModelFolder(path: reference("gpt2-two-layers"))
    var model = Model(folder.configuration, folder, precision: precision)
    let whole = try Generator(model).read([1, 2, 3])
    model.ablatedHeads = [HeadAddress(block: 1, head: 0)]
    let ablated = try Generator(model).read([1, 2, 3])
    #expect(relativeError(ablated, whole) > 1e-3)
    model.precision = .f64
    let expected = try NextToken.probabilities(after: [1, 2, 3], model)
    let peak = ablated.max() ?? 0
    let sum = ablated.reduce(0) { $0 + exp($1 - peak) }
    #expect(relativeError(ablated.map { exp($0 - peak) / sum }, expected) < 1e-4)
  }

  /// In f64 it is slow where a model is large; where it is small nobody waits.
  @Test func whoWillWaitIsToldWhy() throws {
    let small = ModelConfiguration(
      vocabularySize: 9,
      contextLength: 4,
      width: 8,
      layerCount: 1,
      headCount: 1
    )
    var large = small
    large.vocabularySize = 20_000
    for (configuration, precision, slowness) in [
      (small, Precision.f64, nil), (large, .f32, nil), (large, .f64, Slowness.precision),
    ] {
      let parameters = try configuration.initialParameters(seed: 1, standardDeviation: 0.02)
      let model = Model(configuration, parameters, precision: precision)
      #expect(try Generator(model).slowness == slowness)
      #expect(try SurpriseMeter(model, length: 2).slowness == slowness)
    }
    #expect(Slowness.precision.note.en == "in f64 there is no fast form; it will be slow")
    #expect(Slowness.precision.note.it != Slowness.precision.note.en)
  }

  @Test(arguments: models)
  func greedyTokensEqualTransformers(name: String) throws {
    struct Case: Decodable {
      let prompt: [Int32]
      let greedy: [Int32]
    }
    let data = try Data(contentsOf: URL(filePath: reference("\(name)/generate.json")))
    let generator = try Self.generator(name, .f32)
    for example in try JSONDecoder().decode([Case].self, from: data) {
      var made: [Int32] = []
      var sampler = Sampler(SamplingSettings(temperature: 0), seed: 1)
      let end = try generator.generate(
        after: example.prompt,
        count: 16,
        sampler: &sampler,
        window: .stop,
        show: { made.append($0) }
      )
      #expect(made == example.greedy)
      let isFull = example.prompt.count + made.count == generator.configuration.contextLength
      let limit = generator.configuration.contextLength
      #expect(end == (made.count < 16 && isFull ? .contextFull(limit) : .wanted))
    }
  }

  @Test func aTextEndsAtItsEndToken() throws {
    let generator = try Self.generator("gatto", .f32)
    var made: [Int32] = []
    var sampler = Sampler(SamplingSettings(temperature: 0), seed: 1)
    // Without an end the model goes on with 4, 4, 4.
    let end = try generator.generate(
      after: [0, 1, 2],
      count: 16,
      sampler: &sampler,
      ends: [4],
      show: { made.append($0) }
    )
    #expect(end == .endToken)
    #expect(made == [5, 1, 0])
  }

  @Test func whatCannotBeReadIsRefused() throws {
    let generator = try Self.generator("gatto", .f32)
    var sampler = Sampler(SamplingSettings(temperature: 0), seed: 1)
    let cases: [([Int32], GenerationProblem)] = [
      ([], .emptyPrompt), (Array(repeating: 1, count: 9), .promptTooLong(9, limit: 8)),
      ([1, 6], .id(6, position: 1, vocabularySize: 6)),
      ([-1], .id(-1, position: 0, vocabularySize: 6)),
    ]
    for (prompt, problem) in cases {
      #expect(throws: problem) {
        try generator.generate(
          after: prompt,
          count: 1,
          sampler: &sampler,
          window: .stop,
          show: { _ in }
        )
      }
    }
  }

  @Test func aPromptThatFillsTheContextMakesNothing() throws {
    let generator = try Self.generator("gatto", .f32)
    var sampler = Sampler(SamplingSettings(temperature: 0), seed: 1)
    let prompt: [Int32] = Array(repeating: 1, count: 8)
    let end = try generator.generate(
      after: prompt,
      count: 3,
      sampler: &sampler,
      window: .stop
    ) { _ in Issue.record("no token fits") }
    #expect(end == .contextFull(8))
  }

  @Test(arguments: models, [Precision.f32, .f64])
  func aWindowThatSlidesGivesWhatTheLastTokensGive(name: String, precision: Precision) throws {
    let generator = try Self.generator(name, precision)
    let limit = generator.configuration.contextLength
    for prompt in [[1, 2, 3], Array((0..<Int32(limit + 3)).map { $0 % 5 })] {
      var made: [Int32] = []
      var sampler = Sampler(SamplingSettings(temperature: 0), seed: 1)
      let end = try generator.generate(
        after: prompt,
        count: limit + 5,
        sampler: &sampler,
        show: { made.append($0) }
      )
      var (expected, greedy) = (prompt, Sampler(SamplingSettings(temperature: 0), seed: 1))
      for _ in 0..<limit + 5 {
        let last = try #require(try Self.uncached(name, Array(expected.suffix(limit))).last)
        expected.append(Int32(greedy.choose(last, after: expected)))
      }
      #expect(prompt + made == expected)
      #expect(end == .wanted && generator.hasSlid)
      #expect(generator.note(on: end) != nil)
      #expect((generator.note(onPromptOf: prompt.count, .slide) != nil) == (prompt.count > limit))
    }
  }

  @Test func aTextThatFitsHasNotSlid() throws {
    let generator = try Self.generator("gatto", .f32)
    var sampler = Sampler(SamplingSettings(temperature: 0), seed: 1)
    _ = try generator.generate(after: [0], count: 12, sampler: &sampler, show: { _ in })
    #expect(generator.hasSlid)
    // The token that fills the last place, and the one after it, are made from the whole text.
    let end = try generator.generate(after: [0], count: 8, sampler: &sampler, show: { _ in })
    #expect(!generator.hasSlid && generator.note(on: end) == nil)
  }
}

struct SamplerTests {
  private static let logits = [2.0, 1, 0, -1, 1]

  /// How often each token is chosen in 20,000 draws.
  private func shares(_ settings: SamplingSettings, after seen: [Int32] = []) -> [Double] {
    var sampler = Sampler(settings, seed: 3)
    var counts = Array(repeating: 0.0, count: Self.logits.count)
    for _ in 0..<20_000 { counts[sampler.choose(Self.logits, after: seen)] += 1 / 20_000 }
    return counts
  }

  private func softmax(_ logits: [Double]) -> [Double] {
    let weights = logits.map { exp($0) }
    return weights.map { $0 / weights.reduce(0, +) }
  }

  private func expect(_ found: [Double], near expected: [Double]) {
    for (a, b) in zip(found, expected) { #expect(abs(a - b) < 0.015, "\(found)") }
  }

  @Test func temperatureSharpensAndFlattens() {
    for temperature in [0.5, 1, 2.0] {
      let expected = softmax(Self.logits.map { $0 / temperature })
      expect(shares(SamplingSettings(temperature: temperature)), near: expected)
    }
  }

  @Test func topKKeepsTheMostProbable() {
    let expected = softmax([2, 1, -.infinity, -.infinity, 1])
    expect(shares(SamplingSettings(topK: 3)), near: expected)
    // Of equal ones the first counts.
    expect(
      shares(SamplingSettings(topK: 2)),
      near: softmax([2, 1, -.infinity, -.infinity, -.infinity])
    )
  }

  @Test func topPKeepsTheSmallestSetThatReachesIt() {
    // 0.517, 0.190, 0.190, 0.070, 0.026 in order of probability.
    expect(shares(SamplingSettings(topP: 0.5)), near: [1, 0, 0, 0, 0])
    expect(
      shares(SamplingSettings(topP: 0.6)),
      near: softmax([2, 1, -.infinity, -.infinity, -.infinity])
    )
    expect(shares(SamplingSettings(topP: 1)), near: softmax(Self.logits))
  }

  @Test func aPenaltyMakesWhatWasSeenLessProbable() {
    let settings = SamplingSettings(repetitionPenalty: 2)
    expect(shares(settings, after: [0, 3]), near: softmax([1, 1, 0, -2, 1]))
  }

  @Test func zeroTemperatureTakesTheFirstOfTheLargest() {
    var sampler = Sampler(SamplingSettings(temperature: 0), seed: 1)
    #expect(sampler.choose([1, 3, 3], after: []) == 1)
  }

  @Test func theSameSeedChoosesTheSameTokens() {
    func draw(_ seed: UInt64) -> [Int] {
      var sampler = Sampler(SamplingSettings(), seed: seed)
      return (0..<50).map { _ in sampler.choose(Self.logits, after: []) }
    }
    #expect(draw(1) == draw(1))
    #expect(draw(1) != draw(2))
  }
}
