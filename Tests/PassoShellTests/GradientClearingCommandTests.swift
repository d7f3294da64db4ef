// SPDX-License-Identifier: MIT

import PassoSession
import PassoText
import Testing

@testable import PassoShell

/// Backward twice and gradients that are not cleared, as a learner types, sees and compares them.
struct GradientClearingCommandTests {
  @Test func twiceDoublesTheGradientAndNotTheLoss() throws {
    let (once, probe) = (try ShellProbe(), try ShellProbe())
    once.run(":precision f64", ":optimizer sgd 0.1", ":run")
    probe.run(":precision f64")
    let said = probe.run(":optimizer sgd 0.1 gradients twice")
    #expect(said.contains("gradients twice") && said.contains("every gradient counts double"))
    probe.run(":run")
    let (session, right) = (probe.shell.session, once.shell.session)
    #expect(try session.tensor("loss") == right.tensor("loss"))
    for name in ["W_E", "W_U", "blocks.0.attn.W_Q"] {
      let doubled = try session.tensor("accumulated.grad.\(name)").doubles
      #expect(try doubled == right.tensor("grad.\(name)").doubles.map { 2 * $0 })
    }
    #expect(probe.run(":explain accumulated.grad.W_E").contains("nobody has set it back to zero"))
    #expect(probe.run(":why next.W_E[0, 0]").contains("accumulated.grad.W_E[0,0]"))
    probe.run(":undo")
    #expect(probe.shell.session.experiment.optimizer.gradients == .cleared)
  }

  /// The sums of all gradients so far, as the steps of each update have found them.
  @Test func keptIsTheSumOfAllGradients() throws {
    let probe = try ShellProbe(.it)
    probe.run(":precision f64")
    #expect(probe.run(":optimizer sgd 0.1 gradients kept").contains("non vengono mai azzerati"))
    var sum: [Double] = []
    for _ in 0..<4 {
      probe.run(":train 1")
      let gradient = try probe.shell.session.tensor("grad.W_U").doubles
      sum = sum.isEmpty ? gradient : zip(sum, gradient).map(+)
      let kept = try probe.shell.session.tensor("next.accumulated.grad.W_U").doubles
      #expect(zip(kept, sum).allSatisfy { abs($0 - $1) < 1e-15 })
    }
    // Back over the end of an update what was kept then is there again.
    probe.run(":goto start")
    let hash = try probe.shell.session.timeline.stateHash
    probe.run(":back 3", ":goto end", ":step 1", ":back 1")
    probe.run(":goto start")
    #expect(probe.type(":hash").outcome == .done && hash != 0)
  }

  @Test func aRaceComparesThem() throws {
    let probe = try ShellProbe()
    probe.run(":precision f64", ":optimizer sgd 0.1")
    let said = probe.run(":race gradients cleared twice kept updates 6")
    #expect(said.contains("kept") && said.contains("lane3"))
    let session = probe.shell.session
    let losses = try ["lane1", "lane2", "lane3"].map { lane in
      let fork = try session.forkNamed(lane)
      return try (0..<6).map { try #require(fork.timeline.losses[$0]) }
    }
    // The first loss is before any update, the second of a kept one is after one gradient.
    #expect(losses[0][0] == losses[1][0] && losses[0][0] == losses[2][0])
    #expect(losses[0][1] == losses[2][1] && losses[0][1] != losses[1][1])
    #expect(losses[0][2] != losses[2][2])
    #expect(probe.type(":race gradients cleared lost").errors.contains("cleared, twice or kept"))
  }

  @Test(arguments: [
    (":optimizer sgd gradients", "a number after gradients"),
    (":optimizer sgd gradients lost", "cleared, twice, kept"),
    (":backward", ":optimizer"), (":zero_grad", ":optimizer"),
  ])
  func whatIsNotUnderstoodIsSaid(line: String, said: String) throws {
    let errors = try ShellProbe().type(line).errors
    #expect(errors.contains("error:") && errors.contains(said), "\(errors)")
  }
}
