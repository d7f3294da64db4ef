// SPDX-License-Identifier: MIT

import PassoEngine
import PassoRuntime
import PassoText

/// A model in use: everything that decides what it makes of its input.
package struct Model: Sendable {
  package var configuration: ModelConfiguration
  package var parameters: any ParameterSource

  /// What a position may look at; a model that generates looks back, whatever stands here.
  package var mask: MaskKind

  /// Whether the targets of what it is examined on weigh differently.
  package var weighsTargets: Bool

  /// Heads whose output is replaced by zeros.
  package var ablatedHeads: Set<HeadAddress>

  /// What is computed in: f32 is for speed, f64 for reading.
  package var precision: Precision

  /// How many threads share the work; the result does not depend on it.
  package var threads: Int

  package init(
    _ configuration: ModelConfiguration,
    _ parameters: any ParameterSource,
    mask: MaskKind = .causal,
    weighsTargets: Bool = false,
    ablatedHeads: Set<HeadAddress> = [],
    precision: Precision,
    threads: Int = 1
  ) {
    self.configuration = configuration
    self.parameters = parameters
    self.mask = mask
    self.weighsTargets = weighsTargets
    self.ablatedHeads = ablatedHeads
    self.precision = precision
    self.threads = threads
  }

  /// The model as it reads rows of text.
  package func transformer(_ batch: BatchShape) -> Transformer {
    Transformer(
      configuration,
      batch: batch,
      mask: mask,
      weighsTargets: weighsTargets,
      ablatedHeads: ablatedHeads
    )
  }
}

/// Where the parameters of a model are: in memory, in a folder, in a run.
///
/// They come one by one, so that a large model need not be in memory twice.
package protocol ParameterSource: Sendable {
  /// Calls back with the name and the numbers of each parameter that is needed.
  ///
  /// - Throws: What reading them or `body` throws.
  func eachParameter(
    isNeeded: (ValueName) -> Bool,
    body: (ValueName, Tensor) throws -> Void
  ) throws

  /// Gives an execution the parameters that its program has.
  ///
  /// - Throws: What reading them throws, or `ExecutionProblem`.
  func load(into execution: inout Execution) throws
}

extension ParameterSource {
  package func load(into execution: inout Execution) throws {
    let program = execution.program
    try eachParameter(
      isNeeded: { program.id(of: $0) != nil },
      body: { name, tensor in try execution.set(execution.id(of: name), to: tensor) }
    )
  }
}

extension Dictionary: ParameterSource where Key == ValueName, Value == Tensor {
  package func eachParameter(
    isNeeded: (ValueName) -> Bool,
    body: (ValueName, Tensor) throws -> Void
  ) throws {
    for (name, tensor) in self where isNeeded(name) { try body(name, tensor) }
  }
}

/// The parameters of an execution.
package struct ExecutionParameters: ParameterSource {
  private let execution: Execution
  private let names: [ValueName]
  private let isUpdated: Bool

  /// Parameters with which an execution computes, or those that follow.
  ///
  /// - Parameters:
  ///   - execution: Where they are.
  ///   - configuration: Its model.
  ///   - isUpdated: Whether the new ones are wanted where an update has computed them.
  package init(_ execution: Execution, of configuration: ModelConfiguration, isUpdated: Bool) {
    (self.execution, self.isUpdated) = (execution, isUpdated)
    names = configuration.parameterSpecs.map(\.name)
  }

  var precision: Precision { execution.precision }

  /// Gives another execution the parameters that its program has: large ones of the same precision
  /// share their memory until one of the two writes them.
  ///
  /// - Throws: `ExecutionProblem` if one is missing, or there is no memory.
  package func load(into other: inout Execution) throws {
    for name in names {
      guard let id = other.program.id(of: name) else { continue }
      let source = try source(name)
      if other.precision == precision {
        try other.set(id, to: source, of: execution)
      } else if let stored = execution.stored(source) {
        // Not by way of this precision, which may have rounded it.
        try other.set(id, to: stored)
      } else if let tensor = try execution.tensor(source) {
        try other.set(id, to: tensor)
      }
    }
  }

  /// Copies those that the program of a fast runner has to its places.
  ///
  /// - Throws: `ExecutionProblem` if one is missing, or there is no memory.
  func copy(to runner: FastRunner) throws(ExecutionProblem) {
    for name in names {
      guard let id = runner.program.id(of: name) else { continue }
      try runner.set(id, to: source(name), of: execution)
    }
  }

  /// The value that has a parameter.
  private func source(_ name: ValueName) throws(ExecutionProblem) -> ValueID {
    if isUpdated, let next = execution.program.id(of: name.next), execution.isComputed(next) {
      return next
    }
    return try execution.id(of: name)
  }

  package func eachParameter(
    isNeeded: (ValueName) -> Bool,
    body: (ValueName, Tensor) throws -> Void
  ) throws {
    for name in names where isNeeded(name) {
      let id = try source(name)
      try MemoryRoom.check(execution.program[id].shape.count * execution.precision.byteCount)
      if let tensor = try execution.tensor(id) { try body(name, tensor) }
    }
  }
}
