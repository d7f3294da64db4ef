// SPDX-License-Identifier: MIT

import PassoEngine
import PassoModel
import PassoRuntime
import PassoTestSupport
import Testing

/// The names keep what they promise.
struct ResidualIdentityTests {
  private func values() throws -> (String) throws -> [Double] {
    var timeline = try TimelineTests.prepare(precision: .f64)
    _ = try timeline.train(1)
    let execution = timeline.execution
    return { name in try #require(try execution.tensor(execution.id(of: name))).doubles }
  }

  @Test func theStreamIsTheSumOfItsContributions() throws {
    let value = try values()
    for block in 0..<2 {
      let name = "blocks.\(block)"
      let middle = try zip(value("\(name).resid_pre"), value("\(name).attn.out")).map(+)
      #expect(try value("\(name).resid_mid") == middle)
      let post = try zip(value("\(name).resid_mid"), value("\(name).mlp.out")).map(+)
      #expect(try value("\(name).resid_post") == post)
    }
    #expect(try value("blocks.1.resid_pre") == value("blocks.0.resid_post"))
  }

  @Test func patternRowsSumToOneAndTheUpperTriangleIsZero() throws {
    let pattern = try values()("blocks.1.attn.pattern")
    for row in stride(from: 0, to: pattern.count, by: 5) {
      let weights = pattern[row..<row + 5]
      #expect(abs(weights.reduce(0, +) - 1) < 1e-15)
      #expect(weights.dropFirst(row / 5 % 5 + 1).allSatisfy { $0 == 0 })
    }
  }

  @Test func theKeyBiasHasNoGradient() throws {
    let gradient = try values()("grad.blocks.0.attn.b_K")
    #expect(gradient.allSatisfy { abs($0) < 1e-15 })
  }

  @Test func logitGradientsAreProbabilitiesMinusOneHot() throws {
    let value = try values()
    let gradient = try value("grad.logits")
    let expected = try value("probs").enumerated().map { index, probability in
      let target = try value("targets")[index / 6]
      if target == Double(ignoredTarget) { return 0.0 }
      return (probability - (Double(index % 6) == target ? 1 : 0)) / 9
    }
    #expect(relativeError(gradient, expected) < 1e-14)
  }
}
