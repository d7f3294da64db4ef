// SPDX-License-Identifier: MIT

import PassoModel
import PassoShell
import PassoText
import Testing

struct TimeTravelTests {
  @Test(arguments: [
    ":set W_E[2, 0] = 1", ":set blocks.0.attn.z[0, 3] = 0", ":set grad.logits = 0",
    ":set tokens[0, 1] = \"sul\"", ":set targets[0, 1] = -100", ":ablate 0.1", ":mask none",
    ":mask window 2", ":optimizer adamw", ":text \"Il cane dorme\"", ":model gatto seed 3",
    ":fork a", "let x = 3", ":precision f64", ":set lr = 0.3", ":set W_E = W_E * 2",
    ":race rate 0.1 1 updates 2",
  ])
  func everyChangeCanBeUndone(line: String) throws {
    let probe = try ShellProbe()
    for line in [":train 2", ":until grad.W_E"] { probe.shell.execute(line) }
    let before = probe.shell.session
    #expect(probe.shell.execute(line) == .done)
    #expect(probe.shell.undoStack.depth == 1)
    probe.shell.execute(":undo")
    #expect(try probe.shell.session.stateHash == before.stateHash)
    #expect(probe.shell.session.timeline.moment == before.timeline.moment)
    #expect(probe.shell.session.experiment.mask == before.experiment.mask)
    #expect(probe.shell.session.bindings == before.bindings)
    #expect(probe.shell.session.forks.isEmpty)
    #expect(probe.shell.execute(":undo") == .failed)
  }

  @Test(arguments: [(1, "the update"), (5, "the 5 updates")])
  func undoSaysHowManyUpdatesAreLost(count: Int, words: String) throws {
    let probe = try ShellProbe()
    probe.run(":set lr = 0.3", ":train \(count)")
    #expect(probe.run(":undo").contains("\(words) done after it"))
  }

  @Test(arguments: [
    ":set W_E[9, 0] = 1", ":set W_E[0] = [1, 2]", ":set W_E[0, 0] = 1 / 0", ":set W_E = 1e39",
    ":set W_E",
    ":set foo = 1", ":set tokens[0, 1] = 77", ":set tokens[0, 1] = 1.5", ":set logits[0] = 1",
    ":set = 3", ":set 3 = 3", ":set W_E[0] == 3", ":diff b", ":swap b", ":fork blocks", ":fork now",
    ":ablate 3.1", ":ablate x", ":break foo", ":break W_E", ":break loss if", ":break loss iff 3",
    ":break loss if foo > 1", ":watch foo +", ":watch W_E @ tokens[", ":rwatch nope",
    ":goto update x", ":mark logits", ":mark 3", ":watch off 3", ":break off 1", ":break off x",
  ])
  func whatCannotBeDoneChangesNothing(line: String) throws {
    let probe = try ShellProbe()
    probe.shell.execute(":step 3")
    let before = probe.shell.session
    let result = probe.type(line)
    #expect(result.outcome == .failed)
    #expect(!result.errors.isEmpty)
    #expect(try probe.shell.session.stateHash == before.stateHash)
    #expect(probe.shell.undoStack.depth == 0)
  }

  @Test func backGoesByWhatTheLastMoveWentOn() throws {
    let probe = try ShellProbe()
    func step() -> Int { probe.shell.session.timeline.moment.step }
    probe.shell.execute(":step 12")
    let start = step()
    for line in [":step 5", ":back 5"] { probe.shell.execute(line) }
    #expect(step() == start)
    for line in [":goto 9", ":next 2"] { probe.shell.execute(line) }
    #expect(step() > 11)
    for line in [":back 2", ":back"] { probe.shell.execute(line) }
    #expect(step() <= 9)
  }

  @Test func aBreakpointCountsAndAsks() throws {
    let probe = try ShellProbe()
    probe.shell.execute(":break loss if hits == 4")
    probe.shell.execute(":train 10")
    #expect(probe.shell.session.timeline.update == 3)
    #expect(probe.shell.session.view.stops.breakpoints.first?.hits == 4)
    probe.shell.execute(":break off")
    probe.shell.execute(":break grad.W_E if update == 6")
    probe.shell.execute(":train 10")
    #expect(probe.shell.session.timeline.update == 6)
    let last = probe.shell.session.timeline.execution.cursor - 1
    let program = probe.shell.session.timeline.plan.program
    #expect(program[program.steps[last].output].name == "grad.W_E")
  }

