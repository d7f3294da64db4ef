// SPDX-License-Identifier: MIT

import PassoEngine
import PassoModel
import PassoText
import Testing

@testable import PassoShell

/// What is said of a step suits its phase and its inputs.
struct StepWordsTests {
  /// Whatever a forward pass and a backward pass both use has words for each.
  @Test(arguments: ["gatto", "gatto-2", "gatto-llama"])
  func noBackwardStepIsExplainedByItsForwardPass(model: String) throws {
    let probe = try ShellProbe()
    probe.run(":model \(model)", ":ablate 0.0")
    let steps = probe.shell.session.timeline.plan.program.steps
    let forward = Set(steps.filter { $0.phase < .backward }.map { type(of: $0.op).card.name })
    for step in steps where step.phase == .backward {
      let card = type(of: step.op).card
      guard forward.contains(card.name) else { continue }
      #expect(card.backward != nil, "\(card.name)")
      #expect(step.words.summary != card.summary)
      #expect(step.words.formula != card.formula)
    }
    #expect(steps.contains { $0.phase == .backward && type(of: $0.op).card.backward != nil })
  }

  @Test func aProductWithoutABiasSpeaksOfNone() throws {
    let probe = try ShellProbe(.it)
    #expect(!probe.run(":until logits").contains("termine noto"))
    #expect(probe.run(":explain blocks.0.mlp.pre").contains("termine noto"))
    let explained = probe.run(":explain logits")
    #expect(explained.contains("y = x @ W\n") && !explained.contains("termine noto"))
  }

  @Test(arguments: Language.allCases)
  func gradientsOfAttentionNeitherAskNorSaturate(language: Language) throws {
    let probe = try ShellProbe(language)
    for name in ["attn.pattern", "attn.dots", "attn.scores"] {
      let shown = probe.run(":until grad.blocks.0.\(name)")
      for word in ["ogni query", "each query", "satur", "dal futuro", "from the future"] {
        #expect(!shown.contains(word), "\(name): \(word)")
      }
    }
  }

  /// In one case of ten the chosen token stays: then its answer is in sight, and every view says
  /// so.
  @Test func anAnswerThatStaysIsNotDenied() throws {
    let probe = try ShellProbe(.it)
    probe.run(":text \"Il gatto dorme sul divano\"")
    var (kept, hidden) = (0, 0)
    for seed in 1...40 {
      let card = probe.run(":objective masked \(seed)")
      let batch = probe.shell.session.batch
      let isKept = zip(batch.inputs[0], batch.targets[0]).contains { $0 == $1 }
      #expect(card.contains("rimasta in vista") == isKept, "seed \(seed)")
      let leaks = probe.run(":leaks")
      #expect(leaks.contains("SÌ:") == isKept, "seed \(seed)")
      #expect(leaks.contains("la risposta è rimasta fra gli input") == isKept)
      if isKept { kept += 1 } else { hidden += 1 }
    }
    #expect(kept > 0 && hidden > 20)
  }
}
