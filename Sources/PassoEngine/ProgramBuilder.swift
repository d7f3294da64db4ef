// SPDX-License-Identifier: MIT

/// Writes a program step by step; shapes are checked here, so that no kernel meets a wrong one.
package struct ProgramBuilder {
  package private(set) var program = Program()

  /// The phase of the steps that follow.
  package var phase = Phase.forward

  /// The part of the model to which the steps that follow belong.
  package var layer = ""

  /// The forward step whose gradient rule appends the steps that follow.
  var gradientOf: Int?

  package init() {}

  /// Declares a value that the caller gives.
  package mutating func input(
    _ name: String,
    _ shape: Shape,
    _ role: Role,
    element: Element = .real
  ) -> ValueID {
    let id = program.nextID
    program.add(Value(name: name, shape: shape, element: element, role: role, producer: nil))
    return id
  }

  /// Appends a step through which gradients can flow.
  package mutating func record(
    _ op: some DifferentiableOp,
    _ inputs: ValueID...,
    name: String
  ) throws(ShapeProblem) -> ValueID {
    try append(op, inputs, name: name, role: .activation)
  }

  /// The same, with the inputs in a list.
  package mutating func record(
    _ op: some DifferentiableOp,
    inputs: [ValueID],
    name: String
  ) throws(ShapeProblem) -> ValueID {
    try append(op, inputs, name: name, role: .activation)
  }

  /// Appends a step of the backward pass or of the update.
  package mutating func append(
    _ op: any Op,
    _ inputs: [ValueID],
    name: String,
    role: Role
  ) throws(ShapeProblem) -> ValueID {
    let shape = try op.outputShape(inputs.map { program[$0].shape })
    let step = Step(
      op: op,
      inputs: inputs,
      output: program.nextID,
      phase: phase,
      layer: layer,
      gradientOf: gradientOf
    )
    program.add(step, name: name, shape: shape, role: role)
    return step.output
  }

  /// Says which value is the gradient of which.
  mutating func note(gradients: [ValueID: ValueID]) { program.gradients = gradients }

  /// Gives a value a second name of the contract.
  package mutating func alias(_ name: String, of id: ValueID) {
    program.addAlias(name, of: id)
  }
}
