// SPDX-License-Identifier: MIT

import PassoData
import PassoEngine
import PassoText
import Testing

@testable import PassoModel

/// A model is asked what it was trained for, under the mask that it was trained with.
struct LearnedTaskTests {
  /// A checkpoint as a training with these settings writes it.
  private func folder(_ settings: [String: String]) throws -> Scratch {
    let scratch = try Scratch()
    var metadata = ["format": "passo-checkpoint-1", "steps": "3"]
    for (name, value) in settings { metadata["--\(name)"] = value }
    try SafetensorsWriter.write(
      [OutgoingTensor(name: "t", shape: [], values: .floats { [1] })],
      metadata: metadata,
      to: scratch.path("checkpoint.safetensors")
    )
    return scratch
  }

  @Test func aFolderWithoutACheckpointIsCausal() throws {
    let task = LearnedTask(folder: try Scratch().path(""))
    #expect(task.objective.name == "causal" && task.mask == .causal && task.ablatedHeads.isEmpty)
    #expect(task.note == nil && !task.isUnusual)
    try task.expectNext()
  }

  @Test func theCheckpointSaysWhatWasLearned() throws {
    let scratch = try folder(["objective": "causal", "mask": "none", "ablate": "0.0 0.1"])
    let task = LearnedTask(folder: scratch.path(""))
    #expect(task.mask == .none && task.note == nil && task.isUnusual)
    #expect(task.ablatedHeads == [HeadAddress(block: 0, head: 0), HeadAddress(block: 0, head: 1)])
    #expect(task.message.en.hasSuffix("mask none, without the heads 0.0 0.1"))
    try task.expectNext()
  }

  @Test func anotherQuestionIsRefused() throws {
    let scratch = try folder(["objective": "span", "mask": "prefix", "ablate": "none"])
    #expect(throws: EvaluationProblem.otherObjective("span")) {
      try LearnedTask(folder: scratch.path("")).expectNext()
    }
  }

  @Test(arguments: [["mask": "sideways"], ["objective": "guess"], ["ablate": "0"]])
  func whatCannotBeUnderstoodIsSaid(settings: [String: String]) throws {
    let scratch = try folder(settings)
    let task = LearnedTask(folder: scratch.path(""))
    #expect(task.note != nil && !task.isUnusual)
  }
}
