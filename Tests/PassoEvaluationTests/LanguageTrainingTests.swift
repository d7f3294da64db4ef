// SPDX-License-Identifier: MIT

import PassoData
import PassoEngine
import PassoEvaluation
import PassoModel
import Testing

/// Models that learn gatto-1: with attention, without it, and with their answers in sight.
struct LanguageTrainingTests {
  private let language = ToyLanguage.gatto1
  private let updates = 800
  private func configuration(_ positions: ModelConfiguration.Positions) -> ModelConfiguration {
    var model = ModelConfiguration(
      vocabularySize: 70,
      contextLength: 14,
      width: 32,
      layerCount: 1,
      headCount: 1
    )
    model.positions = positions
    return model
  }

  /// What a trained model has learned.
  private func learned(
    _ positions: ModelConfiguration.Positions = .learned,
    mask: MaskKind = .causal,
    ablatedHeads: Set<HeadAddress> = []
  ) throws -> (found: LanguageEvaluation, sample: GeneratedSample) {
    let configuration = configuration(positions)
    let parameters = try parameters(configuration, mask: mask, ablatedHeads: ablatedHeads)
    let examiner = try LanguageExaminer(
      Model(
        configuration,
        parameters,
        mask: mask,
        ablatedHeads: ablatedHeads,
        precision: .f32
      ),
      language,
      seed: 77
    )
    let found = try #require(try examiner.examine(sentences: 1_500))
    let sample = try #require(try examiner.generate(sentences: 200, seed: 3))
    return (found, sample)
  }

  private func parameters(
    _ configuration: ModelConfiguration,
    mask: MaskKind,
    ablatedHeads: Set<HeadAddress>
  ) throws -> Parameters {
    let batches = LanguageBatches(
      language,
      CausalObjective(language.tokenizer),
      LanguageBatches.Choice(language: language.name)
    )
    let start = try configuration.initialParameters(seed: 1, standardDeviation: 0.02)
    var trainer = try Trainer(
      TrainingSettings(
        optimizer: .forSentences(updates: updates),
        rate: Experiment.Defaults.rateForSentences,
        precision: .f32,
        data: [:]
      ),
      configuration: configuration,
      parameters: start,
      data: TrainingData(batches, mask: mask),
      ablatedHeads: ablatedHeads
    )
    #expect(trainer.slowness == nil)
    for _ in 0..<updates { _ = try trainer.step() }
    return try trainer.parameters
  }

  @Test(arguments: [ModelConfiguration.Positions.learned, .rotary(base: 10_000)])
  func withAttentionItComesToTheFloorAndAgrees(
    positions: ModelConfiguration.Positions
  ) throws {
    let (found, sample) = try learned(positions)
    #expect(abs(found.loss - found.floor) < 0.05)
    #expect(found.divergence > 0 && found.divergence < 0.05)
    #expect(abs(found.loss - found.floor - found.divergence) < 4 * found.standardError)
    #expect(found.attractors.asked > 150)
    #expect(found.attractors.share >= 0.95 && found.attractors.preferredShare >= 0.95)
    #expect(found.verbs.share >= 0.95)
    #expect(sample.grammaticalShare > 0.8)
    let warning = LeakWarning(
      loss: found.loss,
      standardError: found.standardError,
      floor: found.floor
    )
    #expect(warning == nil)
    for answer in found.answers { #expect(answer.right > 10 * answer.wrong) }
  }

  /// Rotary positions act in attention only: without it a word is all that the model sees, and it
  /// does no better than a bigram.
  @Test func withoutAttentionItFollowsTheNearestNoun() throws {
    let (found, _) = try learned(
      .rotary(base: 10_000),
      ablatedHeads: [HeadAddress(block: 0, head: 0)]
    )
    #expect(found.attractors.preferredShare < 0.3)
    #expect(found.loss > 1.7740 - 3 * found.standardError && found.loss < 1.83)
  }

  /// With learned positions it still knows that a noun in the fourth place is no subject, and then
  /// bets that subjects are singular, without ever being sure.
  @Test func withoutAttentionButWithPositionsItBets() throws {
    let (found, _) = try learned(ablatedHeads: [HeadAddress(block: 0, head: 0)])
    #expect(found.attractors.share < 0.3)
    #expect(found.attractors.preferredShare < 0.7)
    #expect(found.loss > 1.55 && found.loss < 1.7740)
  }

  @Test func withItsAnswersInSightItFallsThroughTheFloor() throws {
    let (found, _) = try learned(mask: .none)
    #expect(found.loss < 0.5 * found.floor)
    let warning = LeakWarning(
      loss: found.loss,
      standardError: found.standardError,
      floor: found.floor
    )
    #expect(warning != nil)
  }
}
