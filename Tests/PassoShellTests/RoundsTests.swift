// SPDX-License-Identifier: MIT

import PassoEngine
import PassoShell
import Testing

/// Updates of several rounds, at the prompt.
struct RoundsTests {
  @Test func theRowsOfTheRoundAreShown() throws {
    let probe = try ShellProbe()
    probe.type(":text \"Il gatto dorme\" \"La volpe\"")
    probe.type(":optimizer sgd 0.1 rounds 2")
    for (move, here, elsewhere) in [(":until loss", "gatto", "La"), (":run", "La", "gatto")] {
      #expect(probe.type(move).outcome == .done)
      let loss = probe.type(":show loss").output
      #expect(loss.contains(here) && !loss.contains(elsewhere), "\(loss)")
      let mask = probe.type(":show ln_final.out[0]").output
      #expect(mask.contains(here) && !mask.contains(elsewhere), "\(mask)")
    }
  }

  /// Three questions in one round, two in the other: the update learns from five.
  @Test func everyTokenWeighsTheSame() throws {
    let text = ":text \"Il gatto dorme\" \"La volpe\""
    let (whole, rounds) = (try ShellProbe(), try ShellProbe())
    whole.run(text, ":optimizer sgd 0.1", ":precision f64", ":run")
    rounds.run(text, ":optimizer sgd 0.1 rounds 2", ":precision f64", ":run")
    #expect(try rounds.shell.session.value(of: "next.target_count") == 5)
    for (mean, one) in [("mean.loss", "loss"), ("mean.grad.W_U[0, 1]", "grad.W_U[0, 1]")] {
      let expected = try whole.shell.session.value(of: one)
      let found = try rounds.shell.session.value(of: "next.\(mean)")
      #expect(abs(found - expected) < 1e-12)
    }
    let losses = [whole, rounds].map { $0.shell.session.timeline.losses[0, default: .nan] }
    #expect(abs(losses[0] - losses[1]) < 1e-12)
    let why = rounds.run(":why next.mean.loss")
    #expect(why.contains("mean.loss") && why.contains("target_count"), "\(why)")
    let explained = rounds.run(":explain next.mean.grad.W_E", ":explain mean.loss")
    #expect(explained.contains("one larger batch") && explained.contains("over all targets"))
  }
}
