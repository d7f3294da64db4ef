// SPDX-License-Identifier: MIT

import PassoEngine

/// Every computed value of an execution, in a safetensors file.
package enum ValueFile {
  /// Writes every value under its name and its other names; a scalar gets the shape [1].
  package static func write(_ execution: Execution, to path: String) throws(FileProblem) {
    try SafetensorsWriter.write(values(of: execution), to: path)
  }

  /// The values that steps have computed.
  static func values(of execution: Execution) -> [OutgoingTensor] {
    let program = execution.program
    return program.names.flatMap { name -> [OutgoingTensor] in
      guard let id = program.id(of: name), program[id].producer != nil,
        let tensor = execution.tensor(id)
      else { return [] }
      let sizes = tensor.shape.rank == 0 ? [1] : tensor.shape.sizes
      return (program[id].names).map { outgoing($0, sizes, tensor) }
    }
  }

  private static func outgoing(_ name: String, _ sizes: [Int], _ tensor: Tensor) -> OutgoingTensor {
    if case .f64(let numbers) = tensor.storage {
      return OutgoingTensor(name: name, shape: sizes, doubles: numbers)
    }
    return OutgoingTensor(name: name, shape: sizes, floats: tensor.doubles.map(Float.init))
  }
}
