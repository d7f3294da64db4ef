// SPDX-License-Identifier: MIT

import PassoEngine
import PassoText

/// A model at work: its values are set, computed and read by their names.
///
/// Copies share one place in memory; used by one thread at a time.
package struct ModelRunner: Sendable {
  /// Why it takes longer than it could; nil if it does not, or if in f64 nobody has to wait.
  package let slowness: Slowness?

  /// The kernels that compute, if the fast form does; others round in another way.
  package var kernels: String? { fast?.instructions }

  /// The fast execution, if the fast form runs.
  var fast: FastExecution? { (runner as? FastRunner)?.execution }

  private let runner: any Runner
  private let inputs: BatchInputs

  /// Prepares a forward pass, up to the loss, and loads the parameters.
  ///
  /// - Parameters:
  ///   - model: The model.
  ///   - batch: The shape of what it reads.
  ///   - read: The values that will be read, beside the loss.
  ///   - isForReading: Whether a person compares the values with those of the readable program.
  /// - Throws: `ShapeProblem` or `ExecutionProblem` if the model cannot be executed, or what its
  ///   parameters throw.
  package init(
    _ model: Model,
    batch: BatchShape,
    reading read: [ValueName] = [],
    isForReading: Bool = false
  ) throws {
    var builder = ProgramBuilder()
    _ = try model.transformer(batch).write(into: &builder)
    try self.init(model, builder.program, reading: read, isForReading: isForReading)
  }

  /// Prepares any program of a model, and loads the parameters that it has.
  ///
  /// - Parameters:
  ///   - model: The model.
  ///   - program: What is executed.
  ///   - read: The values that will be read, beside the results.
  ///   - isForReading: Whether a person compares the values with those of the readable program.
  ///   - lends: Whether other programs will run on the same parameters and caches.
  /// - Throws: `ExecutionProblem` if the values do not fit into memory, or what the parameters
  ///   throw.
  package init(
    _ model: Model,
    _ program: Program,
    reading read: [ValueName] = [],
    isForReading: Bool = false,
    lends: Bool = false
  ) throws {
    let form = ExecutionForm(program, model.precision, isForReading: isForReading)
    let runner = try form.runner(
      program,
      model.precision,
      threads: model.threads,
      reading: read.compactMap { program.id(of: $0) },
      lends: lends
    )
    let isSmall = Precision.standard(for: model.configuration) == .f64
    self.init(runner, isSmall && form.slowness == .precision ? nil : form.slowness)
    try load(model.parameters)
  }

  /// Goes on with an execution as it stands, in its readable form.
  package init(_ execution: Execution) { self.init(ReadableRunner(execution), nil) }

  /// Another program on the parameters and caches of this one, which must lend them.
  func sharing(with program: Program) throws -> ModelRunner {
    ModelRunner(try runner.sharing(with: program), slowness)
  }

  private init(_ runner: any Runner, _ slowness: Slowness?) {
    (self.runner, self.slowness) = (runner, slowness)
    inputs = BatchInputs(runner.program)
  }
}

extension ModelRunner {
  /// Takes parameters over; those that the program does not have are left out.
  package func load(_ parameters: some ParameterSource) throws {
    if let readable = runner as? ReadableRunner,
      try readable.sharing({ execution in try parameters.load(into: &execution) })
    {
      return
    }
    if let source = parameters as? ExecutionParameters, let fast = runner as? FastRunner {
      return try source.copy(to: fast)
    }
    try parameters.eachParameter(
      isNeeded: { runner.program.id(of: $0) != nil },
      body: { name, tensor in try set(name, to: tensor) }
    )
  }

  /// Gives token ids, and what else is known of each row.
  package func set(_ batch: TokenBatch) throws(ExecutionProblem) {
    try inputs.set(batch) { (id, tensor) throws(ExecutionProblem) in
      try runner.set(id, to: tensor)
    }
  }

  /// Gives an input its value.
  ///
  /// - Throws: `ExecutionProblem.refused`.
  package func set(_ name: ValueName, to tensor: Tensor) throws(ExecutionProblem) {
    try runner.set(id(of: name), to: tensor)
  }

  /// Gives an input that is a single number its value, for what is given again and again.
  func set(_ id: ValueID, to number: Double) throws(ExecutionProblem) {
    try runner.set(id, to: number)
  }

  /// Puts other numbers into a computed value.
  ///
  /// What follows is computed anew by the next run, and nothing else. The program must run in its
  /// readable form, which keeps every value.
  ///
  /// - Throws: `ExecutionProblem.refused`.
  package func overwrite(_ name: ValueName, with tensor: Tensor) throws(ExecutionProblem) {
    guard let readable = runner as? ReadableRunner else {
      preconditionFailure("the fast form keeps no \(name) to put numbers into")
    }
    try readable.overwrite(id(of: name), with: tensor)
  }

  /// Computes a value, or all, from the inputs as they are.
  ///
  /// - Throws: `Interrupted` if a stop was requested, or `ExecutionProblem.refused`.
  package func run(to name: ValueName? = nil) throws {
    try runner.run(to: name.map(id))
  }

  /// Does one round of an update, see `Runner.run(round:)`.
  func run(round: Int) throws(ExecutionProblem) { try runner.run(round: round) }

  /// Makes what the rounds of an update come to the state with which the next one begins.
  func finishUpdate() throws(ExecutionProblem) { try runner.finishUpdate() }

  /// The shape of a value.
  package func shape(of name: ValueName) -> Shape { runner.program[id(of: name)].shape }

  /// A value as it is now; nil if it is not computed, or was not kept for reading.
  ///
  /// - Throws: `ExecutionProblem.refused` if there is no room for its numbers.
  package func value(_ name: ValueName) throws(ExecutionProblem) -> Tensor? {
    guard let id = runner.program.id(of: name) else { return nil }
    return try runner.value(id)
  }

  /// A value that was just computed.
  ///
  /// - Throws: `ExecutionProblem.refused` if there is no room for its numbers.
  package func computed(_ name: ValueName) throws(ExecutionProblem) -> Tensor {
    guard let tensor = try value(name) else { preconditionFailure("\(name) was not computed") }
    return tensor
  }

  /// A single number that was just computed, for what is read again and again.
  func number(_ id: ValueID) -> Double {
    guard let number = runner.number(id) else {
      preconditionFailure("\(runner.program[id].name) was not computed")
    }
    return number
  }

  /// Where the program has a value that its model is sure to have.
  func id(of name: ValueName) -> ValueID {
    guard let id = runner.program.id(of: name) else { preconditionFailure("no value \(name)") }
    return id
  }
}
