// SPDX-License-Identifier: MIT

// Programs that do a part of what another does; every value keeps its number and its names.
extension Program {
  /// The same program with some computed values as inputs: no step writes them any more.
  ///
  /// - Parameter given: The values that the caller will set.
  /// - Returns: A program that computes the others.
  /// - Throws: `ShapeProblem` of an op that refuses shapes which it took before.
  package func giving(_ given: Set<ValueID>) throws(ShapeProblem) -> Program {
    try rewritten(values.count, giving: given)
  }

  /// The first steps alone, and the inputs that are declared before the last of them.
  ///
  /// - Parameter count: How many steps; at most as many as there are.
  /// - Returns: A program that does no other step.
  /// - Throws: `ShapeProblem` of an op that refuses shapes which it took before.
  package func beginning(_ count: Int) throws(ShapeProblem) -> Program {
    let last = steps.prefix(count).last?.output.index ?? -1
    return try rewritten(last + 1, giving: [])
  }

  /// The computed values that come from parameters alone.
  var fixedValues: [ValueID] {
    var isFixed = values.map { $0.producer == nil && $0.role == .parameter }
    for step in steps {
      isFixed[step.output.index] =
        !step.inputs.isEmpty && step.inputs.allSatisfy { isFixed[$0.index] }
    }
    return values.indices.filter { isFixed[$0] && values[$0].producer != nil }
      .map(ValueID.init(index:))
  }

  private func rewritten(
    _ count: Int,
    giving given: Set<ValueID>
  ) throws(ShapeProblem) -> Program {
    var builder = ProgramBuilder()
    for (index, value) in values.prefix(count).enumerated() {
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
