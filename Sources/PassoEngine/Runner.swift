// SPDX-License-Identifier: MIT

import PassoText

/// A program at work: inputs are set, steps are run, values are read.
///
/// The same for both forms of execution, `ExecutionForm` says which. Classes, because their memory
/// is one place; used by one thread at a time.
package protocol Runner: AnyObject, Sendable {
  /// What is executed, as it can be read: values have its numbers and shapes.
  var program: Program { get }

  /// Gives an input its value, in its shape; real numbers are converted to the precision.
  ///
  /// - Throws: `ExecutionProblem.refused` if there is no room for the conversion.
  func set(_ id: ValueID, to tensor: Tensor) throws(ExecutionProblem)

  /// Gives an input that is a single number its value.
  ///
  /// - Throws: `ExecutionProblem.refused`.
  func set(_ id: ValueID, to number: Double) throws(ExecutionProblem)

  /// Computes a value, or all, from the inputs as they are.
  ///
  /// - Throws: `Interrupted` if a stop was requested, or `ExecutionProblem.refused`.
  func run(to id: ValueID?) throws

  /// A value as it is now; nil if it is not computed, or was not kept for reading.
  ///
  /// - Throws: `ExecutionProblem.refused` if there is no room for its numbers.
  func value(_ id: ValueID) throws(ExecutionProblem) -> Tensor?

  /// The same of a value that is a single number.
  func number(_ id: ValueID) -> Double?

  /// Does one round of an update, numbered from 0: forward, loss and backward.
  ///
  /// After the last round of the update its loss, `grad_norm` and `lr` can be read; after another
  /// one nothing is sure to be there but what it hands to the next.
  ///
  /// - Throws: `ExecutionProblem.refused`.
  func run(round: Int) throws(ExecutionProblem)

  /// Makes what the rounds of an update come to the state with which the next one begins.
  ///
  /// - Throws: `ExecutionProblem.refused` before anything has changed.
  func finishUpdate() throws(ExecutionProblem)

  /// Prepares another program on the parameters and caches of this one, which must lend them.
  ///
  /// - Throws: `ExecutionProblem` if its values do not fit into memory, or `NotLowerable`.
  func sharing(with program: Program) throws -> any Runner
}

/// Does every step of the program, in the precision of its execution.
package final class ReadableRunner: Runner, @unchecked Sendable {
  private var execution: Execution
  private let lent: SharedValues?
  private lazy var carried = CarriedState(program)

  package var program: Program { execution.program }

  /// Goes on with an execution as it stands.
  package convenience init(_ execution: Execution) { self.init(execution, lent: nil) }

  private init(_ execution: Execution, lent: SharedValues?) {
    (self.execution, self.lent) = (execution, lent)
  }

  /// Prepares a program; its inputs are 0 until they are set.
  ///
  /// - Parameters:
  ///   - program: What to execute.
  ///   - precision: The number format of all values.
  ///   - lends: Whether other runners will share the parameters and caches.
  /// - Throws: `ExecutionProblem.tooLarge` if the values do not fit into memory.
  convenience init(_ program: Program, _ precision: Precision, lends: Bool) throws(ExecutionProblem)
  {
    let inputs = lends ? program.inputs.map { program[$0] }.filter { $0.role != .data } : []
    let lent =
      lends ? try SharedValues(inputs.map { ($0.name, $0.shape) }, precision: precision) : nil
    self.init(try Execution(program, precision: precision, sharing: lent), lent: lent)
  }

  package func set(_ id: ValueID, to tensor: Tensor) throws(ExecutionProblem) {
    let value = program[id]
    if let lent, lent.region(value) != nil { return lent.set(value.name, to: tensor) }
    try execution.set(id, to: tensor)
  }

  package func set(_ id: ValueID, to number: Double) throws(ExecutionProblem) {
    try set(id, to: Tensor(scalar: number))
  }

  /// Gives inputs the values that another execution has; large ones share their memory.
  ///
  /// - Parameter body: Does it.
  /// - Returns: False if it cannot be done: the inputs are lent to others.
  /// - Throws: What `body` throws.
  package func sharing(
    _ body: (inout Execution) throws -> Void
  ) throws -> Bool {
    guard lent == nil else { return false }
    try body(&execution)
    return true
  }

  package func run(to id: ValueID?) throws {
    try execution.complete(to: id.map { (program[$0].producer ?? -1) + 1 })
  }

  /// Puts other numbers into a computed value, see `Execution.overwrite`: what follows is computed
  /// anew by the next run, and nothing else.
  ///
  /// - Throws: `ExecutionProblem.refused`.
  package func overwrite(_ id: ValueID, with tensor: Tensor) throws(ExecutionProblem) {
    try execution.overwrite(id, with: tensor)
  }

  package func value(_ id: ValueID) throws(ExecutionProblem) -> Tensor? {
    try execution.tensor(id)
  }

  package func number(_ id: ValueID) -> Double? { execution.number(id) }

  package func run(round: Int) throws(ExecutionProblem) {
    if round == 0 {
      try execution.clear(carried.roundUpdates.map(\.to))
      execution.back(execution.cursor)
    }
    let isLast = round == carried.rounds - 1
    try execution.move(to: isLast ? program.steps.count : carried.roundLength)
    // At once: the batch of the next round takes the cursor back, and what this one found is lost.
    if !isLast { try execution.carryOver(carried.roundUpdates) }
  }

  package func finishUpdate() throws(ExecutionProblem) {
    try execution.carryOver(carried.stateUpdates)
  }

  package func sharing(with program: Program) throws -> any Runner {
    guard let lent else { preconditionFailure("nothing was lent") }
    return ReadableRunner(
      try Execution(program, precision: execution.precision, sharing: lent),
      lent: lent
    )
  }
}
