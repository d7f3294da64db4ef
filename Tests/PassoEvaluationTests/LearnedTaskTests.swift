// SPDX-License-Identifier: MIT

import PassoData
import PassoEngine
import PassoEvaluation
import PassoFiles
import PassoTestSupport
import PassoText
import Testing

@testable import PassoEvaluation
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
    let task = try LearnedTask(folder: Scratch().path(""))
    #expect(task.objective.name == "causal" && task.mask == .causal && task.ablatedHeads.isEmpty)
    #expect(task.note == nil && !task.isUnusual)
    try task.expectNext()
  }

  @Test func theCheckpointSaysWhatWasLearned() throws {
    let scratch = try folder(["objective": "causal", "mask": "none", "ablate": "0.0 0.1"])
    let task = try LearnedTask(folder: scratch.path(""))
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
    let task = try LearnedTask(folder: scratch.path(""))
    #expect(task.note != nil && !task.isUnusual)
  }

  @Test func theRecordBesideAModelIsBelievedFirst() throws {
    let scratch = try folder(["objective": "causal", "mask": "none", "ablate": "none"])
    var experiment = Experiment.first
    experiment.ask(PrefixObjective.self)
    experiment.ablatedHeads = [HeadAddress(block: 0, head: 1)]
    _ = try scratch.write(experiment.encoded, to: Experiment.fileName)
    let task = try LearnedTask(folder: scratch.path(""))
    #expect(task.objective.name == "prefix" && task.mask == .prefix && task.isUnusual)
    #expect(task.ablatedHeads == experiment.ablatedHeads && task.noteOnGeneration != nil)
  }

  @Test func headsOfAnotherModelAreNotBelieved() throws {
    let model = Preset.all[0].configuration(vocabularySize: 6)
    let old = try folder(["objective": "causal", "mask": "causal", "ablate": "7.0"])
    #expect(try LearnedTask(folder: old.path(""), of: model).note != nil)
    var experiment = Experiment.first
    experiment.ablatedHeads = [HeadAddress(block: 7, head: 0)]
    _ = try old.write(experiment.encoded, to: Experiment.fileName)
    #expect(throws: FileProblem.self) { try LearnedTask(folder: old.path(""), of: model) }
  }
}
