// SPDX-License-Identifier: MIT

import Foundation
import PassoData
import PassoEvaluation
import PassoModel
import Testing

@testable import PassoShell

/// `:objective` and `:shift` with all that may follow them.
struct ObjectiveCommandTests {
  private static let lines = [
    "ahead 2", "ahead 0", "masked always", "middle", "any-order", "replaced",
    "causal after dorme", "any-order after gatto", "middle after <fim_middle>", "masked", "causal",
  ]

  @Test(arguments: lines)
  func whatWasChosenIsShownSavedAndLoaded(words: String) throws {
    let path = NSTemporaryDirectory() + "passo-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let probe = try ShellProbe()
    #expect(probe.run(":objective \(words)").contains("objective: \(words)"))
    #expect(probe.shell.session.experiment.objective.description == words)
    probe.run(":train 2", ":save \(path)")
    let saved = try #require(try Experiment(folder: path))
    #expect(saved == probe.shell.session.experiment && saved.objective.description == words)
    let task = try LearnedTask(folder: path)
    #expect(task.objective == saved.objective)
    let other = try ShellProbe()
    #expect(other.type(":load \(path)").outcome == .done)
    #expect(other.shell.session.experiment.objective.description == words)
    #expect(other.shell.session.experiment.mask == saved.mask)
  }

  @Test func shiftAndAheadAreOneThing() throws {
    let (shifted, ahead) = (try ShellProbe(), try ShellProbe())
    for (shift, words) in [("0", "ahead 0"), ("2", "ahead 2"), ("1", "causal"), ("1", "ahead 1")] {
      shifted.run(":shift \(shift)", ":train 2")
      ahead.run(":objective \(words)", ":train 2")
      #expect(shifted.type(":hash").output == ahead.type(":hash").output, "\(words)")
    }
    // What is waited for stays.
    shifted.run(":objective causal after gatto", ":shift 2")
    #expect(shifted.shell.session.experiment.objective.description == "ahead 2 after gatto")
    #expect(shifted.run(":pairs").contains("ahead 2 after gatto"))
  }

  @Test func theLeakOfTargetsThatAreNotShiftedIsFound() throws {
    let probe = try ShellProbe()
    #expect(probe.run(":shift 0", ":pairs").contains("not shifted"))
    #expect(probe.run(":leaks").contains("the targets are the inputs themselves"))
    probe.run(":shift 2")
    #expect(probe.run(":pairs").contains("shifted by 2"))
    #expect(probe.run(":leaks").contains("no: "))
    #expect(probe.run(":mask none", ":leaks").contains("which holds its answer"))
    for words in ["any-order", "replaced", "masked always", "middle"] {
      #expect(probe.run(":objective \(words)", ":leaks").contains("no: "), "\(words)")
    }
  }

  @Test func weightsAreValuesLikeOthers() throws {
    let probe = try ShellProbe()
    probe.run(":objective any-order 3", ":until loss")
    let weights = try probe.shell.session.tensor("target_weights").doubles
    let covered = try probe.shell.session.tensor("targets").doubles.count { $0 >= 0 }
    #expect(weights == Array(repeating: 6 / Double(covered), count: 6))
    #expect(probe.run(":explain loss").contains("weighted"))
    #expect(probe.run(":show loss").contains("weighted mean"))
    let loss = try probe.shell.session.tensor("loss")[0]
    // All weigh the same here: one that weighs more draws the mean to its side.
    let place = try #require(
      try probe.shell.session.tensor("targets").doubles.firstIndex { $0 >= 0 }
    )
    probe.run(":set target_weights[0,\(place)] = 1000")
    let own = try probe.shell.session.tensor("loss_per_token").doubles[place]
    let after = try probe.shell.session.tensor("loss")[0]
    #expect(abs(after - own) <= abs(loss - own) && abs(after - own) < 0.05)
    let wrong = probe.type(":set target_weights[0,0] = -1")
    #expect(wrong.errors.contains("the weight of a target is 0 or more, got -1"))
  }

  @Test func whatIsWrongIsSaidAndNothingIsLost() throws {
    let probe = try ShellProbe()
    let before = probe.type(":hash").output
    for (line, part) in [
      (":objective ahead", "a number of places from 0 to 1000, got none"),
      (":objective ahead x", "got 'x'"), (":shift -1", "got '-1'"), (":shift due", "got 'due'"),
      (":objective masked sometimes", "got 'sometimes'"), (":objective span after gatto", "span"),
      (":objective causal after", "a token after 'after'"),
      (":objective causal after cane", "got 'cane'"), (":objective sideways", "sideways"),
      (":objective causal after divano", "'divano'"), (":objective ahead 9", "at least"),
    ] {
      let reply = probe.type(line)
      #expect(reply.outcome == .failed && reply.errors.contains(part), "\(line): \(reply.errors)")
      #expect(probe.type(":hash").output == before, "\(line)")
    }
  }

  @Test func sentencesOfALanguageAreCheckedBeforehand() throws {
    let probe = try ShellProbe()
    probe.run(":corpus gatto-1", ":objective causal")
    let reply = probe.type(":objective causal after gatto")
    #expect(reply.outcome == .failed && reply.errors.contains("'gatto'"))
    #expect(probe.run(":objective causal after <start>").contains("counts"))
    // The floor is that of all tokens: it is not shown for a part of them.
    probe.run(":train 2")
    #expect(!probe.run(":show loss").contains("floor"))
    #expect(probe.run(":objective any-order").contains("any-order"))
    #expect(probe.shell.session.batch.length == Oracle(.gatto1).rowLength)
  }
}
