// SPDX-License-Identifier: MIT

import PassoFiles
import PassoModel
import PassoTestSupport
import PassoText
import Testing

@testable import PassoSession
@testable import PassoShell

/// Variants of a run, trained side by side.
struct RaceCommandTests {
  /// A race, and the line by which one of its lanes is begun alone; `V` is the value.
  struct Case: Sendable, CustomTestStringConvertible {
    let subject: String
    let values: [String]
    let alone: String
    var before: [String] = []

    var testDescription: String { "\(subject) \(values)" }
  }

  static let cases = [
    Case(
      subject: "rate",
      values: ["0.1", "0.5", "1"],
      alone: ":optimizer momentum V",
      before: [":optimizer momentum 0.05", ":train 3"]
    ),
    Case(subject: "layers", values: ["1", "2"], alone: ":model gatto layers V"),
    Case(
      subject: "seed",
      values: (1...8).map { "\($0)" },
      alone: ":model gatto seed V",
      before: [":train 2"]
    ),
    Case(
      subject: "positions",
      values: ["learned", "none", "sinusoidal"],
      alone: ":model frasi heads 2 seed 3 positions V",
      before: [
        ":corpus gatto-1 rows 2", ":model frasi heads 2 seed 3", ":optimizer adamw 0.02",
        ":precision f64",
      ]
    ),
    Case(
      subject: "dropout",
      values: ["0", "0.5"],
      alone: ":model gatto dropout V",
      before: [":text \"Il gatto dorme\" \"Il cane corre\"", ":optimizer sgd 0.5 rounds 2"]
    ),
  ]

  @Test(arguments: cases)
  func aLaneIsTheRunAlone(_ race: Case) throws {
    let probe = try ShellProbe()
    for line in race.before { #expect(probe.type(line).outcome == .done, "\(line)") }
    let begun = probe.shell.session
    let line = ":race \(race.subject) \(race.values.joined(separator: " ")) updates 4"
    let reply = probe.type(line)
    #expect(reply.outcome == .done, "\(reply.errors)")
    // The run that was there is where it was.
    #expect(try probe.shell.session.stateHash == begun.stateHash)
    #expect(probe.shell.session.timeline.moment == begun.timeline.moment)
    for (number, value) in race.values.enumerated() {
      let alone = try ShellProbe()
      for line in race.before { alone.type(line) }
      #expect(alone.type(race.alone.replacing("V", with: value)).outcome == .done)
      #expect(alone.type(":train 4").outcome == .done)
      let lane = try #require(probe.shell.session.forks["lane\(number + 1)"])
      #expect(try lane.stateHash == alone.shell.session.stateHash, "\(value)")
      #expect(lane.timeline.losses == alone.shell.session.timeline.losses)
    }
  }

  @Test(arguments: [
    (":race", "the name of what differs"), (":race rate", "2 to 8 values, got 0"),
    (":race rate 0.1", "2 to 8 values, got 1"), (":race seed 1 2 3 4 5 6 7 8 9", "got 9"),
    (":race rate 0.1 0.10", "to differ, got '0.1' twice"), (":race rate 0.1 x", "rate needs"),
    (":race rate 0.1 -1", "rate needs"), (":race seed 1 1.5", "seed needs"),
    (":race layers 1 two", "layers needs a whole number"),
    (":race heads 2 3", "width needs to be a multiple of heads, got 16 and 3"),
    (":race colour 1 2", "colour"), (":race rate 0.1 1 updates", "a number after updates"),
    (":race rate 0.1 1 updates 0", "a whole number from 1"),
    (":race rate 0.1 1 updates 2 layers 3", "layers"),
    (":race layers 1 1", "to differ"), (":race norm layer batch", "one of layer, rms, none"),
  ])
  func whatCannotBeRacedChangesNothing(line: String, said: String) throws {
    let probe = try ShellProbe()
    probe.run(":race rate 0.1 1 updates 2", ":step 3")
    let before = probe.shell.session
    let depth = probe.shell.undoStack.depth
    let reply = probe.type(line)
    #expect(reply.outcome == .failed)
    #expect(reply.errors.contains(said), "\(reply.errors)")
    #expect(reply.errors.contains("hint:"), "\(reply.errors)")
    #expect(try probe.shell.session.stateHash == before.stateHash)
    #expect(
      try probe.shell.session.forks.mapValues { try $0.stateHash }
        == before.forks.mapValues { try $0.stateHash }
    )
    #expect(probe.shell.undoStack.depth == depth)
  }

  @Test func aModelOfAFolderRacesRatesOnly() throws {
    let scratch = try Scratch()
    let probe = try ShellProbe()
    probe.run(":train 2", ":save \(scratch.path("m"))", ":model \(scratch.path("m"))")
    for line in [":race layers 1 2", ":race seed 1 2"] {
      let reply = probe.type(line)
      #expect(reply.outcome == .failed)
      #expect(reply.errors.contains("from a folder"), "\(reply.errors)")
      #expect(probe.shell.session.forks.isEmpty)
    }
    #expect(probe.type(":race lr 0.001 0.01 updates 2").outcome == .done)
    #expect(probe.shell.session.forks.count == 2)
  }