  @Test func aWatchStopsAtAChangeAndSaysBeforeAndAfter() throws {
    let probe = try ShellProbe()
    probe.shell.execute(":train")
    let output = probe.run(":watch loss < 1.45", ":train 20")
    let timeline = probe.shell.session.timeline
    let loss = try probe.shell.session.tensor("loss")[0]
    #expect(loss < 1.45)
    #expect(try #require(timeline.losses[timeline.update - 1]) >= 1.45)
    #expect(output.contains("0 → 1"))
  }

  @Test func aWatchThatFailsSaysSoOnce() throws {
    let probe = try ShellProbe()
    let output = probe.run(
      "let x = [1, 2]",
      ":watch logits[0, 1, 2] + x[1]",
      ":text \"Il\"",
      ":train 3",
      ":train 1"
    )
    #expect(output.ranges(of: "disabled: ").count == 1)
    #expect(probe.shell.session.timeline.losses.count >= 3)
  }

  @Test func aMoveStopsWhereNaNComesUp() throws {
    let probe = try ShellProbe()
    probe.shell.execute(":until blocks.0.ln1.out")
    probe.shell.execute(":set blocks.0.ln1.out = 3e38")
    let output = probe.run(":run")
    let timeline = probe.shell.session.timeline
    #expect(!timeline.isAtEnd)
    #expect(try timeline.execution.hasJustLostFiniteness)
    #expect(output.contains("NaN"))
  }

  @Test func aConditionThatFailsIsDisabled() throws {
    let probe = try ShellProbe()
    let output = probe.run(
      "let x = [1, 2, 3]",
      ":break logits if x[2] > 5",
      ":break logits if hits == 3",
      ":undo",
      "let x = [1]",
      ":train 5"
    )
    #expect(output.ranges(of: "is disabled: ").count == 1)
    #expect(probe.shell.session.timeline.update == 2)
  }

  @Test(arguments: [":set t = 9", ":set lr = 0.3", ":set m.W_E = 0.1", ":set next.W_E[0] = 1"])
  func settingsStayWhereTheyWereSet(line: String) throws {
    let probe = try ShellProbe()
    probe.run(":optimizer adamw", ":train 2", ":until next.W_pos", line)
    let (moment, hash) = try (probe.shell.session.timeline.moment, probe.shell.session.stateHash)
    probe.run(":goto update 1", ":train 6")
    try probe.shell.session.timeline.move(to: moment)
    #expect(try probe.shell.session.stateHash == hash)
  }

  @Test func forksAreComparedAndSwapped() throws {
    let probe = try ShellProbe()
    for line in [":until loss", ":fork a", ":set W_U[0, 0] = 1"] { probe.shell.execute(line) }
    let changed = try probe.shell.session.stateHash
    #expect(probe.run(":diff a").contains("first difference is in W_U"))
    #expect(probe.run(":diff a a").contains("no difference"))
    #expect(try probe.shell.session.value(of: "loss - a.loss") != 0)
    probe.shell.execute(":swap a")
    #expect(try probe.shell.session.stateHash != changed)
    #expect(try probe.shell.session.value(of: "W_U[0, 0] - a.W_U[0, 0]") != 0)
    probe.shell.execute(":swap a")
    #expect(try probe.shell.session.stateHash == changed)
  }

  @Test func marksAndUpdatesAreMomentsToGoTo() throws {
    let probe = try ShellProbe()
    for line in [":train 2", ":until logits", ":mark here"] { probe.shell.execute(line) }
    let (moment, hash) = try (probe.shell.session.timeline.moment, probe.shell.session.stateHash)
    for line in [":train 4", ":goto update 1", ":goto here"] { probe.shell.execute(line) }
    #expect(probe.shell.session.timeline.moment == moment)
    #expect(try probe.shell.session.stateHash == hash)
    probe.shell.execute(":goto update 3")
    #expect(probe.shell.session.timeline.moment.update == 2)
    #expect(probe.shell.session.timeline.isAtEnd)
  }

  @Test func faultyMasksAndTargetsAreFoundToLeak() throws {
    let probe = try ShellProbe()
    probe.run(":train 2", ":until mask")
    #expect(probe.run(":leaks").contains("no: "))
    for line in [
      ":mask custom transpose(mask)",
      ":mask custom [[1, 1, 0, 0, 0], [1, 1, 1, 0, 0],"
        + " [1, 1, 1, 1, 0], [1, 1, 1, 1, 1], [1, 1, 1, 1, 1]]", ":mask none",
      ":set targets = tokens",
    ] {
      probe.run(line)
      #expect(probe.run(":leaks").contains("YES: "), "\(line)")
      probe.run(":undo")
      #expect(probe.run(":leaks").contains("no: "), "after \(line) was undone")
    }
    #expect(probe.type(":mask custom [[1, 0], [1, 1]]").outcome == .failed)
    probe.run(":mask custom transpose(mask)")
    #expect(probe.type(":program --fast").outcome == .done)
  }

