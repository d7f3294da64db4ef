// SPDX-License-Identifier: MIT

import PassoFiles
import PassoModel
import PassoSession
import PassoSessionViews
import PassoView
import Testing

struct AttentionViewTests {
  private func stages(_ session: Session) throws -> [MatrixFigure] {
    guard
      case .group(_, let figures) = try AttentionView(session).figure(
        head: HeadAddress(block: 0, head: 0)
      )
    else {
      return []
    }
    return figures.compactMap { if case .matrix(let matrix) = $0 { matrix } else { nil } }
  }

  /// A cross stands where minus infinity is, whatever the mask of the experiment says.
  @Test func aCrossStandsForAMaskedScore() throws {
    var session = try Session()
    try session.timeline.move(to: session.position(until: "mask"))
    try session.set("mask", [1: 1])
    try session.timeline.move(to: session.position(until: "pattern"))
    let stages = try stages(session)
    #expect(stages.map { $0.cells.count { $0 == .masked } } == [0, 0, 9, 0])
    #expect(stages[2].cells[1] != .masked && stages[2].cells[2] == .masked)
  }

  /// What the scores are divided by is said as the model has it.
  @Test(arguments: [("head", "√D"), ("width", "√width"), ("none", "as they are")])
  func theScaleIsThatOfTheModel(word: String, said: String) throws {
    var preset = Preset.new
    let knob = try #require(Knob.named("attention-scale"))
    let isTaken = preset.take(word, for: knob)
    #expect(isTaken)
    var session = try Session()
    try session.setModel(preset, seed: nil, TextReading(cache: nil))
    try session.timeline.move(to: session.position(until: "pattern"))
    #expect(try stages(session)[1].title.en.contains(said))
  }

  @Test func whatIsNotComputedIsNotDrawn() throws {
    let session = try Session()
    #expect(throws: ValueProblem.notComputed("blocks.0.attn.pattern")) {
      try AttentionView(session).figure(head: HeadAddress(block: 0, head: 0))
    }
  }
}
