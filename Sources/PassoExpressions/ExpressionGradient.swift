// SPDX-License-Identifier: MIT

import PassoEngine
import PassoText

/// The value that a gradient is taken by, and the values of the session that depend on it.
struct GradientTarget {
  let name: String

  /// Its number in the session's program; nil for what `let` has named.
  let place: ValueID?

  /// What the session's program computes from it.
  let dependents: Set<ValueID>

  /// Its number in the expression's program.
  let id: ValueID

  /// The values of the session's program that are recorded here, it among them.
  var recorded: [ValueID: ValueID]

  init(_ name: String, place: ValueID?, id: ValueID, in program: Program) {
    self.name = name
    self.place = place
    self.id = id
    recorded = place.map { [$0: id] } ?? [:]
    var dependents: Set<ValueID> = []
    if let place {
      for step in program.steps
      where step.inputs.contains(where: { $0 == place || dependents.contains($0) }) {
        dependents.insert(step.output)
      }
    }
    self.dependents = dependents
  }
}

// `grad(EXPR, NAME)` is a program of its own: the model's steps between NAME and EXPR, the steps of
// EXPR, then their gradients. The model's steps are written only for their gradient rules to read:
// when it runs, the values that the session holds stand in their place, so that a value that a
// person has changed counts as it is, as in the session's own backward pass.
extension ExpressionRecorder {
  /// Records `grad(EXPR, NAME)`.
  mutating func recordGradient(_ call: ExpressionFunction.Call) throws -> ValueID {
    guard case .name(let name, let nameSpan) = call.arguments[1] else {
      throw ExpressionProblem.gradientByNoName.placed(call.arguments[1].span, in: line)
    }
    guard target == nil else {
      throw ExpressionProblem.secondGradient("grad").placed(call.span, in: line)
    }
    var inner = ExpressionRecorder(line: line, context: context)
    try inner.differentiate(by: name, nameSpan)
    let result = try inner.record(call.arguments[0])
    guard inner.shape(result).rank == 0 else {
      throw ExpressionProblem.gradientOfMany(inner.shape(result), by: name).placed(
        call.arguments[0].span,
        in: line
      )
    }
    let gradient = try placed(call.span) { try inner.gradient(of: result) }
    notes += inner.notes
    return given(gradient, role: .activation)
  }

  private mutating func differentiate(by name: String, _ span: Range<Int>) throws {
    let (tensor, place) = try placed(span) { (try context.lookup(name), try context.place(name)) }
    guard tensor.element == .real else {
      throw ExpressionProblem.gradientByIds(name).placed(span, in: line)
    }
    let id = given(tensor, role: .parameter)
    target = GradientTarget(name, place: place, id: id, in: context.program)
    named[name] = id
  }

  /// The gradient of a recorded number by the target.
  private mutating func gradient(of result: ValueID) throws -> Tensor {
    guard let target else { preconditionFailure("nothing to differentiate by") }
    try builder.appendGradients(of: result)
    let program = builder.program
    let name = Derivation.gradient.name(of: program[target.id].name)
    guard let id = program.id(of: name) else {
      notes.append(Self.noDependence(target.name))
      let shape = program[target.id].shape
      return Tensor(shape, Array(repeating: 0.0, count: shape.count))
    }
    return try run(program.giving(heldIDs), reading: id)
  }

  private static func noDependence(_ name: String) -> Bilingual {
    Bilingual(
      it: "da \(it: name) l'espressione non dipende, o dipende solo a salti: il gradiente è 0",
      en: "the expression does not depend on \(en: name), or only in jumps: the gradient is 0"
    )
  }

  /// A value of the session that depends on the target, recorded; nil if it does not depend on it.
  mutating func recordedValue(_ name: String, _ span: Range<Int>) throws -> ValueID? {
    guard let target, let place = try placed(span, { try context.place(name) }) else { return nil }
    if let known = target.recorded[place] { return known }
    guard target.dependents.contains(place) else { return nil }
    let program = context.program
    guard let last = program[place].producer, program.steps[last].phase < .backward else {
      throw ExpressionProblem.secondGradient(name).placed(span, in: line)
    }
    for index in steps(leadingTo: place, from: target) { try record(program.steps[index]) }
    return self.target?.recorded[place]
  }

  /// The steps between the target and a value, in order.
  private func steps(leadingTo last: ValueID, from target: GradientTarget) -> [Int] {
    var needed: Set<ValueID> = [last]
    var found: [Int] = []
    let end = (context.program[last].producer ?? -1) + 1
    for index in (0..<end).reversed() {
      let step = context.program.steps[index]
      guard needed.contains(step.output), target.recorded[step.output] == nil else { continue }
      found.append(index)
      needed.formUnion(step.inputs.filter { target.dependents.contains($0) })
    }
    return found.reversed()
  }

  private mutating func record(_ step: Step) throws {
    let inputs = try step.inputs.map { input in
      if let known = target?.recorded[input] { return known }
      let id = given(try context.held(input), role: .data)
      target?.recorded[input] = id
      return id
    }
    let output = try context.held(step.output)
    let id = try builder.append(step.op, inputs, name: unusedName, role: .activation)
    target?.recorded[step.output] = id
    hold(id, output)
  }
}
