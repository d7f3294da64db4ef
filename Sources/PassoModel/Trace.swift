// SPDX-License-Identifier: MIT

import PassoData
import PassoEngine
import PassoFiles
import PassoRuntime
import PassoText

/// Every value of one forward and backward pass, in a file.
package enum Trace {
  /// Runs a model on tokens and writes what it computed.
  ///
  /// The file holds every value and every gradient under its name and its other names, and
  /// `param_grad.NAME` for each tensor of `model.safetensors`. Without targets there is only the
  /// forward pass. A scalar is written with shape [1].
  ///
  /// - Parameters:
  ///   - folder: The model.
  ///   - tokens: The path of a tokens file.
  ///   - output: The path of the safetensors file to write.
  ///   - precision: The number format of the computation and of the file.
  /// - Throws: A problem of one of the files, or `TraceProblem`.
  package static func write(
    _ folder: ModelFolder,
    tokens: String,
    to output: String,
    precision: Precision
  ) throws {
    let configuration = folder.configuration
    let file = try TokensFile(
      path: tokens,
      vocabularySize: configuration.vocabularySize,
      contextLength: configuration.contextLength
    )
    if let targets = file.targets, targets.joined().allSatisfy({ $0 == ignoredTarget }) {
      throw TraceProblem.nothingCounts(file: tokens)
    }
    let execution = try run(configuration, file, folder, precision)
    try SafetensorsWriter.write(
      ValueFile.values(of: execution, for: output)
        + parameterGradients(of: execution, configuration),
      to: output
    )
  }

  private static func run(
    _ configuration: ModelConfiguration,
    _ file: TokensFile,
    _ parameters: any ParameterSource,
    _ precision: Precision
  ) throws -> Execution {
    let shape = BatchShape(rows: file.inputs.count, length: file.inputs[0].count)
    let mask: MaskKind = file.attention == .causal ? .causal : .none
    var builder = ProgramBuilder()
    let loss = try Transformer(configuration, batch: shape, mask: mask).write(into: &builder)
    if file.targets != nil { try builder.appendGradients(of: loss) }
    var execution = try Execution(builder.program, precision: precision)
    let batch = TokenBatch(
      inputs: file.inputs.flatMap(\.self),
      targets: (file.targets ?? file.inputs).flatMap(\.self)
    )
    try BatchInputs(builder.program).set(batch) { (id, tensor) throws(ExecutionProblem) in
      try execution.set(id, to: tensor)
    }
    try parameters.load(into: &execution)
    try execution.move(
      to: file.targets == nil
        ? execution.position(after: .model(.probabilities)) : builder.program.steps.count
    )
    return execution
  }

  private static func parameterGradients(
    of execution: Execution,
    _ configuration: ModelConfiguration
  ) throws -> [OutgoingTensor] {
    try configuration.packedTensors.compactMap { packed in
      var parts: [Tensor] = []
      for part in packed.parts {
        guard let gradient = try execution.tensor(part.gradient) else { return nil }
        parts.append(gradient)
      }
      let name = "param_grad.\(packed.name)"
      switch execution.precision {
      case .f32:
        let numbers = packed.pack(parts.map { $0.floats })
        return OutgoingTensor(name: name, shape: packed.shape, floats: numbers)
      case .f64:
        let numbers = packed.pack(parts.map(\.doubles))
        return OutgoingTensor(name: name, shape: packed.shape, doubles: numbers)
      }
    }
  }
}

/// Why a trace cannot be made.
package enum TraceProblem: Problem, Equatable {
  /// No target counts, so that there is no loss.
  case nothingCounts(file: String)

  /// What was needed.
  package var message: Bilingual {
    Bilingual(
      it: "almeno un target deve contare, qui sono tutti \(ignoredTarget)",
      en: "at least one target must count, here all are \(ignoredTarget)"
    )
  }

  /// The file.
  package var place: Place? {
    switch self {
    case .nothingCounts(let file): Place(file: file)
    }
  }
}
