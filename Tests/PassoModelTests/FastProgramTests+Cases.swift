// SPDX-License-Identifier: MIT

import PassoEngine
import PassoRuntime
import Testing

@testable import PassoModel

// Programs that have a fast form: models, masks, rounds and optimizers of every kind.
extension FastProgramTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    var configuration: ModelConfiguration
    var batch = BatchShape(rows: 2, length: 7)
    var mask = MaskKind.causal
    var optimizer = Optimizer.standardAdamW
    var ignored: [Int] = []
    var ablated: Set<HeadAddress> = []
    var weighsTargets = false

    var plan: TrainingProgram {
      get throws {
        try TrainingProgram(
          configuration,
          batch: batch,
          mask: mask,
          weighsTargets: weighsTargets,
          ablatedHeads: ablated,
          optimizer: optimizer
        )
      }
    }
  }

  static let ablated: Set = [
    HeadAddress(block: 0, head: 1), HeadAddress(block: 1, head: 0), HeadAddress(block: 1, head: 2),
  ]

  static func gpt2(tied: Bool = false, layers: Int = 2) -> ModelConfiguration {
    ModelConfiguration(
      vocabularySize: 23,
      contextLength: 130,
      width: 24,
      layerCount: layers,
      headCount: 3,
      isTied: tied
    )
  }

  static func llama(
    keyHeads: Int,
    headWidth: Int = 10,
    bias: ModelConfiguration.AttentionBias
  ) -> ModelConfiguration {
    var configuration = gpt2()
    configuration.width = 36
    configuration.headCount = 4
    configuration.keyHeadCount = keyHeads
    configuration.headWidth = headWidth
    configuration.mlpWidth = 52
    configuration.positions = .rotary(base: 10_000)
    configuration.norm = .rootMeanSquare
    configuration.activation = .swiGLU
    configuration.attentionBias = bias
    return configuration
  }

  static let cases: [Case] = {
    var clipped = Optimizer.standardAdamW
    clipped.clip = 0.05
    clipped.schedule = RateSchedule(decay: .cosine, warmup: 2, updates: 5, floor: 0.1)
    var rounds = clipped
    rounds.rounds = 2
    var (kept, twice) = (clipped, Optimizer.sgd)
    (kept.gradients, twice.gradients) = (.kept, .twice)
    return [
      Case(testDescription: "gpt2", configuration: gpt2()),
      Case(testDescription: "gpt2, tied", configuration: gpt2(tied: true)),
      Case(testDescription: "no blocks", configuration: gpt2(layers: 0)),
      Case(
        testDescription: "long rows",
        configuration: gpt2(),
        batch: BatchShape(rows: 2, length: 130)
      ),
      Case(
        testDescription: "one token",
        configuration: gpt2(),
        batch: BatchShape(rows: 1, length: 1)
      ),
      Case(testDescription: "no mask", configuration: gpt2(), mask: .none, ignored: [0, 5, 6, 9]),
      Case(
        testDescription: "window",
        configuration: gpt2(),
        batch: BatchShape(rows: 1, length: 121),
        mask: .window(33)
      ),
      Case(
        testDescription: "short window",
        configuration: gpt2(),
        batch: BatchShape(rows: 3, length: 4),
        mask: .window(2)
      ),
      Case(
        testDescription: "prefixes",
        configuration: gpt2(),
        batch: BatchShape(rows: 5, length: 70),
        mask: .prefix,
        ignored: [0, 5, 6, 9]
      ),
      Case(
        testDescription: "prefixes of short rows",
        configuration: llama(keyHeads: 2, headWidth: 16, bias: .none),
        batch: BatchShape(rows: 6, length: 4),
        mask: .prefix
      ),
      Case(
        testDescription: "short, grouped",
        configuration: llama(keyHeads: 2, headWidth: 16, bias: .none),
        batch: BatchShape(rows: 2, length: 4)
      ),
      Case(testDescription: "llama", configuration: llama(keyHeads: 4, bias: .none)),
      Case(
        testDescription: "llama, grouped",
        configuration: llama(keyHeads: 2, bias: .input),
        batch: BatchShape(rows: 3, length: 67)
      ),
      Case(
        testDescription: "llama, one key head",
        configuration: llama(keyHeads: 1, bias: .all),
        optimizer: .standardMomentum
      ),
      Case(testDescription: "clip, schedule", configuration: gpt2(), optimizer: clipped),
      Case(testDescription: "rounds", configuration: gpt2(tied: true), optimizer: rounds),
      Case(testDescription: "sgd", configuration: gpt2(), optimizer: .sgd),
      Case(
        testDescription: "weights",
        configuration: gpt2(),
        mask: .prefix,
        ignored: [0, 5, 6, 9],
        weighsTargets: true
      ),
      Case(
        testDescription: "weights, rounds",
        configuration: gpt2(tied: true),
        optimizer: rounds,
        ignored: [0, 5, 6, 9, 20],
        weighsTargets: true
      ),
      Case(testDescription: "gradients kept", configuration: gpt2(tied: true), optimizer: kept),
      Case(
        testDescription: "backward twice",
        configuration: llama(keyHeads: 2, bias: .input),
        optimizer: twice
      ),
      Case(testDescription: "ablated heads", configuration: gpt2(), ablated: ablated),
      Case(
        testDescription: "ablated heads, rounds",
        configuration: llama(keyHeads: 2, bias: .all),
        optimizer: rounds,
        ablated: ablated
      ),
      Case(
        testDescription: "strict mask",
        configuration: gpt2(),
        batch: BatchShape(rows: 3, length: 9),
        mask: .strict
      ),
      Case(
        testDescription: "mask written by hand",
        configuration: llama(keyHeads: 2, bias: .input),
        mask: .custom((0..<7).map { query in (0..<7).map { $0 <= query && $0 != 2 || $0 == 6 } })
      ),
    ]
  }()
}
