// SPDX-License-Identifier: MIT

import PassoData
import PassoEngine
import PassoText

/// The state of a training in one file, which is there whole or not at all.
///
/// A safetensors file: parameters, the optimizer's memory and its settings under the names of the
/// program; the number of steps and the settings of the training in the metadata.
package struct Checkpoint: Sendable {
  private static let format = "passo-checkpoint-1"

  /// Steps that were done.
  package let steps: Int

  /// The settings of the training, each under the name of its option.
  package let settings: [String: String]

  private let tensors: SafetensorsFile

  static let fileName = "checkpoint.safetensors"

  /// The path of the checkpoint in the folder of a training.
  package static func path(in folder: String) -> String { "\(folder)/\(fileName)" }

  /// Whether a folder has a checkpoint.
  package static func exists(in folder: String) -> Bool { InputFile.exists(path(in: folder)) }

  /// Writes the state of a training beside the old one, and then over it.
  package static func write(_ trainer: Trainer, folder: String) throws(FileProblem) {
    let program = trainer.plan.program
    let tensors = zip(trainer.plan.stateIDs, trainer.state).map { id, tensor in
      let values: OutgoingTensor.Values =
        trainer.settings.precision == .f32
        ? .floats { tensor.floats } : .doubles { tensor.doubles }
      return OutgoingTensor(name: program[id].name, shape: tensor.shape.sizes, values: values)
    }
    var metadata = ["format": format, "steps": "\(trainer.steps)"]
    for (name, value) in trainer.settings.named { metadata["--\(name)"] = value }
    try SafetensorsWriter.write(tensors, metadata: metadata, to: path(in: folder))
  }

  /// Opens the checkpoint of a folder and checks what it says of itself.
  package init(folder: String) throws(FileProblem) {
    let path = Self.path(in: folder)
    tensors = try SafetensorsFile(path: path)
    let metadata = tensors.metadata
    guard metadata["format"] == Self.format else {
      throw .checkpoint(.format(needed: Self.format, found: metadata["format"] ?? ""), file: path)
    }
    guard let text = metadata["steps"], let steps = Int(text), steps >= 0 else {
      throw .checkpoint(.steps(found: metadata["steps"] ?? ""), file: path)
    }
    self.steps = steps
    var settings: [String: String] = [:]
    for (name, value) in metadata where name.hasPrefix("--") {
      settings[String(name.dropFirst(2))] = value
    }
    self.settings = settings
  }

  private static let fingerprints: Set = ["data", "model"]

  /// Takes a training up again.
  ///
  /// - Throws: `TrainingProblem.otherTraining` with the first setting that differs, or a problem
  ///   that names a tensor of the file.
  package func restore(_ trainer: inout Trainer) throws {
    let named = trainer.settings.named
    // A setting says more to a person than the fingerprint that it changes.
    let names = Set(settings.keys).union(named.keys).sorted()
      .sorted { !Self.fingerprints.contains($0) && Self.fingerprints.contains($1) }
    for name in names where settings[name] != named[name] {
      throw TrainingProblem.otherTraining(
        setting: "--\(name)",
        then: settings[name] ?? "-",
        now: named[name] ?? "-"
      )
    }
    let program = trainer.plan.program
    let state = try trainer.plan.stateIDs.map { id in
      try tensor(program[id].name, program[id].shape)
    }
    trainer.restore(state, steps: steps)
  }

  private func tensor(_ name: String, _ shape: Shape) throws -> Tensor {
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

/// Why a file is not a checkpoint.
package enum CheckpointFault: FileFault {
  /// Something else, or a checkpoint of another version.
  case format(needed: String, found: String)

  /// A number of steps that is none.
  case steps(found: String)

  package var message: Bilingual {
    switch self {
    case .format(let needed, let found):
      Bilingual(it: "serve un file \(needed), trovato ", en: "needs a file \(needed), got ")
        + .quoted(found)
    case .steps(let found):
      Bilingual(
        it: "«steps» deve essere un numero di passi, trovato ",
        en: "'steps' needs to be a number of steps, got "
      )
        + .quoted(found)
    }
  }
}
