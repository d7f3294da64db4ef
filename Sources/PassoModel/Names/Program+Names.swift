// SPDX-License-Identifier: MIT

import PassoEngine

// The engine knows texts: what a value of a transformer is called is written here only.

extension ProgramBuilder {
  /// Declares a value that the caller gives.
  mutating func input(
    _ name: ValueName,
    _ shape: Shape,
    _ role: Role,
    element: Element = .real
  ) -> ValueID {
    input(name.description, shape, role, element: element)
  }

  /// The same; a size for each axis that the name says.
  mutating func input(
    _ name: ValueName,
    _ sizes: [Int],
    _ role: Role,
    element: Element = .real
  ) -> ValueID {
    input(name, Shape(axes: name.axes, sizes: sizes), role, element: element)
  }

  /// Appends a step through which gradients can flow.
  mutating func record(
    _ op: some DifferentiableOp,
    _ inputs: ValueID...,
    name: ValueName
  ) throws(ShapeProblem) -> ValueID {
    try record(op, inputs: inputs, name: name.description)
  }

  /// The same, with the inputs in a list.
  mutating func record(
    _ op: some DifferentiableOp,
    inputs: [ValueID],
    name: ValueName
  ) throws(ShapeProblem) -> ValueID {
    try record(op, inputs: inputs, name: name.description)
  }

  /// Appends a step of the backward pass or of the update.
  mutating func append(
    _ op: any Op,
    _ inputs: [ValueID],
    name: ValueName,
    role: Role
  ) throws(ShapeProblem) -> ValueID {
    try append(op, inputs, name: name.description, role: role)
  }

  /// Gives a value a second name.
  mutating func alias(_ name: ValueName, of id: ValueID) {
    alias(name.description, of: id)
  }
}

extension Program {
  /// The value with a name, or with an alias.
  package func id(of name: ValueName) -> ValueID? { id(of: name.description) }

  /// What a value of a transformer's program is.
  func name(of id: ValueID) -> ValueName {
    guard let name = ValueName(self[id].name) else {
      preconditionFailure("no part of a transformer is called \(self[id].name)")
    }
    return name
  }
}

extension Execution {
  /// The value with a name; every program of a transformer that is asked for it has it.
  package func id(of name: ValueName) throws(ExecutionProblem) -> ValueID {
    try id(of: name.description)
  }

  /// The cursor position just after a value is written; 0 for an input.
  package func position(after name: ValueName) throws(ExecutionProblem) -> Int {
    try position(after: name.description)
  }

  /// A value as it is now; nil if the program does not have it, or if it is not computed.
  ///
  /// - Throws: `ExecutionProblem.refused` if there is no room for its numbers.
  package func tensor(_ name: ValueName) throws(ExecutionProblem) -> Tensor? {
    guard let id = program.id(of: name) else { return nil }
    return try tensor(id)
  }

  /// A value that is a single number; nil if the program does not have it or it is not computed.
  func number(_ name: ValueName) -> Double? { program.id(of: name).flatMap(number) }
}
