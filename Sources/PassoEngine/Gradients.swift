// SPDX-License-Identifier: MIT

/// What a gradient rule sees: the step in question, and the gradient of its output.
///
/// A rule calls `add` or `pass` once for each differentiable input that `wants` one. Where several
/// ways lead to a value their contributions are named apart and added up; no rule sees that.
package struct GradientScope {
  package let inputs: [ValueID]
  package let output: ValueID
  package let outputGradient: ValueID
  fileprivate let walk: ReverseWalk

  /// Whether the loss depends on an input in a way that this step must report.
  package func wants(_ input: Int) -> Bool {
    walk.wanted.contains(inputs[input])
  }

  package func shape(ofInput input: Int) -> Shape {
    walk.builder.program[inputs[input]].shape
  }

  package func rank(ofInput input: Int) -> Int { shape(ofInput: input).rank }

  /// Appends a step whose result is this step's contribution to the gradient of an input.
  package func add(
    _ op: any Op,
    _ arguments: [ValueID],
    toInput input: Int
  ) throws(ShapeProblem) {
    guard wants(input) else { return }
    try walk.contribute(op, arguments, to: inputs[input], from: output)
  }

  /// Appends a step on the way to a contribution, and gives its value.
  package func intermediate(
    _ op: any Op,
    _ arguments: [ValueID],
    toInput input: Int
  ) throws(ShapeProblem) -> ValueID {
    try walk.intermediate(op, arguments, to: inputs[input], from: output)
  }

  /// The same as `add` for a contribution in the shape of the output: the axes along which the
  /// input was repeated are summed away.
  package func addReduced(_ gradient: ValueID, toInput input: Int) throws(ShapeProblem) {
    let axes = shape(ofInput: input).axes
    if walk.builder.program[gradient].shape == shape(ofInput: input) {
      return try add(PassGradient(), [gradient], toInput: input)
    }
    try add(SumTo(axes: axes), [gradient], toInput: input)
  }

  /// Says that the gradient of the output is, unchanged, the contribution to an input.
  package func pass(toInput input: Int) throws(ShapeProblem) {
    guard wants(input) else { return }
    if walk.uses[inputs[input]] == 1 {
      try add(PassGradient(), [outputGradient], toInput: input)
    } else {
      walk.contributions[inputs[input], default: []].append(outputGradient)
    }
  }
}

extension ProgramBuilder {
  /// Appends the backward pass: for each value on the way from a parameter to `loss`, the gradient
  /// of `loss` with respect to it, named `grad.` and the value's name.
  ///
  /// The last forward step comes first. Source: reverse accumulation, Griewank and Walther 2008,
  /// Evaluating Derivatives, section 3.2.
  package mutating func appendGradients(of loss: ValueID) throws(ShapeProblem) {
    phase = .backward
    layer = program[loss].name
    let name = Derivation.gradient.name(of: program[loss].name)
    let seed = try append(One(), [], name: name, role: .gradient)
    try appendGradients(of: loss, seed: seed)
  }

  /// The same for any value, given the gradient of whatever follows it.
  package mutating func appendGradients(of last: ValueID, seed: ValueID) throws(ShapeProblem) {
    phase = .backward
    let forward = program.steps.indices.filter { program.steps[$0].phase < .backward }
    let walk = ReverseWalk(builder: self, target: last, forward: forward)
    walk.gradients[last] = seed
    for index in forward.reversed() { try walk.visit(index) }
    try walk.finishInputs()
    self = walk.builder
    note(gradients: walk.gradients)
  }
}

/// The walk from the loss back to the parameters.
///
/// A class, because each rule adds to the one program that is being written.
private final class ReverseWalk {
  var builder: ProgramBuilder
  var gradients: [ValueID: ValueID] = [:]
  var contributions: [ValueID: [ValueID]] = [:]

  /// The values whose gradient is asked for.
  let wanted: Set<ValueID>

  /// In how many places of the way to the loss each value is used.
  let uses: [ValueID: Int]

  init(builder: ProgramBuilder, target: ValueID, forward: [Int]) {
    self.builder = builder
    let program = builder.program
    let varying = Self.varying(program, forward)
    var reaching: Set<ValueID> = [target]
    var uses: [ValueID: Int] = [:]
    for index in forward.reversed() {
      let step = program.steps[index]
      guard reaching.contains(step.output) else { continue }
      for input in program.differentiableInputs(of: step) where varying.contains(input) {
        reaching.insert(input)
        uses[input, default: 0] += 1
      }
    }
    self.wanted = reaching
    self.uses = uses
  }

