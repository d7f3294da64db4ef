// SPDX-License-Identifier: MIT

import PassoEngine
import PassoModel
import PassoSession
import Testing

struct SessionTests {
  @Test func aSessionBeginsWithTheFirstExperiment() throws {
    #expect(try Session().experiment == Experiment.first)
  }

  @Test func whoMaySeeWhomIsWhatTheMaskSays() throws {
    var session = try Session()
    #expect(session.sight(row: 0).cells.count { $0 } == 15, "before the mask is computed")
    try session.timeline.move(to: session.position(until: "mask"))
    try session.set("mask", [1: 1])
    #expect(session.sight(row: 0)[0, 1])
    #expect(session.sight(row: 0).cells.count { $0 } == 16)
  }

  @Test func expressionsReadValuesAndForks() throws {
    var session = try Session()
    try session.fork("before")
    try session.set("W_E", [0: 3])
    #expect(try session.tensor(of: "W_E[0, 0]").doubles == [3])
    #expect(try session.tensor(of: "before.W_E[0, 0]") != session.tensor(of: "W_E[0, 0]"))
    #expect(try session.tensor(of: "W_E[\"gatto\"]") == session.tensor(of: "W_E[2]"))
    #expect(session.origin(of: "W_E[2]")?.kept.count == 1)
    #expect(session.origin(of: "W_E") == nil)
    #expect(throws: ValueProblem.notComputed("loss")) { try session.tensor("loss") }
  }

  @Test func whatIsLookedAtIsNoState() throws {
    var session = try Session()
    let hash = try session.stateHash
    session.view.zoom = .phase
    #expect(try session.stateHash == hash)
    session.bindings["x"] = Tensor(scalar: 1)
    #expect(try session.stateHash != hash)
  }
}