  @Test func aLaneCanBeSteppedIntoAndRead() throws {
    let probe = try ShellProbe()
    let before = probe.shell.session
    let shown = probe.run(":race rate 0,1 0.5 updates=3")
    #expect(shown.contains(":swap lane2"))
    let lane = try #require(probe.shell.session.forks["lane2"])
    #expect(probe.type("lane2.loss").outcome == .done)
    #expect(probe.type(":diff lane1 lane2").output.contains("lr"))
    probe.run(":swap lane2")
    #expect(try probe.shell.session.stateHash == lane.stateHash)
    #expect(probe.shell.session.timeline.update == 2)
    #expect(probe.type(":back 2").outcome == .done)
    probe.run(":undo", ":undo")
    #expect(try probe.shell.session.stateHash == before.stateHash)
    #expect(probe.shell.session.forks.isEmpty)
  }

  @Test func theNextRaceReplacesLanesAndNothingElse() throws {
    let probe = try ShellProbe()
    probe.run(":fork mine", ":race seed 1 2 3 updates 2", ":race rate 0.1 1 updates 1")
    #expect(probe.shell.session.forks.keys.sorted() == ["lane1", "lane2", "mine"])
    // The run that was left for a lane is no lane.
    let left = try probe.shell.session.stateHash
    probe.run(":swap lane2")
    let reply = probe.type(":race seed 1 2 updates 1")
    #expect(reply.outcome == .failed)
    #expect(reply.errors.contains(":swap lane2"), "\(reply.errors)")
    #expect(try probe.shell.session.forks["lane2"]?.stateHash == left)
    probe.run(":swap lane2")
    #expect(probe.type(":race seed 1 2 updates 1").outcome == .done)
    // Nor is a twin of a lane that somebody keeps, or a lane that became another run.
    probe.run(":swap lane1", ":fork kept", ":model gatto-2", ":swap lane1")
    #expect(probe.type(":race seed 1 2 updates 1").outcome == .failed)
    #expect(probe.shell.session.forks["lane1"]?.configuration.layerCount == 2)
    #expect(probe.shell.session.forks["kept"] != nil)
  }

  @Test func aNameInUseIsNotTaken() throws {
    let probe = try ShellProbe()
    probe.run("let lane2 = 3")
    let reply = probe.type(":race rate 0.1 1 updates 1")
    #expect(reply.outcome == .failed)
    #expect(reply.errors.contains("lane2"), "\(reply.errors)")
  }

  @Test(arguments: [
    (
      ":race rate 0.1 1 0.3 updates 2", "lane1 and lane2, lane3: the first value that differs is lr"
    ),
    (":race seed 1 2 updates 2", "the first value that differs is W_E (update 0, step 0)"),
    (":race positions learned none updates 2", "W_pos, which lane2 lacks"),
    (":race positions none learned updates 2", "W_pos, which lane1 lacks"),
    (":race layers 1 2 updates 2", "blocks.0.attn.W_O (update 0"),
    (":race mlp usual 64 updates 2", "no difference"),
    (":race width 16 32 updates 2", "≠"),
  ])
  func theFirstDifferenceIsNamed(line: String, said: String) throws {
    let reply = try ShellProbe().type(line)
    #expect(reply.outcome == .done, "\(reply.errors)")
    #expect(reply.output.contains(said), "\(reply.output)")
  }

  @Test func thePictureHasTheFloorAndTheTableEveryLane() throws {
    let probe = try ShellProbe(isPlain: false)
    let shown = probe.run(":corpus gatto-1 rows 2", ":race rate 0.1 1 updates 5")
    #expect(shown.contains("floor"))
    #expect(shown.contains("* lane1 (0.1), o lane2 (1), = several curves"))
    let losses = try #require(probe.shell.session.forks["lane2"]).timeline.losses
    let numbers = [0, 4].map { NumberText.fixed(losses[$0] ?? .nan, 4).en }
    #expect(
      shown.split(separator: "\n").contains { line in
        line.contains("lane2") && numbers.allSatisfy { line.contains($0) }
      }
    )
  }

  /// Every lane stands at the same update, whenever the race is told to stop.
  @Test(arguments: [0, 1, 5])
  func aStopLeavesAllLanesAtTheSameUpdate(questions: Int) throws {
    let session = try Session()
    var race = Race(.rate)
    for value in ["0.1", "0.5", "1"] { try race.add(value, to: session, TextReading(cache: nil)) }
    var left = questions
    try race.train(50) {
      defer { left -= 1 }
      return left == 0
    }
    #expect(race.count == questions)
    for lane in race.lanes { #expect(lane.session.timeline.losses.count == questions) }
  }

  @Test func aStoppedRaceKeepsItsLanes() throws {
    // Asked a hundred times a second while the work is under way.
    var questions = 0
    let probe = try ShellProbe(interrupted: {
      questions += 1
      return questions > 60
    })
    let reply = probe.type(":race rate 0.1 0.5 updates 1000000")
    #expect(reply.outcome == .done, "\(reply.errors)")
    #expect(reply.output.contains("stopped: each lane has done"))
    #expect(reply.output.contains("the first value that differs is lr"))
    let lanes = probe.shell.session.forks
    #expect(lanes.count == 2)
    #expect(Set(lanes.values.map(\.timeline.update)).count == 1)
    #expect(lanes["lane1"]?.timeline.isAtEnd == true)
  }

  @Test func lanesShareTheMemoryOfOneRun() throws {
    let session = try Session()
    var race = Race(.seed)
    for value in 1...8 { try race.add("\(value)", to: session, TextReading(cache: nil)) }
    try race.train(1)
    let budgets = race.lanes.map(\.session.timeline.budget)
    #expect(budgets.reduce(0, +) <= session.timeline.budget)
    #expect(budgets.allSatisfy { $0 > 0 })
  }
}
