// SPDX-License-Identifier: MIT

import Foundation
import PassoData
import PassoEngine
import PassoModel
import Testing

/// Models that learn gatto-1: with attention, without it, and with their answers in sight.
///
/// Some minutes in a debug build; `PASSO_SLOW_TESTS=1` asks for them.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["PASSO_SLOW_TESTS"] != nil), .serialized)
struct LanguageTrainingTests {
  private let language = ToyLanguage.gatto1
  private let updates = 800
  private let configuration = ModelConfiguration(
    vocabularySize: 70,
    contextLength: 14,
    width: 32,
    layerCount: 1,
    headCount: 1
  )

  /// What a trained model has learned.
  private func learned(
    mask: MaskKind = .causal,
    silenced: Set<HeadAddress> = []
  ) throws -> (found: LanguageEvaluation, speech: LanguageSpeech) {
    let clock = ContinuousClock()
    let start = clock.now
    let parameters = try parameters(mask: mask, silenced: silenced)
    let seconds = clock.now - start
    var examiner = try LanguageExaminer(
      configuration,
      parameters,
      language,
      mask: mask,
      silenced: silenced,
      seed: 77
    )
    let found = try #require(try examiner.examine(sentences: 1_500))
    let speech = try #require(try examiner.speak(sentences: 200, seed: 3))
    print(
      """
      mask \(mask), silenced \(silenced): \(updates) updates in \(seconds); loss \(found.loss) \
      ± \(found.standardError), divergence \(found.divergence), verbs \(found.verbs.share), past \
      attractors \(found.attractors.share), preferred \(found.attractors.preferredShare) of \
      \(found.attractors.asked), \(found.verbsByAttractors), grammatical \
      \(speech.grammaticalShare), distinct \(speech.distinctCount)
      """
    )
    for answer in found.answers { print(answer.question.prefix, answer.right, answer.wrong) }
    return (found, speech)
  }

  private func parameters(
    mask: MaskKind,
    silenced: Set<HeadAddress>
  ) throws -> Parameters {
    var optimizer = Optimizer.standardAdamW
    optimizer.schedule = RateSchedule(decay: .trapezoid, warmup: 20, updates: updates, floor: 0)
    let batches = LanguageBatches(
      language,
      CausalObjective(language.tokenizer),
      LanguageBatches.Choice(language: language.name)
    )
    let start = configuration.initialParameters(seed: 1, deviation: 0.02)
    guard !silenced.isEmpty else {
      var trainer = try Trainer(
        TrainingSettings(optimizer: optimizer, rate: 3e-3, precision: .f32, data: [:]),
        configuration: configuration,
        parameters: start,
        data: TrainingData(batches, mask: mask)
      )
      #expect(trainer.obstacle == nil)
      for _ in 0..<updates { _ = try trainer.step() }
      return trainer.parameters
    }
    let plan = try TrainingProgram(
      configuration,
      batch: batches.shape,
      mask: mask,
      silenced: silenced,
      optimizer: optimizer
    )
    var run = try TrainingRun(
      plan,
      precision: .f32,
      parameters: start,
      batches: batches,
      rate: 3e-3
    )
    for _ in 0..<updates {
      run.advance(to: plan.stepCount)
      run.beginNextUpdate()
    }
    var parameters: Parameters = [:]
    for spec in configuration.parameterSpecs {
      parameters[spec.name] = plan.program.id(of: spec.name).flatMap { run.execution.tensor($0) }
    }
    return parameters
  }

  @Test func withAttentionItComesToTheFloorAndAgrees() throws {
    let (found, speech) = try learned()
    #expect(abs(found.loss - found.floor) < 0.05)
    #expect(found.divergence > 0 && found.divergence < 0.05)
    #expect(abs(found.loss - found.floor - found.divergence) < 4 * found.standardError)
    #expect(found.attractors.asked > 150 && found.attractors.share >= 0.95)
    #expect(found.verbs.share >= 0.95)
    #expect(speech.grammaticalShare > 0.8)
    let warning = LeakWarning(
      loss: found.loss,
      standardError: found.standardError,
      floor: found.floor
    )
    #expect(warning == nil)
    for answer in found.answers { #expect(answer.right > 10 * answer.wrong) }
  }

  @Test func withoutAttentionItFollowsTheNearestNoun() throws {
    let (found, _) = try learned(silenced: [HeadAddress(block: 0, head: 0)])
    #expect(found.attractors.share < 0.3)
    // A word and its place are all that it sees: more than a bigram, less than attention.
    #expect(found.loss > 1.55 && found.loss < 1.80)
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
