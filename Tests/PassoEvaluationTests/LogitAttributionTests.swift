// SPDX-License-Identifier: MIT

import PassoEngine
import PassoEvaluation
import PassoModel
import PassoRuntime
import Testing

/// The shares of a logit add up to it, and each is what the model loses without its part.
struct LogitAttributionTests {
  private static let vocabulary = 9
  private static let rows = 2
  private static let length = 5

  private static let models: [(words: [(String, String)], ablated: Set<HeadAddress>)] = [
    ([], []), ([("layers", "3"), ("heads", "4")], [HeadAddress(block: 1, head: 2)]),
    ([("tied", "on")], []), ([("norm", "rms"), ("positions", "rotary")], []),
    ([("norm", "none"), ("mlp", "none"), ("layers", "2")], []), ([("biases", "off")], []),
    ([("activation", "swiglu"), ("kv-heads", "1"), ("norm", "rms")], []),
    ([("positions", "sinusoidal"), ("activation", "relu")], []),
    ([("positions", "none"), ("attention-scale", "none")], []), ([("dropout", "0.3")], []),
  ]

  private func preset(_ words: [(String, String)]) throws -> Preset {
    var preset = Preset.new
    for (name, word) in words {
      let knob = try #require(Knob.named(name))
      let isTaken = preset.take(word, for: knob)
      #expect(isTaken)
    }
    return preset
  }

  /// One pass with random weights, biases and gains among them.
  private func pass(
    _ configuration: ModelConfiguration,
    _ ablated: Set<HeadAddress>,
    _ random: inout RandomSource
  ) throws -> Execution {
    var builder = ProgramBuilder()
    _ = try Transformer(
      configuration,
      batch: BatchShape(rows: Self.rows, length: Self.length),
      mask: .causal,
      ablatedHeads: ablated,
      dropout: configuration.dropout
    ).write(into: &builder)
    var execution = try Execution(builder.program, precision: .f64)
    for name in ["tokens", "targets"] {
      let shape = Shape((.batch, Self.rows), (.position, Self.length))
      let ids = (0..<shape.count).map { _ in Int32(random.next() % UInt64(Self.vocabulary)) }
      try execution.set(try execution.id(of: name), to: Tensor(shape, ids))
    }
    if let seed = builder.program.id(of: "dropout_seed") {
      try execution.set(seed, to: Tensor(.scalar, [Int32(3)]))
    }
    for spec in configuration.parameterSpecs {
      let numbers = (0..<spec.shape.count).map { _ in 0.4 * random.normal() }
      try execution.set(try execution.id(of: spec.name), to: Tensor(spec.shape, numbers))
    }
    try execution.run()
    return execution
  }

  private func attribution(
    _ place: LogitAttribution.Place,
    _ configuration: ModelConfiguration,
    _ execution: Execution
  ) throws -> LogitAttribution {
    try LogitAttribution(of: place, configuration) { name in
      try execution.program.id(of: name).flatMap { try execution.tensor($0) }
    }
  }

  @Test(arguments: models.indices)
  func fiftyLogitsOfEachModelAreTheSumOfTheirShares(index: Int) throws {
    let (words, ablated) = Self.models[index]
    let configuration = try preset(words).configuration(vocabularySize: Self.vocabulary)
    var random = RandomSource(seed: UInt64(index) + 40)
    let execution = try pass(configuration, ablated, &random)
    let logits = try #require(try execution.tensor(.model(.logits)))
    for draw in 0..<50 {
      func below(_ count: Int) -> Int { Int(random.next() % UInt64(count)) }
      let place = LogitAttribution.Place(
        row: below(Self.rows),
        position: below(Self.length),
        token: below(Self.vocabulary),
        other: draw.isMultiple(of: 3) ? below(Self.vocabulary) : nil
      )
      let found = try attribution(place, configuration, execution)
      let start = (place.row * Self.length + place.position) * Self.vocabulary
      let wanted = logits[start + place.token] - (place.other.map { logits[start + $0] } ?? 0)
      #expect(found.logit == wanted)
      #expect(abs(found.sum - wanted) < 1e-9)
      // Each head has its share, and one that is off has none.
      #expect(
        found.shares.count { if case .head = $0.part { true } else { false } }
          == configuration.layerCount * configuration.headCount
      )
      for (part, share) in found.shares {
        if case .head(let head) = part, ablated.contains(head) { #expect(share == 0) }
      }
      #expect(found.shares.contains { $0.part == .rest } == (configuration.dropout > 0))
    }
  }

  /// Without a norm, and in the last block, a share is what the logit loses without the head.
  @Test func aShareIsWhatIsLostWithoutTheHead() throws {
    let configuration = try preset([("norm", "none"), ("mlp", "none")])
      .configuration(vocabularySize: Self.vocabulary)
    let place = LogitAttribution.Place(row: 1, position: 3, token: 4)
    var random = RandomSource(seed: 8)
    let whole = try attribution(place, configuration, pass(configuration, [], &random))
    for head in 0..<configuration.headCount {
      var random = RandomSource(seed: 8)
      let address = HeadAddress(block: 0, head: head)
      let without = try attribution(place, configuration, pass(configuration, [address], &random))
      let share = try #require(whole.shares.first { $0.part == .head(address) }?.share)
      #expect(abs(share) > 1e-3)
      #expect(abs(whole.logit - without.logit - share) < 1e-12)
    }
  }
}