  /// PyTorch's softmax gives NaN here, and everything after it is NaN.
  @Test(arguments: [Language.it, .en])
  func whoeverSeesNothingAttendsToNothing(language: Language) throws {
    let probe = try ShellProbe(language)
    let said = language == .it ? "la posizione 0 non vede nulla" : "position 0 sees nothing"
    #expect(!probe.run(":show mask").contains(said))
    let shown = probe.run(":mask strict")
    #expect(
      shown.contains(said) && shown.contains(language == .it ? "10 su 25" : "10 of 25"),
      "\(shown)"
    )
    #expect(probe.run(":until mask").contains(language == .it ? "resta di zeri" : "all zeros"))
    probe.run(":until blocks.0.attn.out")
    let session = probe.shell.session
    #expect(try session.value(of: "sum(abs(blocks.0.attn.pattern[0, :, 0]))") == 0)
    #expect(try session.value(of: "sum(abs(blocks.0.attn.z[0, 0]))") == 0)
    #expect(
      try session.value(of: "min(sum(blocks.0.attn.pattern[0, 0, 1:], axis: key)) > 0.999") == 1
    )
    #expect(probe.run(":leaks").contains("no: "))
    #expect(probe.run(":until grad.embed", ":why blocks.0.attn.pattern[0, 0, 0, 0]").contains("0"))
    #expect(try session.value(of: "blocks.0.attn.masked[0, 0, 0, 0]") == -.infinity)
    #expect(!probe.run(":train 20").contains("NaN"))
    #expect(probe.shell.session.timeline.losses.values.allSatisfy { $0.isFinite })
    // Nobody is blind any more.
    #expect(!probe.run(":mask causal").contains(said))
    let written = probe.run(
      ":mask custom [[0, 0, 0, 0, 0], [0, 0, 0, 0, 0], [1, 0, 0, 0, 0],"
        + " [1, 0, 0, 0, 0], [1, 0, 0, 0, 0]]"
    )
    #expect(written.contains(language == .it ? "2 posizioni, a partire" : "2 positions, from 0"))
  }

  @Test func untilSaysWhatLiesBehind() throws {
    let probe = try ShellProbe()
    probe.run(":until loss")
    let moment = probe.shell.session.timeline.moment
    let output = probe.run(":until blocks.0.attn.pattern")
    #expect(output.contains("'blocks.0.attn.pattern' lies behind you, at step 12"))
    #expect(output.contains(":goto blocks.0.attn.pattern") && !output.contains("already"))
    #expect(probe.shell.session.timeline.moment == moment)
    #expect(probe.run(":until loss").contains("you are there already"))
    // After the last step the next update computes it again.
    probe.run(":run")
    probe.run(":until blocks.0.attn.pattern")
    #expect(probe.shell.session.timeline.update == moment.update + 1)
  }

  @Test func theMaskIsShownAsItsValueIs() throws {
    let probe = try ShellProbe()
    let shown = probe.run(":step", ":set mask[0,1] = 1", ":show mask")
    #expect(shown.contains("16 of 25 are 1"), "\(shown)")
    #expect(shown.contains("row 0 \"<start>\": <start> 1, Il 1, gatto 0"), "\(shown)")
    // A cross stands where minus infinity is, and nowhere else.
    let stages = probe.run(":until pattern", ":show attention 0.0")
    #expect(stages.firstMatch(of: /Il [0-9.e-]+; masked: gatto, dorme, sul/) != nil, "\(stages)")
    #expect(probe.run(":mask none", ":show mask").contains("25 of 25"))
  }

  @Test func aMaskChangeKeepsThePlace() throws {
    let probe = try ShellProbe()
    for line in [":train 3", ":until blocks.0.attn.pattern"] { probe.shell.execute(line) }
    let moment = probe.shell.session.timeline.moment
    probe.shell.execute(":mask none")
    #expect(probe.shell.session.timeline.moment == moment)
    #expect(try probe.shell.session.value(of: "min(blocks.0.attn.pattern)") > 0)
    #expect(probe.shell.session.timeline.losses.count == 3)
    // What is there already needs no step.
    #expect(probe.shell.execute(":until blocks.0.attn.pattern") == .done)
    #expect(probe.shell.session.timeline.moment == moment)
  }
}
