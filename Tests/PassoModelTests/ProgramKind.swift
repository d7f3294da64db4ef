// SPDX-License-Identifier: MIT

import PassoEngine
import Testing

@testable import PassoModel

/// A readable program of a kind, and its name.
struct ProgramKind: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let make: @Sendable () throws -> Program

  static let training = FastProgramTests.cases.map { test in
    ProgramKind(testDescription: test.testDescription) { try test.plan.program }
  }

  static let presets = Preset.all.flatMap { preset in
    [Optimizer.sgd, .standardMomentum, .standardAdamW].flatMap { optimizer in
      [1, 3].map { rounds in
        var optimizer = optimizer
        optimizer.rounds = rounds
        let test = FastProgramTests.Case(
          testDescription: "\(preset.name), \(optimizer.name), \(rounds)",
          configuration: preset.configuration(vocabularySize: 41),
          batch: BatchShape(rows: 3, length: preset.contextLength),
          optimizer: optimizer
        )
        return ProgramKind(testDescription: test.testDescription) { try test.plan.program }
      }
    }
  }

  private static let models =
    Preset.all.map { ($0.name, $0.configuration(vocabularySize: 41)) }
    + [
      ("llama", FastProgramTests.llama(keyHeads: 2, bias: .all)),
      ("no blocks", FastProgramTests.gpt2(layers: 0)),
    ]

  /// What only computes the loss.
  static let losses = models.map { name, model in
    ProgramKind(testDescription: "loss of \(name)") {
      var builder = ProgramBuilder()
      let batch = BatchShape(rows: 2, length: 5)
      _ = try Transformer(model, batch: batch, mask: .causal).write(into: &builder)
      return builder.program
    }
  }

  static let decoders = models.flatMap { name, model in
    [1, 2, 7].map { length in
      ProgramKind(testDescription: "\(length) tokens of \(name)") {
        var builder = ProgramBuilder()
        let ablated: Set = [HeadAddress(block: 0, head: 0)]
        _ = try Transformer(
          model,
          batch: BatchShape(rows: 1, length: length),
          mask: .causal,
          ablatedHeads: length == 2 && model.layerCount > 0 ? ablated : []
        ).writeDecoder(into: &builder, capacity: model.contextLength)
        return builder.program
      }
    }
  }

  static let all = training + presets + losses + decoders
}
