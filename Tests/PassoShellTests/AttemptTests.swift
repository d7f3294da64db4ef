// SPDX-License-Identifier: MIT

import Dispatch
import Foundation
import PassoModel
import PassoRuntime
import PassoSession
import PassoText
import Testing

@testable import PassoShell

/// A line that asks nobody is left where it is, and the session goes on without it.
struct AttemptTests {
  /// Ctrl-C comes at the n-th question.
  private final class Patience {
    var questions = Int.max
    private(set) var count = 0
    func ask() -> Bool {
      count += 1
      return count > questions
    }
    func arm(after more: Int) { questions = count + more }
  }

  @Test func whatIsLeftChangesNothing() throws {
    let patience = Patience()
    let probe = try ShellProbe(interrupted: patience.ask)
    probe.run(":train 2", ":next")
    let before = try probe.shell.session.stateHash
    let gate = DispatchSemaphore(value: 0)
    patience.arm(after: 5)
    let asked = patience.count
    #expect(throws: Interrupted()) {
      try probe.shell.attempting { draft, context in
        context.say(Bilingual(same: "before"))
        try draft.session.setTexts(["half done"])
        gate.wait()
        context.say(Bilingual(same: "after"))
      }
    }
    #expect(patience.count == asked + 6)
    #expect(try probe.shell.session.stateHash == before)
    #expect(probe.shell.session.texts != ["half done"])
    patience.questions = .max
    // What looks need not wait for it.
    #expect(probe.type(":show W_E").outcome == .done)
    // What moves does, and is answered too.
    patience.arm(after: 6)
    #expect(probe.type(":step").errors == "stopped: everything is as it was\n")
    #expect(try probe.shell.session.stateHash == before)
    patience.questions = .max
    gate.signal()
    let moved = probe.type(":step")
    #expect(moved.outcome == .done)
    #expect(!(moved.output + moved.errors).contains("after"))
  }

  @Test func whatSucceedsIsTakenOverAndShownInOrder() throws {
    let probe = try ShellProbe()
    let result = probe.type(":show loss")
    #expect(result.outcome == .failed)
    probe.run(":run")
    #expect(probe.type(":show loss").output.contains("loss"))
    // Pages and figures hold it as if it had been done here.
    let entry = try #require(probe.shell.console.transcript.entries.last)
    #expect(entry.line == ":show loss")
    #expect(entry.figures.count == 1)
    probe.run(":set W_E[0, 0] = 1")
    let changed = try probe.shell.session.stateHash
    probe.run(":undo")
    #expect(try probe.shell.session.stateHash != changed)
  }

  /// One thing written as it comes, before the line is over.
  @Test func whatIsWrittenAppearsAtOnce() throws {
    let patience = Patience()
    let probe = try ShellProbe(interrupted: patience.ask)
    let gate = DispatchSemaphore(value: 0)
    patience.arm(after: 3)
    #expect(throws: Interrupted()) {
      try probe.shell.attempting { _, context in
        context.console.stream("so far")
        gate.wait()
      }
    }
    gate.signal()
    #expect(probe.written.contains("so far"))
  }

  /// A model of some size: the questions come while steps, views and fingerprints are at work.
  @Test(arguments: [
    ":run", ":train 3", ":hash", ":lens", ":predict", ":near 3", ":show embeddings", ":why loss",
    "logits @ W_U.T", "softmax(logits * 2)", ":stats logits", ":model gatto-2 seed 3",
    ":fork a", ":set lr = 0.5", ":leaks", ":compare-tokenizers gatto", ":weights W_E", ":merges",
  ])
  func anyQuestionMayBeTheLast(line: String) throws {
    let patience = Patience()
    let probe = try ShellProbe(interrupted: patience.ask)
    probe.run(":model gatto-2", ":corpus gatto-1 rows 48", ":run", ":back 40")
    for questions in 0..<3 {
      let before = probe.shell.session
      patience.arm(after: questions)
      let result = probe.type(line)
      patience.questions = .max
      guard result.outcome == .failed else { continue }
      #expect(try probe.shell.session.stateHash == before.stateHash)
      #expect(probe.shell.session.timeline.moment == before.timeline.moment)
    }
    #expect(probe.type(":step").outcome == .done)
  }

  /// The first step after `:fork` writes what both have shared until then: it can be stopped, and
  /// has not arrived anywhere then.
  @Test(arguments: [":step", ":train 1"])
  func theFirstStepAfterAForkCanBeStopped(line: String) throws {
    let patience = Patience()
    let probe = try ShellProbe(interrupted: patience.ask)
    probe.run(":model gatto-2", ":corpus gatto-1 rows 1024")
    probe.run(line, ":back", ":fork a")
    let before = try (probe.shell.session.stateHash, probe.shell.session.timeline.moment)
    patience.arm(after: 0)
    let stopped = probe.type(line)
    patience.questions = .max
    #expect(!(stopped.output + stopped.errors).contains("you are there already"))
    #expect(try (probe.shell.session.stateHash, probe.shell.session.timeline.moment) == before)
  }

  /// Recordings say by steps how far a training came that was stopped.
  @Test func stepsLeadToWhereATrainingWasStopped() throws {
    for questions in 0..<150 {
      let patience = Patience()
      let probe = try ShellProbe(interrupted: patience.ask)
      patience.arm(after: questions)
      probe.run(":train 2")
      let stopped = probe.shell.session.timeline
      var walked = try Session().timeline
      try walked.step(stopped.update * stopped.stepCount + stopped.moment.step)
      #expect(try walked.stateHash == stopped.stateHash, "after \(questions) questions")
    }
  }

  /// A save that is stopped leaves what was there, and nothing beside it.
  @Test func aSaveThatIsStoppedLeavesTheModelThatWasThere() throws {
    let folder = NSTemporaryDirectory() + "passo-stopped-save-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let patience = Patience()
    let probe = try ShellProbe(interrupted: patience.ask)
    probe.run(":save \(folder)/model")
    let names = try FileManager.default.contentsOfDirectory(atPath: "\(folder)/model").sorted()
    let weights = FileManager.default.contents(atPath: "\(folder)/model/model.safetensors")
    #expect(weights != nil)
    probe.run(":train 2")
    for questions in 0..<40 {
      patience.arm(after: questions)
      let result = probe.type(":save \(folder)/model replace")
      patience.questions = .max
      let now = try FileManager.default.contentsOfDirectory(atPath: "\(folder)/model").sorted()
      #expect(now == names)
      if result.outcome == .done { return }
      #expect(result.errors == "stopped: everything is as it was\n")
      #expect(
        FileManager.default.contents(atPath: "\(folder)/model/model.safetensors") == weights
      )
    }
    Issue.record("it was never saved")
  }
}
