// SPDX-License-Identifier: MIT

import PassoEngine
import PassoFiles

// The checkpoint from which PyTorch goes on, and which it hands back: the state of a training under
// the names, and in the shapes, of `model.safetensors`; the moments with `m.` and `v.` before them.
extension Checkpoint {
  /// What AdamW keeps of a tensor, with the tensor itself.
  private static let kinds: [Derivation?] = [nil, .firstMoment, .secondMoment]

  private static func name(_ kind: Derivation?, _ name: String) -> String {
    kind?.name(of: name) ?? name
  }

  private static func name(_ kind: Derivation?, _ name: ValueName) -> ValueName {
    kind.map { .derived($0, of: name) } ?? name
  }

  /// Writes the state of a training with AdamW for PyTorch.
  ///
  /// - Throws: `FileProblem` if the file cannot be written.
  static func writeTorch(_ trainer: Trainer, folder: String) throws(FileProblem) {
    let program = trainer.plan.program
    let names = trainer.plan.stateIDs.map { program.name(of: $0) }
    let path = path(in: folder)
    let kept = try FileProblem.refused(for: path) { () throws(ExecutionProblem) in
      try trainer.state
    }
    let state = Dictionary(uniqueKeysWithValues: zip(names, kept))
    let isDouble = trainer.settings.precision == .f64
    var tensors = kinds.flatMap { kind in
      trainer.configuration.packedTensors.map { packed in
        let parts = packed.parts.compactMap { state[name(kind, $0)] }
        return OutgoingTensor(
          name: name(kind, packed.name),
          shape: packed.shape,
          values: isDouble
            ? .doubles { packed.written(kind, parts.map(\.doubles)) }
            : .floats { packed.written(kind, parts.map(\.floats)) }
        )
      }
    }
    for id in trainer.plan.stateIDs where program[id].role == .setting {
      guard let number = state[program.name(of: id)] else { continue }
      tensors.append(
        isDouble
          ? OutgoingTensor(name: program[id].name, shape: [], doubles: number.doubles)
          : OutgoingTensor(name: program[id].name, shape: [], floats: number.floats)
      )
    }
    try SafetensorsWriter.write(
      tensors,
      metadata: metadata(of: trainer, torchFormat),
      to: path
    )
  }

  /// The state of a training, in the order of `stateIDs`.
  ///
  /// - Throws: A problem that names a tensor of the file.
  func torchState(_ plan: TrainingProgram) throws -> [Tensor] {
    let program = plan.program
    var state: [ValueName: Tensor] = [:]
    for kind in Self.kinds {
      for packed in plan.configuration.packedTensors {
        for (name, tensor) in try unpacked(kind, packed, program) { state[name] = tensor }
      }
    }
    return try plan.stateIDs.map { id in
      try state[program.name(of: id)] ?? tensor(program[id].name, program[id].shape)
    }
  }

  private func unpacked(
    _ kind: Derivation?,
    _ packed: PackedTensor,
    _ program: Program
  ) throws -> [(ValueName, Tensor)] {
    let shape = Shape(axes: packed.shape.map { _ in .model }, sizes: packed.shape)
    let whole = try tensor(Self.name(kind, packed.name), shape)
    func named<Number>(
      _ parts: [(name: ValueName, numbers: [Number])],
      _ make: (Shape, [Number]) -> Tensor
    ) -> [(ValueName, Tensor)] {
      parts.compactMap { part in
        let name = Self.name(kind, part.name)
        return program.id(of: name).map { (name, make(program[$0].shape, part.numbers)) }
      }
    }
    switch whole.storage {
    case .f64(let numbers): return named(packed.read(kind, numbers)) { Tensor($0, $1) }
    default: return named(packed.read(kind, whole.floats)) { Tensor($0, $1) }
    }
  }
}

extension PackedTensor {
  /// Weights as the family stores them; what the optimizer keeps of gradients knows no offset.
  fileprivate func written<T: BinaryFloatingPoint>(_ kind: Derivation?, _ parts: [[T]]) -> [T] {
    kind == nil ? stored(parts) : pack(parts)
  }

  fileprivate func read<T: BinaryFloatingPoint>(
    _ kind: Derivation?,
    _ numbers: [T]
  ) -> [(name: ValueName, numbers: [T])] {
    kind == nil ? weights(numbers) : unpack(numbers)
  }
}
