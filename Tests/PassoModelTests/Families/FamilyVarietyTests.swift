// SPDX-License-Identifier: MIT

import PassoEngine
import PassoRuntime
import PassoTestSupport
import Testing

@testable import PassoModel

/// The parts of families: gradients, the fast form, generation, names.
struct FamilyVarietyTests {
  private static let masks: [MaskKind] = [.causal, .none, .strict, .prefix, .window(2)]

  @Test(arguments: FamilyVariety.all.indices)
  func everyParameterGradientIsTheSlopeOfTheLoss(index: Int) throws {
    let (name, model) = FamilyVariety.all[index]
    var random = RandomSource(seed: UInt64(index) + 1)
    let slope = try LossSlope(model, mask: .causal, weighsTargets: false, random: &random)
    for spec in model.parameterSpecs {
      for element in [0, spec.shape.count / 2, spec.shape.count - 1] {
        let found = try slope.gradient(spec.name)[element]
        let expected = try slope.difference(spec.name, element)
        #expect(
          abs(found - expected) <= 2e-7 * max(1, abs(expected)),
          "\(name): \(spec.name)[\(element)]"
        )
      }
    }
  }

  @Test(arguments: FamilyVariety.all.indices, Kernels.available)
  func everyValueIsThatOfTheReadableProgram(index: Int, kernels: Kernels) throws {
    let (name, model) = FamilyVariety.all[index]
    for mask in Self.masks {
      var test = FastProgramTests.Case(testDescription: "\(name), \(mask)", configuration: model)
      (test.mask, test.batch) = (mask, BatchShape(rows: 2, length: 9))
      // Norms before and after one another make rounding larger: up to 1.1e-5 in these models.
      try FastProgramTests().compareOneUpdate(test, kernels, within: 2e-5)
    }
  }

  @Test(arguments: FamilyVariety.all.indices, Precision.allCases)
  func generationGivesTheLogitsOfTheWholeText(index: Int, precision: Precision) throws {
    let (name, configuration) = FamilyVariety.all[index]
    let parameters = try configuration.initialParameters(seed: 3, standardDeviation: 0.3)
    let model = Model(configuration, parameters, precision: precision)
    let generator = try Generator(model)
    #expect(generator.slowness == nil || precision == .f64, "\(name)")
    let tokens = (0..<configuration.contextLength).map { Int32($0 * 7 % 13) }
    let whole = try ModelRunner(
      model,
      batch: BatchShape(rows: 1, length: tokens.count),
      reading: [.model(.logits)],
      isForReading: true
    )
    try whole.set(TokenBatch(inputs: tokens, targets: tokens))
    try whole.run()
    let expected = try whole.computed(.model(.logits)).doubles
    // A prompt of several tokens first, then one by one.
    for end in 5...tokens.count {
      let logits = try generator.read(Array(tokens[(end == 5 ? 0 : end - 1)..<end]))
      let wanted = Array(expected[(end - 1) * 13..<end * 13])
      let error = relativeError(logits, wanted)
      #expect(error < (precision == .f32 ? 2e-5 : 1e-12), "\(name), \(end): \(error)")
    }
  }

  @Test(arguments: FamilyVariety.all.indices)
  func everyValueHasANameAndAnExplanation(index: Int) throws {
    let (_, model) = FamilyVariety.all[index]
    let program = try TrainingProgram(
      model,
      batch: BatchShape(rows: 2, length: 5),
      optimizer: .standardAdamW
    ).program
    for value in program.values {
      for name in value.names where !name.contains(".from.") {
        let parsed = try #require(ValueName(name), "\(name)")
        // Masks have two forms; the gain of each head is the same for all heads.
        if [.model(.mask), .model(.nearMask)].contains(parsed) { continue }
        if name.hasSuffix("_gain"), model.headNorm == .each { continue }
        #expect(parsed.axes == value.shape.axes, "\(name)")
      }
      #expect(ValueName.meaning(of: value.name) != nil, "\(value.name)")
    }
  }

  @Test func aWindowHidesWhatIsFar() throws {
    var model = FamilyVariety.gpt2 { $0.layerCount = 1 }
    model.window = AttentionWindow(size: 3)
    let parameters = try model.initialParameters(seed: 1, standardDeviation: 0.3)
    let runner = try ModelRunner(
      Model(model, parameters, precision: .f64),
      batch: BatchShape(rows: 1, length: 6),
      isForReading: true
    )
    try runner.set(TokenBatch(inputs: [1, 2, 3, 4, 5, 6], targets: [2, 3, 4, 5, 6, 7]))
    try runner.run()
    let pattern = try runner.computed(.block(0, .attention(.pattern)))
    for query in 0..<6 {
      for key in 0..<6 {
        let isSeen = key <= query && query - key < 3
        #expect((pattern[query * 6 + key] > 0) == isSeen, "\(query), \(key)")
      }
    }
  }
}
