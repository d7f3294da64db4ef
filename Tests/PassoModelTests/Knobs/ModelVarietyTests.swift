// SPDX-License-Identifier: MIT

import PassoData
import PassoEngine
import PassoFiles
import PassoRuntime
import PassoTestSupport
import Testing

@testable import PassoModel

/// Every combination of knobs computes, learns, is saved and found again.
struct ModelVarietyTests {
  private static let vocabulary = 5

  @Test func everyPairThatCanBeIsThere() {
    let found = ModelVariety.all.reduce(into: Set<ModelVariety.Pair>()) { pairs, model in
      pairs.formUnion(ModelVariety.pairs(of: model))
    }
    for first in ModelVariety.values.indices {
      for second in ModelVariety.values.indices where first < second {
        for place in ModelVariety.values[first].words.indices {
          for other in ModelVariety.values[second].words.indices {
            let pair = ModelVariety.Pair(knobs: [first, second], places: [place, other])
            #expect(found.contains(pair) != Self.impossible.contains(pair.words), "\(pair.words)")
          }
        }
      }
    }
  }

  private static let impossible: [[String]] = [
    ["heads 1", "kv-heads 2"], ["tied on", "init zero-head"],
  ]

  @Test(arguments: 0..<ModelVariety.groups)
  func gradientsAreSlopesOfTheLoss(group: Int) throws {
    for (index, preset) in ModelVariety.group(group).enumerated() {
      var random = RandomSource(seed: UInt64(group * 100 + index))
      let slope = try LossSlope(
        preset.configuration(vocabularySize: Self.vocabulary),
        mask: index.isMultiple(of: 5) ? .none : .causal,
        random: &random
      )
      for spec in preset.configuration(vocabularySize: Self.vocabulary).parameterSpecs {
        let element = Int(random.next() % UInt64(spec.shape.count))
        let found = try slope.gradient(spec.name)[element]
        // A step so short that hardly ever a value passes the bend of a ReLU.
        let expected = try slope.difference(spec.name, element, step: 1e-6)
        #expect(
          abs(found - expected) <= 1e-6 * max(1, abs(expected)),
          "\(preset.words): \(spec.name)[\(element)]"
        )
      }
    }
  }

  @Test(arguments: 0..<ModelVariety.groups)
  func theFastFormIsTheReadableOne(group: Int) throws {
    for preset in ModelVariety.group(group) {
      try FastProgramTests().compareOneUpdate(
        FastProgramTests.Case(
          testDescription: preset.words,
          configuration: preset.configuration(vocabularySize: Self.vocabulary),
          batch: BatchShape(rows: 2, length: 6)
        ),
        .best
      )
    }
  }

  @Test(arguments: 0..<ModelVariety.groups)
  func whatIsDoneAgainIsTheSameToTheLastBit(group: Int) throws {
    for preset in ModelVariety.group(group) {
      var timeline = try timeline(preset)
      _ = try timeline.train(3)
      let end = try timeline.stateHash
      try timeline.move(to: Moment(update: 1, step: 4))
      #expect(try timeline.stateHash != end)
      _ = try timeline.train(2)
      #expect(try timeline.stateHash == end, "\(preset.words)")
      // Another training from the same start.
      var again = try self.timeline(preset)
      _ = try again.train(3)
      #expect(try again.stateHash == end, "\(preset.words)")
    }
  }

  private func timeline(_ preset: Preset) throws -> Timeline {
    var experiment = Experiment(model: .preset(preset, seed: 3), data: .typed(["a b c d e a"]))
    experiment.optimizer = .standardAdamW
    let model = try OpenedModel(experiment.model, needsTokenizer: true)
    let data = try OpenedData.open(
      experiment,
      given: nil,
      contextLength: preset.contextLength,
      TextReading(cache: nil)
    )
    let opened = try #require(data)
    let assembly = try Assembly(experiment, model, opened)
    return try assembly.timeline(model.parameters(assembly.configuration))
  }

  @Test func aFolderBringsEachModelBack() throws {
    let scratch = try Scratch()
    for (index, preset) in ModelVariety.all.enumerated() {
      let configuration = preset.configuration(vocabularySize: Self.vocabulary)
      let parameters = try configuration.initialParameters(seed: 1, standardDeviation: 0.3)
      let path = scratch.path("\(index)")
      let description = ModelDescription(configuration)
      try ModelFolder.write(description, parameters, tokenizer: nil, to: path)
      let folder = try ModelFolder(path: path)
      #expect(try folder.logits == logits(configuration, parameters), "\(preset.words)")
      let again = try ModelDescription(path: "\(path)/config.json")
      #expect(again.configuration.dropout == configuration.dropout)
      #expect(again.fingerprint == description.fingerprint, "\(preset.words)")
    }
  }
}

extension ModelFolder {
  fileprivate var logits: [Float] {
    get throws { try ModelVarietyTests().logits(configuration, parameters()) }
  }
}

extension ModelVarietyTests {
  /// What a model makes of a few tokens, in f32 as files hold their numbers.
  fileprivate func logits(
    _ configuration: ModelConfiguration,
    _ parameters: Parameters
  ) throws -> [Float] {
    let runner = try ModelRunner(
      Model(configuration, parameters, precision: .f32),
      batch: BatchShape(rows: 1, length: 4),
      reading: [.model(.logits)]
    )
    try runner.set(TokenBatch(inputs: [0, 3, 1, 4], targets: [3, 1, 4, 2]))
    try runner.run()
    return try runner.computed(.model(.logits)).floats
  }
}
