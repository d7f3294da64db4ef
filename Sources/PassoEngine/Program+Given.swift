// SPDX-License-Identifier: MIT

extension Program {
  /// The same program with some computed values as inputs: no step writes them any more.
  ///
  /// Every value keeps its number and its names.
  ///
  /// - Parameter given: The values that the caller will set.
  /// - Returns: A program that computes the others.
  /// - Throws: Nothing in practice: the shapes fitted before.
  package func giving(_ given: Set<ValueID>) throws(ShapeProblem) -> Program {
    var builder = ProgramBuilder()
    for (index, value) in values.enumerated() {
      let id = ValueID(index: index)
      if let producer = value.producer, !given.contains(id) {
        let step = steps[producer]
        builder.phase = step.phase
        builder.layer = step.layer
        _ = try builder.append(step.op, step.inputs, name: value.name, role: value.role)
      } else {
        _ = builder.input(value.name, value.shape, value.role, element: value.element)
      }
      for alias in value.aliases { builder.alias(alias, of: id) }
    }
    return builder.program
  }
}
