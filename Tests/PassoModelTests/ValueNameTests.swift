// SPDX-License-Identifier: MIT

import PassoEngine
import PassoText
import Testing

@testable import PassoModel

@Suite("Names of values")
struct ValueNameTests {
  static let all: [ValueName] =
    ModelPart.allCases.map(ValueName.model) + NormPart.allCases.map(ValueName.finalNorm)
    + OptimizerPart.allCases.map(ValueName.optimizer)
    + [0, 7, 12].flatMap { block in BlockPart.allCases.map { .block(block, $0) } }

  @Test("a name that is written is read again, and so is what is derived from it")
  func roundTrip() {
    for name in Self.all {
      #expect(ValueName(name.description) == name)
      for derivation in Derivation.allCases {
        let derived = ValueName.derived(derivation, of: name).next
        #expect(ValueName(derived.description) == derived)
      }
    }
    #expect(Set(Self.all.map(\.description)).count == Self.all.count)
  }

  @Test(
    "what no transformer has is no name",
    arguments: [
      "", ".", "blocks", "blocks.0", "blocks.0.", "blocks.-1.attn.q", "blocks.00.attn.q",
      "blocks.x.attn.q", "blocks.99999999999999999999.attn.q", "attn.q", "grad", "grad.",
      "Grad.W_E",
      "grad.grad", "next.", "ln_final", "ln_final.x", "blocks.0.attn.Q", "lr.", "W_E ",
    ]
  )
  func unknown(_ text: String) {
    #expect(ValueName(text) == nil)
  }

  private static let configurations: [ModelConfiguration] = Preset.all.map {
    $0.configuration(vocabularySize: 11)
  }

  @Test(
    "every value of a training has a name with an explanation, and the axes that it says",
    arguments: configurations,
    Optimizer.named.map(\.optimizer)
  )
  func program(_ configuration: ModelConfiguration, _ optimizer: Optimizer) throws {
    var optimizer = optimizer
    (optimizer.clip, optimizer.rounds) = (1, 2)
    optimizer.schedule = RateSchedule(decay: .cosine, warmup: 2, updates: 9, floor: 0.1)
    for mask in [MaskKind.causal, .prefix] {
      let program = try TrainingProgram(
        configuration,
        batch: BatchShape(rows: 2, length: 5),
        mask: mask,
        ablatedHeads: [HeadAddress(block: 0, head: 0)],
        optimizer: optimizer
      ).program
      for value in program.values {
        for name in value.names where !name.contains(".from.") {
          let parsed = try #require(ValueName(name), "\(name)")
          // The mask of a prefix has a matrix for each row.
          if parsed == .model(.mask) || parsed == .model(.prefix) { continue }
          #expect(parsed.axes == value.shape.axes, "\(name)")
        }
        #expect(ValueName.meaning(of: value.name) != nil, "\(value.name)")
      }
    }
  }

  @Test("weights of attention are shown as shares, gradients as numbers")
  func display() {
    #expect(ValueName.block(1, .attention(.pattern)).display == .shares)
    #expect(ValueName.block(1, .attention(.masked)).display == .maskedScores)
    #expect(ValueName.block(1, .attention(.masked)).gradient.display == .numbers)
  }
}