  /// What depends on an input that carries a gradient; a constant never does.
  private static func varying(_ program: Program, _ forward: [Int]) -> Set<ValueID> {
    var varying = Set(program.inputs.filter { program.carriesGradient($0) })
    for index in forward {
      let step = program.steps[index]
      if program.differentiableInputs(of: step).contains(where: { varying.contains($0) }) {
        varying.insert(step.output)
      }
    }
    return varying
  }

  func visit(_ index: Int) throws(ShapeProblem) {
    let step = builder.program.steps[index]
    guard wanted.contains(step.output) else { return }
    builder.layer = step.layer
    guard let gradient = try gradient(of: step.output) else { return }
    guard let op = step.op as? any DifferentiableOp else {
      preconditionFailure("step \(index) was recorded without a gradient rule")
    }
    let scope = GradientScope(
      inputs: step.inputs,
      output: step.output,
      outputGradient: gradient,
      walk: self
    )
    builder.gradientOf = index
    defer { builder.gradientOf = nil }
    try op.emitGradients(in: scope)
  }

  /// Parameters have no step of their own at which their contributions would be added up.
  func finishInputs() throws(ShapeProblem) {
    for id in builder.program.inputs where wanted.contains(id) {
      builder.layer = builder.program[id].name
      _ = try gradient(of: id)
    }
  }

  func contribute(
    _ op: any Op,
    _ arguments: [ValueID],
    to input: ValueID,
    from output: ValueID
  ) throws(ShapeProblem) {
    let whole = Derivation.gradient.name(of: builder.program[input].name)
    let single = uses[input] == 1
    let name = single ? whole : "\(whole).from.\(shortName(output, beside: input))"
    let id = try builder.append(op, arguments, name: unused(name), role: .gradient)
    precondition(
      builder.program[id].shape == builder.program[input].shape,
      "\(name) has shape \(builder.program[id].shape)"
    )
    if single {
      note(id, isGradientOf: input)
    } else {
      contributions[input, default: []].append(id)
    }
  }

  func intermediate(
    _ op: any Op,
    _ arguments: [ValueID],
    to input: ValueID,
    from output: ValueID
  ) throws(ShapeProblem) -> ValueID {
    let whole = Derivation.gradient.name(of: builder.program[input].name)
    let name = "\(whole).from.\(shortName(output, beside: input)).part"
    return try builder.append(op, arguments, name: unused(name), role: .gradient)
  }

  /// The gradient of a value that has other names has them too.
  private func note(_ gradient: ValueID, isGradientOf id: ValueID) {
    gradients[id] = gradient
    for alias in builder.program[id].aliases {
      builder.alias(Derivation.gradient.name(of: alias), of: gradient)
    }
  }

  /// The finished gradient of a value: its only contribution, or the sum of all.
  private func gradient(of id: ValueID) throws(ShapeProblem) -> ValueID? {
    if let done = gradients[id] { return done }
    guard let parts = contributions[id] else { return nil }
    let name = Derivation.gradient.name(of: builder.program[id].name)
    // The walk is backwards; the sum reads better in the order of the forward pass.
    let sum = try builder.append(Sum(), parts.reversed(), name: name, role: .gradient)
    note(sum, isGradientOf: id)
    return sum
  }

  /// `blocks.0.ln1.out` beside `blocks.0.resid_pre` is `ln1.out`.
  private func shortName(_ id: ValueID, beside other: ValueID) -> String {
    let name = builder.program[id].name.split(separator: ".")
    let shared = builder.program[other].name.split(separator: ".").dropLast()
    guard !shared.isEmpty, name.starts(with: shared) else { return builder.program[id].name }
    return name.dropFirst(shared.count).joined(separator: ".")
  }

  /// A step may use a value twice, as `x * x` does.
  private func unused(_ name: String) -> String {
    var name = name
    while builder.program.id(of: name) != nil { name += ".again" }
    return name
  }
}

extension Program {
  /// The inputs of a step to which a gradient may flow.
  fileprivate func differentiableInputs(of step: Step) -> [ValueID] {
    let card = type(of: step.op).card
    return step.inputs.enumerated().compactMap { index, id in
      // Ops with any number of inputs describe them all by the last one.
      let described = card.inputs[min(index, card.inputs.count - 1)]
      return described.isDifferentiable && carriesGradient(id) ? id : nil
    }
  }

  fileprivate func carriesGradient(_ id: ValueID) -> Bool {
    self[id].element == .real && self[id].role != .data
  }
}
