// SPDX-License-Identifier: MIT

import PassoData
import PassoEngine
import PassoFiles
import PassoText

/// The state of a training in one file, which is there whole or not at all.
///
/// A safetensors file: parameters, the optimizer's memory and its settings under the names of the
/// program; the number of steps and the settings of the training in the metadata. What PyTorch goes
/// on from, or has written, has the names and shapes of Hugging Face in place of the program's.
package struct Checkpoint: Sendable {
  private static let format = "passo-checkpoint-2"

  /// That of checkpoints without a fingerprint.
  private static let oldFormat = "passo-checkpoint-1"

  /// That of checkpoints under the names of Hugging Face, without a fingerprint: `train.py` writes
  /// them.
  static let torchFormat = "passo-torch-1"

  /// Where the fingerprint of the whole file stands in the metadata.
  private static let seal = "check"

  /// Steps that were done.
  package let steps: Int

  /// The settings of the training, each under the name of its option.
  package let settings: [String: String]

  /// The loss of the last step, as the log has it; nil if nothing was done.
  package let loss: String?

  /// The kernels that computed it; nil if it was done without.
  package let kernels: String?

  /// Whether damage would be noticed: checkpoints of older versions have no fingerprint.
  package let isSealed: Bool

  /// Whether it has the names and shapes of Hugging Face.
  package let isTorch: Bool

  private let folder: String
  let tensors: SafetensorsFile

  package static let fileName = "checkpoint.safetensors"

  /// The path of the checkpoint in the folder of a training.
  package static func path(in folder: String) -> String { "\(folder)/\(fileName)" }

  /// Whether a folder has a checkpoint.
  package static func exists(in folder: String) -> Bool { InputFile.exists(path(in: folder)) }

  /// Writes the state of a training beside the old one, and then over it.
  package static func write(_ trainer: Trainer, folder: String) throws(FileProblem) {
    let program = trainer.plan.program
    let path = path(in: folder)
    @Sendable func state(_ id: ValueID) throws(FileProblem) -> Tensor {
      try FileProblem.refused(for: path) { () throws(ExecutionProblem) in try trainer.state(id) }
    }
    // One at a time: together they are as large as the training itself.
    let tensors = trainer.plan.stateIDs.map { id in
      let values: OutgoingTensor.Values =
        trainer.settings.precision == .f32
        ? .floats { try state(id).floats } : .doubles { try state(id).doubles }
      return OutgoingTensor(name: program[id].name, shape: program[id].shape.sizes, values: values)
    }
    try SafetensorsWriter.write(
      tensors,
      metadata: metadata(of: trainer, format),
      sealedBy: seal,
      to: path
    )
  }

  /// What a checkpoint says of itself.
  static func metadata(of trainer: Trainer, _ format: String) -> [String: String] {
    var metadata = ["format": format, "steps": "\(trainer.steps)"]
    metadata["loss"] = trainer.lastLoss.map(JSONText.number)
    metadata["kernels"] = trainer.kernels
    for (name, value) in trainer.settings.named { metadata["--\(name)"] = value }
    return metadata
  }

  /// Opens the checkpoint of a folder and checks what it says of itself.
  ///
  /// - Parameters:
  ///   - folder: The folder of the training.
  ///   - readsAll: Whether every byte is checked, and not only what is said before the numbers.
  /// - Throws: `FileProblem` that names the file and what is wrong.
  package init(folder: String, readsAll: Bool = true) throws(FileProblem) {
    self.folder = folder
    let path = Self.path(in: folder)
    do throws(FileProblem) {
      tensors = try SafetensorsFile(path: path)
    } catch .safetensors(let fault, _) {
      throw .checkpoint(.damaged(fault), file: path)
    }
    let metadata = tensors.metadata
    let formats = [Self.format, Self.oldFormat, Self.torchFormat]
    guard let format = metadata["format"], formats.contains(format) else {
      throw .checkpoint(.format(needed: Self.format, found: metadata["format"] ?? ""), file: path)
    }
    isTorch = format == Self.torchFormat
    isSealed = format == Self.format || metadata[Self.seal] != nil
    if isSealed, readsAll, try !tensors.isWhole(sealedBy: Self.seal) {
      throw .checkpoint(.damaged(nil), file: path)
    }
    guard let text = metadata["steps"], let steps = Int(text), steps >= 0 else {
      throw .checkpoint(.steps(found: metadata["steps"] ?? ""), file: path)
    }
    // Every language writes numbers in its own way.
    loss = metadata["loss"].map { Double($0).map(JSONText.number) ?? $0 }
    kernels = metadata["kernels"]
    self.steps = steps
    var settings: [String: String] = [:]
    for (name, value) in metadata where name.hasPrefix("--") {
      settings[String(name.dropFirst(2))] = value
    }
    // Older versions had one number for the end of the training and that of its schedule.
    if let steps = settings.removeValue(forKey: "steps") { settings["decay-steps"] = steps }
    self.settings = settings
  }

  private static let fingerprints: Set = ["data", "model"]

  /// Takes a training up again.
  ///
  /// - Parameters:
  ///   - trainer: At its first step.
  ///   - typed: Options that a person gave now, by their names without dashes: of several settings
  ///     that differ, the one that was typed is named.
  /// - Throws: `OtherSetting`, or a problem that names a tensor of the file.
  package func restore(
    _ trainer: inout Trainer,
    typed: Set<String> = []
  ) throws {
    let named = trainer.settings.named
    let differing = Set(settings.keys).union(named.keys).filter { settings[$0] != named[$0] }
    // A setting says more to a person than the fingerprint that it changes.
    let name = differing.min { left, right in
      let ranks = [left, right].map { name in
        (typed.contains(name) ? 0 : 1, Self.fingerprints.contains(name) ? 1 : 0, name)
      }
      return ranks[0] < ranks[1]
    }
    if let name {
      throw OtherSetting(name, then: settings[name], now: named[name])
    }
    let program = trainer.plan.program
    let state =
      isTorch
      ? try torchState(trainer.plan)
      : try trainer.plan.stateIDs.map { id in try tensor(program[id].name, program[id].shape) }
    try trainer.restore(state, steps: steps)
  }

  /// A tensor of the file, which must have this shape and be finite.
  func tensor(_ name: String, _ shape: Shape) throws -> Tensor {
    guard let entry = tensors.entry(name) else {
      throw FileProblem.safetensors(.noTensor(name, closest: nil), file: tensors.path)
    }
    guard entry.shape == shape.sizes else {
      throw ModelFolderProblem(
        .shape(tensor: name, needed: shape.sizes, found: entry.shape),
        file: tensors.path
      )
    }
    let tensor =
      entry.dtype == .f64
      ? Tensor(shape, try tensors.readDoubles(name)) : Tensor(shape, try tensors.readFloats(name))
    if let index = tensor.doubles.firstIndex(where: { !$0.isFinite }) {
      throw ModelFolderProblem(.notFinite(tensor: name, index: index), file: tensors.path)
    }
    return tensor
  }
}
