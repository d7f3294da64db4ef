// SPDX-License-Identifier: MIT

import PassoEngine
import PassoModel
import PassoText
import Testing

@testable import PassoShell

/// What one sees of a step at a glance: where it is, whose rows, what changed, what ends with it.
struct StepCardTests {
  @Test func aStepIsMarkedInTheModelAndNamesItsWords() throws {
    let probe = try ShellProbe(.it)
    let forward = probe.run(":until blocks.0.attn.pattern")
    #expect(forward.contains("token → embedding → [attenzione] → MLP → logit → loss\n"))
    #expect(forward.contains("(query)") && forward.contains(": <start> Il gatto dorme sul\n"))
    #expect(probe.run(":until grad.blocks.0.mlp.out").contains("attenzione ← [MLP] ← logit"))
    #expect(probe.run(":until next.W_E").contains("token · [embedding] · attenzione"))
  }

  @Test func ofManyBlocksThatOfTheStepIsShown() throws {
    let probe = try ShellProbe()
    probe.run(":model gatto-2")
    #expect(probe.run(":until embed").contains("tokens → [embedding] → 2 blocks → logits"))
    #expect(probe.run(":until blocks.0.mlp.out").contains("block 0 → attention → [MLP] → … →"))
    #expect(probe.run(":until blocks.1.attn.q").contains("→ … → block 1 → [attention] → MLP →"))
  }

  /// Every step belongs somewhere, or to all parameters at once.
  @Test(arguments: ["gatto", "gatto-2", "gatto-llama"])
  func everyPlaceIsMarked(model: String) throws {
    let probe = try ShellProbe()
    probe.run(":model \(model)", ":optimizer sgd")
    let program = probe.shell.session.timeline.plan.program
    for index in program.steps.indices where program.steps[index].phase < .update {
      #expect(probe.run(":goto \(index + 1)").contains("["), "\(program.line(index))")
    }
  }

  @Test(arguments: Language.allCases)
  func goingBackShowsTheSameCard(language: Language) throws {
    let probe = try ShellProbe(language)
    probe.run(":step 11")
    let card = probe.run(":step")
    probe.run(":step")
    #expect(probe.run(":back") == card)
    #expect(card.split(separator: "\n").count > 4)
  }

  @Test func theEndOfEachPhaseIsSaid() throws {
    let probe = try ShellProbe(.it)
    #expect(!probe.run(":until ln_final.out").contains("fine della fase"))
    #expect(probe.run(":until logits").contains("fine della fase in avanti: i logit ci sono"))
    #expect(probe.run(":until loss").contains("fine della fase di perdita"))
    let end = probe.shell.session.timeline.plan.program.steps(of: .backward).upperBound
    #expect(probe.run(":goto \(end)").contains("ogni parametro ha il suo gradiente; ora l'agg"))
    #expect(probe.run(":run").contains("fine dell'aggiornamento 0: aggiornamenti fatti 1;"))
    #expect(probe.run(":goto update 5").contains("aggiornamenti fatti 5; poi comincia"))
  }

  @Test func anUpdateIsExplainedOnceAndThenToldInALine() throws {
    let probe = try ShellProbe()
    let updates = probe.shell.session.timeline.plan.program.steps(of: .update)
    probe.run(":goto \(updates.lowerBound)")
    #expect(probe.run(":step").contains("against its gradient"))
    for index in updates.dropFirst() {
      let lines = probe.run(":step").split(separator: "\n")
      #expect(lines.count == (index == updates.upperBound - 1 ? 2 : 1), "step \(index)")
      #expect(lines[0].hasPrefix("step \(index + 1)/\(updates.upperBound) next."))
    }
  }

  /// The bias of the keys has no gradient: what is left of it is rounding, and is not learning.
  @Test(arguments: ["f32", "f64"])
  func roundingIsNotSoldAsLearning(precision: String) throws {
    let probe = try ShellProbe(.it)
    probe.run(":precision \(precision)", ":train 2")
    for spec in probe.shell.session.configuration.parameterSpecs {
      probe.run(":goto update 2")
      let card = probe.run(":until next.\(spec.name)")
      let isStill = "\(spec.name)" == "blocks.0.attn.b_K"
      #expect(card.contains("sono solo arrotondamenti") == isStill, "\(spec.name)")
      #expect(card.contains("numeri cambiati") == !isStill, "\(spec.name)")
    }
  }

  @Test func aVisibleAnswerIsToldBesideItsLoss() throws {
    let probe = try ShellProbe(.it)
    probe.run(":text \"Il gatto dorme sul divano\"", ":objective masked 14", ":until loss")
    #expect(probe.run(":show loss").contains("la risposta è rimasta fra gli input"))
    probe.run(":objective causal", ":until loss")
    #expect(!probe.run(":show loss").contains("rimasta"))
  }
}
