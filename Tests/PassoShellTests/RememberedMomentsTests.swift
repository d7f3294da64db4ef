// SPDX-License-Identifier: MIT

import PassoSession
import Testing

@testable import PassoShell

/// What is remembered of a run still means the same after the program has changed.
struct RememberedMomentsTests {
  @Test(arguments: [":ablate 0.1", ":mask none", ":ablate 0.0"])
  func aMarkIsBehindTheSameValueInAnotherProgram(change: String) throws {
    let probe = try ShellProbe()
    probe.run(":until logits", ":mark here", ":goto start", change, ":goto here")
    let execution = probe.shell.session.timeline.execution
    let last = execution.program.steps[execution.cursor - 1].output
    #expect(execution.program[last].name == "logits")
  }

  @Test func aMarkOfAnEarlierUpdateKeepsTheProgramOfThen() throws {
    let probe = try ShellProbe()
    probe.run(":until logits", ":mark early", ":train 2", ":ablate 0.0", ":until logits")
    probe.run(":mark late", ":goto early")
    #expect(probe.shell.session.timeline.moment.update == 0)
    probe.run(":goto late")
    let execution = probe.shell.session.timeline.execution
    let last = execution.program.steps[execution.cursor - 1].output
    #expect(probe.shell.session.timeline.update == 2 && execution.program[last].name == "logits")
  }

  @Test func aMarkBehindAValueThatIsNoMoreSaysSo() throws {
    let probe = try ShellProbe()
    probe.run(":ablate 0.0")
    let session = probe.shell.session
    let plain = try Session().timeline.plan.program
    let name = try #require(
      session.timeline.plan.program.names.first { name in
        plain.id(of: name) == nil
          && session.timeline.plan.program.id(of: name)
            .map { session.timeline.plan.program[$0].producer != nil } ?? false
      }
    )
    probe.run(":until \(name)", ":mark gone", ":ablate 0.0")
    let lost = probe.type(":goto gone")
    #expect(lost.outcome == .failed && lost.errors.contains(name))
    #expect(probe.type(":mark").output.contains(name))
    probe.run(":ablate 0.0")
    #expect(probe.type(":goto gone").outcome == .done)
  }

  @Test func marksOfARunComeBackWithIt() throws {
    let probe = try ShellProbe()
    probe.run(":until logits", ":mark here", ":text \"a b\"")
    #expect(probe.type(":mark").output.contains("no marks"))
    probe.run(":mark there", ":undo")
    let marks = probe.type(":mark").output
    #expect(marks.contains("here") && !marks.contains("there"))
  }

  @Test func aWatchKnowsNothingOfWhatHasNotHappenedYet() throws {
    let probe = try ShellProbe()
    probe.run(":watch loss", ":train 1", ":train 1", ":train 1")
    let future = try probe.shell.session.tensor("loss")[0]
    probe.run(":goto update 1", ":until logits")
    let reply = probe.type(":run").output
    let before = try #require(probe.shell.session.timeline.losses[0])
    #expect(!reply.contains("\(Float(future))") || Float(future) == Float(before))
  }

  @Test func aWatchBeginsAnewWithAnotherRun() throws {
    let probe = try ShellProbe()
    probe.run(":watch loss", ":run", ":text \"a b c\"", ":undo", ":goto start", ":text \"a b\"")
    #expect(probe.shell.session.view.stops.watches[0].last == nil)
    probe.run(":run")
    #expect(probe.shell.session.view.stops.watches[0].last != nil)
    probe.run(":undo")
    #expect(probe.shell.session.view.stops.watches[0].last == nil)
  }

  @Test func mergesOfATextEndWithIt() throws {
    let probe = try ShellProbe()
    probe.run(":text \"aa aa aa\"", ":merges text", ":merges", ":text \"bcbc bcbc\"")
    let reply = probe.type(":merges").output
    #expect(reply.contains("1") && reply.contains("b + c"))
  }
}
