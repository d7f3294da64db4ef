// SPDX-License-Identifier: MIT

import PassoModel
import PassoShell
import Testing

/// Ctrl-C ends whatever takes long, and leaves nothing half done.
struct InterruptionTests {
  /// A shell in which Ctrl-C is pressed once the work has asked so many times.
  private final class Patience {
    var questions = Int.max
    func ask() -> Bool {
      guard questions < .max else { return false }
      questions -= 1
      return questions < 0
    }
  }

  /// Far less than any of these takes as a whole, and far more than a busy machine takes to stop.
  private static let soon = Duration.seconds(60)

  private static let lines = [
    ":corpus gatto-1 take 1000000 rows 1", ":set W_E[0, 0] = 1", ":ablate 0.0", ":mask none",
    ":set logits[0, 0, 0] = 1", ":set lr = 0.5", ":model gatto-2", ":tokenizer bpe 300", ":leaks",
    ":curve loss", ":weights W_E", ":rwatch W_E[0, 0]", ":diff a", ":show embeddings", ":lens",
    ":predict", ":surprise", "softmax(W_E @ W_U)", "grad(loss, W_E)", ":objective masked",
    ":stats log(W_E)", ":generate 3",
    ":race rate 0.1 1 updates 1000000",
  ]

  @Test(arguments: lines, [0, 1, 3])
  func nothingIsHalfChanged(line: String, questions: Int) throws {
    let patience = Patience()
    let probe = try ShellProbe(interrupted: patience.ask)
    // Few states are kept: what goes back replays.
    probe.run(":fork a", ":optimizer adamw", ":train 6", ":back 30")
    let (before, depth) = (probe.shell.session, probe.shell.undoStack.depth)
    patience.questions = questions
    let start = ContinuousClock.now
    let result = probe.type(line)
    #expect(ContinuousClock.now - start < Self.soon)
    let now = probe.shell.session
    if result.outcome == .failed || probe.shell.undoStack.depth == depth {
      #expect(try now.stateHash == before.stateHash)
      #expect(now.timeline.moment == before.timeline.moment)
    }
    patience.questions = .max
    #expect(probe.type(":step").outcome == .done)
  }

  @Test(arguments: [
    ":back 1000000", ":next 1000000", ":step 1000000", ":train 1000000", ":goto update 1000000",
    ":goto update 0", ":run", ":until loss",
  ])
  func aMoveStopsAtAWholeStep(line: String) throws {
    let patience = Patience()
    let probe = try ShellProbe(interrupted: patience.ask)
    probe.run(":train 3", ":next")
    patience.questions = 200
    let start = ContinuousClock.now
    probe.run(line)
    #expect(ContinuousClock.now - start < Self.soon)
    patience.questions = .max
    // The same moment is reached again with the same values.
    let (moment, hash) = (
      probe.shell.session.timeline.moment, try probe.shell.session.timeline.stateHash
    )
    probe.run(":goto update 0", ":goto start")
    try probe.shell.session.timeline.move(to: moment)
    #expect(try probe.shell.session.timeline.stateHash == hash)
  }

  @Test func whatWasStoppedSaysSo() throws {
    let patience = Patience()
    let probe = try ShellProbe(interrupted: patience.ask)
    patience.questions = 3
    let result = probe.type(":corpus gatto-1 take 1000000 rows 1")
    #expect(result.outcome == .failed)
    #expect(result.errors == "stopped: everything is as it was\n")
  }

  @Test func goingBackEndsAtTheStart() throws {
    let probe = try ShellProbe()
    probe.run(":next")
    let start = ContinuousClock.now
    probe.run(":back 1000000")
    #expect(ContinuousClock.now - start < Self.soon)
    #expect(probe.shell.session.timeline.moment == Moment(update: 0, step: 0))
  }
}
