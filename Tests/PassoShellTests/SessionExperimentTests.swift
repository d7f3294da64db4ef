// SPDX-License-Identifier: MIT

import Foundation
import PassoData
import PassoEngine
import PassoEvaluation
import PassoModel
import PassoSession
import Testing

@testable import PassoShell

/// What a session runs is one experiment, at the moment at which it stands.
struct SessionExperimentTests {
  private func withFolder(_ body: (String) throws -> Void) throws {
    let path = NSTemporaryDirectory() + "passo-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try body(path)
  }

  /// Whatever is built anew afterwards computes at the rate that was set.
  @Test(arguments: [
    ":precision f64", ":mask none", ":ablate 0.1", ":optimizer sgd clip 1", ":objective causal",
    ":text \"Il gatto dorme\"",
  ])
  func aRateThatWasSetStays(line: String) throws {
    let probe = try ShellProbe()
    probe.run(":set lr = 0.3")
    #expect(probe.shell.session.experiment.rate == 0.3)
    #expect(probe.type(line).outcome == .done)
    #expect(probe.shell.session.experiment.rate == 0.3)
    #expect(try abs(probe.shell.session.tensor(.optimizer(.rate))[0] - 0.3) < 1e-7)
    #expect(probe.run(":optimizer").contains("lr 0.3"))
  }

  @Test func thePeakOfAScheduleThatWasSetStays() throws {
    let probe = try ShellProbe()
    probe.run(":optimizer adamw 0.01 warmup 5 cosine 50", ":set lr.peak = 0.02", ":precision f64")
    #expect(probe.shell.session.experiment.rate == 0.02)
  }

  /// A mask that was changed later is not in force before: neither shown nor computed with.
  @Test func theExperimentIsThatOfTheMoment() throws {
    let probe = try ShellProbe()
    probe.run(":train 2", ":mask none", ":ablate 0.1", ":train 1")
    #expect(probe.shell.session.experiment.mask == .none)
    probe.run(":goto update 1")
    let experiment = probe.shell.session.experiment
    #expect(experiment.mask == .causal && experiment.ablatedHeads.isEmpty)
    #expect(experiment == Experiment.first)
  }

  @Test func aSavedFolderSaysHowItHasLearned() throws {
    try withFolder { path in
      let probe = try ShellProbe()
      probe.run(":objective masked", ":mask none", ":ablate 0.1", ":train 1", ":save \(path)")
      let saved = try #require(try Experiment(folder: path))
      #expect(saved == probe.shell.session.experiment)
      #expect(saved.objective.name == "masked" && saved.mask == .none)
      let task = try LearnedTask(folder: path)
      #expect(throws: EvaluationProblem.otherObjective("masked")) { try task.expectNext() }
      let other = try ShellProbe()
      #expect(other.type(":load \(path)").outcome == .done)
      let loaded = other.shell.session.experiment
      #expect(loaded.objective.name == "masked" && loaded.mask == .none)
      #expect(loaded.ablatedHeads == [HeadAddress(block: 0, head: 1)])
      #expect(loaded.model == .folder(path))
      // A model that looks nowhere ahead takes the place of one that did.
      probe.run(":model gatto", ":objective causal", ":save \(path) replace")
      other.run(":load \(path)")
      #expect(other.shell.session.experiment.mask == .causal)
      #expect(other.shell.session.experiment.ablatedHeads.isEmpty)
    }
  }

  @Test func aRecordThatIsNoneIsRefusedAndNothingIsLost() throws {
    try withFolder { path in
      let probe = try ShellProbe()
      probe.run(":save \(path)")
      let record = URL(filePath: path + "/passo-experiment.json")
      let text = try String(contentsOf: record, encoding: .utf8)
      for (old, new) in [("\"causal\"", "\"sideways\""), ("\"none\"", "\"4.0\""), ("{", "[")] {
        try Data(text.replacing(old, with: new).utf8).write(to: record)
        let before = probe.type(":hash").output
        let reply = probe.type(":load \(path)")
        #expect(reply.outcome == .failed && reply.errors.contains("passo-experiment.json"))
        #expect(probe.type(":hash").output == before)
      }
    }
  }
}
